import assert from "node:assert/strict";
import { test } from "node:test";
import { verdict, wait } from "../../static/lib/reconnect.js";

test("who may not see a view does not come back", () => {
  assert.equal(verdict(4401).again, false);
  assert.equal(verdict(1000, { reconnect: "never", after: 0 }).again, false);
});

test("a refused resume starts afresh, everything else goes on from where it stood", () => {
  assert.equal(verdict(4001).resume, false);
  for (const code of [1000, 1001, 1006, 1012, 4008]) assert.deepEqual([verdict(code).again, verdict(code).resume], [true, true]);
});

test("a server that says soon gets its room back at random moments within its word, one that says later not before it", () => {
  const soon = verdict(1012, { reconnect: "soon", after: 2000 });
  const later = verdict(1012, { reconnect: "later", after: 5000 });
  assert.deepEqual([wait(soon, 0, 0), wait(soon, 0, 0.5)], [0, 1000]);
  assert.deepEqual([wait(later, 0, 0), wait(later, 0, 0.5)], [5000, 7500]);
});

test("a refused resume starts afresh at once though the server said farewell", () => {
  const how = verdict(4001, { reconnect: "soon", after: 0 });
  assert.deepEqual([how.again, how.resume, wait(how, 0, 0.5)], [true, false, 250]);
});

test("a farewell that makes no sense keeps nobody away for long, and makes nobody hammer", () => {
  for (const after of [-1, Number.NaN, Infinity, 2 ** 40, "later", null, undefined, {}]) {
    for (const reconnect of ["soon", "later", "whenever", undefined]) {
      const how = verdict(1012, { reconnect, after });
      assert.ok(how.again && how.resume);
      assert.ok(wait(how, 0, 0) >= 0 && wait(how, 0, 1) >= 500 && wait(how, 0, 1) <= 120_000, `${reconnect} ${after}`);
    }
  }
});

test("a restart spreads its room over seconds", () => {
  assert.equal(wait(verdict(1012), 0, 0.5), 1500);
});

test("each failure doubles the longest wait, up to ten seconds", () => {
  const lost = verdict(1006);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 9].map((failures) => wait(lost, failures, 1)), [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  assert.equal(wait(lost, 9, 0), 0);
});

// What must hold for every way in which a connection can end, after any number of failures.

const CODES = [1000, 1001, 1005, 1006, 1008, 1011, 1012, 1013, 4001, 4008, 4999];
const AFTER = [0, 1, 200, 2000, 5000, 60_000, 3600_000];
const BYES = [null, ...["soon", "later"].flatMap((reconnect) => AFTER.map((after) => ({ reconnect, after })))];
const ENDS = CODES.flatMap((code) => BYES.map((bye) => ({ code, bye, how: verdict(code, bye) })));
const FAILURES = [0, 1, 2, 3, 4, 5, 8, 50, 1_100, Number.MAX_SAFE_INTEGER];
const PARTS = 20;

test("every wait is bounded, and only a server that says later has any that is not there for everybody", () => {
  for (const { code, bye, how } of ENDS) {
    for (const failures of FAILURES) {
      const [first, last] = [wait(how, failures, 0), wait(how, failures, 1 - Number.EPSILON)];
      const least = bye?.reconnect === "later" ? Math.min(bye.after, 60_000) : 0;
      assert.equal(first, least, `${code} ${JSON.stringify(bye)}`);
      assert.ok(last > first && last <= least + 60_000, `${code} ${JSON.stringify(bye)} ${failures}: ${last}`);
    }
  }
});

test("a room full of screens comes back spread over the whole of the wait, none of its parts crowded or empty", () => {
  const room = Array.from({ length: 2_000 }, (_, screen) => (screen + 0.5) / 2_000); // what a fair die gives 2,000 screens
  for (const { how } of ENDS) {
    for (const failures of FAILURES) {
      const [first, last] = [wait(how, failures, 0), wait(how, failures, 1)];
      const parts = new Array(PARTS).fill(0);
      for (const random of room) parts[Math.floor(((wait(how, failures, random) - first) / (last - first)) * PARTS)] += 1;
      for (const many of parts) assert.ok(Math.abs(many - room.length / PARTS) <= 1, `${parts}`);
    }
  }
});

test("who fails again never hurries because of it", () => {
  for (const { how } of ENDS) {
    for (const random of [0, 0.25, 0.5, 0.999]) {
      const waits = FAILURES.map((failures) => wait(how, failures, random));
      assert.deepEqual(waits, [...waits].sort((a, b) => a - b));
    }
  }
});
