/**
 * KAYAN's HTTP API. One press of a button is one Idempotency-Key: a repeat after a lost answer acts no second time.
 * Paths begin after /api/v1: `get("/offices/tanjung-selor")`.
 */
const BASE = "/api/v1";
const TRIES = 3;
/** ms; a command that takes longer than this has failed for the person who pressed the button. */
const PATIENCE = 10_000;
const FIRST_WAIT = 300;
/** ms; a server that asks for a longer pause than this gets it from the person, not from a page that seems to hang. */
const LONGEST_PAUSE = 3_000;

/** What the server refused, or that it could not be reached (`status` 0, `code` "unreachable"). `facts` are the answer's own members. */
export class Problem extends Error {
  constructor({ status, code, detail, detail_en: detailEn, ...facts }) {
    super(detail);
    this.name = "Problem";
    Object.assign(this, { status, code, detail, detailEn: detailEn ?? detail, facts });
  }

  /** The sentence for the reader. */
  said(lang) {
    return lang === "en" ? this.detailEn : this.detail;
  }
}

const UNREACHABLE = {
  status: 0,
  code: "unreachable",
  detail: "Server tidak dapat dihubungi. Periksa jaringan, lalu coba lagi.",
  detail_en: "The server cannot be reached. Check the network, then try again.",
};
const UNCLEAR = {
  code: "unclear",
  detail: "Server sedang terganggu. Silakan coba lagi sebentar lagi.",
  detail_en: "The server is in trouble. Please try again in a moment.",
};

const browser = () => ({
  fetch: (...args) => globalThis.fetch(...args),
  sleep: (ms) => new Promise((done) => globalThis.setTimeout(done, ms)),
  random: Math.random,
  newKey: () => newKey(),
});

/** A key for one press; crypto.randomUUID exists on https and localhost only, and an office's network may have neither. */
export function newKey() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** @returns {Promise<any>} the parsed answer. Throws Problem. */
export function get(path, { headers = {} } = {}, device = browser()) {
  return ask("GET", path, { headers }, device);
}

/** A POST that acts once, however often the network made us repeat it. Throws Problem. */
export function post(path, body = {}, { key, headers = {} } = {}, device = browser()) {
  const all = { ...headers, "Content-Type": "application/json", "Idempotency-Key": key ?? device.newKey() };
  return ask("POST", path, { headers: all, body: JSON.stringify(body) }, device);
}

/** DELETE, for the end of a session. Throws Problem. */
export function remove(path, { headers = {} } = {}, device = browser()) {
  return ask("DELETE", path, { headers }, device);
}

async function ask(method, path, request, device) {
  for (let attempt = 1; ; attempt += 1) {
    const { answer, problem, pause } = await once(method, path, request, device);
    if (!problem) return answer;
    if (pause === null || attempt === TRIES) throw problem;
    await device.sleep(Math.max(pause, FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + device.random())));
  }
}

/** One attempt: the answer, or the problem and the pause in ms after which a repeat makes sense (null: none does). */
async function once(method, path, request, device) {
  try {
    const response = await device.fetch(BASE + path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      ...request,
      headers: { Accept: "application/json", ...request.headers },
    });
    if (response.ok) return { answer: await parsed(response) };
    return refused(response, await parsed(response));
  } catch {
    return { problem: new Problem(UNREACHABLE), pause: 0 };
  }
}

/** @returns {Promise<any>} null for an empty answer or one that is no JSON (a proxy's page) */
async function parsed(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused(response, body) {
  const problem = new Problem({ ...UNCLEAR, ...body, status: response.status });
  return { problem, pause: pauseFor(response) };
}

/** Only "try later" is worth repeating: 503 and 429, when the pause that they ask for is short. */
function pauseFor({ status, headers }) {
  if (status !== 503 && status !== 429) return null;
  const asked = 1000 * Number(headers.get("Retry-After") ?? 0);
  return asked <= LONGEST_PAUSE ? asked : null;
}
