import assert from "node:assert/strict";
import { test } from "node:test";
import { Presses, pressedBy, shortcut } from "../../static/lib/presses.js";

const KEYS = { Enter: "main", " ": "main", r: "recall", F9: "accept" };
const key = (name, more = {}) => ({ key: name, repeat: false, target: { closest: (what) => (more.on && what.includes(more.on) ? {} : null) }, ...more });

test("a button that was pressed cannot be pressed again until it was answered", () => {
  const presses = new Presses();
  assert.ok(presses.take("serve", 0));
  assert.equal(presses.busy, "serve");
  assert.ok(!presses.take("serve", 5000));
  presses.done();
  assert.ok(presses.take("finish", 6000));
});

test("a double click does not press the next step as well", () => {
  const presses = new Presses();
  assert.ok(presses.take("call-next", 1000));
  presses.done();
  assert.ok(!presses.take("serve", 1200));
  assert.equal(presses.busy, null);
});

test("a key that bounces does not press the next step, and the next press of the finger does", () => {
  const presses = new Presses();
  assert.ok(presses.take("call-next", 1000, "key"));
  presses.done();
  assert.ok(!presses.take("serve", 1080, "key"));
  assert.ok(presses.take("serve", 1400, "key"));
});

test("the button says how long it rests", () => {
  const presses = new Presses();
  assert.equal(presses.restLeft(0), 0);
  presses.take("pause", 1000);
  assert.equal(presses.restLeft(1100), 400);
  assert.equal(presses.restLeft(9000), 0);
});

test("Enter on a focused button is a key, whatever the browser calls it", () => {
  assert.equal(pressedBy({ type: "click", detail: 0 }), "key");
  assert.equal(pressedBy({ type: "click", detail: 2 }), "click");
});

test("hammering the button acts once", () => {
  const presses = new Presses();
  assert.ok(presses.take("call-next", 0));
  presses.done();
  for (let now = 300; now < 3000; now += 300) assert.ok(!presses.take("serve", now));
  assert.ok(presses.take("serve", 3300));
});

test("a key means its action in either case, once, while it is held down", () => {
  assert.equal(shortcut(key("R"), KEYS), "recall");
  assert.equal(shortcut(key("Enter"), KEYS), "main");
  assert.equal(shortcut(key("Enter", { repeat: true }), KEYS), null);
  assert.equal(shortcut(key("x"), KEYS), null);
});

test("keys with Ctrl, Alt or Meta stay the browser's", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey"]) assert.equal(shortcut(key("r", { [held]: true }), KEYS), null);
});

test("letters typed into a field press nothing", () => {
  assert.equal(shortcut(key("r", { on: "textarea" }), KEYS), null);
});

test("Enter on a focused button is that button's own press", () => {
  assert.equal(shortcut(key("Enter", { on: "button" }), KEYS), null);
  assert.equal(shortcut(key("r", { on: "button" }), KEYS), "recall");
});

test("an alert can be answered by its function key from anywhere", () => {
  assert.equal(shortcut(key("F9", { on: "textarea" }), KEYS), "accept");
});
