import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, satkerTyped, serviceOf } from "../../static/lib/desk.js";

const SERVICES = [{ code: "A" }, { code: "B" }, { code: "K" }];

test("a digit chooses the service at that place, a letter the service of that name", () => {
  assert.equal(serviceOf("2", SERVICES, false), "B");
  assert.equal(serviceOf("k", SERVICES, false), "K");
  assert.equal(serviceOf("9", SERVICES, false), null);
  assert.equal(serviceOf("0", SERVICES, false), null);
  assert.equal(serviceOf("Enter", SERVICES, false), null);
});

test("while the satker is typed digits are its own and letters still choose", () => {
  assert.equal(serviceOf("1", SERVICES, true), null);
  assert.equal(serviceOf("B", SERVICES, true), "B");
});

test("a satker keeps its digits, six at most", () => {
  assert.equal(satkerTyped("527.010 lama"), "527010");
  assert.equal(satkerTyped("52701099"), "527010");
});

test("a number can be given with a whole satker or none, for a service", () => {
  assert.deepEqual(ready({ service: "A", satker: "" }), { missing: null });
  assert.deepEqual(ready({ service: "A", satker: "527010" }), { missing: null });
  assert.deepEqual(ready({ service: "A", satker: "5270" }), { missing: "desk.satkerShort" });
  assert.deepEqual(ready({ service: null, satker: "" }), { missing: "desk.chooseFirst" });
});
