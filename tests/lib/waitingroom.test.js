import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { boardOf } from "../../static/lib/board.js";
import { ALERT_ROW, MORE, ROW, dayPromise, quiet, remember, rows, stage } from "../../static/lib/waitingroom.js";
import { MINUTE, TEN, called, counter, done, escalation, snapshot, visitor } from "./visitors.js";

const board = (facts) => boardOf(snapshot(facts));
const serving = (ticket, at, n) => ({ ...called(ticket, at, n), state: "serving" });
const places = (list) => list.map((p) => `${p.number} ${p.counter}`);
const counters = (open) => [1, 2, 3, 4, 5].map((n) => counter(n, { state: n <= open ? "open" : "closed" }));

test("the newest call is the largest, beside it the last calls", () => {
  const here = board({
    counters: counters(2),
    tickets: [done(called(visitor(1), TEN), TEN), serving(visitor(2), TEN + MINUTE, 1), called(visitor(3), TEN + 2 * MINUTE, 2)],
  });
  const { newest, others, grid } = stage(here);
  assert.deepEqual([newest.number, newest.counter, newest.state, grid], ["A003", 2, "called", false]);
  assert.deepEqual(places(others), ["A002 1", "A001 null"]);
});

test("who is still being called stays larger than somebody called later who has come already", () => {
  const here = board({ counters: counters(2), tickets: [called(visitor(1), TEN, 1), serving(visitor(2), TEN + MINUTE, 2)] });
  assert.equal(stage(here).newest.number, "A001");
});

test("with three counters in use the others are what goes on there, in the order of the counters", () => {
  const here = board({
    counters: counters(4),
    tickets: [serving(visitor(1), TEN, 4), serving(visitor(2), TEN + 1, 1), called(visitor(3), TEN + 2, 3), done(called(visitor(4), TEN + 3), TEN + 4)],
  });
  const { newest, others, grid } = stage(here);
  assert.deepEqual([newest.number, grid, places(others)], ["A003", true, ["A002 1", "A001 4"]]);
});

test("at most four other counters are shown, those called last", () => {
  const tickets = [1, 2, 3, 4, 5, 6].map((n) => serving(visitor(n), TEN + n, n));
  const here = board({ counters: [1, 2, 3, 4, 5, 6].map((n) => counter(n)), tickets });
  assert.deepEqual(places(stage(here).others), ["A002 2", "A003 3", "A004 4", "A005 5"]);
});

test("with nobody at a counter nothing is large, and the last calls stay", () => {
  const here = board({ counters: counters(3), tickets: [done(called(visitor(1), TEN), TEN)] });
  assert.equal(stage(here).newest, null);
  assert.deepEqual(places(stage(here).others), ["A001 null"]);
});

test("after the day's end yesterday's calls are gone from the screen", () => {
  const here = board({ day: null, counters: counters(0), tickets: [done(called(visitor(1), TEN), TEN)] });
  assert.deepEqual(stage(here), { newest: null, others: [], grid: false });
});

test("a visitor on hold is at no counter", () => {
  const here = board({ counters: counters(1), tickets: [{ ...called(visitor(1), TEN), state: "held", counter: null }] });
  assert.equal(stage(here).newest, null);
});

test("the screen remembers at which counter somebody was who has gone, until the board forgets him", () => {
  const before = remember(new Map(), board({ tickets: [called(visitor(1), TEN, 2)] }));
  const gone = board({ counters: counters(1), tickets: [done(called(visitor(1), TEN), TEN)] });
  const after = remember(before, gone);
  assert.deepEqual(places(stage(gone, after).others), ["A001 2"]);
  assert.equal(remember(after, board()).size, 0);
});

test("as many rows are shown as fit, and the rest is a number", () => {
  const here = board({ tickets: [1, 2, 3, 4, 5, 6, 7].map((n) => visitor(n)) });
  const all = rows(here, 0, TEN, 7 * ROW);
  assert.deepEqual([all.shown.length, all.more], [7, 0]);
  const some = rows(here, 0, TEN, 4 * ROW + MORE);
  assert.deepEqual([some.shown.length, some.more], [4, 3]);
  assert.deepEqual([rows(board(), 0, TEN, 30).shown.length, rows(board(), 0, TEN, 30).more], [0, 0]);
});

test("an escalated row says so, and takes more room", () => {
  const late = visitor(1);
  const here = board({ tickets: [late, visitor(2), visitor(3)], escalations: [escalation(late)] });
  const { shown, more } = rows(here, 0, late.deadline + MINUTE, ALERT_ROW + ROW + MORE);
  assert.deepEqual(shown.map((r) => [r.number, r.escalation, r.promise.urgency]), [["A001", "raised", "overdue"], ["A002", null, "overdue"]]);
  assert.equal(more, 1);
});

test("the heights that are counted are those that the stylesheet draws", async () => {
  const css = await readFile(new URL("../../static/tv/line.css", import.meta.url), "utf8");
  const height = (selector) => Number(new RegExp(`^${selector} \\{[^}]*?\\bheight: ([\\d.]+)rem`, "m").exec(css)[1]);
  assert.deepEqual([height("\\.row"), height("\\.row:has\\(\\.extra\\)"), height("\\.more")], [ROW, ALERT_ROW, MORE]);
});

test("the promise of the day is a percentage with what it is made of", () => {
  assert.equal(dayPromise(board()), null);
  assert.deepEqual(dayPromise(board({ promise: { kept: 122, broken: 2, excused: 7 } })), { percent: 98, kept: 122, of: 124 });
});

test("an empty stage says why", () => {
  const office = (taking) => quiet({ taking });
  assert.deepEqual(office({ open: true, reason: null, next: null }), { reason: "open", next: null });
  assert.deepEqual(office({ open: false, reason: "break", next: TEN }), { reason: "break", next: TEN });
  assert.equal(office({ open: false }).reason, "closed");
});
