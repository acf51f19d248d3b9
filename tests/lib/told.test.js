import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../static/lib/told.js";
import { addWords, setLanguage } from "../../static/lib/words.js";
import { kiosk } from "../../static/lib/words/kiosk.js";
import { phone } from "../../static/lib/words/phone.js";
import { taking } from "../../static/lib/words/taking.js";
import { MINUTE, TEN, ZONE } from "./visitors.js";

for (const table of [taking, phone, kiosk]) addWords(table);
const plain = (said) => told(said, ZONE).replaceAll("\u00a0", " ");

test("a moment is told in the office's zone, with a point in Indonesian and a colon in English", () => {
  const said = { key: "line.next", facts: { at: TEN + 97 * MINUTE } };
  setLanguage("id");
  assert.match(plain(said), /^Anda dijamin dilayani sebelum 11\.37 WITA\./);
  setLanguage("en");
  assert.match(plain(said), /^You are guaranteed to be served before 11:37 WITA\./);
  setLanguage("id");
});

test("waits are told in whole minutes, over an hour in hours", () => {
  assert.equal(plain({ key: "called.early", facts: { waited: 18, early: 27 } }), "Menunggu 18 menit, lebih cepat 27 menit dari janji.");
  assert.match(plain({ key: "done.late", facts: { waited: 65, late: 20 } }), /1 jam 5 menit, lewat 20 menit/);
});

test("the next opening is told with its date", () => {
  const said = { key: "taking.closed.later", facts: { at: TEN + 22 * 60 * MINUTE } };
  assert.equal(plain(said), "Kantor sedang tutup. Buka lagi Rabu, 25 November 2026 pukul 08.00 WITA.");
});

test("phone and kiosk say everything in both languages, with the same facts", () => {
  const facts = { n: 3, at: "10.00", date: "Rabu", zone: "WITA", counter: 2, number: "A001", office: "KPPN", service: "Gaji", waited: "1", early: "1", late: "1" };
  const names = (words) => (typeof words === "function" ? words(facts) : words).match(/\{\w+\}/g)?.sort() ?? [];
  for (const { id, en } of [taking, phone, kiosk]) {
    assert.deepEqual(Object.keys(id).sort(), Object.keys(en).sort());
    for (const key of Object.keys(id)) {
      if (typeof id[key] === "string" && typeof en[key] === "string") assert.deepEqual(names(id[key]), names(en[key]), key);
    }
  }
});
