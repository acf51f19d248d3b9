// What a supervisor wants to know at a glance. Pure.

import { keptPercent, waiting } from "./board.js";

/** {waiting, overdue, longest, open, counters, percent, kept, counted, excused}: longest wait in ms or null, counters open of all. */
export function glance(board, now) {
  const line = waiting(board);
  const counters = [...board.counters.values()];
  const { kept, broken, excused } = board.promise;
  return {
    waiting: line.length,
    overdue: line.filter((t) => t.deadline <= now).length,
    longest: line.length ? now - Math.min(...line.map((t) => t.taken_at)) : null,
    open: counters.filter((c) => c.state === "open").length,
    counters: counters.length,
    percent: keptPercent(board.promise),
    kept,
    counted: kept + broken,
    excused,
  };
}

/** The counters in the order of their numbers, each with its visitor: {counter, visitor}. */
export function countersOf(board) {
  return [...board.counters.values()]
    .sort((a, b) => a.counter - b.counter)
    .map((counter) => ({ counter, visitor: (counter.ticket && board.tickets.get(counter.ticket)) || null }));
}

/** What a supervisor may do with a counter: take it over from another, close it when nobody is at it. */
export function powers({ counter, visitor }, me) {
  const held = counter.state !== "closed";
  return { takeOver: held && counter.officer !== me, close: held && !counter.ticket && !visitor };
}
