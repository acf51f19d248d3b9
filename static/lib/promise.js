/** A ticket's promise as every screen shows it: how full, how urgent, in which words; as a bar or as a ring. */
import { fraction, minutes, remaining, urgency } from "./clock.js";
import { countdownWord, say } from "./words.js";

/**
 * @param {import("./board.js").Ticket} ticket
 * @param {number} now server's time, ms
 * @returns {{left: number, urgency: "calm"|"soon"|"overdue", minutes: number, short: string, long: string}} `left` 1..0; `short` is
 *   "12 menit", "48 detik" or "lewat 3 menit", `long` "12 menit lagi" or "lewat 3 menit"
 */
export function promiseOf(ticket, now) {
  const ms = remaining(ticket, now);
  const time = countdownWord(ms);
  const late = ms <= 0;
  return {
    left: fraction(ticket, now),
    urgency: urgency(ticket, now),
    minutes: minutes(ms),
    short: late ? say("late", { time }) : time,
    long: late ? say("late", { time }) : say("left", { time }),
  };
}

/** Sets what the shared classes `promise-bar` and `promise-ring` of base.css draw. */
export function paint(element, { left, urgency: how }) {
  element.style.setProperty("--left", left.toFixed(4));
  element.dataset.urgency = how;
}

const SVG = "http://www.w3.org/2000/svg";

/** An empty ring to be painted: decoration, the words beside it carry the meaning. */
export function ring() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "promise-ring");
  svg.setAttribute("viewBox", "0 0 120 120");
  svg.setAttribute("aria-hidden", "true");
  for (const part of ["track", "rest"]) {
    const circle = document.createElementNS(SVG, "circle");
    const shape = { class: `promise-ring-${part}`, cx: 60, cy: 60, r: 55, pathLength: 100 };
    for (const [name, value] of Object.entries(shape)) circle.setAttribute(name, value);
    svg.append(circle);
  }
  return svg;
}
