import assert from "node:assert/strict";
import { test } from "node:test";
import { allowed, away, held, nextAction, nextCalled, numberTyped, offered, promisedCounter, queue, shows, standing } from "../../static/lib/console.js";

const MINUTE = 60_000;
const ticket = (number, minutesAgo, more = {}) => ({
  id: `20261124-${number}`, number, service: number[0], state: "waiting", priority: false, counter: null, called_at: null,
  taken_at: 100 * MINUTE - minutesAgo * MINUTE, deadline: 145 * MINUTE - minutesAgo * MINUTE, ...more,
});
const counter = (number, more = {}) => ({ counter: number, state: "open", kind: "ordinary", services: ["A", "B"], ticket: null, officer: "ani", ...more });
const alert = (t, more = {}) => ({ id: `e-${t.id}`, ticket: t.id, number: t.number, service: t.service, due_at: t.deadline, state: "raised", ...more });
const boardOf = ({ tickets = [], counters = [counter(1)], escalations = [] }) => ({
  tickets: new Map(tickets.map((t) => [t.id, t])),
  counters: new Map(counters.map((c) => [c.counter, c])),
  escalations: new Map(escalations.map((e) => [e.id, e])),
});
const atCounter = (state) => {
  const t = ticket("A001", 10, { state, counter: 1 });
  return boardOf({ tickets: [t], counters: [counter(1, { ticket: t.id })] });
};

test("the big button goes from call to serve to finish", () => {
  assert.equal(nextAction(boardOf({ tickets: [ticket("A001", 5)] }), 1, "ani").verb, "call-next");
  assert.equal(nextAction(atCounter("called"), 1, "ani").verb, "serve");
  assert.equal(nextAction(atCounter("serving"), 1, "ani").verb, "finish");
  assert.equal(nextAction(boardOf({ counters: [counter(1, { state: "paused" })] }), 1, "ani").verb, "open");
});

test("a break and closing are offered only while nobody is at the counter", () => {
  assert.ok(allowed(standing(boardOf({}), 1)).includes("pause"));
  assert.ok(!allowed(standing(atCounter("called"), 1)).includes("pause"));
  assert.ok(!allowed(standing(atCounter("serving"), 1)).includes("close"));
  assert.deepEqual(allowed(standing(boardOf({ counters: [counter(1, { state: "paused" })] }), 1)), ["open", "close"]);
});

test("only who was called can be called again or skipped, not who sits at the counter", () => {
  assert.ok(allowed(standing(atCounter("called"), 1)).includes("recall"));
  assert.ok(!allowed(standing(atCounter("serving"), 1)).includes("skip"));
});

test("nothing is offered while the visitor at the counter is not known yet", () => {
  assert.deepEqual(allowed(standing(boardOf({ counters: [counter(1, { ticket: "20261124-A009" })] }), 1)), []);
});

test("an unknown counter stands nowhere", () => assert.equal(standing(boardOf({}), 7), null));

test("the next one called is the oldest of this counter's services, with priority as a bounded head start", () => {
  const tickets = [ticket("C001", 40), ticket("A001", 20), ticket("B001", 12, { priority: true }), ticket("A002", 25, { state: "held" })];
  assert.equal(nextCalled(boardOf({ tickets }), counter(1)).number, "A001");
  assert.equal(nextCalled(boardOf({ tickets }), counter(1), 10 * MINUTE).number, "B001");
  assert.equal(nextCalled(boardOf({}), counter(1)), null);
});

test("two numbers of one moment are called in the order of their ids", () => {
  const tickets = [ticket("A002", 20), ticket("A001", 20)];
  assert.equal(nextCalled(boardOf({ tickets }), counter(1)).number, "A001");
});

test("a reserve counter calls the one with an alert before an older one without", () => {
  const late = ticket("B001", 46);
  const board = boardOf({ tickets: [ticket("A001", 50, { priority: true }), late], escalations: [alert(late)] });
  assert.equal(nextCalled(board, counter(5, { kind: "reserve" })).number, "B001");
  assert.equal(nextCalled(board, counter(1)).number, "A001");
});

test("an accepted alert leads to its reserve counter once this counter is free", () => {
  const late = ticket("C001", 46);
  const reserve = counter(5, { kind: "reserve", services: ["C"] });
  const escalations = [alert(late, { state: "accepted", accepted_by: "ani", counter: 5 })];
  const free = boardOf({ tickets: [late], counters: [counter(1), reserve], escalations });
  assert.deepEqual(nextAction(free, 1, "ani"), { verb: "call-next", counter: 5, ticket: late });
  assert.equal(promisedCounter(free, "budi", 1), null);
  const busy = boardOf({ tickets: [late, ticket("A001", 3, { state: "serving" })], counters: [counter(1, { ticket: "20261124-A001" }), reserve], escalations });
  assert.equal(nextAction(busy, 1, "ani").verb, "finish");
});

test("the queue shows this counter's services first, each oldest promise first", () => {
  const { mine, others } = queue(boardOf({ tickets: [ticket("A002", 5), ticket("C001", 40), ticket("B001", 30), ticket("A003", 1, { state: "called" })] }), ["A", "B"]);
  assert.deepEqual(mine.map((t) => t.number), ["B001", "A002"]);
  assert.deepEqual(others.map((t) => t.number), ["C001"]);
});

test("a number with an alert is shown at counters that do not serve it too", () => {
  const late = ticket("C001", 46);
  const { alerted, mine, others } = queue(boardOf({ tickets: [late, ticket("C002", 44), ticket("A001", 3)], escalations: [alert(late)] }), ["A"]);
  assert.deepEqual([alerted, mine, others].map((part) => part.map((t) => t.number)), [["C001"], ["A001"], ["C002"]]);
});

test("held visitors come before skipped ones in the list of those who may come back", () => {
  const { held: heldOnes, skipped } = away(boardOf({ tickets: [
    ticket("A001", 30, { state: "skipped", called_at: 1 }), ticket("A002", 20, { state: "held" }), ticket("A003", 20, { state: "skipped", called_at: 2 }),
  ] }));
  assert.deepEqual(heldOnes.map((t) => t.number), ["A002"]);
  assert.deepEqual(skipped.map((t) => t.number), ["A003", "A001"]);
});

test("an officer holds the counters opened under that name, paused ones too", () => {
  const board = boardOf({ counters: [counter(3, { state: "paused" }), counter(1), counter(2, { officer: "budi" }), counter(4, { state: "closed", officer: null })] });
  assert.deepEqual(held(board, "ani").map((c) => c.counter), [1, 3]);
});

test("a number is read as people type it", () => {
  assert.equal(numberTyped(" a12 "), "A012");
  assert.equal(numberTyped("B-007"), "B007");
  assert.equal(numberTyped("a1000"), "A1000");
  for (const wrong of ["", "12", "AA1", "A", "A12x"]) assert.equal(numberTyped(wrong), null);
});

test("an answer is shown once the board has its counter and ticket", () => {
  const board = atCounter("called");
  assert.ok(shows(board, { ticket: { id: "20261124-A001", state: "called" }, counter: { counter: 1, state: "open", ticket: "20261124-A001" } }));
  assert.ok(!shows(board, { counter: { counter: 1, state: "open", ticket: null } }));
  assert.ok(!shows(board, { ticket: { id: "20261124-A001", state: "serving" } }));
  assert.ok(shows(board, { ticket: { id: "gone", state: "done" } }), "the board forgets who is done");
});

test("the counter of last time is offered first, unless somebody else sits there", () => {
  const free = (n, more) => counter(n, { state: "closed", officer: null, ...more });
  const board = boardOf({ counters: [free(1, { kind: "reserve" }), free(2), free(3), counter(4, { officer: "budi" })] });
  assert.equal(offered(board, "ani", 3).counter, 3);
  assert.equal(offered(board, "ani", 4).counter, 2);
  assert.equal(offered(boardOf({ counters: [free(1), counter(2)] }), "ani", null).counter, 2);
  assert.equal(offered(boardOf({ counters: [counter(1, { officer: "budi" })] }), "ani", null), null);
});
