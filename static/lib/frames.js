/**
 * What a frame of the live stream does to the board (contract, section 4). Pure: the socket asks, the answer says what to do.
 *
 * @typedef {{do: "show", board: import("./board.js").Board, events: import("./board.js").Event[]}
 *   | {do: "ignore"} | {do: "resume"} | {do: "afresh"} | {do: "bye", reconnect: string, after: number}} Effect
 */
import { boardOf, foldAll } from "./board.js";

/**
 * @param {import("./board.js").Board|null} board what is known so far
 * @param {object} frame one decoded frame
 * @returns {Effect} show the new board; ignore; reconnect with resume (something is missing); reconnect afresh; or a farewell
 */
export function effect(board, frame) {
  switch (frame.t) {
    case "snapshot":
      return { do: "show", board: boardOf({ ...frame.board, epoch: frame.epoch, offset: frame.offset }), events: [] };
    case "delta":
      return delta(board, frame);
    case "beat":
      return board && frame.epoch !== board.epoch ? { do: "afresh" } : { do: "ignore" };
    case "bye":
      return { do: "bye", reconnect: frame.reconnect, after: frame.after ?? 0 };
    default:
      return { do: "ignore" };
  }
}

function delta(board, frame) {
  if (!board || frame.epoch !== board.epoch) return { do: "afresh" };
  if (frame.offset <= board.offset) return { do: "ignore" };
  if (frame.prev > board.offset) return { do: "resume" };
  const events = frame.events.filter((e) => e.offset > board.offset);
  return { do: "show", board: { ...foldAll(board, events), offset: frame.offset }, events };
}
