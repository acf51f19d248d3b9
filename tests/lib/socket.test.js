import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Clock } from "../../static/lib/clock.js";
import { follow } from "../../static/lib/socket.js";
import { beat, delta, following, greeting, live, settled } from "./device.js";
import { TEN } from "./visitors.js";

let device, shown, told, stream;
const states = () => told.map((s) => s.state);
const page = async (is) => ({ device, shown, told, stream } = await is);

beforeEach(() => page(following()));

test("the page asks for the office's public view in our own protocol", () => {
  assert.equal(device.socket.url.href, "ws://kantor.example:8000/live/tanjung-selor");
  assert.deepEqual(device.socket.protocols, ["kayan.v1"]);
  assert.deepEqual(states(), ["connecting"]);
});

test("staff ask for their view, and the curious for JSON", async () => {
  await page(following({ view: "staff", codec: "json" }));
  assert.equal(device.socket.url.searchParams.get("view"), "staff");
  assert.deepEqual(device.socket.protocols, ["kayan.v1.json"]);
});

test("a snapshot and the deltas after it are shown, each with its events", async () => {
  await page(live());
  device.socket.says(delta(10, 11));
  device.socket.says(delta(11, 12));
  assert.deepEqual(shown, [{ offset: 10, events: 0 }, { offset: 11, events: 1 }, { offset: 12, events: 1 }]);
  assert.deepEqual(states(), ["connecting", "live"]);
  assert.equal(stream.board().tickets.size, 2);
});

test("frames that come before the decoder is there wait for it, in order", async () => {
  let arrive;
  device.decoder = () => new Promise((done) => { arrive = () => done((data) => JSON.parse(data)); });
  const late = [];
  follow({ office: "x", clock: new Clock(() => 0), onBoard: (b) => late.push(b.offset) }, device);
  device.socket.says(greeting());
  device.socket.says(delta(10, 11));
  assert.deepEqual(late, []);
  arrive();
  await settled();
  assert.deepEqual(late, [10, 11]);
});

test("a lost connection is said at once, with when the last frame came, and comes back from where it stood", async () => {
  await page(live());
  device.pass(7_000);
  device.socket.ends(1006);
  assert.equal(told.at(-1).state, "lost");
  assert.equal(device.elapsed - told.at(-1).lastHeard, 7_000);
  device.pass(250);
  assert.equal(device.sockets.length, 2);
  assert.equal(device.socket.url.searchParams.get("resume"), "e1:10");
  device.socket.says(delta(10, 11));
  assert.equal(told.at(-1).state, "live");
  assert.deepEqual(shown.at(-1), { offset: 11, events: 1 });
});

test("a server that stays away is asked less and less often, and not much less than every ten seconds", async () => {
  await page(live());
  for (let i = 0; i < 12; i += 1) {
    device.socket.ends(1006);
    device.pass(10_000);
  }
  assert.equal(device.sockets.length, 13);
  assert.deepEqual(states(), ["connecting", "live", "lost"]);
});

test("a hole is never guessed over: the page comes back for what is missing", async () => {
  await page(live());
  device.socket.says(delta(12, 13));
  assert.equal(shown.length, 1);
  device.pass(500);
  assert.equal(device.socket.url.searchParams.get("resume"), "e1:10");
  assert.equal(device.open.length, 1);
});

test("a new epoch or a refused resume starts afresh, and the old board stays on screen until the new one comes", async () => {
  await page(live());
  device.socket.says(beat({ epoch: "e2", offset: 3 }));
  device.pass(500);
  assert.equal(device.socket.url.searchParams.get("resume"), null);
  assert.equal(stream.board().offset, 10);
  device.socket.says(greeting({ epoch: "e2", offset: 3 }));
  device.socket.ends(1006);
  device.pass(500);
  assert.equal(device.socket.url.searchParams.get("resume"), "e2:3");
  device.socket.ends(4001);
  device.pass(1_000);
  assert.equal(device.socket.url.searchParams.get("resume"), null);
});

test("who is not allowed in is told so and never knocks again", async () => {
  device.socket.ends(4401);
  device.pass(3_600_000);
  device.window.dispatchEvent(new Event("online"));
  assert.equal(device.sockets.length, 1);
  assert.deepEqual(states(), ["connecting", "denied"]);
});

test("a farewell says when to come back", async () => {
  await page(live());
  device.socket.says({ t: "bye", epoch: "e1", reconnect: "later", after: 4000 });
  device.socket.ends(1012);
  device.pass(3_999);
  assert.equal(device.sockets.length, 1);
  device.pass(2_001);
  assert.equal(device.sockets.length, 2);
});

test("a farewell is no news: what is shown is as old as the last frame before it", async () => {
  await page(live());
  device.pass(3_000);
  device.socket.says({ t: "bye", reconnect: "soon", after: 2000 });
  device.socket.ends(1012);
  assert.equal(device.elapsed - told.at(-1).lastHeard, 3_000);
});

test("a farewell counts for its own connection alone", async () => {
  await page(live());
  device.socket.says({ t: "bye", reconnect: "never", after: 0 });
  device.socket.says(delta(12, 13));
  device.pass(500);
  device.socket.ends(1006);
  device.pass(1_000);
  assert.equal(device.sockets.length, 3);
});

test("nonsense from the server ends that connection, and the next starts afresh", async () => {
  await page(live());
  device.socket.onmessage({ data: "{" });
  assert.equal(told.at(-1).state, "lost");
  device.pass(500);
  assert.equal(device.socket.url.searchParams.get("resume"), null);
});

test("what has the name of a frame and not its parts is nonsense too, and what was known stays on screen", async () => {
  const broken = [
    null, { t: "snapshot", epoch: "e1", offset: 11, now: TEN }, { ...greeting(), offset: "12" }, { ...delta(10, 11), events: undefined },
    { ...delta(10, 11), events: [null] }, { ...delta(10, 11), offset: undefined }, { ...delta(10, 11), prev: null }, beat({ offset: undefined }),
  ];
  for (const frame of broken) {
    await page(live());
    device.socket.says(frame);
    assert.equal(told.at(-1).state, "lost", JSON.stringify(frame));
    assert.equal(stream.board().offset, 10);
    device.pass(500);
    assert.equal(device.socket.url.searchParams.get("resume"), null);
  }
});

test("a beat that stands elsewhere than the page says that something was missed", async () => {
  await page(live());
  device.socket.says(beat({ offset: 11 }));
  assert.equal(told.at(-1).state, "lost");
  device.pass(500);
  assert.equal(device.socket.url.searchParams.get("resume"), "e1:10");
});

test("a snapshot and then a merged delta that overlaps it show each change once", async () => {
  await page(live());
  device.socket.says({ ...delta(8, 13), events: [9, 10, 12, 13].map((n) => delta(n - 1, n).events[0]) });
  assert.deepEqual(shown.at(-1), { offset: 13, events: 2 });
  device.socket.says(delta(13, 14));
  assert.deepEqual(states(), ["connecting", "live"]);
});

test("a frame of a later version is no sign that what is shown is live", async () => {
  device.socket.says({ t: "hologram" });
  assert.deepEqual(states(), ["connecting"]);
});

test("a page that fell behind comes back at once from where it stood, each at its own moment", async () => {
  await page(live());
  device.random = () => 0.9;
  device.pass(10_000);
  device.socket.ends(4008);
  device.pass(449);
  assert.equal(device.sockets.length, 1);
  device.pass(1);
  assert.equal(device.socket.url.searchParams.get("resume"), "e1:10");
});

test("a restart without a word is answered within three seconds", async () => {
  await page(live());
  device.socket.ends(1012);
  device.pass(1_499);
  assert.equal(device.sockets.length, 1);
  device.pass(1);
  assert.equal(device.sockets.length, 2);
});

test("two pages of one device know nothing of each other", async () => {
  await page(live());
  const other = await following({ office: "tarakan" });
  other.device.socket.says(greeting({ epoch: "e9", offset: 3 }));
  device.socket.ends(1006);
  device.socket.says(delta(10, 11));
  assert.deepEqual(other.shown, [{ offset: 3, events: 0 }]);
  assert.deepEqual([other.stream.board().epoch, stream.board().epoch], ["e9", "e1"]);
  assert.equal(other.told.at(-1).state, "live");
});

test("a late word of a connection that was given up changes nothing", async () => {
  await page(live());
  const old = device.socket;
  old.ends(1006);
  device.pass(500);
  old.says(delta(10, 11));
  old.ends(4401);
  assert.equal(shown.length, 1);
  assert.equal(told.at(-1).state, "lost");
});

test("a server that dies after each greeting is not hammered", async () => {
  await page(following());
  for (let i = 0; i < 6; i += 1) {
    device.socket.says(greeting());
    device.socket.ends(1006);
    device.pass(5_000);
  }
  const before = device.sockets.length;
  device.socket.says(greeting());
  device.socket.ends(1006);
  device.pass(4_000);
  assert.equal(device.sockets.length, before);
});

test("a page that closes the stream leaves nothing running", async () => {
  await page(live());
  stream.close();
  assert.equal(device.open.length, 0);
  assert.equal(device.timers.size, 0);
  device.window.dispatchEvent(new Event("online"));
  assert.equal(device.sockets.length, 1);
});
