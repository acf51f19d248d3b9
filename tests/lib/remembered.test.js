import assert from "node:assert/strict";
import { test } from "node:test";
import { estimate, forget, remember, remembered } from "../../static/lib/remembered.js";
import { TEN, visitor } from "./visitors.js";

const HOUR = 3600_000;

function storage(kept = new Map()) {
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}
const kept = (n, at = TEN) => ({ secret: `s${n}`, place: { ticket: visitor(n) }, office: { id: "tanjung-selor" }, now: at, at });
const secrets = (all) => all.map((k) => k.secret);

test("what was seen last comes first, each ticket once", () => {
  const here = storage();
  for (const n of [1, 2, 1]) remember(kept(n), here);
  assert.deepEqual(secrets(remembered(TEN, here)), ["s1", "s2"]);
});

test("only the last five are kept, and none for longer than a day", () => {
  const here = storage();
  for (let n = 1; n <= 7; n += 1) remember(kept(n), here);
  assert.deepEqual(secrets(remembered(TEN, here)), ["s7", "s6", "s5", "s4", "s3"]);
  assert.deepEqual(remembered(TEN + 24 * HOUR, here), []);
});

test("a forgotten ticket is gone and the others stay", () => {
  const here = storage();
  for (const n of [1, 2]) remember(kept(n), here);
  forget("s2", TEN, here);
  assert.deepEqual(secrets(remembered(TEN, here)), ["s1"]);
});

test("a device that keeps nothing, or keeps nonsense, breaks nothing", () => {
  const full = { getItem: () => null, setItem: () => { throw new Error("full"); } };
  remember(kept(1), full);
  assert.deepEqual(remembered(TEN, full), []);
  assert.deepEqual(remembered(TEN, null), []);
  for (const nonsense of ["{", "{}", "[1]", '[{"secret":"s"}]']) {
    assert.deepEqual(remembered(TEN, storage(new Map([["kayan.tickets", nonsense]]))), []);
  }
});

test("the time since is the device's progress, right on a clock that is an hour wrong, and never runs back", () => {
  const before = { now: TEN, at: TEN + HOUR };
  assert.equal(estimate(before, TEN + HOUR + 5_000), TEN + 5_000);
  assert.equal(estimate(before, TEN), TEN);
});
