import assert from "node:assert/strict";
import { test } from "node:test";
import { alarms, reserveFor, takenByOthers, warning } from "../../static/lib/alarms.js";

const alert = (id, due_at, more = {}) => ({ id, ticket: id.slice(2), number: id.slice(2), service: "C", due_at, state: "raised", declined_by: [], accepted_by: null, ...more });
const boardOf = (escalations, counters = [], tickets = []) => ({
  escalations: new Map(escalations.map((e) => [e.id, e])),
  counters: new Map(counters.map((c) => [c.counter, c])),
  tickets: new Map(tickets.map((t) => [t.id, t])),
});
const reserve = (counter, more = {}) => ({ counter, kind: "reserve", state: "closed", services: ["C"], officer: null, ticket: null, ...more });
const ids = (list) => list.map((e) => e.id);

test("alerts ask the oldest promise first, and not whom they were declined by", () => {
  const board = boardOf([alert("e-2", 20), alert("e-1", 10), alert("e-3", 5, { declined_by: ["ani"] })]);
  assert.deepEqual(ids(alarms(board, "ani").asking), ["e-1", "e-2"]);
  assert.deepEqual(ids(alarms(board, "ani").declined), ["e-3"]);
  assert.deepEqual(ids(alarms(board, "budi").asking), ["e-3", "e-1", "e-2"]);
});

test("an accepted alert is mine or somebody else's", () => {
  const board = boardOf([alert("e-1", 1, { state: "accepted", accepted_by: "ani" }), alert("e-2", 2, { state: "accepted", accepted_by: "budi" })]);
  assert.deepEqual(ids(alarms(board, "ani").mine), ["e-1"]);
  assert.deepEqual(ids(alarms(board, "ani").others), ["e-2"]);
  assert.deepEqual(alarms(board, "ani").asking, []);
});

test("an alert without the staff's fields asks too", () => {
  const { declined_by, ...open } = alert("e-1", 1);
  assert.deepEqual(ids(alarms(boardOf([open]), "ani").asking), ["e-1"]);
});

test("accepting uses the reserve counter that I hold, else the first free one that serves it", () => {
  const e = alert("e-1", 1);
  assert.equal(reserveFor(boardOf([e], [reserve(6), reserve(5)]), e, "ani").counter, 5);
  assert.equal(reserveFor(boardOf([e], [reserve(5), reserve(6, { state: "open", officer: "ani", ticket: "x" })]), e, "ani").counter, 6);
  assert.equal(reserveFor(boardOf([e], [reserve(5, { state: "open", officer: "budi" })]), e, "ani"), null);
  assert.equal(reserveFor(boardOf([e], [reserve(5, { services: ["A"] }), { ...reserve(1), kind: "ordinary" }]), e, "ani"), null);
});

test("an alert that somebody else took in the meantime is told", () => {
  const before = [alert("e-1", 1), alert("e-2", 2), alert("e-3", 3)];
  const board = boardOf([alert("e-1", 1, { state: "accepted", accepted_by: "budi" }), alert("e-2", 2, { state: "accepted", accepted_by: "ani" })]);
  assert.deepEqual(ids(takenByOthers(before, board, "ani")), ["e-1"]);
});

test("an early warning is told while its visitor waits and no alert says more", () => {
  const warned = (id, after) => ({ kind: "guarantee.warned", after, ticket: { id, number: id } });
  const waits = { id: "A001", state: "waiting" };
  const board = boardOf([], [], [waits, { id: "A002", state: "called" }]);
  const first = { ticket: "A001", number: "A001", after: 1800 };
  assert.deepEqual(warning([warned("A001", 1800), warned("A002", 1800)], board), first);
  assert.deepEqual(warning([{ kind: "ticket.taken" }], board, first), first);
  assert.equal(warning([warned("A001", 2400)], board, first).after, 2400);
  assert.equal(warning([], boardOf([], [], [{ ...waits, state: "called" }]), first), null);
  assert.equal(warning([], boardOf([alert("e-A001", 1)], [], [waits]), first), null);
});
