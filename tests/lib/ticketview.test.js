import assert from "node:assert/strict";
import { test } from "node:test";
import { boardOf } from "../../static/lib/board.js";
import { placeOf } from "../../static/lib/place.js";
import { alertBetween, ticketView } from "../../static/lib/ticketview.js";
import { MINUTE, TEN, called, counter, done, escalation, event, snapshot, visitor } from "./visitors.js";

const board = (facts) => boardOf(snapshot(facts));
const place = (ticket, facts = {}) => ({ ticket, ahead: ticket.state === "waiting" ? 2 : null, extra: null, opened: null, ...facts });
const mine = visitor(1, { taken_at: TEN });
const late = TEN + 46 * MINUTE;

test("who waits sees the minutes left, the people ahead and the time of the promise", () => {
  const view = ticketView(place(mine), TEN + 18 * MINUTE);
  assert.deepEqual([view.stage, view.urgency, view.cancel, view.ended, view.follow], ["waiting", "calm", true, false, true]);
  assert.deepEqual([view.ring.value, view.ring.below.key, view.ring.left], [27, "ring.minutes", 0.6]);
  assert.deepEqual(view.headline, { key: "line.ahead", facts: { n: 2 } });
  assert.deepEqual(view.sentence, { key: "line.next", facts: { at: mine.deadline } });
});

test("the last minute is counted in seconds", () => {
  const { ring } = ticketView(place(mine), mine.deadline - 39_500);
  assert.deepEqual([ring.value, ring.below.key], [40, "ring.seconds"]);
  assert.equal(ticketView(place(mine), mine.deadline - MINUTE - 1).ring.below.key, "ring.minutes");
});

test("the next one in line is asked to stay near", () => {
  const view = ticketView(place(mine, { ahead: 0 }), TEN);
  assert.deepEqual([view.headline.key, view.sentence.key], ["line.first", "line.firstNext"]);
});

test("who was served before and moved to another service is told that the place is kept", () => {
  const moved = { ...mine, serving_at: TEN + MINUTE };
  assert.equal(ticketView(place(moved), TEN + 2 * MINUTE).sentence.key, "line.moved");
});

test("past the promise the additional officer is called, then gets ready, then a counter opens", () => {
  const said = (facts) => {
    const view = ticketView(place(mine, facts), late);
    return [view.urgency, view.ring.above.key, view.headline.key, view.sentence.key];
  };
  assert.deepEqual(said({}), ["overdue", "ring.late", "extra.none", "extra.noneNext"]);
  assert.deepEqual(said({ extra: "raised" }), ["overdue", "ring.late", "extra.raised", "extra.raisedNext"]);
  assert.deepEqual(said({ extra: "accepted" }), ["overdue", "ring.late", "extra.accepted", "extra.acceptedNext"]);
  assert.deepEqual(said({ extra: "accepted", opened: 5 }), ["overdue", "ring.late", "extra.accepted", "extra.opened"]);
});

test("an open reserve counter is not promised before an officer has accepted", () => {
  assert.equal(ticketView(place(mine, { extra: "raised", opened: 5 }), late).sentence.key, "extra.raisedNext");
});

test("a call says how much earlier than promised it came, and the minutes add up to the promise", () => {
  const view = ticketView(place(called(mine, TEN + 18.3 * MINUTE, 2)), TEN + 19 * MINUTE);
  assert.deepEqual(view.headline, { key: "called", facts: { counter: 2 } });
  assert.deepEqual(view.sentence, { key: "called.early", facts: { waited: 19, early: 26 } });
  assert.deepEqual([view.ring, view.cancel, view.ended], [null, true, false]);
});

test("a late call apologises", () => {
  const view = ticketView(place(called(mine, TEN + 48.3 * MINUTE)), TEN + 49 * MINUTE);
  assert.deepEqual(view.sentence, { key: "called.late", facts: { waited: 49, late: 4 } });
});

test("served in the last minute of the promise is simply in time", () => {
  const ticket = { ...mine, state: "serving", counter: 1, called_at: TEN, serving_at: mine.deadline - 30_000 };
  assert.deepEqual(ticketView(place(ticket), late).sentence, { key: "serving.inTime", facts: { waited: 45 } });
});

test("done thanks for the wait until serving began, and is over", () => {
  const ticket = done({ ...mine, called_at: TEN + 10 * MINUTE, serving_at: TEN + 12 * MINUTE }, TEN + 30 * MINUTE);
  const view = ticketView(place(ticket), TEN + 31 * MINUTE);
  assert.deepEqual(view.sentence, { key: "done.early", facts: { waited: 12, early: 33 } });
  assert.deepEqual([view.cancel, view.ended, view.follow], [false, true, false]);
});

test("a skipped number may come back, so it is still followed; the cancelled and expired are not", () => {
  const skipped = { ...mine, state: "skipped", called_at: TEN + MINUTE, ended_at: TEN + 2 * MINUTE };
  assert.deepEqual(ticketView(place(skipped), late).sentence, { key: "skipped.next", facts: { at: TEN + MINUTE } });
  assert.deepEqual([ticketView(place(skipped), late).ended, ticketView(place(skipped), late).follow], [true, true]);
  for (const state of ["cancelled", "expired"]) assert.equal(ticketView(place({ ...mine, state, ended_at: late }), late).follow, false);
  assert.equal(ticketView(place({ ...mine, state: "held" }), late).cancel, true);
});

test("a place is the ticket, who is ahead, the open escalation and the free reserve counter", () => {
  const other = visitor(0, { taken_at: TEN - MINUTE });
  const reserve = counter(5, { kind: "reserve" });
  const here = board({ tickets: [other, mine], counters: [counter(1), counter(6, { kind: "reserve", services: ["C"] }), reserve], escalations: [escalation(mine)] });
  assert.deepEqual(placeOf(here, mine.id), { ticket: mine, ahead: 1, extra: "raised", opened: 5 });
  const busy = board({ tickets: [mine], counters: [counter(5, { kind: "reserve", ticket: other.id }), counter(6, { kind: "reserve", state: "closed" })] });
  assert.deepEqual(placeOf(busy, mine.id), { ticket: mine, ahead: 0, extra: null, opened: null });
  assert.equal(placeOf(board(), mine.id), null);
});

test("people ahead are counted for those who wait alone", () => {
  const here = called(mine, TEN + MINUTE);
  assert.equal(placeOf(board({ tickets: [here] }), here.id).ahead, null);
});

test("a call is signalled once, and again when it is called again", () => {
  const call = place(called(mine, TEN));
  assert.equal(alertBetween(place(mine), call), "called");
  assert.equal(alertBetween(null, call), "called");
  assert.equal(alertBetween(call, call), null);
  assert.equal(alertBetween(call, call, [event(11, "ticket.recalled", { ticket: call.ticket })]), "called");
  assert.equal(alertBetween(call, call, [event(11, "ticket.recalled", { ticket: visitor(9) })]), null);
});

test("coming near and the additional officer are signalled when they happen, not at the first sight", () => {
  assert.equal(alertBetween(place(mine, { ahead: 1 }), place(mine, { ahead: 0 })), "near");
  assert.equal(alertBetween(place(mine, { ahead: 0 }), place(mine, { ahead: 0 })), null);
  assert.equal(alertBetween(null, place(mine, { ahead: 0 })), null);
  assert.equal(alertBetween(place(mine), place(mine, { extra: "raised" })), "extra");
  assert.equal(alertBetween(place(mine, { extra: "raised" }), place(mine, { extra: "accepted" })), null);
});
