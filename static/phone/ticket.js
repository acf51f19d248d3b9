/** The live ticket: what was known at once, then the truth, then every change of it. Glue: lib/ticketview.js knows what to show. */
import { Problem, get, newKey, post } from "../lib/api.js";
import { Clock } from "../lib/clock.js";
import { byId, setText } from "../lib/dom.js";
import { serviceName } from "../lib/office.js";
import { paint, ring } from "../lib/promise.js";
import { estimate, forget, remember, remembered } from "../lib/remembered.js";
import { follow } from "../lib/socket.js";
import { connectionLine } from "../lib/status.js";
import { alertBetween, placeOf, ticketView } from "../lib/ticketview.js";
import { told } from "../lib/told.js";
import { language, onLanguage, say } from "../lib/words.js";
import { quiet, resumeSound, signal, sounds, switchSound } from "./signals.js";

/** ms between two questions while the server cannot be reached and there is no stream to tell that it is back. */
const ASK_AGAIN = 3_000;

/**
 * @param {string} secret the fragment of the address; it leaves this page in a header alone
 * @param {{ticket: object, ahead: number, office: object, now: number}|null} [taken] when the number was taken on this page just now
 */
export function showTicket(secret, taken = null) {
  new TicketScreen(secret).begin(taken);
}

class TicketScreen {
  #secret;
  #clock = new Clock();
  #guess = null;
  #office = null;
  #place = null;
  #stream = null;
  #line = connectionLine(byId("connection"), this.#clock);
  #knownAt = null;
  #coming = false;
  #asking = false;

  constructor(secret) {
    this.#secret = secret;
    byId("ring").prepend(ring());
    byId("take").hidden = true;
    byId("cancel").addEventListener("click", () => this.#askCancel());
    byId("cancel-ask").addEventListener("close", () => this.#cancel());
    byId("coming").addEventListener("click", () => this.#come());
    byId("sound").addEventListener("click", () => this.#sound());
    byId("share").hidden = !navigator.share;
    byId("share").addEventListener("click", () => this.#share());
    onLanguage(() => this.#render());
    setInterval(() => this.#render(), 1000);
    resumeSound(() => this.#render());
  }

  begin(taken) {
    if (!this.#secret) return notice("invalid");
    const kept = remembered(Date.now()).find((k) => k.secret === this.#secret);
    if (taken) this.#learn({ ...taken, extra: null, opened: null });
    else if (kept) this.#recall(kept);
    else notice("loading");
    this.#render();
    return taken ? this.#listen() : this.#ask();
  }

  /** What was known when this page was last open, carried on by the time that has passed since. */
  #recall(kept) {
    const wall = Date.now();
    this.#guess = new Clock();
    this.#guess.heard(estimate(kept, wall));
    this.#knownAt = this.#clock.elapsed() - Math.max(0, wall - kept.at);
    [this.#office, this.#place] = [kept.office, kept.place];
  }

  #learn({ ticket, ahead, office, now, extra, opened }) {
    this.#clock.heard(now);
    this.#office = office;
    this.#move({ ticket, ahead: ticket.state === "waiting" ? ahead : null, extra, opened });
  }

  #now() {
    return this.#clock.now() ?? this.#guess.now();
  }

  /** The truth about this ticket: at the start, and when the board has it no more. Goes on until there is an answer. */
  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const answer = await get("/ticket", { headers: this.#bearer() });
      this.#learn({ extra: null, opened: null, ...this.#place, ...answer });
      this.#listen();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.#failed(problem);
    } finally {
      this.#asking = false;
    }
  }

  #failed({ status }) {
    if (status === 401 || status === 404) {
      forget(this.#secret, Date.now());
      this.#stop();
      this.#place = null;
      notice("invalid", this.#office);
      return;
    }
    if (!this.#place) notice("unreachable");
    else this.#listen(); // what was remembered names the office, and the stream notices when the network is back
    setTimeout(() => {
      if (!this.#isOnBoard()) this.#ask();
    }, ASK_AGAIN);
  }

  #listen() {
    if (this.#stream || !ticketView(this.#place, this.#now()).follow) return;
    this.#stream = follow({
      office: this.#office.id,
      codec: "json",
      clock: this.#clock,
      onBoard: (board, events) => this.#board(board, events),
      onStatus: (status) => this.#line({ ...status, lastHeard: status.lastHeard ?? this.#knownAt }),
    });
  }

  #board(board, events) {
    const place = placeOf(board, this.#place.ticket.id, this.#office.head_start_ms);
    if (place) this.#move(place, events);
    else this.#ask();
  }

  #move(place, events = []) {
    const before = this.#place;
    this.#place = place;
    const alert = alertBetween(before, place, events);
    if (alert) this.#coming = false;
    if (alert) signal(alert);
    else if (before && before.ticket.state !== place.ticket.state) quiet();
    remember({ secret: this.#secret, place, office: this.#office, now: this.#now(), at: Date.now() });
    if (!ticketView(place, this.#now()).follow) this.#stop();
    this.#render();
  }

  #isOnBoard() {
    return Boolean(this.#place && this.#stream?.board()?.tickets.has(this.#place.ticket.id));
  }

  #stop() {
    this.#stream?.close();
    this.#stream = null;
    byId("connection").hidden = true;
    this.#line({ state: "live", since: 0, lastHeard: 0 });
  }

  #bearer() {
    return { Authorization: `Bearer ${this.#secret}` };
  }

  #render() {
    if (!this.#place) return;
    const { ticket } = this.#place;
    const view = ticketView(this.#place, this.#now());
    const zone = this.#office.time_zone;
    const stage = view.urgency === "overdue" ? "overdue" : view.stage;
    byId("notice").hidden = true;
    byId("ticket").hidden = false;
    document.body.dataset.stage = stage;
    setText(byId("office"), this.#office.name);
    byId("office").href = `/${encodeURIComponent(this.#office.id)}`;
    byId("testing").hidden = !this.#office.always_open;
    setText(byId("number"), ticket.number);
    setText(byId("service"), stage === "called" ? say("called.turn") : serviceName(this.#office, ticket.service, language()));
    this.#renderRing(view.ring, zone);
    byId("sign").toggleAttribute("hidden", Boolean(view.ring));
    byId("sign-use").setAttribute("href", `#sign-${stage === "called" ? "arrow" : stage}`);
    byId("told").setAttribute("aria-live", stage === "called" ? "assertive" : "polite");
    setText(byId("headline"), told(view.headline, zone));
    setText(byId("sentence"), told(view.sentence, zone));
    this.#renderActions(view, stage);
    document.title = stage === "called" ? `${say("counter", ticket)} · ${ticket.number}` : `${ticket.number} · ${this.#office.name}`;
  }

  #renderRing(shape, zone) {
    byId("ring").hidden = !shape;
    if (!shape) return;
    paint(byId("ring").firstElementChild, shape);
    setText(byId("ring-above"), shape.above ? told(shape.above, zone) : "");
    setText(byId("ring-value"), String(shape.value));
    setText(byId("ring-below"), told(shape.below, zone));
  }

  #renderActions(view, stage) {
    byId("coming").hidden = stage !== "called" || this.#coming;
    byId("sound").hidden = !view.follow || stage === "called" || stage === "serving";
    setText(byId("sound"), say(sounds() ? "act.soundOn" : "act.soundOff"));
    byId("sound").setAttribute("aria-pressed", String(sounds()));
    byId("share").hidden = !navigator.share || !view.follow || stage === "called" || stage === "serving";
    byId("cancel").hidden = !view.cancel;
    byId("again").hidden = !view.ended;
    byId("again").href = `/${encodeURIComponent(this.#office.id)}`;
    setText(byId("cancel-title"), say("cancel.title", this.#place.ticket));
  }

  #come() {
    this.#coming = true;
    quiet();
    this.#render();
    byId("cancel").focus();
  }

  async #sound() {
    const done = await switchSound();
    setText(byId("ticket-error"), done ? "" : say("act.soundDenied"));
    this.#render();
  }

  #share() {
    const { number } = this.#place.ticket;
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
      const { ticket } = await post("/ticket/cancel", {}, { key: newKey(), headers: this.#bearer() });
      this.#move({ ...this.#place, ticket });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      setText(byId("ticket-error"), problem.said(language()));
    } finally {
      button.disabled = false;
    }
  }
}

/** One calm page instead of the ticket: loading, unreachable, or a link that opens nothing. */
function notice(what, office = null) {
  const show = () => {
    if (byId("notice").hidden) return;
    setText(byId("notice-title"), say(`notice.${what}`));
    setText(byId("notice-text"), what === "loading" ? "" : say(`notice.${what}Text`));
    setText(byId("notice-way"), say("take.go"));
  };
  byId("ticket").hidden = true;
  byId("notice").hidden = false;
  byId("notice-way").hidden = what !== "invalid";
  byId("notice-way").href = office ? `/${encodeURIComponent(office.id)}` : "/";
  delete document.body.dataset.stage;
  onLanguage(show);
  show();
}
