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

test("a server that said when to come back is not asked earlier", () => {
  const soon = verdict(1012, { reconnect: "soon", after: 200 });
  const later = verdict(1012, { reconnect: "later", after: 5000 });
  assert.equal(wait(soon, 0, 0), 200);
  assert.ok(wait(soon, 0, 0.999) <= 700);
  assert.equal(wait(later, 0, 0), 5000);
  assert.ok(wait(later, 0, 0.999) <= 10_000);
});

test("a restart spreads its room over seconds", () => {
  assert.equal(wait(verdict(1012), 0, 0.5), 1500);
});

test("each failure doubles the longest wait, up to ten seconds", () => {
  const lost = verdict(1006);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 9].map((failures) => wait(lost, failures, 1)), [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  assert.equal(wait(lost, 9, 0), 0);
});
