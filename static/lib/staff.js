// What staff ask of the server, one function a wish. Each throws Problem when the office refuses.

import { get, post } from "./api.js";
import { noDay, tally } from "./today.js";

/** How far back the figures of the day are read, in events; the journal gives as many in one answer (server/routes/journal.py). */
const LOOK_BACK = 5000;

const path = (...parts) => `/offices/${parts.map(encodeURIComponent).join("/")}`;

/** A counter's verb (contract, section 3) -> {ticket?, counter}. */
export const atCounter = (office, counter, verb, body = {}) => post(path(office, "counters", String(counter), verb), body);

/** Comes to help; with a reserve counter's number, opens it in the same step -> {escalation, counter?}. */
export const accept = (office, escalation, counter = null) =>
  post(path(office, "escalations", escalation, "accept"), counter === null ? {} : { counter });

/** Cannot come -> {escalation}. */
export const decline = (office, escalation) => post(path(office, "escalations", escalation, "decline"), {});

/** A number for a visitor at the desk -> {ticket, secret, url, ahead}. */
export const give = (office, { service, satker, priority }) =>
  post(path(office, "tickets"), { service, priority, via: "desk", ...(satker && { satker }) });

/** Takes a counter over from whoever holds it, then closes it. */
export async function takeOverAndClose(office, counter) {
  await atCounter(office, counter, "open");
  return atCounter(office, counter, "close");
}

/** The day's figures of all counters up to this board (lib/today.js); an empty day when the journal cannot be read from there. */
export async function figuresUntil(office, { epoch, offset }) {
  const after = Math.max(0, offset - LOOK_BACK);
  try {
    const { events } = await get(`${path(office, "journal")}?after=${encodeURIComponent(`${epoch}:${after}`)}&limit=${LOOK_BACK}`);
    return events.filter((e) => e.offset <= offset).reduce(tally, noDay());
  } catch {
    return null;
  }
}
