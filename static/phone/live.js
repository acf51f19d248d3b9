/** The ticket's life: every change of it as it happens, what can be heard and felt, and the buttons. */
import { Problem, get, newKey, post } from "../lib/api.js";
import { byId, setText } from "../lib/dom.js";
import { placeOf } from "../lib/place.js";
import { forget } from "../lib/remembered.js";
import { follow } from "../lib/socket.js";
import { connectionLine } from "../lib/status.js";
import { alertBetween } from "../lib/ticketview.js";
import { language, say } from "../lib/words.js";
import { notice } from "./notice.js";
import { quiet, resumeSound, signal, sounds, switchSound } from "./signals.js";

/** ms between two questions while the server does not answer. */
const ASK_AGAIN = 3_000;

/** @param {import("./ticket.js").Ticket} ticket @param {boolean} known whether the server has answered about it on this page */
export function bringToLife(ticket, known) {
  new Life(ticket).begin(known);
}

class Life {
  #ticket;
  #line;
  #stream = null;
  #asking = false;
  #coming = false;

  constructor(ticket) {
    this.#ticket = ticket;
    this.#line = connectionLine(byId("connection"), ticket.clock);
    byId("cancel").addEventListener("click", () => this.#askCancel());
    byId("cancel-ask").addEventListener("close", () => this.#cancel());
    byId("coming").addEventListener("click", () => this.#come());
    byId("sound").addEventListener("click", () => this.#sound());
    byId("share").addEventListener("click", () => this.#share());
    resumeSound(() => ticket.draw());
    ticket.onDrawn = (view, stage) => this.#drawActions(view, stage);
  }

  begin(known) {
    if (!known) {
      this.#ask();
      return;
    }
    if (this.#ticket.place.ticket.state === "called") signal("called");
    this.#ticket.draw();
    this.#listen();
  }

  /** The truth about this ticket: at the start, and when the board has it no more. Goes on until there is an answer. */
  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const answer = await get("/ticket", { headers: this.#bearer() });
      const before = this.#ticket.place;
      this.#ticket.learn(answer);
      this.#moved(before);
      this.#listen();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.#failed(problem);
    } finally {
      this.#asking = false;
    }
  }

  #failed({ status }) {
    const { secret, office, place } = this.#ticket;
    if (status === 401 || status === 404) {
      forget(secret, Date.now());
      this.#stop();
      this.#ticket.place = null;
      notice("invalid", office ? `/${encodeURIComponent(office.id)}` : "/");
      return;
    }
    if (place) this.#listen(); // what was remembered names the office, and the stream notices when the network is back
    else notice("unreachable");
    setTimeout(() => {
      if (!this.#isOnBoard()) this.#ask();
    }, ASK_AGAIN);
  }

  #listen() {
    const { office, clock, knownAt } = this.#ticket;
    if (this.#stream || !this.#ticket.view().follow) return;
    this.#stream = follow({
      office: office.id,
      codec: "json",
      clock,
      onBoard: (board, events) => this.#board(board, events),
      onStatus: (status) => this.#line({ ...status, lastHeard: status.lastHeard ?? knownAt }),
    });
  }

  #board(board, events) {
    const before = this.#ticket.place;
    const place = placeOf(board, before.ticket.id, this.#ticket.office.head_start_ms);
    if (!place) {
      this.#ask();
      return;
    }
    this.#ticket.move(place);
    this.#moved(before, events);
  }

  #moved(before, events = []) {
    const { place } = this.#ticket;
    const alert = alertBetween(before, place, events);
    if (alert) {
      this.#coming = false;
      signal(alert);
    } else if (before && before.ticket.state !== place.ticket.state) quiet();
    if (!this.#ticket.view().follow) this.#stop();
    this.#ticket.draw();
  }

  #isOnBoard() {
    return Boolean(this.#stream?.board()?.tickets.has(this.#ticket.place?.ticket.id));
  }

  /** An ended ticket does not change any more: no connection, and no complaint about one. */
  #stop() {
    this.#stream?.close();
    this.#stream = null;
    this.#line({ state: "live", since: 0, lastHeard: 0 });
  }

  #bearer() {
    return { Authorization: `Bearer ${this.#ticket.secret}` };
  }

  #drawActions(view, stage) {
    const atCounter = stage === "called" || stage === "serving";
    byId("coming").hidden = stage !== "called" || this.#coming;
    byId("sound").hidden = atCounter || !view.follow;
    setText(byId("sound"), say(sounds() ? "act.soundOn" : "act.soundOff"));
    byId("sound").setAttribute("aria-pressed", String(sounds()));
    byId("share").hidden = atCounter || !view.follow || !navigator.share;
    byId("cancel").hidden = !view.cancel;
    byId("again").hidden = !view.ended;
    byId("again").href = `/${encodeURIComponent(this.#ticket.office.id)}`;
    setText(byId("cancel-title"), say("cancel.title", this.#ticket.place.ticket));
  }

  #come() {
    this.#coming = true;
    quiet();
    this.#ticket.draw();
    byId("cancel").focus();
  }

  async #sound() {
    const done = await switchSound();
    setText(byId("ticket-error"), done ? "" : say("act.soundDenied"));
    this.#ticket.draw();
  }

  #share() {
    const { number } = this.#ticket.place.ticket;
    navigator.share({ title: say("share.title", { number }), url: location.href }).catch(() => {}); // the visitor thought better of it
  }

  #askCancel() {
    const dialog = byId("cancel-ask");
    dialog.returnValue = "";
    dialog.showModal();
  }

  async #cancel() {
    if (byId("cancel-ask").returnValue !== "yes") return;
    const button = byId("cancel");
    button.disabled = true;
    setText(byId("ticket-error"), "");
    try {
      const before = this.#ticket.place;
      const { ticket } = await post("/ticket/cancel", {}, { key: newKey(), headers: this.#bearer() });
      this.#ticket.move({ ...before, ticket });
      this.#moved(before);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setText(byId("ticket-error"), problem.said(language()));
    } finally {
      button.disabled = false;
    }
  }
}
