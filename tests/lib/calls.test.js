import assert from "node:assert/strict";
import { test } from "node:test";
import { boardOf, fold } from "../../static/lib/board.js";
import { SHOWN, SHOWN_SHORT, atMoment, heard, noCalls } from "../../static/lib/calls.js";
import { MINUTE, TEN, called, event, snapshot, visitor } from "./visitors.js";

const one = called(visitor(1), TEN, 2);
const two = called(visitor(2), TEN, 1);
const call = (ticket, facts = {}) => event(11, "ticket.called", { ticket, ...facts });
const board = (...tickets) => boardOf(snapshot({ tickets }));
const shown = (calls) => calls.shown?.number ?? null;

test("a call has the screen for eight seconds", () => {
  const here = board(one);
  const begun = atMoment(heard(noCalls(), [call(one)], TEN), here, 1_000);
  assert.deepEqual(begun.shown, { ticket: one.id, number: "A001", counter: 2, again: false, since: 1_000 });
  assert.equal(atMoment(begun, here, 1_000 + SHOWN - 1), begun);
  assert.equal(shown(atMoment(begun, here, 1_000 + SHOWN)), null);
});

test("two calls at once are shown one after the other, each a little shorter", () => {
  const here = board(one, two);
  const first = atMoment(heard(noCalls(), [call(one), call(two)], TEN), here, 0);
  assert.equal(shown(first), "A001");
  assert.equal(shown(atMoment(first, here, SHOWN_SHORT - 1)), "A001");
  const second = atMoment(first, here, SHOWN_SHORT);
  assert.equal(shown(second), "A002");
  assert.equal(shown(atMoment(second, here, SHOWN_SHORT + SHOWN - 1)), "A002");
});

test("who has come to the counter meanwhile is not called from the screen any more", () => {
  const waitingForTurn = atMoment(heard(noCalls(), [call(one), call(two)], TEN), board(one, two), 0);
  const after = fold(board(one, two), event(12, "ticket.serving", { ticket: { ...two, state: "serving" } }));
  assert.deepEqual(atMoment(waitingForTurn, after, SHOWN_SHORT), noCalls());
});

test("a second call of the same visitor says so, and takes one place in line", () => {
  const again = event(12, "ticket.recalled", { ticket: one });
  const { line } = heard(noCalls(), [call(one), again], TEN);
  assert.deepEqual(line.map((c) => c.again), [true]);
});

test("calls older than a minute are not announced after a reconnect", () => {
  const calls = heard(noCalls(), [call(one, { at: TEN - MINUTE }), call(two, { at: TEN - MINUTE + 1 })], TEN);
  assert.deepEqual(calls.line.map((c) => c.number), ["A002"]);
});

test("other events call nobody", () => {
  assert.deepEqual(heard(noCalls(), [event(11, "ticket.serving", { ticket: one }), event(12, "day.closed")], TEN), noCalls());
  const quiet = noCalls();
  assert.equal(atMoment(quiet, board(one), 5_000), quiet);
});
