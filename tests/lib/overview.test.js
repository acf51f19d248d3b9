import assert from "node:assert/strict";
import { test } from "node:test";
import { countersOf, glance, powers } from "../../static/lib/overview.js";

const ticket = (id, taken_at, more = {}) => ({ id, number: id, state: "waiting", taken_at, deadline: taken_at + 100, priority: false, ...more });
const counter = (number, more = {}) => ({ counter: number, state: "open", officer: "ani", ticket: null, services: [], ...more });
const boardOf = (tickets, counters, promise = { kept: 0, broken: 0, excused: 0 }) => ({
  tickets: new Map(tickets.map((t) => [t.id, t])), counters: new Map(counters.map((c) => [c.counter, c])), escalations: new Map(), promise,
});

test("a glance tells who waits, who is late, and how the day's promise stands", () => {
  const board = boardOf([ticket("A001", 10), ticket("A002", 60), ticket("A003", 0, { state: "serving" })],
    [counter(1), counter(2, { state: "paused" }), counter(3, { state: "closed", officer: null })], { kept: 9, broken: 1, excused: 4 });
  assert.deepEqual(glance(board, 120), { waiting: 2, overdue: 1, longest: 110, open: 1, counters: 3, percent: 90, kept: 9, counted: 10, excused: 4 });
});

test("nobody waiting has no longest wait", () => assert.equal(glance(boardOf([], []), 5).longest, null));

test("counters come in order with their visitors", () => {
  const visitor = ticket("A001", 1, { state: "called" });
  const list = countersOf(boardOf([visitor], [counter(2, { ticket: "A001" }), counter(1), counter(3, { ticket: "unknown" })]));
  assert.deepEqual(list.map(({ counter: c, visitor: v }) => [c.counter, v?.number ?? null]), [[1, null], [2, "A001"], [3, null]]);
});

test("a counter with a visitor is taken over, not closed; one's own is not taken over", () => {
  assert.deepEqual(powers({ counter: counter(1, { ticket: "A001" }), visitor: null }, "budi"), { takeOver: true, close: false });
  assert.deepEqual(powers({ counter: counter(1), visitor: null }, "ani"), { takeOver: false, close: true });
  assert.deepEqual(powers({ counter: counter(1, { state: "closed", officer: null }), visitor: null }, "ani"), { takeOver: false, close: false });
});
