import assert from "node:assert/strict";
import { test } from "node:test";
import { boardOf } from "../../static/lib/board.js";
import { askAgainIn, calls, greeting, takingNow, tiles } from "../../static/lib/taking.js";
import { MINUTE, TEN, ZONE, called, done, snapshot, visitor } from "./visitors.js";

const HOUR = 60 * MINUTE;
const SERVICES = [{ code: "A", name: { id: "Pencairan dana", en: "Fund disbursement" } }, { code: "B", name: { id: "Gaji" } }];
const office = (taking) => ({ time_zone: ZONE, services: SERVICES, taking: { open: true, until: null, next: null, reason: null, ...taking } });
const closed = (reason, next) => takingNow(office({ open: false, reason, next }), TEN);

test("a tile names its service in the reader's language and counts who waits for it", () => {
  const board = boardOf(snapshot({ tickets: [visitor(1), visitor(2), called(visitor(3), TEN), visitor(4, { service: "B" })] }));
  assert.deepEqual(tiles(office(), board, "en"), [{ code: "A", name: "Fund disbursement", waiting: 2 }, { code: "B", name: "Gaji", waiting: 1 }]);
  assert.equal(tiles(office(), null, "id")[0].waiting, null);
});

test("while numbers are given nothing is said, until the last hour", () => {
  assert.deepEqual(takingNow(office({ until: TEN + 2 * HOUR }), TEN), { open: true, said: null });
  assert.deepEqual(takingNow(office({ until: TEN + 30 * MINUTE }), TEN).said, { key: "taking.until", facts: { at: TEN + 30 * MINUTE } });
  assert.deepEqual(takingNow(office({ until: null }), TEN), { open: true, said: null });
});

test("a closed place says why and when it opens: today, on another day, or not yet known", () => {
  assert.deepEqual(closed("break", TEN + 3 * HOUR), { open: false, said: { key: "taking.break.today", facts: { at: TEN + 3 * HOUR } } });
  assert.equal(closed("cutoff", TEN + 22 * HOUR).said.key, "taking.cutoff.later");
  assert.equal(closed("closed", null).said.key, "taking.closed.unknown");
  assert.equal(closed("closed", TEN + 13 * HOUR).said.key, "taking.closed.today");
  assert.equal(closed("closed", TEN + 14 * HOUR).said.key, "taking.closed.later");
});

test("the office is asked again just after the next turn, and every ten minutes anyway", () => {
  assert.equal(askAgainIn(office({ until: TEN + MINUTE }), TEN), MINUTE + 500);
  assert.equal(askAgainIn(office({ until: TEN + HOUR }), TEN), 10 * MINUTE);
  assert.equal(askAgainIn(office({ until: TEN - MINUTE }), TEN), 10 * MINUTE);
  assert.equal(askAgainIn(office({ next: TEN + 2 * MINUTE }), TEN), 2 * MINUTE + 500);
});

test("the greeting follows the office's hour", () => {
  const at = (hour) => greeting(TEN + (hour - 10) * HOUR, ZONE);
  assert.deepEqual([8, 10, 11, 14, 15, 17, 18, 23, 3].map(at), [
    "greeting.morning", "greeting.morning", "greeting.day", "greeting.day", "greeting.afternoon", "greeting.afternoon",
    "greeting.evening", "greeting.evening", "greeting.evening",
  ]);
});

test("calls are those on their way or at the counter, newest first", () => {
  const [one, two, three] = [1, 2, 3].map((n) => called(visitor(n), TEN + n * MINUTE, n));
  const board = boardOf(snapshot({ tickets: [{ ...one, state: "serving" }, done(two, TEN + HOUR), three] }));
  assert.deepEqual(calls(board, 4).map((t) => t.number), ["A003", "A001"]);
  assert.deepEqual(calls(board, 1).map((t) => t.number), ["A003"]);
});
