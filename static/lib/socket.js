/**
 * Follows an office's live stream for as long as the page lives: connects, folds, notices silence, comes back from where it stood.
 */
import { effect } from "./frames.js";
import { verdict, wait } from "./reconnect.js";
import { SUBPROTOCOLS, decoder } from "./wire.js";

/** ms; the server beats after 25 s of silence, so twice that means that nobody is there. A test compares the two. */
export const SILENCE = 50_000;
/** ms; a page that wakes or changes its network does not wait that long: older than a beat and its journey is suspicious. The same test. */
export const STALE = 30_000;
/** ms; a network that swallows the first packet does not say so, and the next attempt may get through. */
const OPENING = 15_000;
/** ms; an attempt begun before the page was looked at, and not a moment ago, may hang on a network that is no longer there. */
const HANGING = 5_000;
/** ms between two looks at the clock: a laptop that slept with its page in view tells the page nothing. */
const LOOK_EVERY = 1_000;
/** ms; a connection that lived shorter counts as one more failure, or a server that dies after each greeting would be hammered. */
const STEADY = 5_000;

const LOST = verdict(1006);
const AFRESH = verdict(4001);
const MISSED = verdict(4008);

/**
 * @typedef {{state: "connecting"|"live"|"lost"|"denied", since: number, lastHeard: number|null}} Status
 *   moments by `clock.elapsed()`: since when it is so, and when the last news came (null: none yet). `connecting` is the first attempt
 *   only; after it every failure is `lost` until a frame comes again. `denied` is final: this view is not for this reader.
 */

const browser = () => ({
  WebSocket: globalThis.WebSocket,
  setTimeout: (f, ms) => globalThis.setTimeout(f, ms),
  clearTimeout: (id) => globalThis.clearTimeout(id),
  random: Math.random,
  origin: globalThis.location.origin,
  window: globalThis,
  document: globalThis.document,
  decoder,
});

/**
 * @param {object} what
 * @param {string} what.office
 * @param {"public"|"staff"} [what.view]
 * @param {"msgpack"|"json"} [what.codec]
 * @param {import("./clock.js").Clock} what.clock hears the time of every frame
 * @param {(board: import("./board.js").Board, events: import("./board.js").Event[]) => void} what.onBoard after each change; `events`
 *   is empty when the board came whole
 * @param {(status: Status) => void} [what.onStatus]
 * @param {object} [device] the browser, or a test's stand-in
 * @returns {{close: () => void, board: () => import("./board.js").Board|null}}
 */
export function follow(what, device = browser()) {
  const follower = new Follower(what, device);
  follower.start();
  return { close: () => follower.stop(), board: () => follower.board };
}

class Follower {
  board = null;
  #what;
  #device;
  #socket = null;
  #decode = null;
  #backlog = [];
  #bye = null;
  #failures = 0;
  #retry = null;
  #looking = null;
  #afresh = false;
  #awake; // when the page was last seen to run, and below when its connection was begun or last heard (by the clock's elapsed)
  #heard;
  #patience = OPENING;
  #status;

  constructor(what, device) {
    this.#what = { view: "public", codec: "msgpack", onStatus: () => {}, ...what };
    this.#device = device;
    this.#awake = what.clock.elapsed();
    this.#status = { state: "connecting", since: this.#awake, lastHeard: null };
  }

  start() {
    const { window, document } = this.#device;
    window.addEventListener("online", this.#wake);
    window.addEventListener("offline", this.#cut);
    window.addEventListener("pageshow", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#what.clock.onGap = this.#doubt;
    this.#what.onStatus(this.#status);
    this.#connect();
    this.#lookLater();
  }

  stop() {
    const { window, document } = this.#device;
    window.removeEventListener("online", this.#wake);
    window.removeEventListener("offline", this.#cut);
    window.removeEventListener("pageshow", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#device.clearTimeout(this.#looking);
    this.#what.clock.onGap = () => {};
    this.#drop();
  }

  #connect() {
    this.#drop();
    const { WebSocket } = this.#device;
    const socket = new WebSocket(this.#url(), [SUBPROTOCOLS[this.#what.codec]]);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (message) => this.#receive(socket, message.data);
    socket.onclose = ({ code }) => this.#closed(socket, code);
    this.#socket = socket;
    [this.#heard, this.#patience] = [this.#what.clock.elapsed(), OPENING];
    if (!this.#decode) this.#learnToRead(socket);
  }

  #url() {
    const { office, view } = this.#what;
    const url = new URL(`/live/${encodeURIComponent(office)}`, this.#device.origin.replace(/^http/, "ws"));
    if (view !== "public") url.searchParams.set("view", view);
    if (this.board && !this.#afresh) url.searchParams.set("resume", `${this.board.epoch}:${this.board.offset}`);
    return url.href;
  }

  /** The decoder loads while the socket opens; frames that come before it wait in line. */
  async #learnToRead(socket) {
    try {
      this.#decode = await this.#device.decoder(this.#what.codec);
    } catch {
      if (socket === this.#socket) this.#again(LOST);
      return;
    }
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const { from, data } of backlog) this.#receive(from, data);
  }

  #receive(socket, data) {
    if (socket !== this.#socket || this.#slept() || socket !== this.#socket) return;
    if (!this.#decode) {
      this.#backlog.push({ from: socket, data });
      return;
    }
    const read = this.#read(data);
    if (!read) return;
    this.#hear(read);
    this.#act(read.effect);
  }

  /** What a message means; one that cannot be read ends the connection: who knows what it would have said. */
  #read(data) {
    try {
      const frame = this.#decode(data);
      return { now: frame.now, effect: effect(this.board, frame) };
    } catch {
      this.#again(AFRESH);
      return null;
    }
  }

  #hear({ now, effect }) {
    const { clock } = this.#what;
    if (Number.isFinite(now)) clock.heard(now);
    [this.#heard, this.#patience] = [clock.elapsed(), SILENCE];
    // A farewell is no news of the office: a board that has lost its store says it seconds after it knew anything.
    if (effect.do !== "bye") this.#status = { ...this.#status, lastHeard: this.#heard };
  }

  #act(effect) {
    switch (effect.do) {
      case "show":
        this.board = effect.board;
        this.#afresh = false;
        this.#tell("live");
        this.#what.onBoard(effect.board, effect.events);
        break;
      case "ignore":
        if (this.board && !this.#afresh) this.#tell("live");
        break;
      case "bye":
        this.#bye = effect;
        break;
      default:
        this.#again(effect.do === "afresh" ? AFRESH : MISSED);
    }
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#again(verdict(code, this.#bye));
  }

  #again(how) {
    this.#drop();
    const { state, since } = this.#status;
    if (state === "live" && this.#what.clock.elapsed() - since > STEADY) this.#failures = 0;
    if (!how.again) {
      this.#device.clearTimeout(this.#looking);
      this.#tell("denied");
      return;
    }
    if (!how.resume) this.#afresh = true;
    const ms = wait(how, this.#failures, this.#device.random());
    this.#failures += 1;
    this.#retry = this.#device.setTimeout(() => this.#connect(), ms);
    this.#tell("lost"); // last: whoever is told may close
  }

  #lookLater() {
    this.#looking = this.#device.setTimeout(() => {
      this.#lookLater();
      if (!this.#slept() && this.#socket && this.#silent() >= this.#patience) this.#again(LOST);
    }, LOOK_EVERY);
  }

  /** ms since the connection was begun or last heard. */
  #silent() {
    return this.#what.clock.elapsed() - this.#heard;
  }

  /**
   * Whether the device or the page slept until now: then the connection begins anew, whatever it looks like. Frames that waited for
   * the page would make it look well, and set its clock to the hour at which they were sent.
   */
  #slept() {
    const now = this.#what.clock.elapsed();
    const slept = now - this.#awake > STALE;
    this.#awake = now;
    if (slept) this.#hurry();
    return slept;
  }

  /** Connects at once; a page that nobody sees takes its turn. */
  #hurry() {
    if (this.#device.document.visibilityState === "hidden") {
      if (this.#socket) this.#again(LOST);
      return;
    }
    this.#failures = 0;
    this.#connect();
    this.#tell("lost");
  }

  #drop() {
    this.#device.clearTimeout(this.#retry);
    this.#retry = null;
    this.#bye = null;
    this.#backlog = [];
    const socket = this.#socket;
    this.#socket = null;
    if (socket && socket.readyState < 2) socket.close();
  }

  /** The page is seen again or the network is back: no reason to wait any longer, and every reason to doubt. */
  #wake = () => {
    if (this.#status.state === "denied" || this.#device.document.visibilityState === "hidden" || this.#slept()) return;
    const gone = !this.#socket || this.#socket.readyState > 1;
    if (gone || this.#silent() > (this.#status.state === "live" ? STALE : HANGING)) this.#hurry();
    else this.#patience = Math.min(this.#patience, STALE);
  };

  /** The device slept, or its clock was set: which of the two, and so what time it is, only a fresh frame can tell. */
  #doubt = () => {
    if (this.#status.state !== "live" || this.#device.document.visibilityState === "hidden") return;
    const now = this.#what.clock.elapsed();
    const long = now - this.#awake > STALE;
    this.#awake = now; // or whoever looks next would take it for a sleep of its own, and connect once more
    this.#connect();
    if (long) this.#tell("lost");
  };

  /** Airplane mode: the socket would look well for minutes. */
  #cut = () => {
    if (this.#socket && this.#status.state !== "denied") this.#again(LOST);
  };

  #tell(state) {
    if (this.#status.state === state) return;
    this.#status = { ...this.#status, state, since: this.#what.clock.elapsed() };
    this.#what.onStatus(this.#status);
  }
}
