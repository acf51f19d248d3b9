"""Looks with axe-core for what a keyboard, a screen reader or tired eyes would stumble over."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

AXE = (Path(__file__).resolve().parent / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
FINDS = """async () => {
  await Promise.allSettled(document.getAnimations().map((a) => a.finished)); // colours between two states are nobody's
  const { violations } = await axe.run({ preload: false, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


async def barriers(page: Page) -> list[str]:
    """Everything that axe-core's rules find on the page as it is now: rule, element, what to do."""
    await expect(page.locator("main:visible").first).to_be_visible()  # a page that has just been loaded draws itself a moment later
    if not await page.evaluate("'axe' in globalThis"):
        await page.evaluate(AXE)
    return list(await page.evaluate(FINDS))
