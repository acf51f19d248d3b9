/** The office's vocabulary for the tests of static/lib: tickets, counters and events as the wire carries them. */

export const TEN = Date.UTC(2026, 10, 24, 2, 0, 0); // 24 November 2026, 10.00 in Tanjung Selor
export const MINUTE = 60_000;
export const ZONE = "Asia/Makassar";

/** A waiting visitor who took number `n` at `taken_at`. */
export function visitor(n, facts = {}) {
  const taken = facts.taken_at ?? TEN + n * 1000;
  return {
    id: `20261124-${String(n).padStart(5, "0")}`,
    number: `A${String(n).padStart(3, "0")}`,
    service: "A",
    state: "waiting",
    taken_at: taken,
    deadline: taken + 45 * MINUTE,
    called_at: null,
    serving_at: null,
    ended_at: null,
    counter: null,
    priority: false,
    ...facts,
  };
}

/** The same visitor, called to a counter. */
export function called(ticket, at, counter = 1) {
  return { ...ticket, state: "called", called_at: at, counter };
}

/** The same visitor, after the service. */
export function done(ticket, at) {
  return { ...ticket, state: "done", ended_at: at, counter: null };
}

export function counter(n, facts = {}) {
  return { counter: n, state: "open", kind: "ordinary", services: ["A", "B"], ticket: null, ...facts };
}

export function escalation(ticket, facts = {}) {
  const { id, number, service, deadline } = ticket;
  return { id: `e-${id}`, ticket: id, number, service, due_at: deadline, raised_at: deadline, level: 1, state: "raised", ...facts };
}

/** A snapshot's board. */
export function snapshot(facts = {}) {
  const nothing = { kept: 0, broken: 0, excused: 0 };
  return { epoch: "e1", offset: 10, now: TEN, office: "tanjung-selor", day: "2026-11-24", promise: nothing, tickets: [], counters: [], escalations: [], ...facts };
}

/** An event number `offset`. */
export function event(offset, kind, facts = {}) {
  return { offset, at: TEN, kind, ...facts };
}
