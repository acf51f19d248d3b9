/**
 * The server's time on this device, and what a ticket's promise looks like at a moment. The device's own idea of the hour is never
 * used: a phone that is an hour wrong shows the right countdown.
 */

const MINUTE = 60_000;
/** A promise turns to "soon" with 15 minutes left, or with a third of it where it is shorter than 45 minutes. */
const SOON = 15 * MINUTE;
/** How many frames the estimate looks back: enough to hold one that came without delay, few enough to follow a corrected server clock. */
const SAMPLES = 32;
/** ms; a sample this far below the best is no slow network any more: a clock was set, here or there. */
const CLOCK_WAS_SET = 3_000;
/** ms; below this a difference between the two device clocks is rounding, not sleep. */
const SLEPT = 1_000;

/**
 * A monotonic clock that does not stand still while the device sleeps. performance.now() does on some phones, so the progress (never
 * the reading) of the wall clock fills the gap; otherwise a phone waking in airplane mode would promise minutes that are over.
 * A wall clock that is set forward looks the same: `onGap` is told of both, so that somebody asks the server.
 * @returns {() => number} ms since an arbitrary moment
 */
export function sinceStart(monotonic = () => performance.now(), wall = () => Date.now(), onGap = () => {}) {
  let [lastTick, lastWall, slept] = [monotonic(), wall(), 0];
  return () => {
    const [tick, reading] = [monotonic(), wall()];
    const missing = reading - lastWall - (tick - lastTick);
    [lastTick, lastWall] = [tick, reading];
    if (missing <= SLEPT) return tick + slept;
    slept += missing;
    onGap();
    return tick + slept;
  };
}

/** The server's time, learnt from the `now` of each frame. */
export class Clock {
  /** Called when the device slept or its hour was set: until the next frame the time is a guess. lib/socket.js asks for that frame. */
  onGap = () => {};
  #elapsed;
  #offsets = [];

  /** @param {(() => number)|null} elapsed ms since any moment, always forward; null: this device's own */
  constructor(elapsed = null) {
    this.#elapsed = elapsed ?? sinceStart(undefined, undefined, () => this.onGap());
  }

  /** A frame said that it was `now` when it left. The one that travelled shortest is the best: delay only makes it look earlier. */
  heard(now) {
    const offset = now - this.#elapsed();
    if (this.#offsets.length && offset < Math.max(...this.#offsets) - CLOCK_WAS_SET) this.#offsets = [];
    this.#offsets = [...this.#offsets.slice(1 - SAMPLES), offset];
  }

  /** @returns {number|null} ms since the epoch by the server's clock; null before anything was heard */
  now() {
    return this.#offsets.length ? Math.round(this.#elapsed() + Math.max(...this.#offsets)) : null;
  }

  /** ms since an arbitrary moment on this device, for ages and waits. */
  elapsed() {
    return this.#elapsed();
  }
}

/** ms left of a ticket's promise; negative when it is overdue. */
export function remaining(ticket, now) {
  return ticket.deadline - now;
}

/** How much of the promise is left: 1 when the number was taken, 0 from the deadline on. */
export function fraction(ticket, now) {
  return Math.min(1, Math.max(0, remaining(ticket, now) / (ticket.deadline - ticket.taken_at)));
}

/** @returns {"calm"|"soon"|"overdue"} */
export function urgency(ticket, now) {
  const left = remaining(ticket, now);
  if (left <= 0) return "overdue";
  return left <= Math.min(SOON, (ticket.deadline - ticket.taken_at) / 3) ? "soon" : "calm";
}

/** Whole minutes of a time left (rounded up: "1" until it is over) or passed (rounded down, at least 1). */
export function minutes(ms) {
  return ms > 0 ? Math.ceil(ms / MINUTE) : Math.max(1, Math.floor(-ms / MINUTE));
}

/** "12:30", "1:05:00"; a time that has passed counts up: the word "lewat" beside it says so. */
export function formatCountdown(ms) {
  const seconds = ms > 0 ? Math.ceil(ms / 1000) : Math.floor(-ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const formats = new Map();
function parts(ms, zone, lang, options) {
  const key = JSON.stringify([zone, lang, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(lang === "en" ? "en-GB" : "id-ID", { timeZone: zone, ...options }));
  return Object.fromEntries(formats.get(key).formatToParts(ms).map((p) => [p.type, p.value]));
}

/** "10:52" in the office's zone, for a big clock. */
export function clockTime(ms, zone) {
  const { hour, minute } = parts(ms, zone, "id", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${hour}:${minute}`;
}

/** The same within a sentence: "10.52" in Indonesian, "10:52" in English. */
export function textTime(ms, zone, lang) {
  return clockTime(ms, zone).replace(":", lang === "en" ? ":" : ".");
}

/** "Selasa, 24 November 2026". */
export function longDate(ms, zone, lang) {
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const { weekday, day, month, year } = parts(ms, zone, lang, options);
  return `${weekday}, ${day} ${month} ${year}`;
}

/** "24 Nov 10.52", where the year is plain. */
export function shortMoment(ms, zone, lang) {
  const { day, month } = parts(ms, zone, lang, { day: "numeric", month: "short" });
  return `${day} ${month} ${textTime(ms, zone, lang)}`;
}

/** "WITA": said where the reader may be in another zone than the office. */
export function zoneName(ms, zone) {
  return parts(ms, zone, "id", { hour: "2-digit", timeZoneName: "short" }).timeZoneName;
}

/** "2026-11-24": the day of a moment in the office's zone. */
export function dayOf(ms, zone) {
  const { year, month, day } = parts(ms, zone, "id", { year: "numeric", month: "2-digit", day: "2-digit" });
  return `${year}-${month}-${day}`;
}
