import assert from "node:assert/strict";
import { test } from "node:test";
import { Today, figures, noDay, tally } from "../../static/lib/today.js";

const at = (kind, minute, counter) => ({ kind, at: minute * 60_000, ...(counter && { counter: { counter } }) });
const after = (...events) => events.reduce(tally, noDay());

test("the average is the time from sitting down to leaving, at this counter", () => {
  const day = after(at("ticket.serving", 10, 2), at("ticket.serving", 11, 3), at("ticket.done", 16, 2), at("ticket.resumed", 20, 2), at("ticket.done", 28, 2));
  assert.deepEqual(figures(day, 2), { served: 2, average: 7 * 60_000 });
  assert.deepEqual(figures(day, 3), { served: 0, average: null });
});

test("a new day begins at nought", () => {
  assert.deepEqual(figures(after(at("ticket.serving", 1, 2), at("ticket.done", 2, 2), at("day.opened", 3)), 2), { served: 0, average: null });
});

test("events without a counter change nothing", () => {
  const day = noDay();
  assert.equal(tally(day, at("ticket.taken", 1)), day);
  assert.equal(tally(day, at("ticket.called", 1, 2)), day);
});

test("a day of which the beginning is not known counts who was served, without inventing a time", () => {
  assert.deepEqual(figures(after(at("ticket.done", 5, 1)), 1), { served: 1, average: null });
});

test("what happens while the journal is being read is counted once", async () => {
  let answer;
  const today = new Today(() => new Promise((done) => (answer = done)));
  const reading = today.heard({}, []);
  today.heard({}, [at("ticket.serving", 10, 2)]);
  today.heard({}, [at("ticket.done", 14, 2)]);
  assert.equal(today.of(2), null);
  answer(after(at("ticket.serving", 1, 2), at("ticket.done", 3, 2)));
  await reading;
  assert.deepEqual(today.of(2), { served: 2, average: 3 * 60_000 });
  today.heard({}, [at("ticket.done", 20, 2)]);
  assert.equal(today.of(2).served, 3);
});

test("an older reading of the journal does not replace a newer one", async () => {
  const answers = [];
  const today = new Today(() => new Promise((done) => answers.push(done)));
  const first = today.heard({}, []);
  const second = today.heard({}, []);
  answers[1](after(at("ticket.done", 2, 1)));
  await second;
  answers[0](noDay());
  await first;
  assert.equal(today.of(1).served, 1);
});

test("figures stay unknown when the journal cannot be read", async () => {
  const today = new Today(async () => null);
  await today.heard({}, []);
  assert.equal(today.of(1), null);
});
