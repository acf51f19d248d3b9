/**
 * What a visitor's own screen says about a ticket at a moment: the ring, one headline, one sentence on what happens next. Pure: words
 * are named, not spoken (lib/told.js speaks them), and the time is an argument.
 *
 * @typedef {import("./board.js").Ticket} Ticket
 * @typedef {{ticket: Ticket, ahead: number|null, extra: "raised"|"accepted"|null, opened: number|null}} Place
 *   all that is needed of the board: `extra` is the state of the ticket's escalation, `opened` the reserve counter that is open and
 *   free for it. Small enough to be remembered by the phone.
 * @typedef {{key: string, facts?: object}} Said `at` in the facts is a moment in ms; `waited`, `early`, `late` are whole minutes
 * @typedef {{stage: string, urgency: string|null, ring: Ring|null, headline: Said, sentence: Said, cancel: boolean, ended: boolean,
 *   follow: boolean}} View `ended`: this visit is over, another number may be taken; `follow`: it may still change
 * @typedef {{left: number, urgency: "calm"|"soon"|"overdue", value: number, above: Said|null, below: Said}} Ring
 */
import { fraction, minutes, remaining, urgency } from "./clock.js";

const MINUTE = 60_000;
const CANCELLABLE = new Set(["waiting", "called", "held"]);
/** A skipped visitor may come back: the number goes on. The others are done with. */
const OVER = new Set(["done", "cancelled", "expired"]);

/**
 * @param {Place} place
 * @param {number} now server's time, ms
 * @returns {View}
 */
export function ticketView(place, now) {
  const { ticket } = place;
  const shown = { ...STAGES[ticket.state](place, now) };
  return {
    stage: ticket.state,
    urgency: null,
    ring: null,
    ...shown,
    cancel: CANCELLABLE.has(ticket.state),
    ended: OVER.has(ticket.state) || ticket.state === "skipped",
    follow: !OVER.has(ticket.state),
  };
}

const STAGES = {
  waiting: (place, now) => (remaining(place.ticket, now) > 0 ? inTime(place, now) : overdue(place, now)),
  called: ({ ticket }) => ({
    headline: { key: "called", facts: { counter: ticket.counter } },
    sentence: promiseKept("called", ticket, ticket.called_at),
  }),
  serving: ({ ticket }) => ({
    headline: { key: "serving", facts: { counter: ticket.counter } },
    sentence: promiseKept("serving", ticket, ticket.serving_at),
  }),
  done: ({ ticket }) => ({
    headline: { key: "done" },
    sentence: promiseKept("done", ticket, ticket.serving_at ?? ticket.called_at ?? ticket.taken_at),
  }),
  held: () => ({ headline: { key: "held" }, sentence: { key: "held.next" } }),
  skipped: ({ ticket }) => ({ headline: { key: "skipped" }, sentence: { key: "skipped.next", facts: { at: ticket.called_at } } }),
  cancelled: () => ({ headline: { key: "cancelled" }, sentence: { key: "cancelled.next" } }),
  expired: () => ({ headline: { key: "expired" }, sentence: { key: "expired.next" } }),
};

function inTime({ ticket, ahead }, now) {
  const key = ahead === null ? "line.unknown" : ahead === 0 ? "line.first" : "line.ahead";
  const next = ticket.serving_at !== null ? "line.moved" : ahead === 0 ? "line.firstNext" : "line.next";
  return {
    urgency: urgency(ticket, now),
    ring: ringOf(ticket, now),
    headline: { key, facts: { n: ahead } },
    sentence: { key: next, facts: { at: ticket.deadline } },
  };
}

function overdue({ ticket, ahead, extra, opened }, now) {
  const key = extra === "accepted" ? "extra.accepted" : extra === "raised" ? "extra.raised" : "extra.none";
  const next = extra === "accepted" && opened !== null ? "extra.opened" : `${key}Next`;
  return {
    urgency: "overdue",
    ring: ringOf(ticket, now),
    headline: { key },
    sentence: { key: next, facts: { counter: opened, n: ahead } },
  };
}

/** @returns {Ring} minutes, and seconds within the last minute */
function ringOf(ticket, now) {
  const ms = remaining(ticket, now);
  const shape = { left: fraction(ticket, now), urgency: urgency(ticket, now) };
  if (ms <= 0) return { ...shape, value: minutes(ms), above: { key: "ring.late" }, below: { key: "ring.lateMinutes", facts: { n: minutes(ms) } } };
  const unit = ms > MINUTE ? "minutes" : "seconds";
  const value = ms > MINUTE ? minutes(ms) : Math.ceil(ms / 1000);
  return { ...shape, value, above: null, below: { key: `ring.${unit}`, facts: { n: value } } };
}

/** How the wait ended at `at`, against the promise: earlier, just in time, or late and then with an apology. */
function promiseKept(stage, ticket, at) {
  const waited = minutes(Math.max(1, at - ticket.taken_at)); // rounded up, and so is "late": together they add up to the promise
  const left = remaining(ticket, at);
  const early = Math.floor(left / MINUTE);
  if (left < 0) return { key: `${stage}.late`, facts: { waited, late: minutes(-left) } };
  return early > 0 ? { key: `${stage}.early`, facts: { waited, early } } : { key: `${stage}.inTime`, facts: { waited } };
}

/**
 * What deserves to be felt and heard between two states of the same ticket: "called" (also when called again), "near" when nobody is
 * ahead any more, "extra" when the additional officer is called; null otherwise, and on the first sight of a page.
 * @param {Place|null} before
 * @param {Place} after
 * @param {import("./board.js").Event[]} events those that led to `after`
 */
export function alertBetween(before, after, events = []) {
  const { id, state } = after.ticket;
  const again = state === "called" && events.some((e) => e.kind === "ticket.recalled" && e.ticket?.id === id);
  if (again) return "called";
  if (state === "called") return before?.ticket.state === "called" ? null : "called";
  if (!before || state !== "waiting") return null;
  if (after.extra && !before.extra) return "extra";
  return after.ahead === 0 && before.ahead > 0 ? "near" : null;
}
