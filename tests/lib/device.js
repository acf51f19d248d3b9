/** A page's device with a network that the test plays, and what a page that follows an office there is told. */
import { Clock } from "../../static/lib/clock.js";
import { follow } from "../../static/lib/socket.js";
import { TEN, event, snapshot, visitor } from "./visitors.js";

export const settled = () => new Promise((done) => setImmediate(done));

/** A device with a network that the test plays: its sockets, its timers, its sleep. */
export class Device {
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

  /** The device or the page stands still: no timer runs, and afterwards each is as late as the sleep was long. */
  sleeps(ms) {
    this.elapsed += ms;
    for (const timer of this.timers.values()) timer.due += ms;
  }

  get socket() { return this.sockets.at(-1); }
  get open() { return this.sockets.filter((s) => !s.closed && s.readyState < 2); }
}

/** A board that came whole, at offset 10 of epoch e1. */
export const greeting = (facts = {}) => ({ t: "snapshot", epoch: "e1", offset: 10, now: TEN, board: snapshot(), ...facts });

export const beat = (facts = {}) => ({ t: "beat", epoch: "e1", offset: 10, now: TEN, ...facts });

/** Somebody took number `offset`. */
export const delta = (prev, offset) => ({
  t: "delta", epoch: "e1", prev, offset, now: TEN, events: [event(offset, "ticket.taken", { ticket: visitor(offset) })],
});

/** A page that follows: `shown` are its boards, `told` what it heard of its connection. */
export async function following(what = {}, device = new Device()) {
  const [shown, told] = [[], []];
  const clock = new Clock(() => device.elapsed);
  const onBoard = (board, events) => shown.push({ offset: board.offset, events: events.length });
  const stream = follow({ office: "tanjung-selor", clock, onBoard, onStatus: (s) => told.push(s), ...what }, device);
  await settled();
  return { device, shown, told, stream, clock };
}

/** The same, once it has had its snapshot. */
export async function live(what) {
  const page = await following(what);
  page.device.socket.says(greeting());
  return page;
}
