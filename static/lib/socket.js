/**
 * Follows an office's live stream for as long as the page lives: connects, folds, notices silence, comes back from where it stood.
 */
import { effect } from "./frames.js";
import { verdict, wait } from "./reconnect.js";
import { SUBPROTOCOLS, decoder } from "./wire.js";

/** ms; the server beats after 25 s of silence, so twice that means that nobody is there. A test compares the two. */
export const SILENCE = 50_000;
/** ms; a page that wakes or changes its network does not wait that long: older than a beat is suspicious enough. */
const STALE = 27_000;
/** ms; a connection that lived shorter counts as one more failure, or a server that dies after each greeting would be hammered. */
const STEADY = 5_000;

const LOST = verdict(1006);
const AFRESH = verdict(4001);
const MISSED = verdict(4008);

/**
 * @typedef {{state: "connecting"|"live"|"lost"|"denied", since: number, lastHeard: number|null}} Status
 *   moments by `clock.elapsed()`: since when it is so, and when the last frame came (null: none yet). `connecting` is the first attempt
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
  #silence = null;
  #afresh = false;
  #status;

  constructor(what, device) {
    this.#what = { view: "public", codec: "msgpack", onStatus: () => {}, ...what };
    this.#device = device;
    this.#status = { state: "connecting", since: what.clock.elapsed(), lastHeard: null };
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
  }

  stop() {
    const { window, document } = this.#device;
    window.removeEventListener("online", this.#wake);
    window.removeEventListener("offline", this.#cut);
    window.removeEventListener("pageshow", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
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
    this.#listenForSilence();
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
    if (socket !== this.#socket) return;
    if (!this.#decode) {
      this.#backlog.push({ from: socket, data });
      return;
    }
    const frame = this.#read(data);
    if (!frame) return;
    this.#hear(frame);
    this.#act(effect(this.board, frame));
  }

  #read(data) {
    try {
      return this.#decode(data);
    } catch {
      this.#again(AFRESH);
      return null;
    }
  }

  #hear(frame) {
    const { clock } = this.#what;
    if (typeof frame.now === "number") clock.heard(frame.now);
    this.#listenForSilence();
    this.#status = { ...this.#status, lastHeard: clock.elapsed() };
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
        this.#tell("live");
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
      this.#tell("denied");
      return;
    }
    if (!how.resume) this.#afresh = true;
    this.#tell("lost");
    const ms = wait(how, this.#failures, this.#device.random());
    this.#failures += 1;
    this.#retry = this.#device.setTimeout(() => this.#connect(), ms);
  }

  #listenForSilence() {
    const { setTimeout, clearTimeout } = this.#device;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#again(LOST), SILENCE);
  }

  #drop() {
    const { clearTimeout } = this.#device;
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#retry = null;
    this.#bye = null;
    this.#backlog = [];
    const socket = this.#socket;
    this.#socket = null;
    if (socket && socket.readyState < 2) socket.close();
  }

  /** The page is seen again or the network is back: no reason to wait any longer. */
  #wake = () => {
    if (this.#status.state === "denied" || this.#device.document.visibilityState === "hidden") return;
    const silent = this.#what.clock.elapsed() - (this.#status.lastHeard ?? -Infinity);
    if (!this.#socket || (this.#status.state === "live" && silent > STALE)) {
      this.#failures = 0;
      this.#connect();
    }
  };

  /** The device slept, or its clock was set: which of the two, and so what time it is, only a fresh frame can tell. */
  #doubt = () => {
    if (this.#status.state === "live" && this.#device.document.visibilityState !== "hidden") this.#connect();
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
