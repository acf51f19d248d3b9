// Not a test: what tests/board/test_fold_in_browser.py asks. Each line of input holds frames by view, {"public": [...], "staff": [...]};
// each line of output says what static/lib did at every frame (the verdict, the offset it then stands at, the events that a page is told
// of) and the board in the end.
import { createInterface } from "node:readline";
import { openEscalations } from "../../static/lib/board.js";
import { effect } from "../../static/lib/frames.js";

const by = (key) => (a, b) => (a[key] < b[key] ? -1 : 1);

/** The board as a snapshot carries it. */
function shown(board) {
  if (!board) return null;
  const { epoch, offset, office, day, promise, tickets, counters } = board;
  return {
    epoch, offset, office, day, promise,
    tickets: [...tickets.values()].sort(by("id")),
    counters: [...counters.values()].sort(by("counter")),
    escalations: openEscalations(board),
  };
}

function replay(frames) {
  let board = null;
  const did = [];
  for (const frame of frames) {
    const { do: what, board: next, events = [] } = effect(board, frame);
    if (what === "show") board = next;
    did.push([what, board?.offset ?? null, events.map((e) => e.offset)]);
  }
  return { did, board: shown(board) };
}

function answer(line) {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(line)).map(([view, frames]) => [view, replay(frames)]));
  } catch (error) {
    return { threw: error.stack };
  }
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(answer(line))}\n`);
