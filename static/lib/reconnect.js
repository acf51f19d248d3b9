/** When and how to come back after a lost connection: decisions only, no timers. */

/** ms. A TV comes back within ten seconds of the server, and a full waiting room is still spread out. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** ms; a server that restarts has its whole room to take back. */
const RESTART_SPREAD = 3_000;
/** ms; no word of a server keeps a screen away for longer, and none makes a timer overflow, which then fires at once. */
const LONGEST_ABSENCE = 60_000;

const AFRESH = 4001;
const NOT_ALLOWED = 4401;
const RESTART = 1012;

/**
 * @param {number} code the close code
 * @param {{reconnect: string, after: number}|null} bye what the server said before it closed
 * @returns {{again: boolean, resume: boolean, atLeast: number, spread: number}} whether to come back, from where the board stands
 *   or afresh, after how many ms at least, and over how many ms to spread at least (failures widen it)
 */
export function verdict(code, bye = null) {
  if (code === NOT_ALLOWED || bye?.reconnect === "never") return { again: false, resume: false, atLeast: 0, spread: 0 };
  const resume = code !== AFRESH;
  if (bye) return { again: true, resume, ...asTold(bye) };
  if (code === RESTART) return { again: true, resume, atLeast: 0, spread: RESTART_SPREAD };
  return { again: true, resume, atLeast: 0, spread: FIRST_WAIT };
}

/** "soon": at some moment within `after`; "later": not before it, and then spread over as much again. */
function asTold({ reconnect, after }) {
  const ms = Math.min(LONGEST_ABSENCE, Math.max(0, Number(after) || 0));
  return reconnect === "later" ? { atLeast: ms, spread: Math.max(FIRST_WAIT, ms) } : { atLeast: 0, spread: Math.max(FIRST_WAIT, ms) };
}

/**
 * ms to wait: anything up to the spread, so that a room full of phones does not come back in one moment.
 * @param {ReturnType<typeof verdict>} how
 * @param {number} failures how many attempts in a row heard nothing
 * @param {number} random 0 ≤ random < 1
 */
export function wait(how, failures, random) {
  const grown = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
  return how.atLeast + random * Math.max(how.spread, grown);
}
