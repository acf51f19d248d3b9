/**
 * Which call takes over the TV, and for how long: one at a time, in their order, none lost. Pure: `now` is the server's time, `elapsed`
 * the device's.
 *
 * @typedef {{ticket: string, number: string, counter: number, again: boolean}} Call  `again`: called once more
 * @typedef {{line: Call[], shown: (Call & {since: number})|null}} Calls
 */

/** ms that a call has the whole left of the screen; shorter when others wait for it. */
export const SHOWN = 8_000;
export const SHOWN_SHORT = 4_000;
/** ms; after a reconnect nothing older than a minute is announced: its visitor is at the counter. */
const OLD = 60_000;

/** @returns {Calls} */
export function noCalls() {
  return { line: [], shown: null };
}

/** Puts the calls among `events` in line. A visitor called twice is announced once. */
export function heard(calls, events, now) {
  return events.filter((e) => isCall(e) && now - e.at < OLD).reduce(join, calls);
}

function isCall({ kind, ticket }) {
  return (kind === "ticket.called" || kind === "ticket.recalled") && ticket.counter !== null;
}

function join(calls, { kind, ticket }) {
  const call = { ticket: ticket.id, number: ticket.number, counter: ticket.counter, again: kind === "ticket.recalled" };
  return { ...calls, line: [...calls.line.filter((c) => c.ticket !== call.ticket), call] };
}

/**
 * The calls at this moment: the one shown goes when its time is over, and the next takes its place unless its visitor has come already.
 * @param {Calls} calls
 * @param {import("./board.js").Board} board
 * @param {number} elapsed ms
 * @returns {Calls} the same object when nothing changes
 */
export function atMoment(calls, board, elapsed) {
  if (calls.shown && elapsed - calls.shown.since < (calls.line.length ? SHOWN_SHORT : SHOWN)) return calls;
  if (!calls.shown && !calls.line.length) return calls;
  const [next, ...line] = calls.line.filter((c) => board.tickets.get(c.ticket)?.state === "called");
  return { line, shown: next ? { ...next, since: elapsed } : null };
}
