/**
 * Everything that screens say, in Indonesian and English. Each page registers its own table (static/lib/words/*.js) beside the common
 * one; a value is a sentence with {facts} in braces, or a function of the facts.
 */
import { minutes } from "./clock.js";
import { common } from "./words/common.js";

/** @typedef {"id"|"en"} Language */

const KEY = "kayan.language";
const tables = { id: {}, en: {} };
const listeners = new Set();
let current = remembered();

/** Adds a table `{id: {key: sentence}, en: {key: sentence}}`; a page's own words stand over the common ones. */
export function addWords({ id, en }) {
  Object.assign(tables.id, id);
  Object.assign(tables.en, en);
}
addWords(common);

/** The sentence of `key` in the current language, with its facts filled in. A key that nobody registered is shown as it is. */
export function say(key, facts = {}) {
  const words = tables[current][key] ?? key;
  const text = typeof words === "function" ? words(facts) : words;
  return text.replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);
}

/** @returns {Language} */
export function language() {
  return current;
}

/**
 * Switches the language of this page.
 * @param {Language} to
 * @param {boolean} [kept] whether the next visit on this device begins with it: a reader's choice does, a wall's does not
 */
export function setLanguage(to, kept = true) {
  if (to === current || !(to in tables)) return;
  current = to;
  if (kept) keep(to);
  if (globalThis.document) document.documentElement.lang = to;
  for (const listener of listeners) listener(to);
}

/** Calls `listener` at each switch. @returns {() => void} to stop */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function keep(to) {
  try {
    localStorage.setItem(KEY, to);
  } catch {
    // Private windows may forbid it: then the choice lasts for this page.
  }
}

function remembered() {
  let kept = null;
  try {
    kept = globalThis.localStorage?.getItem(KEY);
  } catch {
    // As above.
  }
  const lang = kept === "en" ? "en" : "id";
  if (globalThis.document) document.documentElement.lang = lang;
  return lang;
}

/** "12 menit", "1 jam 5 menit": a time left, or one that has passed when `ms` is negative (the word for that is the caller's). */
export function minutesWord(ms) {
  const all = minutes(ms);
  const [h, m] = [Math.floor(all / 60), all % 60];
  if (!h) return say("minutes", { n: m });
  return m ? `${say("hours", { n: h })} ${say("minutes", { n: m })}` : say("hours", { n: h });
}

/** "12 menit", and "48 detik" once it is less than a minute, before or after; never 0. */
export function countdownWord(ms) {
  const seconds = ms > 0 ? Math.ceil(ms / 1000) : Math.max(1, Math.floor(-ms / 1000));
  return seconds < 60 ? say("seconds", { n: seconds }) : minutesWord(ms);
}

/** "12 detik", "3 menit", "2 jam": how old something is, in its largest unit. */
export function ageWord(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return say("seconds", { n: seconds });
  if (seconds < 3600) return say("minutes", { n: Math.floor(seconds / 60) });
  return say("hours", { n: Math.floor(seconds / 3600) });
}
