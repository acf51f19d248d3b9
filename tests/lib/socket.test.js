import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Clock } from "../../static/lib/clock.js";
import { SILENCE, follow } from "../../static/lib/socket.js";
import { TEN, event, snapshot, visitor } from "./visitors.js";

const settled = () => new Promise((done) => setImmediate(done));

/** A device with a network that the test plays: its sockets, its timers, its sleep. */
class Device {
  sockets = [];
  timers = new Map();
  elapsed = 1_000;
  origin = "http://kantor.example:8000";
  window = new EventTarget();
  document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  decoder = async () => (data) => JSON.parse(data);
  #next = 1;

  constructor() {
    const device = this;
    this.WebSocket = class {
      readyState = 0;
      closed = false;
      constructor(url, protocols) {
        Object.assign(this, { url: new URL(url), protocols });
        device.sockets.push(this);
      }
      close() { this.closed = true; this.readyState = 3; }
      says(frame) { this.onmessage({ data: JSON.stringify(frame) }); }
      ends(code) { this.readyState = 3; this.onclose({ code }); }
    };
  }

  random = () => 0.5;
  setTimeout = (act, ms) => {
    const id = this.#next++;
    this.timers.set(id, { act, due: this.elapsed + ms });
    return id;
  };
  clearTimeout = (id) => this.timers.delete(id);

  /** Time passes, and what falls due happens in its order. */
  pass(ms) {
    const end = this.elapsed + ms;
    for (;;) {
      const [id, timer] = [...this.timers].sort(([, a], [, b]) => a.due - b.due)[0] ?? [];
      if (!timer || timer.due > end) break;
      this.timers.delete(id);
      this.elapsed = timer.due;
      timer.act();
    }
    this.elapsed = end;
  }

  get socket() { return this.sockets.at(-1); }
  get open() { return this.sockets.filter((s) => !s.closed && s.readyState < 2); }
}

let device, shown, told, stream;
const states = () => told.map((s) => s.state);
const greeting = (facts = {}) => ({ t: "snapshot", epoch: "e1", offset: 10, now: TEN, board: snapshot(), ...facts });
const delta = (prev, offset) => ({
  t: "delta", epoch: "e1", prev, offset, now: TEN, events: [event(offset, "ticket.taken", { ticket: visitor(offset) })],
});

async function following(what = {}) {
  device = new Device();
  shown = [];
  told = [];
  const clock = new Clock(() => device.elapsed);
  const onBoard = (board, events) => shown.push({ offset: board.offset, events: events.length });
  stream = follow({ office: "tanjung-selor", clock, onBoard, onStatus: (s) => told.push(s), ...what }, device);
  await settled();
}

/** A stream that has had its snapshot. */
async function live() {
  await following();
  device.socket.says(greeting());
}

beforeEach(following);

test("the page asks for the office's public view in our own protocol", () => {
  assert.equal(device.socket.url.href, "ws://kantor.example:8000/live/tanjung-selor");
  assert.deepEqual(device.socket.protocols, ["kayan.v1"]);
  assert.deepEqual(states(), ["connecting"]);
});

test("staff ask for their view, and the curious for JSON", async () => {
  await following({ view: "staff", codec: "json" });
  assert.equal(device.socket.url.searchParams.get("view"), "staff");
  assert.deepEqual(device.socket.protocols, ["kayan.v1.json"]);
});

test("a snapshot and the deltas after it are shown, each with its events", async () => {
  await live();
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
  await live();
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
  await live();
  for (let i = 0; i < 12; i += 1) {
    device.socket.ends(1006);
    device.pass(10_000);
  }
  assert.equal(device.sockets.length, 13);
  assert.deepEqual(states(), ["connecting", "live", "lost"]);
});

test("a hole is never guessed over: the page comes back for what is missing", async () => {
  await live();
  device.socket.says(delta(12, 13));
  assert.equal(shown.length, 1);
  device.pass(500);
  assert.equal(device.socket.url.searchParams.get("resume"), "e1:10");
  assert.equal(device.open.length, 1);
});

test("a new epoch or a refused resume starts afresh, and the old board stays on screen until the new one comes", async () => {
  await live();
  device.socket.says({ t: "beat", epoch: "e2", offset: 3, now: TEN });
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
  await live();
  device.socket.says({ t: "bye", epoch: "e1", reconnect: "later", after: 4000 });
  device.socket.ends(1012);
  device.pass(3_999);
  assert.equal(device.sockets.length, 1);
  device.pass(2_001);
  assert.equal(device.sockets.length, 2);
});

test("a farewell counts for its own connection alone", async () => {
  await live();
  device.socket.says({ t: "bye", reconnect: "never", after: 0 });
  device.socket.says(delta(12, 13));
  device.pass(500);
  device.socket.ends(1006);
  device.pass(1_000);
  assert.equal(device.sockets.length, 3);
});

test("silence of two beats means that nobody is there", async () => {
  await live();
  device.pass(SILENCE - 1_000);
  device.socket.says({ t: "beat", epoch: "e1", offset: 10, now: TEN });
  device.pass(SILENCE - 1);
  assert.equal(told.at(-1).state, "live");
  device.pass(1);
  assert.equal(told.at(-1).state, "lost");
  assert.ok(device.sockets[0].closed);
});

test("a connection that never opens is given up after the same silence", () => {
  device.pass(SILENCE + 1_000);
  assert.ok(device.sockets[0].closed);
  assert.equal(device.sockets.length, 2);
});

test("a phone that wakes does not wait for its turn", async () => {
  await live();
  for (let i = 0; i < 6; i += 1) {
    device.socket.ends(1006);
    if (i < 5) device.pass(10_000);
  }
  const before = device.sockets.length;
  device.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(device.sockets.length, before + 1);
});

test("a page that is hidden again does not hurry", async () => {
  await live();
  device.socket.ends(1006);
  device.document.visibilityState = "hidden";
  device.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(device.sockets.length, 1);
});

test("a connection that looks well after a long sleep is not trusted", async () => {
  await live();
  device.elapsed += 40_000;
  device.window.dispatchEvent(new Event("pageshow"));
  assert.equal(device.sockets.length, 2);
  assert.ok(device.sockets[0].closed);
  assert.equal(device.socket.url.searchParams.get("resume"), "e1:10");
});

test("a connection that spoke a moment ago is left alone when the page is looked at", async () => {
  await live();
  device.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(device.sockets.length, 1);
});

test("airplane mode is said at once, and its end brings the stream back at once", async () => {
  await live();
  device.window.dispatchEvent(new Event("offline"));
  assert.equal(told.at(-1).state, "lost");
  device.window.dispatchEvent(new Event("online"));
  assert.equal(device.open.length, 1);
  device.socket.says(delta(10, 11));
  assert.equal(told.at(-1).state, "live");
});

test("nonsense from the server ends that connection, and the next starts afresh", async () => {
  await live();
  device.socket.onmessage({ data: "{" });
  assert.equal(told.at(-1).state, "lost");
  device.pass(500);
  assert.equal(device.socket.url.searchParams.get("resume"), null);
});

test("a late word of a connection that was given up changes nothing", async () => {
  await live();
  const old = device.socket;
  old.ends(1006);
  device.pass(500);
  old.says(delta(10, 11));
  old.ends(4401);
  assert.equal(shown.length, 1);
  assert.equal(told.at(-1).state, "lost");
});

test("a server that dies after each greeting is not hammered", async () => {
  await following();
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
  await live();
  stream.close();
  assert.equal(device.open.length, 0);
  assert.equal(device.timers.size, 0);
  device.window.dispatchEvent(new Event("online"));
  assert.equal(device.sockets.length, 1);
});
