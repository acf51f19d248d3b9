import assert from "node:assert/strict";
import { test } from "node:test";
import { officeFromPath, promisedMinutes, serviceName, visitorUrl } from "../../static/lib/office.js";
import { paint, promiseOf } from "../../static/lib/promise.js";
import { modules } from "../../static/lib/qr.js";
import { trouble } from "../../static/lib/status.js";
import { MINUTE, TEN, visitor } from "./visitors.js";

const office = {
  id: "tanjung-selor",
  public_url: "",
  services: [{ code: "A", name: { id: "Pencairan dana", en: "Disbursement" } }],
  guarantee: { seconds: 2700, warn_seconds: [] },
};

test("a page learns its office from its address", () => {
  assert.equal(officeFromPath("/tanjung-selor/tv"), "tanjung-selor");
  assert.equal(officeFromPath("/tanjung-selor"), "tanjung-selor");
  assert.equal(officeFromPath("/"), "");
});

test("a service is called by its name, and by its letter when the office no longer has it", () => {
  assert.equal(serviceName(office, "A", "en"), "Disbursement");
  assert.equal(serviceName(office, "A", "fr"), "Pencairan dana");
  assert.equal(serviceName(office, "Z", "id"), "Z");
});

test("a QR code opens the office where it is known to the world, or where this page came from", () => {
  assert.equal(visitorUrl(office, "http://10.0.0.5:8000"), "http://10.0.0.5:8000/tanjung-selor");
  assert.equal(visitorUrl({ ...office, public_url: "https://kayan.example" }, "http://x"), "https://kayan.example/tanjung-selor");
});

test("the promise is forty-five minutes because the office says so", () => {
  assert.equal(promisedMinutes(office), 45);
});

test("a promise is told by fill, by urgency and by words", () => {
  const ticket = visitor(1, { taken_at: TEN });
  const { left, urgency, short, long } = promiseOf(ticket, TEN + 33 * MINUTE);
  assert.ok(Math.abs(left - 12 / 45) < 1e-9);
  assert.deepEqual([urgency, short, long], ["soon", "12 menit", "12 menit lagi"]);
  const late = promiseOf(ticket, TEN + 48 * MINUTE);
  assert.deepEqual([late.left, late.urgency, late.short, late.long], [0, "overdue", "lewat 3 menit", "lewat 3 menit"]);
});

test("painting sets what the stylesheet draws", () => {
  const set = {};
  const element = { style: { setProperty: (name, value) => { set[name] = value; } }, dataset: {} };
  paint(element, { left: 0.26666, urgency: "soon" });
  assert.deepEqual([set["--left"], element.dataset.urgency], ["0.2667", "soon"]);
});

test("a QR code has its three eyes and four modules of quiet", () => {
  const { path, size } = modules("http://10.0.0.5:8000/tanjung-selor");
  assert.ok(size >= 25 + 8);
  const eye = "h1v1h-1z";
  for (const [x, y] of [[4, 4], [size - 11, 4], [4, size - 11]]) assert.ok(path.includes(`M${x} ${y}${eye}`), `${x},${y}`);
  assert.ok(!path.includes(`M3 `));
});

test("a connection line speaks only when something is wrong for more than a blink", () => {
  assert.equal(trouble({ state: "live", since: 0, lastHeard: 0 }, 9_000), null);
  assert.equal(trouble({ state: "lost", since: 8_000, lastHeard: 7_000 }, 9_000), null);
  assert.deepEqual(trouble({ state: "lost", since: 8_000, lastHeard: 7_000 }, 19_000), { key: "connectionLost", age: 12_000 });
  assert.deepEqual(trouble({ state: "connecting", since: 0, lastHeard: null }, 5_000), { key: "connecting", age: null });
  assert.deepEqual(trouble({ state: "denied", since: 9_000, lastHeard: null }, 9_000), { key: "connectionDenied", age: null });
});
