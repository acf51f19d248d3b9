import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { Problem, get, newKey, post, remove } from "../../static/lib/api.js";

globalThis.crypto ??= webcrypto; // node 18 keeps it to itself

/** A network that gives the answers in turn and remembers what it was asked. */
function network(...answers) {
  const its = { asked: [], slept: [] };
  its.fetch = async (url, request) => {
    its.asked.push({ url, ...request });
    const answer = answers[Math.min(its.asked.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    const { status = 200, body = "{}", headers = {} } = answer;
    return new Response(status === 204 ? null : body, { status, headers });
  };
  its.sleep = async (ms) => { its.slept.push(ms); };
  its.random = () => 0.5;
  its.newKey = () => "press-1";
  return its;
}

const cut = new TypeError("Failed to fetch");
const closed = {
  status: 409,
  body: JSON.stringify({ type: "/problems/office-closed", title: "x", status: 409, code: "office-closed", detail: "Kantor tutup.", detail_en: "The office is closed.", opens_at: 123 }),
};

test("an answer is what the server sent", async () => {
  const net = network({ body: '{"id":"tanjung-selor"}' });
  assert.deepEqual(await get("/offices/tanjung-selor", {}, net), { id: "tanjung-selor" });
  assert.equal(net.asked[0].url, "/api/v1/offices/tanjung-selor");
  assert.equal(net.asked[0].method, "GET");
});

test("a secret travels in a header", async () => {
  const net = network({});
  await get("/ticket", { headers: { Authorization: "Bearer s" } }, net);
  assert.equal(net.asked[0].headers.Authorization, "Bearer s");
});

test("one press has one key, also when the network made us send it three times", async () => {
  const net = network(cut, cut, { status: 201, body: '{"ok":true}' });
  assert.deepEqual(await post("/offices/x/tickets", { service: "A" }, {}, net), { ok: true });
  assert.deepEqual(net.asked.map((a) => a.headers["Idempotency-Key"]), ["press-1", "press-1", "press-1"]);
  assert.deepEqual(net.asked.map((a) => a.body), Array(3).fill('{"service":"A"}'));
  assert.deepEqual(net.slept, [300, 600]);
});

test("a page may bring its own key", async () => {
  const net = network({});
  await post("/x", {}, { key: "mine" }, net);
  assert.equal(net.asked[0].headers["Idempotency-Key"], "mine");
});

test("a network that stays away is said in both languages", async () => {
  await assert.rejects(get("/x", {}, network(cut)), (problem) => {
    assert.ok(problem instanceof Problem);
    assert.deepEqual([problem.status, problem.code], [0, "unreachable"]);
    assert.match(problem.said("id"), /tidak dapat dihubungi/);
    assert.match(problem.said("en"), /cannot be reached/);
    return true;
  });
});

test("a refusal is told with its facts and is not repeated", async () => {
  const net = network(closed);
  await assert.rejects(post("/offices/x/tickets", {}, {}, net), (problem) => {
    assert.deepEqual([problem.status, problem.code, problem.facts.opens_at], [409, "office-closed", 123]);
    assert.equal(problem.said("id"), "Kantor tutup.");
    assert.equal(problem.said("en"), "The office is closed.");
    return true;
  });
  assert.equal(net.asked.length, 1);
});

test("a server that asks for a moment gets it", async () => {
  const net = network({ status: 503, headers: { "Retry-After": "2" } }, { body: "[]" });
  assert.deepEqual(await get("/x", {}, net), []);
  assert.deepEqual(net.slept, [2000]);
});

test("a long pause is the person's, not a page's that seems to hang", async () => {
  const net = network({ status: 429, body: '{"code":"too-many"}', headers: { "Retry-After": "60" } });
  await assert.rejects(get("/x", {}, net), { code: "too-many", status: 429 });
  assert.deepEqual(net.slept, []);
});

test("an error page of a proxy is still a sentence", async () => {
  await assert.rejects(get("/x", {}, network({ status: 502, body: "<html>" })), { code: "unclear", status: 502 });
});

test("an empty answer is nothing, not an error", async () => {
  assert.equal(await remove("/session", {}, network({ status: 204 })), null);
});

test("two presses never share a key", () => {
  assert.match(newKey(), /^[0-9a-f]{32}$/);
  assert.notEqual(newKey(), newKey());
});
