/** Speaks what lib/ticketview.js and lib/taking.js have named: moments and minutes become words in the reader's language. */
import { longDate, textTime, zoneName } from "./clock.js";
import { language, minutesWord, say } from "./words.js";

const MINUTE = 60_000;
/** Facts that are whole minutes of a wait. */
const SPANS = ["waited", "early", "late"];

/**
 * @param {{key: string, facts?: object}} said `at` (ms) becomes {at}, {date} and {zone}: "11.37", "Selasa, 24 November 2026", "WITA"
 * @param {string} zone the office's time zone
 */
export function told({ key, facts = {} }, zone) {
  const spoken = { ...facts };
  if (typeof facts.at === "number") {
    spoken.at = textTime(facts.at, zone, language());
    spoken.date = longDate(facts.at, zone, language());
    spoken.zone = zoneName(facts.at, zone);
  }
  for (const span of SPANS) if (span in facts) spoken[span] = minutesWord(facts[span] * MINUTE);
  return say(key, spoken);
}
