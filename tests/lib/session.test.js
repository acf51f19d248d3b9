import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD_MIN, suggestion, wrongPassword } from "../../static/lib/passwords.js";
import { homeOf, nextAddress } from "../../static/lib/session.js";

const HERE = "http://kayan.test";

test("each role comes home to its own page", () => {
  assert.equal(homeOf({ role: "officer" }), "/officer");
  assert.equal(homeOf({ role: "receptionist", office: "tanjung-selor" }), "/tanjung-selor/desk");
  assert.equal(homeOf({ role: "supervisor" }), "/supervisor");
  assert.equal(homeOf({ role: "administrator" }), "/admin");
  assert.equal(homeOf({ role: "somebody new" }), "/");
});

test("a wish for a page of this site is granted, with its query", () => {
  assert.equal(nextAddress("/officer", HERE), `${HERE}/officer`);
  assert.equal(nextAddress("/tanjung-selor/desk?a=1", HERE), `${HERE}/tanjung-selor/desk?a=1`);
});

test("no wish leads to another site", () => {
  for (const wish of ["//evil.test", "/\\evil.test", "/\t/evil.test", "\\\\evil.test", "https://evil.test", "javascript:alert(1)", "evil.test", "", null]) {
    assert.equal(nextAddress(wish, HERE), null, String(wish));
  }
  // What is left of a path with dots may start with two slashes: given back whole it is still this site's address.
  assert.equal(new URL(nextAddress("/.//evil.test", HERE)).origin, HERE);
});

test("the sign-in page does not lead to itself", () => {
  assert.equal(nextAddress("/login?next=/login", HERE), null);
});

test("a new password is long enough and typed the same twice", () => {
  const good = "x".repeat(PASSWORD_MIN);
  assert.equal(wrongPassword(good, good), null);
  assert.equal(wrongPassword("short", "short"), "password.short");
  assert.equal(wrongPassword(good, `${good}y`), "password.different");
});

test("a suggested password can be read aloud and is good enough", () => {
  const one = suggestion();
  assert.match(one, /^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  assert.equal(wrongPassword(one, one), null);
  assert.notEqual(suggestion(), one);
});
