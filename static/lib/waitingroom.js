/** What the waiting room's TV shows of a board at a moment. Pure. */
import { escalationOf, keptPercent, lastCalled, waiting } from "./board.js";
import { promiseOf } from "./promise.js";

/** From this many counters on, the left of the screen shows what goes on at each. */
const GRID_FROM = 3;
const MOST_COUNTERS = 4;
const MOST_CALLS = 2;
/** Heights in rem, as static/tv/line.css draws them; a test compares the two. */
export const ROW = 5.75;
export const ALERT_ROW = 9.75;
export const MORE = 5;

/**
 * @typedef {{number: string, counter: number|null, state: string, ticket: string}} Place  a visitor and the counter
 * @typedef {{newest: Place|null, others: Place[], grid: boolean}} Stage
 */

/**
 * Who is at the counters: the newest one still being called (or else the newest), and the others: what goes on at the other counters
 * where three or more are in use, the last calls where fewer are. After the day nobody needs the last calls.
 * @param {import("./board.js").Board} board
 * @param {Map<string, number>} seenAt ticket -> counter, from calls that this screen saw: an ended ticket does not say where it was
 * @returns {Stage}
 */
export function stage(board, seenAt = new Map()) {
  const calls = lastCalled(board, Infinity);
  const active = calls.filter((t) => t.counter !== null && (t.state === "called" || t.state === "serving"));
  const newest = active.find((t) => t.state === "called") ?? active[0] ?? null;
  const grid = [...board.counters.values()].filter((c) => c.state !== "closed").length >= GRID_FROM;
  const elsewhere = active.filter((t) => t !== newest).slice(0, MOST_COUNTERS).sort((a, b) => a.counter - b.counter);
  const before = calls.filter((t) => t !== newest).slice(0, MOST_CALLS);
  const place = (t) => ({ number: t.number, counter: t.counter ?? seenAt.get(t.id) ?? null, state: t.state, ticket: t.id });
  const others = board.day === null ? [] : grid && elsewhere.length ? elsewhere : before;
  return { newest: newest && place(newest), others: others.map(place), grid };
}

/** Adds where the board's visitors are to what this screen has seen, and forgets who left the board. */
export function remember(seenAt, board) {
  const known = [...board.tickets.values()].map((t) => [t.id, t.counter ?? seenAt.get(t.id) ?? null]);
  return new Map(known.filter(([, counter]) => counter !== null));
}

/**
 * Who waits, as rows, as many as fit; the rest as a number.
 * @param {import("./board.js").Board} board
 * @param {number} headStart ms
 * @param {number} now server's time, ms
 * @param {number} room the list's height in rem
 */
export function rows(board, headStart, now, room) {
  const all = waiting(board, headStart).map((ticket) => {
    const { id, number, priority } = ticket;
    return { id, number, priority, escalation: escalationOf(board, id)?.state ?? null, promise: promiseOf(ticket, now) };
  });
  const shown = fitting(all, room);
  return { shown, more: all.length - shown.length };
}

/** The first rows that fit; when not all do, one row is kept for saying how many more there are. */
function fitting(all, room) {
  const height = (row) => (row.escalation ? ALERT_ROW : ROW);
  const fit = (space) => {
    let used = 0;
    return all.filter((row) => (used += height(row)) <= space);
  };
  const everybody = fit(room);
  return everybody.length === all.length ? everybody : fit(room - MORE);
}

/** The day's promise in per cent with what it is made of; null before the first promise was due. */
export function dayPromise({ promise }) {
  const percent = keptPercent(promise);
  return percent === null ? null : { percent, kept: promise.kept, of: promise.kept + promise.broken };
}

/**
 * Why nobody is being called, for the empty stage.
 * @returns {{reason: "open"|"closed"|"break"|"cutoff", next: number|null}}
 */
export function quiet(office) {
  const { open, reason, next } = office.taking;
  return { reason: open ? "open" : (reason ?? "closed"), next: next ?? null };
}
