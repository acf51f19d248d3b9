/** What a place that gives numbers shows before the press: the phone's first page and the kiosk. Pure. */
import { lastCalled, waiting } from "./board.js";
import { clockTime, dayOf } from "./clock.js";

const MINUTE = 60_000;
/** ms; the end of taking is worth a line when it is nearer than this. */
const SOON_OVER = 60 * MINUTE;
/** ms; the office is asked anew at least this often, so that a changed office file reaches a page that is open for weeks. */
const ASK_EVERY = 10 * MINUTE;
/** ms; asked a little after the turn, so that the server's own clock is past it. */
const AFTER_THE_TURN = 500;

/** The services as tiles: {code, name, waiting}, `waiting` null while there is no board. */
export function tiles(office, board, lang) {
  return office.services.map(({ code, name }) => ({
    code,
    name: name[lang] ?? name.id,
    waiting: board ? waiting(board, 0, [code]).length : null,
  }));
}

/**
 * Whether numbers are given now, and in which words it is said when they are not (or soon will not be).
 * @returns {{open: boolean, said: {key: string, facts: object}|null}}
 */
export function takingNow({ taking: { open, until, next, reason }, time_zone: zone }, now) {
  if (open) {
    const soonOver = until !== null && until > now && until - now <= SOON_OVER;
    return { open, said: soonOver ? { key: "taking.until", facts: { at: until } } : null };
  }
  const when = next === null ? "unknown" : dayOf(next, zone) === dayOf(now, zone) ? "today" : "later";
  return { open, said: { key: `taking.${reason ?? "closed"}.${when}`, facts: { at: next } } };
}

/** ms until the office should be asked again: at the next turn of `taking`, and from time to time. */
export function askAgainIn({ taking: { until, next } }, now) {
  const turns = [until, next].filter((at) => at !== null && at > now).map((at) => at - now + AFTER_THE_TURN);
  return Math.min(ASK_EVERY, ...turns);
}

/** The greeting of the hour, in the office's zone (pagi until 11, siang until 15, sore until 18). */
export function greeting(now, zone) {
  const hour = Number(clockTime(now, zone).slice(0, 2));
  if (hour >= 4 && hour < 11) return "greeting.morning";
  if (hour >= 11 && hour < 15) return "greeting.day";
  return hour >= 15 && hour < 18 ? "greeting.afternoon" : "greeting.evening";
}

/** The last calls whose visitors are still on their way or at the counter, newest first. */
export function calls(board, most) {
  return lastCalled(board, Infinity).filter((t) => t.counter !== null && (t.state === "called" || t.state === "serving")).slice(0, most);
}
