/**
 * What an office's queue looks like, and the fold that keeps it so: (board, event) -> board. Python has the same fold in
 * board/fold.py; tests/vectors hold the two together. Nothing here reads a clock or changes what it was given.
 *
 * @typedef {{id: string, number: string, service: string, state: string, taken_at: number, deadline: number, called_at: number|null,
 *   serving_at: number|null, ended_at: number|null, counter: number|null, priority: boolean, satker?: string|null, via?: string,
 *   language?: string, reason?: string|null}} Ticket  times in ms since the epoch by the store's clock
 * @typedef {{counter: number, state: "open"|"paused"|"closed", kind: "ordinary"|"reserve", services: string[], ticket: string|null,
 *   officer?: string|null}} Counter
 * @typedef {{id: string, ticket: string, number: string, service: string, due_at: number, raised_at: number, level: number,
 *   state: string, accepted_by?: string|null, accepted_at?: number|null, counter?: number|null, declined_by?: string[],
 *   answer_by?: number|null}} Escalation
 * @typedef {{kept: number, broken: number, excused: number}} Promised
 * @typedef {{epoch: string, offset: number, office: string, day: string|null, promise: Promised, tickets: Map<string, Ticket>,
 *   counters: Map<number, Counter>, escalations: Map<string, Escalation>}} Board
 * @typedef {{offset: number, at: number, kind: string, ticket?: Ticket, counter?: Counter, escalation?: Escalation,
 *   promise?: Promised, day?: string}} Event
 */

/** Contract, section 3: the board keeps the tickets that have not ended and the last 20 called. */
export const LAST_CALLED = 20;

const KNOWN = new Set([
  "day.opened", "day.closed",
  "ticket.taken", "ticket.called", "ticket.recalled", "ticket.serving", "ticket.done", "ticket.skipped", "ticket.returned",
  "ticket.held", "ticket.resumed", "ticket.transferred", "ticket.cancelled", "ticket.expired",
  "counter.opened", "counter.paused", "counter.closed",
  "guarantee.warned",
  "escalation.raised", "escalation.accepted", "escalation.declined", "escalation.lapsed", "escalation.resolved",
  "escalation.withdrawn",
]);
const OPEN = new Set(["raised", "accepted"]);
const NOTHING_YET = Object.freeze({ kept: 0, broken: 0, excused: 0 });

/** @returns {Board} the board before anything is known */
export function emptyBoard() {
  const nobody = { tickets: new Map(), counters: new Map(), escalations: new Map() };
  return { epoch: "", offset: 0, office: "", day: null, promise: NOTHING_YET, ...nobody };
}

/**
 * The board of a snapshot, as the live stream or GET …/board carries it.
 * @returns {Board}
 */
export function boardOf({ epoch, offset, office, day, promise, tickets, counters, escalations }) {
  return {
    epoch,
    offset,
    office,
    day: day ?? null,
    promise: promise ?? NOTHING_YET,
    tickets: new Map(tickets.map((t) => [t.id, t])),
    counters: new Map(counters.map((c) => [c.counter, c])),
    escalations: new Map(escalations.map((e) => [e.id, e])),
  };
}

/**
 * The board after `event`. A kind that is not known moves the offset and nothing else: the server may be newer than this page.
 * @param {Board} board
 * @param {Event} event
 * @returns {Board}
 */
export function fold(board, event) {
  const moved = { ...board, offset: event.offset };
  if (!KNOWN.has(event.kind)) return moved;
  if (event.kind === "day.opened") {
    return { ...moved, day: event.day, promise: NOTHING_YET, tickets: new Map(), escalations: new Map() };
  }
  if (event.kind === "day.closed") return { ...moved, day: null };
  return put(moved, event);
}

/** The fold over several events, in their order. */
export function foldAll(board, events) {
  return events.reduce(fold, board);
}

function put(board, { ticket, counter, escalation, promise }) {
  const after = { ...board };
  if (ticket) after.tickets = kept(new Map(board.tickets).set(ticket.id, ticket));
  if (counter) after.counters = new Map(board.counters).set(counter.counter, counter);
  if (escalation) after.escalations = stillOpen(new Map(board.escalations).set(escalation.id, escalation));
  if (promise) after.promise = promise;
  return after;
}

/** Without the ended ones that are no longer among the last called. */
function kept(tickets) {
  const recent = new Set(newestCalled(tickets).slice(0, LAST_CALLED).map((t) => t.id));
  return new Map([...tickets].filter(([id, t]) => t.ended_at === null || recent.has(id)));
}

function stillOpen(escalations) {
  return new Map([...escalations].filter(([, e]) => OPEN.has(e.state)));
}

function newestCalled(tickets) {
  return [...tickets.values()].filter((t) => t.called_at !== null).sort((a, b) => b.called_at - a.called_at || compare(b.id, a.id));
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The ticket's place in the line, in ms: no ordinary ticket is passed by priority for longer than the head start. */
export function score(ticket, headStart = 0) {
  return ticket.taken_at - (ticket.priority ? headStart : 0);
}

function inOrder(headStart) {
  return (a, b) => score(a, headStart) - score(b, headStart) || compare(a.id, b.id);
}

/**
 * Who waits, in the order in which a counter for `services` would call them.
 * @param {Board} board
 * @param {number} headStart the office's head start of priority, ms
 * @param {string[]|null} services null: all
 * @returns {Ticket[]}
 */
export function waiting(board, headStart = 0, services = null) {
  return [...board.tickets.values()]
    .filter((t) => t.state === "waiting" && (services === null || services.includes(t.service)))
    .sort(inOrder(headStart));
}

/** How many of the same service are called before this ticket. */
export function ahead(board, ticket, headStart = 0) {
  const order = inOrder(headStart);
  return waiting(board, headStart, [ticket.service]).filter((t) => order(t, ticket) < 0).length;
}

/** The `n` most recently called tickets, newest first, whatever became of them. */
export function lastCalled(board, n) {
  return newestCalled(board.tickets).slice(0, n);
}

/** The open escalations, longest due first. */
export function openEscalations(board) {
  return [...board.escalations.values()].sort((a, b) => a.due_at - b.due_at || compare(a.id, b.id));
}

/** The open escalation of a ticket, or null. A ticket has at most one in its life, and its id is made of the ticket's. */
export function escalationOf(board, ticketId) {
  return board.escalations.get(`e-${ticketId}`) ?? null;
}

/**
 * The day's promise in whole per cent: kept of those that the office had to keep (the excused are none of them); null before the first.
 * Rounded down, so that 100 is said only when every single promise was kept.
 */
export function keptPercent({ kept: good, broken }) {
  return good + broken === 0 ? null : Math.floor((100 * good) / (good + broken));
}
