import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { NEXT, STYLES } from "../../static/phone/early.js";

const STATIC = new URL("../../static/", import.meta.url);
const read = (path) => readFileSync(new URL(path, STATIC));
const page = read("phone/index.html").toString();
const names = (pattern) => [...page.matchAll(pattern)].map((found) => found[1]);
const styles = names(/rel="stylesheet" href="\/static\/([\w/-]+\.css)"/g);
const scripts = names(/src="\/static\/([\w/]+)\.js"/g);
const preloaded = names(/rel="modulepreload" href="\/static\/([\w/]+)\.js"/g);

/** What `name` imports for certain, and all that those import. */
function graph(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, from] of read(`${name}.js`).toString().matchAll(/^import .*?"(\.[^"]+)\.js";$/gms)) {
    graph(new URL(from, new URL(name, STATIC)).pathname.slice(STATIC.pathname.length), seen);
  }
  return seen;
}
const sorted = (all) => [...new Set(all)].sort();
const atFirst = sorted(scripts.flatMap((name) => [...graph(name)]));

test("all that the phone's page needs is asked for before it is imported, so that nothing is found out one by one", () => {
  assert.deepEqual(sorted([...scripts, ...preloaded, ...NEXT.both]), atFirst);
  for (const [address, entry] of [["ticket", "phone/live"], ["take", "phone/take"]]) {
    const next = [...graph(entry)].filter((name) => !atFirst.includes(name));
    assert.deepEqual(sorted(NEXT[address]), sorted(next), address);
  }
});

test("every style of the phone's page is asked for once: by the page for the first countdown, or for what comes after it", () => {
  const later = Object.values(STYLES).flat().map((name) => `${name}.css`);
  const own = readdirSync(new URL("phone/", STATIC)).filter((name) => name.endsWith(".css")).map((name) => `phone/${name}`);
  assert.deepEqual([...styles, ...later].filter((path) => path.startsWith("phone/")).sort(), own.sort());
});

test("the phone's page weighs at most 60 KB on its first load, whichever of its addresses is opened", () => {
  const packed = (path) => gzipSync(read(path), { level: 9 }).length;
  const fonts = styles.flatMap((path) => [...read(path).toString().matchAll(/url\("\.\.\/(vendor\/[^"]+light[^"]*|vendor\/[^"]+ascii[^"]*)"\)/g)]).map((f) => f[1]);
  assert.deepEqual(fonts, ["vendor/inter/inter-ascii-800.woff2"]);
  for (const address of ["ticket", "take"]) {
    const laterStyles = [...STYLES.both, ...STYLES[address]].map((name) => `${name}.css`);
    const modules = sorted([...atFirst, ...NEXT[address]]).map((name) => `${name}.js`);
    const text = ["phone/index.html", "icon.svg", ...styles, ...laterStyles, ...modules];
    const total = text.reduce((sum, path) => sum + packed(path), 0) + fonts.reduce((sum, path) => sum + read(path).length, 0);
    assert.ok(total <= 60 * 1024, `${total} bytes`);
  }
});
