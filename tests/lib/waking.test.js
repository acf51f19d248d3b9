// A page whose device slept, whose network went, or whose server says nothing any more.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { SILENCE, STALE } from "../../static/lib/socket.js";
import { beat, delta, following, greeting, live } from "./device.js";
import { TEN } from "./visitors.js";

const HOUR = 3600_000;

let device, shown, told, stream, clock;
const states = () => told.map((s) => s.state);
const page = async (is) => ({ device, shown, told, stream, clock } = await is);

beforeEach(() => page(following()));

test("silence of two beats means that nobody is there", async () => {
  await page(live());
  device.pass(SILENCE - 1_000);
  device.socket.says(beat());
  device.pass(SILENCE - 1);
  assert.equal(told.at(-1).state, "live");
  device.pass(1);
  assert.equal(told.at(-1).state, "lost");
  assert.ok(device.sockets[0].closed);
});

test("a connection that never opens is given up before long, since the next one may get through", () => {
  device.pass(15_000);
  assert.ok(device.sockets[0].closed);
  device.pass(500);
  assert.equal(device.sockets.length, 2);
});

test("a server that refuses every hand-shake is asked ever more rarely, and for ever", () => {
  for (let i = 0; i < 20; i += 1) {
    device.socket.ends(1006);
    device.pass(Math.min(10_000, 500 * 2 ** i) / 2 - 1);
    assert.equal(device.open.length, 0);
    device.pass(10_000);
    assert.equal(device.open.length, 1);
  }
});

test("a phone that wakes does not wait for its turn", async () => {
  await page(live());
  for (let i = 0; i < 6; i += 1) {
    device.socket.ends(1006);
    if (i < 5) device.pass(10_000);
  }
  const before = device.sockets.length;
  device.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(device.sockets.length, before + 1);
});

test("a page that is hidden again does not hurry", async () => {
  await page(live());
  device.socket.ends(1006);
  device.document.visibilityState = "hidden";
  device.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(device.sockets.length, 1);
});

test("a connection that looks well after a long sleep is not trusted", async () => {
  await page(live());
  device.sleeps(40_000);
  device.window.dispatchEvent(new Event("pageshow"));
  assert.equal(device.sockets.length, 2);
  assert.ok(device.sockets[0].closed);
  assert.equal(device.socket.url.searchParams.get("resume"), "e1:10");
});

test("a connection that spoke a moment ago is left alone when the page is looked at", async () => {
  await page(live());
  device.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(device.sockets.length, 1);
});

test("airplane mode is said at once, and its end brings the stream back at once", async () => {
  await page(live());
  device.window.dispatchEvent(new Event("offline"));
  assert.equal(told.at(-1).state, "lost");
  device.window.dispatchEvent(new Event("online"));
  assert.equal(device.open.length, 1);
  device.socket.says(delta(10, 11));
  assert.equal(told.at(-1).state, "live");
});

test("a phone that slept through the night goes on from where it stood, and says meanwhile that it is not live", async () => {
  await page(live());
  device.sleeps(8 * HOUR);
  device.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(told.at(-1).state, "lost");
  assert.equal(device.elapsed - told.at(-1).lastHeard, 8 * HOUR);
  assert.equal(device.open.length, 1);
  assert.equal(device.socket.url.searchParams.get("resume"), "e1:10");
  device.socket.says(greeting({ offset: 500 }));
  assert.deepEqual([told.at(-1).state, shown.at(-1).offset], ["live", 500]);
});

test("a laptop that slept with its page in view is told by nobody, and notices within a second", async () => {
  await page(live());
  device.sleeps(2 * HOUR);
  device.pass(1_000);
  assert.equal(device.sockets.length, 2);
  assert.ok(device.sockets[0].closed);
});

test("a laptop that slept while it waited for its turn waits no longer", async () => {
  await page(live());
  for (let i = 0; i < 8; i += 1) {
    device.socket.ends(1006);
    if (i < 7) device.pass(10_000);
  }
  const before = device.sockets.length;
  device.sleeps(HOUR);
  device.pass(1_000);
  assert.equal(device.sockets.length, before + 1);
});

test("frames that waited for a sleeping page neither make its connection look well nor set its clock back", async () => {
  await page(live());
  device.sleeps(HOUR);
  const old = device.socket;
  old.says(beat({ now: TEN + 25_000 }));
  old.says(delta(10, 11));
  assert.equal(device.sockets.length, 2);
  assert.equal(shown.length, 1);
  assert.equal(clock.now(), TEN + HOUR);
  device.socket.says({ ...delta(10, 11), now: TEN + HOUR });
  assert.deepEqual([told.at(-1).state, shown.at(-1).offset], ["live", 11]);
});

test("a page that slept unseen takes its turn like everybody", async () => {
  await page(live());
  device.document.visibilityState = "hidden";
  device.sleeps(HOUR);
  device.pass(1_000);
  assert.equal(told.at(-1).state, "lost");
  assert.equal(device.sockets.length, 1);
  device.pass(250);
  assert.equal(device.sockets.length, 2);
});

test("a page in the background whose timers are held back to one a minute keeps its connection as long as it beats", async () => {
  await page(live());
  device.document.visibilityState = "hidden";
  for (let i = 0; i < 20; i += 1) {
    device.sleeps(26_000);
    device.socket.says(beat());
    if (i % 2) device.pass(0);
  }
  assert.equal(device.sockets.length, 1);
});

test("an attempt that was under way when the phone was put away is not waited for when it is taken out", async () => {
  await page(live());
  device.socket.ends(1006);
  device.pass(250 + 6_000);
  const before = device.sockets.length;
  device.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(device.sockets.length, before + 1);
  device.window.dispatchEvent(new Event("pageshow"));
  assert.equal(device.sockets.length, before + 1);
});

test("the page's own first showing restarts nothing", () => {
  device.pass(1_000);
  device.window.dispatchEvent(new Event("pageshow"));
  assert.equal(device.sockets.length, 1);
});

test("a connection that the browser closed while the page lay in its cache is replaced before it says so", async () => {
  await page(live());
  device.socket.readyState = 3;
  device.window.dispatchEvent(new Event("pageshow"));
  assert.equal(device.sockets.length, 2);
});

test("a page that was looked at expects the next beat, and does not wait for two", async () => {
  await page(live());
  device.pass(20_000);
  device.document.dispatchEvent(new Event("visibilitychange"));
  device.pass(STALE - 20_000 - 1);
  assert.equal(told.at(-1).state, "live");
  device.pass(1);
  assert.equal(told.at(-1).state, "lost");
  device.pass(250);
  device.socket.says(beat());
  device.pass(SILENCE - 1_000);
  assert.equal(told.at(-1).state, "live");
});

test("a page that closes the stream when it hears that it is lost opens no other", async () => {
  await page(live({ onStatus: ({ state }) => state === "lost" && stream.close() }));
  device.sleeps(HOUR);
  device.window.dispatchEvent(new Event("online"));
  device.pass(HOUR);
  assert.equal(device.open.length, 0);
  assert.equal(device.timers.size, 0);
});
