import assert from "node:assert/strict";
import { test } from "node:test";
import { shortMoment } from "../../static/lib/clock.js";
import { tellScan } from "../../static/lib/office.js";
import { sheetUrl } from "../../static/lib/places.js";

/** A phone at this address: what it told the office, and which address it then shows. */
function phone(search, answer = Promise.resolve({ counted: true })) {
  const seen = { sent: [], shown: null };
  const tabs = { replaceState: (_state, _title, path) => { seen.shown = path; } };
  tellScan("tanjung-selor", { pathname: "/tanjung-selor", search }, tabs, (path, body) => (seen.sent.push([path, body]), answer));
  return seen;
}

test("a phone tells which sticker it scanned, and its address forgets the sticker", () => {
  assert.deepEqual(phone("?s=k7m2b"), { sent: [["/offices/tanjung-selor/scans", { place: "k7m2b" }]], shown: "/tanjung-selor" });
});

test("an address without a sticker tells nothing and stays as it is", () => {
  assert.deepEqual(phone(""), { sent: [], shown: null });
  assert.deepEqual(phone("?x=1"), { sent: [], shown: null });
});

test("an address made longer by a joker sends no more than a code could have", () => {
  assert.equal(phone(`?s=${"x".repeat(5000)}`).sent[0][1].place.length, 64);
});

test("a scan that nobody hears is no fault of the page", async () => {
  const lost = Promise.reject(new Error("no network"));
  phone("?s=k7m2b", lost);
  await assert.rejects(lost);
});

test("the sheet is had for the places that were chosen, and for no other office", () => {
  assert.equal(sheetUrl("tanjung-selor", "a5", ["k7m2b", "c3d4f"]), "/api/v1/offices/tanjung-selor/stickers?sheet=a5&place=k7m2b&place=c3d4f");
  assert.equal(sheetUrl("a/b", "6", ["x&y"]), "/api/v1/offices/a%2Fb/stickers?sheet=6&place=x%26y");
});

test("a moment is told by the office's clock, as its readers write it", () => {
  const moment = Date.UTC(2026, 10, 24, 2, 52);
  assert.equal(shortMoment(moment, "Asia/Makassar", "id"), "24 Nov 10.52");
  assert.equal(shortMoment(moment, "Asia/Makassar", "en"), "24 Nov 10:52");
});
