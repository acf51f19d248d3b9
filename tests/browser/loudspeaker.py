"""A loudspeaker that keeps what it was asked to play: the machine of the tests has none."""

from __future__ import annotations

from playwright.async_api import Page

RISING = [440, 554.37, 659.26]  # Hz; the fundamental tones of the alarm (static/lib/sound.js)
LOUDSPEAKER = """
globalThis.tones = [];
globalThis.AudioContext = class extends EventTarget {
  state = "STATE";
  currentTime = 0;
  resume() { this.state = "running"; this.dispatchEvent(new Event("statechange")); }
  createGain() {
    const gain = new Proxy({}, { get: () => () => {} });
    return { gain, connect: (to) => to };
  }
  createOscillator() {
    const frequency = { value: 0 };
    return { frequency, connect: (to) => to, start: () => tones.push(frequency.value), stop: () => {} };
  }
};
"""
HEARS = LOUDSPEAKER.replace("STATE", "running")  # a script for a device (screens.py)
MUTE = LOUDSPEAKER.replace("STATE", "suspended")  # as a browser is before the first touch of its page


async def heard(page: Page) -> list[float]:
    """The first three tones that were played, each without its octave."""
    return list(await page.evaluate("tones.slice(0, 6).filter((_, i) => i % 2 === 0)"))
