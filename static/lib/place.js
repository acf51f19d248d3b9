/** Where one ticket stands on the board. Apart from lib/ticketview.js, which a phone shows before it has any board. */
import { ahead, escalationOf } from "./board.js";

/** @typedef {import("./ticketview.js").Place} Place */

/**
 * The ticket's place on the board; null when the board no longer (or not yet) has it.
 * @returns {Place|null}
 */
export function placeOf(board, id, headStart = 0) {
  const ticket = board.tickets.get(id);
  if (!ticket) return null;
  return {
    ticket,
    ahead: ticket.state === "waiting" ? ahead(board, ticket, headStart) : null,
    extra: escalationOf(board, id)?.state ?? null,
    opened: openedFor(board, ticket),
  };
}

function openedFor(board, { service }) {
  const free = [...board.counters.values()].filter(
    (c) => c.kind === "reserve" && c.state === "open" && c.ticket === null && c.services.includes(service),
  );
  return free.length ? Math.min(...free.map((c) => c.counter)) : null;
}
