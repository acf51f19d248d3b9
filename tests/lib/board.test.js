import assert from "node:assert/strict";
import { test } from "node:test";
import { ahead, boardOf, emptyBoard, escalationOf, fold, foldAll, keptPercent, lastCalled, openEscalations, waiting } from "../../static/lib/board.js";
import { MINUTE, TEN, called, counter, done, escalation, event, snapshot, visitor } from "./visitors.js";

const numbers = (tickets) => tickets.map((t) => t.number);
const board = (facts) => boardOf(snapshot(facts));

test("a snapshot becomes a board that finds tickets, counters and escalations by their id", () => {
  const one = visitor(1);
  const here = board({ tickets: [one], counters: [counter(2)], escalations: [escalation(one)] });
  assert.equal(here.tickets.get(one.id), one);
  assert.equal(here.counters.get(2).state, "open");
  assert.equal(escalationOf(here, one.id).number, "A001");
  assert.equal(escalationOf(here, "20261124-00099"), null);
  assert.deepEqual([here.epoch, here.offset, here.day], ["e1", 10, "2026-11-24"]);
});

test("a taken number joins the line, and the board that was there stays as it was", () => {
  const before = board();
  const after = fold(before, event(11, "ticket.taken", { ticket: visitor(1) }));
  assert.deepEqual(numbers(waiting(after)), ["A001"]);
  assert.equal(after.offset, 11);
  assert.equal(before.tickets.size, 0);
  assert.equal(before.offset, 10);
});

test("a call moves the ticket and fills the counter in one event", () => {
  const one = visitor(1);
  const call = event(11, "ticket.called", { ticket: called(one, TEN + MINUTE, 2), counter: counter(2, { ticket: one.id }) });
  const after = fold(board({ tickets: [one], counters: [counter(2)] }), call);
  assert.deepEqual(waiting(after), []);
  assert.equal(after.counters.get(2).ticket, one.id);
  assert.deepEqual(numbers(lastCalled(after, 3)), ["A001"]);
});

test("totals of the promise replace those before", () => {
  const after = fold(board(), event(11, "ticket.serving", { promise: { kept: 3, broken: 1, excused: 2 } }));
  assert.deepEqual(after.promise, { kept: 3, broken: 1, excused: 2 });
  assert.deepEqual(fold(after, event(12, "ticket.taken", { ticket: visitor(1) })).promise, after.promise);
});

test("a new day starts with no tickets, no escalations and no totals, and keeps its counters", () => {
  const one = visitor(1);
  const full = board({ tickets: [one], escalations: [escalation(one)], counters: [counter(1)], promise: { kept: 9, broken: 1, excused: 0 }, day: null });
  const after = fold(full, event(11, "day.opened", { day: "2026-11-25" }));
  assert.equal(after.day, "2026-11-25");
  assert.deepEqual([after.tickets.size, after.escalations.size, after.counters.size], [0, 0, 1]);
  assert.deepEqual(after.promise, { kept: 0, broken: 0, excused: 0 });
});

test("the end of the day keeps what the board shows", () => {
  const after = fold(board({ tickets: [visitor(1)] }), event(11, "day.closed"));
  assert.equal(after.day, null);
  assert.equal(after.tickets.size, 1);
});

test("an escalation stays while it is raised or accepted and leaves when it is resolved or withdrawn", () => {
  const one = visitor(1);
  const raised = fold(board({ tickets: [one] }), event(11, "escalation.raised", { escalation: escalation(one) }));
  const accepted = fold(raised, event(12, "escalation.accepted", { escalation: escalation(one, { state: "accepted" }) }));
  assert.equal(escalationOf(accepted, one.id).state, "accepted");
  for (const state of ["resolved", "withdrawn"]) {
    const over = fold(accepted, event(13, `escalation.${state}`, { escalation: escalation(one, { state }) }));
    assert.equal(escalationOf(over, one.id), null);
  }
});

test("an escalation that lapses is gone until the next level is told", () => {
  const one = visitor(1);
  const raised = board({ tickets: [one], escalations: [escalation(one)] });
  const lapsed = fold(raised, event(11, "escalation.lapsed", { escalation: escalation(one, { state: "lapsed" }) }));
  assert.deepEqual(openEscalations(lapsed), []);
  const again = fold(lapsed, event(12, "escalation.raised", { escalation: escalation(one, { level: 2 }) }));
  assert.equal(openEscalations(again)[0].level, 2);
});

test("who has ended and was called stays among the last twenty called, and then leaves", () => {
  const first = visitor(1);
  let here = fold(board(), event(11, "ticket.done", { ticket: done(called(first, TEN), TEN + MINUTE) }));
  assert.deepEqual(numbers(lastCalled(here, 20)), ["A001"]);
  for (let n = 2; n <= 20; n += 1) here = fold(here, event(10 + n, "ticket.called", { ticket: called(visitor(n), TEN + n * MINUTE) }));
  assert.ok(here.tickets.has(first.id), "twentieth");
  here = fold(here, event(31, "ticket.called", { ticket: called(visitor(21), TEN + 21 * MINUTE) }));
  assert.ok(!here.tickets.has(first.id), "twenty-first");
  assert.equal(here.tickets.size, 20);
});

test("who is still being served stays however many were called since", () => {
  const slow = called(visitor(1), TEN);
  let here = board({ tickets: [slow] });
  for (let n = 2; n <= 30; n += 1) {
    here = fold(here, event(10 + n, "ticket.done", { ticket: done(called(visitor(n), TEN + n * MINUTE), TEN + n * MINUTE) }));
  }
  assert.ok(here.tickets.has(slow.id));
  assert.equal(here.tickets.size, 21);
});

test("two calls in one millisecond are told apart by the order of taking", () => {
  const here = board({ tickets: [called(visitor(2), TEN), called(visitor(1), TEN)] });
  assert.deepEqual(numbers(lastCalled(here, 2)), ["A002", "A001"]);
});

test("who leaves without ever being called is gone at once", () => {
  const one = visitor(1);
  const after = fold(board({ tickets: [one] }), event(11, "ticket.cancelled", { ticket: { ...one, state: "cancelled", ended_at: TEN } }));
  assert.equal(after.tickets.size, 0);
});

test("a kind of event that this page does not know moves the offset and nothing else", () => {
  const before = board({ tickets: [visitor(1)] });
  const after = fold(before, event(11, "ticket.teleported", { ticket: visitor(2), promise: { kept: 1, broken: 0, excused: 0 } }));
  assert.deepEqual(after, { ...before, offset: 11 });
});

test("folding many events is folding one after the other", () => {
  const events = [event(11, "ticket.taken", { ticket: visitor(1) }), event(12, "ticket.taken", { ticket: visitor(2) })];
  assert.deepEqual(foldAll(emptyBoard(), events), events.reduce(fold, emptyBoard()));
});

test("the line is in the order of taking, across services and for one counter's services alone", () => {
  const here = board({ tickets: [visitor(3), visitor(1, { service: "B", number: "B001" }), visitor(2)] });
  assert.deepEqual(numbers(waiting(here)), ["B001", "A002", "A003"]);
  assert.deepEqual(numbers(waiting(here, 0, ["A"])), ["A002", "A003"]);
  assert.deepEqual(numbers(waiting(here, 0, [])), []);
});

test("two numbers taken in the same millisecond keep the order of their ids", () => {
  const here = board({ tickets: [visitor(2, { taken_at: TEN }), visitor(1, { taken_at: TEN })] });
  assert.deepEqual(numbers(waiting(here)), ["A001", "A002"]);
});

test("priority passes those who came up to the head start before, and nobody who came earlier", () => {
  const early = visitor(1, { taken_at: TEN });
  const later = visitor(2, { taken_at: TEN + 11 * MINUTE });
  const first = visitor(3, { taken_at: TEN + 12 * MINUTE, priority: true });
  const here = board({ tickets: [early, later, first] });
  assert.deepEqual(numbers(waiting(here, 10 * MINUTE)), ["A001", "A003", "A002"]);
  assert.deepEqual(numbers(waiting(here)), ["A001", "A002", "A003"]);
});

test("only those of the same service who are called earlier are ahead", () => {
  const me = visitor(4, { taken_at: TEN + 20 * MINUTE });
  const here = board({
    tickets: [visitor(1), visitor(2, { service: "B" }), called(visitor(3), TEN), visitor(5, { taken_at: TEN + 25 * MINUTE, priority: true }), me],
  });
  assert.equal(ahead(here, me, 10 * MINUTE), 2);
  assert.equal(ahead(here, me), 1);
});

test("the promise of the day counts what the office had to keep, and says 100 only when all were kept", () => {
  assert.equal(keptPercent({ kept: 0, broken: 0, excused: 4 }), null);
  assert.equal(keptPercent({ kept: 122, broken: 2, excused: 9 }), 98);
  assert.equal(keptPercent({ kept: 999, broken: 1, excused: 0 }), 99);
  assert.equal(keptPercent({ kept: 5, broken: 0, excused: 1 }), 100);
});
