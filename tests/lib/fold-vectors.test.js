// The browser's fold and line against the examples that board/fold.py and board/order.py are held to.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ahead, boardOf, fold, foldAll, waiting } from "../../static/lib/board.js";

const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf-8"));
const FOLD = vectors("fold");
const ORDER = vectors("order");

function frozen(value) {
  if (value && typeof value === "object") Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

for (const { name, view, before, events, after } of FOLD) {
  test(`fold: ${name} (${view})`, () => {
    assert.deepEqual(foldAll(boardOf(frozen(before)), frozen(events)), boardOf(after));
  });

  test(`fold leaves every board as it was: ${name} (${view})`, () => {
    let board = boardOf(before);
    for (const event of events) {
      const copy = structuredClone(board);
      const next = fold(board, event);
      assert.deepEqual(board, copy);
      board = next;
    }
  });
}

for (const { name, head_start_ms: headStart, services, tickets, order, ahead: before } of ORDER) {
  const snapshot = { epoch: "e1", offset: 1, office: "tanjung-selor", day: "2026-11-24", tickets, counters: [], escalations: [] };

  test(`order: ${name}`, () => {
    const board = boardOf(snapshot);
    assert.deepEqual(waiting(board, headStart, services).map((t) => t.number), order);
    const found = Object.fromEntries(tickets.filter((t) => t.number in before).map((t) => [t.number, ahead(board, t, headStart)]));
    assert.deepEqual(found, before);
  });
}
