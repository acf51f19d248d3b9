// What an officer may do at a counter, and what the one next right action is. Pure: a board, a counter's number, who asks.
// The store decides in the end (board/store/scripts/*.lua has the same rules); this only keeps wrong buttons from being offered.

import { escalationOf, openEscalations, waiting } from "./board.js";

const BY_COUNTER = { closed: ["open"], paused: ["open", "close"], open: ["call-next", "return", "resume", "pause", "close"] };
const byPromise = (a, b) => a.deadline - b.deadline || (a.id < b.id ? -1 : 1);
const BY_VISITOR = { called: ["serve", "recall", "skip", "hold", "transfer", "return"], serving: ["finish", "hold", "transfer", "return"] };

/** The counter and the visitor at it (null when there is none), or null for a counter that the board does not know. */
export function standing(board, number) {
  const counter = board.counters.get(number);
  if (!counter) return null;
  return { counter, visitor: (counter.ticket && board.tickets.get(counter.ticket)) || null };
}

/** The verbs that fit the state of this counter and its visitor. */
export function allowed({ counter, visitor }) {
  if (counter.state !== "open" || !counter.ticket) return BY_COUNTER[counter.state];
  return BY_VISITOR[visitor?.state] ?? [];
}

/** The counters this officer holds, lowest number first; the account's name is in the staff view only. */
export function held(board, officer) {
  return [...board.counters.values()].filter((c) => c.state !== "closed" && c.officer === officer).sort((a, b) => a.counter - b.counter);
}

/** The ticket that `call-next` would call at this counter now, or null. A reserve counter takes those with an open alert first. */
export function nextCalled(board, counter, headStart = 0) {
  const here = waiting(board, headStart, counter.services);
  const alerted = counter.kind === "reserve" ? here.filter((t) => escalationOf(board, t.id)) : [];
  return alerted.sort(byPromise)[0] ?? here[0] ?? null;
}

/** The counter that this officer promised to go to by accepting an alert, when it is another than `number` and free; else null. */
export function promisedCounter(board, officer, number) {
  const mine = openEscalations(board).filter((e) => e.state === "accepted" && e.accepted_by === officer && e.counter);
  for (const { counter } of mine) {
    const there = board.counters.get(counter);
    if (counter !== number && there?.state === "open" && there.officer === officer && !there.ticket) return there;
  }
  return null;
}

/**
 * The one next right action: {verb, counter, ticket}. `counter` is where it happens: an accepted alert leads to its reserve
 * counter as soon as this one is free. `ticket` is the visitor it is about (for call-next: who would be called, or null).
 */
export function nextAction(board, number, officer, headStart = 0) {
  const { counter, visitor } = standing(board, number);
  if (counter.state !== "open") return { verb: "open", counter: number, ticket: null };
  if (counter.ticket) return { verb: visitor?.state === "serving" ? "finish" : "serve", counter: number, ticket: visitor };
  const there = promisedCounter(board, officer, number) ?? counter;
  return { verb: "call-next", counter: there.counter, ticket: nextCalled(board, there, headStart) };
}

/** Who waits, oldest promise first: those this counter serves, the others, and of the others apart those with an open alert. */
export function queue(board, services) {
  const line = waiting(board).sort(byPromise);
  const elsewhere = line.filter((t) => !services.includes(t.service));
  return {
    alerted: elsewhere.filter((t) => escalationOf(board, t.id)),
    mine: line.filter((t) => services.includes(t.service)),
    others: elsewhere.filter((t) => !escalationOf(board, t.id)),
  };
}

/** Those who left the line and may come back: held ones first (oldest first), then skipped ones (newest call first). */
export function away(board) {
  const tickets = [...board.tickets.values()];
  const heldOnes = tickets.filter((t) => t.state === "held").sort((a, b) => a.taken_at - b.taken_at);
  const skipped = tickets.filter((t) => t.state === "skipped").sort((a, b) => b.called_at - a.called_at);
  return { held: heldOnes, skipped };
}

/** A number as people type it ("a 12", "A-012") as the office writes it ("A012"), or null when it is none. */
export function numberTyped(text) {
  const parts = /^\s*([a-z])[\s.-]*(\d{1,6})\s*$/i.exec(text);
  return parts && parts[1].toUpperCase() + String(Number(parts[2])).padStart(3, "0");
}

/** Whether the board already shows what an answer {ticket?, counter?} told us. */
export function shows(board, { ticket, counter }) {
  const c = counter && board.counters.get(counter.counter);
  const t = ticket && board.tickets.get(ticket.id);
  return (!counter || (c?.state === counter.state && c.ticket === counter.ticket)) && (!t || t.state === ticket.state);
}

/** The counter to offer first: the remembered one if it can be had, else one already held, else the first free ordinary one, else any. */
export function offered(board, officer, remembered) {
  const can = [...board.counters.values()].filter((c) => c.state === "closed" || c.officer === officer).sort((a, b) => a.counter - b.counter);
  return (
    can.find((c) => c.counter === remembered) ??
    can.find((c) => c.state !== "closed") ??
    can.find((c) => c.kind === "ordinary") ??
    can[0] ??
    null
  );
}
