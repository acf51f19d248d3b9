import assert from "node:assert/strict";
import { test } from "node:test";
import { boardOf } from "../../static/lib/board.js";
import { effect } from "../../static/lib/frames.js";
import { TEN, event, snapshot, visitor } from "./visitors.js";

const at = (offset, epoch = "e1") => boardOf(snapshot({ offset, epoch }));
const taken = (offset) => event(offset, "ticket.taken", { ticket: visitor(offset) });
const delta = (prev, offset, facts = {}) => ({ t: "delta", epoch: "e1", prev, offset, now: TEN, events: [taken(offset)], ...facts });

test("a snapshot is shown whole, at the frame's own place in the journal", () => {
  const { do: what, board, events } = effect(null, { t: "snapshot", epoch: "e2", offset: 7, now: TEN, board: snapshot() });
  assert.equal(what, "show");
  assert.deepEqual([board.epoch, board.offset, events], ["e2", 7, []]);
});

test("a delta that follows is folded, and the page learns its events", () => {
  const { do: what, board, events } = effect(at(10), delta(10, 11));
  assert.equal(what, "show");
  assert.equal(board.offset, 11);
  assert.deepEqual(events.map((e) => e.offset), [11]);
});

test("a delta that was seen before is dropped", () => {
  assert.deepEqual(effect(at(11), delta(10, 11)), { do: "ignore" });
  assert.deepEqual(effect(at(12), delta(10, 11)), { do: "ignore" });
});

test("a delta that overlaps brings only what is new", () => {
  const { board, events } = effect(at(11), delta(10, 12, { events: [taken(11), taken(12)] }));
  assert.deepEqual(events.map((e) => e.offset), [12]);
  assert.equal(board.tickets.size, 1);
});

test("a hole before a delta means coming back for what is missing", () => {
  assert.deepEqual(effect(at(10), delta(11, 12)), { do: "resume" });
});

test("events hidden from this view are no hole: the frame's offset counts", () => {
  const { board } = effect(at(10), delta(10, 14, { events: [taken(12)] }));
  assert.equal(board.offset, 14);
  assert.equal(effect(board, delta(14, 15)).do, "show");
});

test("another epoch means starting afresh, in a delta as in a beat", () => {
  assert.deepEqual(effect(at(10), delta(10, 11, { epoch: "e2" })), { do: "afresh" });
  assert.deepEqual(effect(at(10), { t: "beat", epoch: "e2", offset: 10, now: TEN }), { do: "afresh" });
  assert.deepEqual(effect(at(10), { t: "beat", epoch: "e1", offset: 10, now: TEN }), { do: "ignore" });
});

test("a delta before any snapshot cannot be placed", () => {
  assert.deepEqual(effect(null, delta(10, 11)), { do: "afresh" });
});

test("a farewell carries when to come back", () => {
  assert.deepEqual(effect(at(10), { t: "bye", reconnect: "later", after: 4000 }), { do: "bye", reconnect: "later", after: 4000 });
});

test("a frame of a later version is ignored", () => {
  assert.deepEqual(effect(at(10), { t: "hologram" }), { do: "ignore" });
});

test("a beat at another place than the board means that something is missing", () => {
  for (const offset of [9, 11]) assert.deepEqual(effect(at(10), { t: "beat", epoch: "e1", offset, now: TEN }), { do: "resume" });
  assert.deepEqual(effect(null, { t: "beat", epoch: "e1", offset: 10, now: TEN }), { do: "afresh" });
});

test("merged deltas bring the same board however they overlap with what was seen", () => {
  const events = [11, 12, 13, 14].map(taken);
  for (let prev = 6; prev <= 10; prev += 1) {
    const { board, events: fresh } = effect(at(10), delta(prev, 14, { events: [taken(9), taken(10), ...events] }));
    assert.deepEqual([board.offset, board.tickets.size, fresh.map((e) => e.offset)], [14, 4, [11, 12, 13, 14]]);
  }
});

test("a delta in which everything is unknown or hidden still moves the page on", () => {
  assert.equal(effect(at(10), delta(10, 12, { events: [event(11, "visitor.thanked", { ticket: visitor(1) })] })).board.offset, 12);
  assert.equal(effect(at(10), delta(10, 12, { events: [] })).board.offset, 12);
});

test("a frame without its place in the journal is no frame", () => {
  for (const nowhere of [undefined, null, "11", 11.5, Number.NaN, {}]) {
    assert.throws(() => effect(at(10), delta(10, nowhere, { events: [taken(11)] })), TypeError);
    assert.throws(() => effect(at(10), delta(nowhere, 11)), TypeError);
    assert.throws(() => effect(at(10), { t: "beat", epoch: "e1", offset: nowhere, now: TEN }), TypeError);
    assert.throws(() => effect(null, { t: "snapshot", epoch: "e1", offset: nowhere, now: TEN, board: snapshot() }), TypeError);
  }
});
