import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Clock, clockTime, dayOf, formatCountdown, fraction, longDate, minutes, remaining, sinceStart, textTime, urgency, zoneName,
} from "../../static/lib/clock.js";
import { MINUTE, TEN, ZONE, visitor } from "./visitors.js";

const HOUR = 60 * MINUTE;

/** A device whose wall clock is `wrong` ms off and that may sleep. */
function device(wrong = 0) {
  const its = { tick: 5_000, wall: TEN + wrong };
  its.pass = (ms) => { its.tick += ms; its.wall += ms; };
  its.sleep = (ms) => { its.wall += ms; };
  its.clock = new Clock(sinceStart(() => its.tick, () => its.wall));
  return its;
}

test("the countdown is right on a phone whose clock is an hour wrong", () => {
  for (const wrong of [-HOUR, 0, HOUR]) {
    const phone = device(wrong);
    phone.clock.heard(TEN);
    phone.pass(12 * MINUTE);
    assert.equal(remaining(visitor(1, { taken_at: TEN }), phone.clock.now()), 33 * MINUTE);
  }
});

test("nothing is known of the time before the server was heard", () => {
  assert.equal(new Clock(() => 0).now(), null);
});

test("a frame that was delayed does not put the clock back", () => {
  const phone = device();
  phone.clock.heard(TEN);
  phone.pass(2_000);
  phone.clock.heard(TEN + 1_200);
  assert.equal(phone.clock.now(), TEN + 2_000);
});

test("a frame that came faster than those before makes the clock better", () => {
  const phone = device();
  phone.clock.heard(TEN - 800);
  phone.pass(1_000);
  phone.clock.heard(TEN + 1_000);
  assert.equal(phone.clock.now(), TEN + 1_000);
});

test("time goes on while the device sleeps, also when nothing is heard after", () => {
  const phone = device(HOUR);
  phone.clock.heard(TEN);
  phone.sleep(20 * MINUTE);
  assert.equal(phone.clock.now(), TEN + 20 * MINUTE);
});

test("a phone that slept or whose clock was set forward says so, since only a frame can tell which; set back it goes on unmoved", () => {
  let gaps = 0;
  const its = { tick: 5_000, wall: TEN };
  const elapsed = sinceStart(() => its.tick, () => its.wall, () => { gaps += 1; });
  its.wall += HOUR;
  elapsed();
  assert.equal(gaps, 1);
  const before = elapsed();
  its.wall -= HOUR;
  assert.deepEqual([elapsed(), gaps], [before, 1]);
});

test("a phone that corrects its own clock is believed again with the next frame", () => {
  const phone = device(-HOUR);
  phone.clock.heard(TEN);
  phone.sleep(HOUR);
  phone.clock.heard(TEN);
  assert.equal(phone.clock.now(), TEN);
});

test("a phone that puts its clock back an hour notices nothing", () => {
  const phone = device(HOUR);
  phone.clock.heard(TEN);
  phone.sleep(-HOUR);
  phone.pass(1_000);
  assert.equal(phone.clock.now(), TEN + 1_000);
});

test("a server clock that was put back a little is followed after a while", () => {
  const phone = device();
  phone.clock.heard(TEN);
  for (let i = 1; i <= 32; i += 1) {
    phone.pass(1_000);
    phone.clock.heard(TEN + i * 1_000 - 500);
  }
  assert.equal(phone.clock.now(), TEN + 32_000 - 500);
});

test("a server clock that jumps is followed with the next frame, forward and back", () => {
  for (const jump of [HOUR, 5_000, -5_000, -HOUR]) {
    const phone = device();
    for (let i = 0; i < 40; i += 1) {
      phone.pass(1_000);
      phone.clock.heard(TEN + i * 1_000);
    }
    phone.pass(1_000);
    phone.clock.heard(TEN + 40_000 + jump);
    assert.equal(phone.clock.now(), TEN + 40_000 + jump);
    phone.pass(7_000);
    assert.equal(phone.clock.now(), TEN + 47_000 + jump);
  }
});

test("the promise empties from one to nothing and stays there", () => {
  const ticket = visitor(1, { taken_at: TEN });
  assert.equal(fraction(ticket, TEN), 1);
  assert.equal(fraction(ticket, TEN + 27 * MINUTE), 0.4);
  assert.equal(fraction(ticket, TEN + 46 * MINUTE), 0);
  assert.equal(fraction(ticket, TEN - MINUTE), 1);
});

test("a promise is calm, soon with fifteen minutes left, and overdue from the deadline on", () => {
  const ticket = visitor(1, { taken_at: TEN });
  assert.equal(urgency(ticket, TEN + 30 * MINUTE - 1), "calm");
  assert.equal(urgency(ticket, TEN + 30 * MINUTE), "soon");
  assert.equal(urgency(ticket, TEN + 45 * MINUTE - 1), "soon");
  assert.equal(urgency(ticket, TEN + 45 * MINUTE), "overdue");
});

test("a promise of three seconds is calm until its last second", () => {
  const ticket = visitor(1, { taken_at: TEN, deadline: TEN + 3_000 });
  assert.equal(urgency(ticket, TEN + 1_999), "calm");
  assert.equal(urgency(ticket, TEN + 2_000), "soon");
});

test("minutes left are rounded up, minutes passed down, and neither says zero", () => {
  assert.equal(minutes(12 * MINUTE), 12);
  assert.equal(minutes(11 * MINUTE + 1), 12);
  assert.equal(minutes(1), 1);
  assert.equal(minutes(0), 1);
  assert.equal(minutes(-59_000), 1);
  assert.equal(minutes(-2 * MINUTE - 59_000), 2);
});

test("a countdown starts at its full time, ends at zero and then counts up", () => {
  assert.equal(formatCountdown(45 * MINUTE), "45:00");
  assert.equal(formatCountdown(12 * MINUTE + 30_000), "12:30");
  assert.equal(formatCountdown(9_001), "0:10");
  assert.equal(formatCountdown(0), "0:00");
  assert.equal(formatCountdown(-61_000), "1:01");
  assert.equal(formatCountdown(HOUR + 5 * MINUTE), "1:05:00");
});

test("hours and dates are those of the office, as Indonesian writes them", () => {
  const at = TEN + 52 * MINUTE;
  assert.equal(clockTime(at, ZONE), "10:52");
  assert.equal(clockTime(at, "Asia/Jakarta"), "09:52");
  assert.equal(textTime(at, ZONE, "id"), "10.52");
  assert.equal(textTime(at, ZONE, "en"), "10:52");
  assert.equal(longDate(at, ZONE, "id"), "Selasa, 24 November 2026");
  assert.equal(longDate(at, ZONE, "en"), "Tuesday, 24 November 2026");
  assert.equal(zoneName(at, ZONE), "WITA");
});

test("the day changes at the office's midnight", () => {
  const midnight = Date.UTC(2026, 10, 24, 16, 0, 0);
  assert.equal(dayOf(midnight - 1, ZONE), "2026-11-24");
  assert.equal(dayOf(midnight, ZONE), "2026-11-25");
  assert.equal(clockTime(midnight, ZONE), "00:00");
});
