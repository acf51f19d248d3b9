// Which alerts ask this officer, what accepting one means, and what became of the others. Pure.

import { escalationOf, openEscalations } from "./board.js";

/**
 * The open alerts as one officer sees them, oldest first: `asking` want an answer from me; `declined` I said no to, and nobody has
 * accepted yet (a wrong press can still be put right); `mine` I accepted; `others` somebody else accepted.
 */
export function alarms(board, officer) {
  const open = openEscalations(board);
  const raised = open.filter((e) => e.state === "raised");
  const accepted = open.filter((e) => e.state === "accepted");
  const saidNo = (e) => Boolean(e.declined_by?.includes(officer));
  return {
    asking: raised.filter((e) => !saidNo(e)),
    declined: raised.filter(saidNo),
    mine: accepted.filter((e) => e.accepted_by === officer),
    others: accepted.filter((e) => e.accepted_by !== officer),
  };
}

/** The reserve counter that accepting this alert would use: one I hold already, else the first free one; null when none serves it. */
export function reserveFor(board, escalation, officer) {
  const fits = [...board.counters.values()]
    .filter((c) => c.kind === "reserve" && c.services.includes(escalation.service))
    .sort((a, b) => a.counter - b.counter);
  return fits.find((c) => c.state !== "closed" && c.officer === officer) ?? fits.find((c) => c.state === "closed") ?? null;
}

/** Alerts that asked `before` and have been accepted by somebody else since. */
export function takenByOthers(before, board, officer) {
  const asked = new Set(before.map((e) => e.id));
  return alarms(board, officer).others.filter((e) => asked.has(e.id));
}

/**
 * The early warning to show: {ticket, number, after} with `after` in seconds, or null. The newest among `events`, else the one shown
 * `before`, for as long as its visitor waits and no alert says more.
 */
export function warning(events, board, before = null) {
  const told = events.filter((e) => e.kind === "guarantee.warned").map(({ ticket, after }) => ({ ticket: ticket.id, number: ticket.number, after }));
  const holds = (w) => board.tickets.get(w.ticket)?.state === "waiting" && !escalationOf(board, w.ticket);
  return [before, ...told].filter((w) => w && holds(w)).at(-1) ?? null;
}
