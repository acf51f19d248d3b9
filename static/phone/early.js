/**
 * The first countdown, before the rest of the page is here: on a slow network every file more is a wait. So the HTML itself asks for the
 * ticket (`asked`, its one inline script, which server/routes/pages.py allows by its hash), and this, almost alone, shows number and
 * minutes of the answer, and sees to it that what this address needs next is on its way.
 */
import { fraction, minutes, remaining, urgency } from "../lib/clock.js";

const MINUTE = 60_000;
/**
 * What comes next, for both addresses and for each; a test compares it with what is imported. Asked for from here and not by the HTML,
 * since a browser opens six connections to a server without TLS: these would stand before the question about the ticket.
 */
export const NEXT = {
  both: ["phone/ticket", "lib/ticketview", "lib/words", "lib/words/common", "lib/words/phone", "lib/told", "lib/promise", "lib/dom", "lib/remembered",
    "lib/office", "lib/api", "phone/notice"],
  ticket: ["phone/live", "lib/place", "lib/board", "lib/socket", "lib/frames", "lib/reconnect", "lib/wire", "lib/status", "phone/signals", "lib/sound",
    "lib/awake"],
  take: ["phone/take", "lib/taking", "lib/board", "lib/words/taking", "lib/attempts", "lib/status", "lib/socket", "lib/frames", "lib/reconnect", "lib/wire"],
};

/** The styles of what comes next, not linked by the HTML either: the first countdown is painted when the few in the head are here. */
export const STYLES = { both: ["phone/call", "phone/sheet"], ticket: [], take: ["phone/take"] };

const here = globalThis.location;
/** The fragment of a ticket's address; "" elsewhere. */
export const secret = here?.pathname === "/t" ? here.hash.slice(1) : "";

/** @type {Promise<object|null>} the answer of GET /api/v1/ticket; null when there is none, for whatever reason: live.js asks again */
export const early = globalThis.asked ? heard(globalThis.asked) : Promise.resolve(null);

const address = here?.pathname === "/t" ? "ticket" : "take";
/** Settled when the styles are here, or cannot be had: plain words are better than none. @type {Promise<unknown>} */
export const styled = here ? Promise.all([...STYLES.both, ...STYLES[address]].map(style)) : Promise.resolve();
if (here) for (const name of [...NEXT.both, ...NEXT[address]]) linked("modulepreload", `/static/${name}.js`);

async function heard(asked) {
  try {
    const answer = await asked;
    if (!answer.ok) return null;
    const known = await answer.json();
    show(known);
    return known;
  } catch {
    return null;
  }
}

/** Number and ring alone. Everything that needs words (the last minute, overdue, called, ...) waits for ticket.js. */
function show({ ticket, now }) {
  const [place, ring] = [document.getElementById("ticket"), document.getElementById("ring")];
  const left = remaining(ticket, now);
  if (!place?.hidden || ticket.state !== "waiting" || left <= MINUTE) return;
  document.getElementById("number").textContent = ticket.number;
  document.getElementById("ring-value").textContent = String(minutes(left));
  ring.firstElementChild.style.setProperty("--left", fraction(ticket, now).toFixed(4));
  ring.firstElementChild.dataset.urgency = urgency(ticket, now);
  document.getElementById("notice").hidden = true;
  place.hidden = false;
}

function style(name) {
  const link = linked("stylesheet", `/static/${name}.css`);
  return new Promise((settled) => {
    for (const end of ["load", "error"]) link.addEventListener(end, settled);
  });
}

function linked(rel, href) {
  const link = document.createElement("link");
  Object.assign(link, { rel, href });
  document.head.append(link);
  return link;
}
