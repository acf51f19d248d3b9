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
 * @throws {TypeError} when it has the name of one of these frames and not what belongs to it
 */
export function effect(board, frame) {
  switch (frame.t) {
    case "snapshot":
      counted(frame.offset);
      return { do: "show", board: boardOf({ ...frame.board, epoch: frame.epoch, offset: frame.offset }), events: [] };
    case "delta":
      return delta(board, frame);
    case "beat":
      return beat(board, frame);
    case "bye":
      return { do: "bye", reconnect: frame.reconnect, after: frame.after ?? 0 };
    default:
      return { do: "ignore" };
  }
}

/** A beat says where the line stands: who stands elsewhere has missed what no delta will bring. */
function beat(board, frame) {
  counted(frame.offset);
  if (!board || frame.epoch !== board.epoch) return { do: "afresh" };
  return { do: frame.offset === board.offset ? "ignore" : "resume" };
}

function delta(board, frame) {
  counted(frame.prev, frame.offset);
  if (!board || frame.epoch !== board.epoch) return { do: "afresh" };
  if (frame.offset <= board.offset) return { do: "ignore" };
  if (frame.prev > board.offset) return { do: "resume" };
  const events = frame.events.filter((e) => e.offset > board.offset);
  return { do: "show", board: { ...foldAll(board, events), offset: frame.offset }, events };
}

/** A comparison with nothing is never true, so a frame without its place in the journal would pass for one that follows. */
function counted(...offsets) {
  if (!offsets.every(Number.isSafeInteger)) throw new TypeError(`no place in the journal: ${offsets}`);
}
