/**
 * The ticket's face: what was known when this page was last open at once, then the first answer of the server. All that may come after
 * (the stream, the buttons, sound) is in live.js and comes when the countdown already runs. lib/ticketview.js knows what to show.
 */
import { Clock } from "../lib/clock.js";
import { byId, setText } from "../lib/dom.js";
import { serviceName } from "../lib/office.js";
import { paint } from "../lib/promise.js";
import { estimate, remember, remembered } from "../lib/remembered.js";
import { ticketView } from "../lib/ticketview.js";
import { told } from "../lib/told.js";
import { language, onLanguage, say } from "../lib/words.js";
import { early } from "./early.js";
import { notice } from "./notice.js";

/**
 * @param {string} secret the fragment of the address; it leaves this page in a header alone
 * @param {{ticket: object, ahead: number, office: object, now: number}|null} [taken] when the number was taken on this page just now
 */
export async function showTicket(secret, taken = null) {
  if (!secret) return notice("invalid");
  const ticket = new Ticket(secret);
  ticket.recall();
  const answer = taken ?? (await early);
  if (answer) ticket.learn(answer);
  const { bringToLife } = await import("./live.js");
  bringToLife(ticket, answer !== null);
}

export class Ticket {
  clock = new Clock();
  office = null;
  place = null;
  /** When what is shown was known, by `clock.elapsed()`, before anything was heard on this page. */
  knownAt = null;
  /** Called after each drawing with what was drawn; live.js puts its buttons there. */
  onDrawn = () => {};
  #guess = null;

  constructor(secret) {
    this.secret = secret;
    byId("take").hidden = true;
    onLanguage(() => this.draw());
    setInterval(() => this.draw(), 1000);
  }

  /** What was known when this page was last open, carried on by the time that has passed since. */
  recall() {
    const wall = Date.now();
    const kept = remembered(wall).find((k) => k.secret === this.secret);
    if (!kept) {
      notice("loading");
      return;
    }
    this.#guess = new Clock();
    this.#guess.heard(estimate(kept, wall));
    this.knownAt = this.clock.elapsed() - Math.max(0, wall - kept.at);
    [this.office, this.place] = [kept.office, kept.place];
    this.draw();
  }

  /** The server's answer about this ticket alone; what only the board knows stays as it was. */
  learn({ ticket, ahead, office, now }) {
    this.clock.heard(now);
    this.office = office;
    this.move({ extra: null, opened: null, ...this.place, ticket, ahead: ticket.state === "waiting" ? ahead : null });
  }

  move(place) {
    this.place = place;
    remember({ secret: this.secret, place, office: this.office, now: this.now(), at: Date.now() });
    this.draw();
  }

  /** Server's time; before the first answer by the device's progress since this ticket was last seen. */
  now() {
    return this.clock.now() ?? this.#guess.now();
  }

  view() {
    return ticketView(this.place, this.now());
  }

  draw() {
    if (!this.place) return;
    const [view, { ticket }, zone] = [this.view(), this.place, this.office.time_zone];
    const stage = view.urgency === "overdue" ? "overdue" : view.stage;
    byId("notice").hidden = true;
    byId("ticket").hidden = false;
    document.body.dataset.stage = stage;
    setText(byId("office"), this.office.name);
    byId("office").href = `/${encodeURIComponent(this.office.id)}`;
    byId("testing").hidden = !this.office.always_open;
    setText(byId("number"), ticket.number);
    setText(byId("service"), stage === "called" ? say("called.turn") : serviceName(this.office, ticket.service, language()));
    drawRing(view.ring, zone);
    byId("sign").toggleAttribute("hidden", Boolean(view.ring));
    byId("sign-use").setAttribute("href", `#sign-${stage === "called" ? "arrow" : stage}`);
    byId("told").setAttribute("aria-live", stage === "called" ? "assertive" : "polite");
    setText(byId("headline"), told(view.headline, zone));
    setText(byId("sentence"), told(view.sentence, zone));
    document.title = stage === "called" ? `${say("counter", ticket)} · ${ticket.number}` : `${ticket.number} · ${this.office.name}`;
    this.onDrawn(view, stage);
  }
}

function drawRing(shape, zone) {
  byId("ring").hidden = !shape;
  if (!shape) return;
  paint(byId("ring").firstElementChild, shape);
  setText(byId("ring-above"), shape.above ? told(shape.above, zone) : "");
  setText(byId("ring-value"), String(shape.value));
  setText(byId("ring-below"), told(shape.below, zone));
}
