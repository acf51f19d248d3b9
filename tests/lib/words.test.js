import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { addWords, ageWord, language, minutesWord, onLanguage, say, setLanguage } from "../../static/lib/words.js";
import { common } from "../../static/lib/words/common.js";

const folder = new URL("../../static/lib/words/", import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith(".js"));
const tables = new Map(await Promise.all(files.map(async (name) => [name, Object.values(await import(new URL(name, folder)))[0]])));
const MINUTE = 60_000;

/** The facts that a sentence names; a function is asked with facts that answer to every name. */
function facts(words) {
  if (typeof words === "string") return [...words.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  const asked = new Set();
  words(new Proxy({}, { get: (_, name) => (asked.add(String(name)), 2) }));
  return [...asked].sort();
}

for (const [file, { id, en }] of tables) {
  test(`${file} says the same things in both languages`, () => {
    assert.deepEqual(Object.keys(id).sort(), Object.keys(en).sort());
  });

  test(`${file} names the same facts in both languages`, () => {
    for (const key of Object.keys(id)) {
      const [said, english] = [facts(id[key]), facts(en[key])];
      // English has plurals: its functions may ask for a number that the Indonesian sentence does not say.
      if (typeof en[key] === "function") assert.deepEqual(said.filter((name) => !english.includes(name)), [], key);
      else assert.deepEqual(said, english, key);
    }
  });

  test(`${file} leaves nothing unsaid`, () => {
    for (const [key, words] of [...Object.entries(id), ...Object.entries(en)]) assert.ok(words, key);
  });

  test(`${file} spells as the office does`, () => {
    const text = Object.values(id).map(String).join("\n");
    assert.doesNotMatch(text, /silahkan|antrian(?!\))|\bmnt\b/i);
  });

  if (file !== "common.js") {
    test(`${file} repeats no common word as it is`, () => {
      for (const key of Object.keys(id)) assert.notEqual(String(id[key]), String(common.id[key]), key);
    });
  }
}

test("a sentence is filled with its facts, in the language of the reader", () => {
  setLanguage("id");
  assert.equal(say("counter", { counter: 2 }), "Loket 2");
  assert.equal(language(), "id");
  setLanguage("en");
  assert.equal(say("counter", { counter: 2 }), "Counter 2");
  setLanguage("id");
});

test("a page's own words stand beside the common ones", () => {
  addWords({ id: { test: "Halo {name}" }, en: { test: "Hello {name}" } });
  assert.equal(say("test", { name: "Ani" }), "Halo Ani");
  assert.equal(say("waiting"), "Menunggu");
  assert.equal(say("nobody.wrote.this"), "nobody.wrote.this");
});

test("who listens hears each switch of language once", () => {
  const heard = [];
  const stop = onLanguage((lang) => heard.push(lang));
  setLanguage("en");
  setLanguage("en");
  setLanguage("fr");
  setLanguage("id");
  stop();
  setLanguage("en");
  setLanguage("id");
  assert.deepEqual(heard, ["en", "id"]);
});

test("a reader's choice is kept for the next visit, that of a wall or a kiosk is not", () => {
  const kept = new Map();
  globalThis.localStorage = { setItem: (key, value) => kept.set(key, value) };
  try {
    setLanguage("en", false);
    setLanguage("id", false);
    assert.deepEqual([...kept], []);
    setLanguage("en");
    assert.deepEqual([...kept], [["kayan.language", "en"]]);
  } finally {
    delete globalThis.localStorage;
    setLanguage("id");
  }
});

test("minutes become words, hours beyond sixty", () => {
  assert.equal(minutesWord(12 * MINUTE), "12 menit");
  assert.equal(minutesWord(65 * MINUTE), "1 jam 5 menit");
  assert.equal(minutesWord(120 * MINUTE), "2 jam");
  assert.equal(minutesWord(-61 * MINUTE), "1 jam 1 menit");
  setLanguage("en");
  assert.equal(minutesWord(MINUTE), "1 minute");
  assert.equal(minutesWord(65 * MINUTE), "1 hour 5 minutes");
  setLanguage("id");
});

test("an age is told in its largest unit", () => {
  assert.deepEqual([12_000, 3 * MINUTE + 1, 130 * MINUTE, -5].map(ageWord), ["12 detik", "3 menit", "2 jam", "0 detik"]);
});
