import assert from "node:assert/strict";
import { test } from "node:test";
import { kioskView } from "../../static/lib/kioskview.js";
import { storeAnswers } from "../../static/lib/readiness.js";
import { Stay } from "../../static/lib/stay.js";
import { TEN, ZONE } from "./visitors.js";

const LIVE = { state: "live", since: 0, lastHeard: 0 };
const LOST = { state: "lost", since: 0, lastHeard: 0 };
const office = (taking) => ({ time_zone: ZONE, taking: { open: true, until: null, next: null, reason: null, ...taking } });
const face = (seen) => kioskView({ office: office(), status: LIVE, storeAnswers: true, now: TEN, elapsed: 60_000, ...seen });

test("a kiosk that is well shows its services and says nothing", () => {
  assert.deepEqual(face({}), { face: "open", said: null, age: null });
});

test("a lost connection and a store that is gone send visitors to the desk, and an old board says how old it is", () => {
  assert.deepEqual(face({ status: LOST }), { face: "trouble", said: { key: "trouble.lost" }, age: 60_000 });
  assert.deepEqual(face({ storeAnswers: false }), { face: "trouble", said: { key: "trouble.store" }, age: null });
});

test("a blink of the network disturbs nobody", () => {
  assert.equal(face({ status: { ...LOST, since: 59_500 } }).face, "open");
});

test("a closed office says why instead of showing services", () => {
  const closed = face({ office: office({ open: false, reason: "break", next: TEN + 60_000 }) });
  assert.deepEqual(closed, { face: "closed", said: { key: "taking.break.today", facts: { at: TEN + 60_000 } }, age: null });
});

test("before the office is known the kiosk gets ready, and says so when it cannot", () => {
  assert.equal(face({ office: null, status: { ...LIVE, state: "connecting", since: 59_900 } }).said.key, "loading");
  assert.equal(face({ office: null, status: LOST }).said.key, "trouble.lost");
});

test("the store is gone only when the server says so", async () => {
  assert.equal(await storeAnswers(async () => ({ status: 200 })), true);
  assert.equal(await storeAnswers(async () => ({ status: 503 })), false);
  assert.equal(await storeAnswers(async () => { throw new TypeError("network"); }), true);
});

test("what stays goes some time after the last touch, and who asks for more gets more", () => {
  const stay = new Stay(12_000);
  assert.equal(stay.left(0), null);
  stay.touch(0);
  assert.equal(stay.left(2_000), 10_000);
  stay.touch(2_000, 30_000);
  stay.touch(3_000);
  assert.equal(stay.left(3_000), 29_000);
  assert.equal(stay.left(40_000), 0);
  stay.end();
  assert.equal(stay.left(40_000), null);
});
