import assert from "node:assert/strict";
import { test } from "node:test";
import { Attempts, unanswered } from "../../static/lib/attempts.js";

const wish = { service: "A", via: "kiosk" };
function attempts() {
  let n = 0;
  return new Attempts(() => `key-${(n += 1)}`);
}

test("a second press after a lost answer asks under the same key", () => {
  const tries = attempts();
  assert.equal(tries.keyFor(wish, 0), "key-1");
  assert.equal(tries.keyFor({ ...wish }, 60_000), "key-1");
});

test("after an answer the next press is a new wish", () => {
  const tries = attempts();
  tries.keyFor(wish, 0);
  tries.answered(wish);
  assert.equal(tries.keyFor(wish, 1), "key-2");
});

test("another wish never shares the key, and an old one is forgotten", () => {
  const tries = attempts();
  tries.keyFor(wish, 0);
  assert.equal(tries.keyFor({ ...wish, service: "B" }, 1), "key-2");
  assert.equal(tries.keyFor(wish, 180_000), "key-3");
});

test("a lost connection and a server in trouble leave open what happened; a refusal does not", () => {
  assert.deepEqual([0, 500, 503, 409, 422, 429].map((status) => unanswered({ status })), [true, true, true, false, false, false]);
});
