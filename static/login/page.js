/** Signing in, and making the first administrator with the link printed at the first start. */
import { html, nothing, render } from "../vendor/lit/lit-html.js";
import { Problem } from "../lib/api.js";
import { formatCountdown } from "../lib/clock.js";
import { ring } from "../lib/promise.js";
import { beginWith, homeOf, nextAddress, signIn } from "../lib/session.js";
import { PASSWORD_MIN, wrongPassword } from "../lib/passwords.js";
import { addWords, language, onLanguage, say, setLanguage } from "../lib/words.js";
import { staff } from "../lib/words/staff.js";

addWords(staff);

const query = new URLSearchParams(location.search);
const root = document.getElementById("page");
const motif = ring();
const state = {
  token: new URLSearchParams(location.hash.slice(1)).get("first"),
  busy: false,
  shown: false,
  problem: null, // () => words
  notice: query.get("why") === "ended" ? () => say("login.ended") : null,
  waitUntil: 0, // ms, performance.now()
};

const waiting = () => Math.max(0, Math.ceil((state.waitUntil - performance.now()) / 1000));

function draw() {
  const seconds = waiting();
  document.title = `${say(state.token ? "login.firstTitle" : "login.title")} · KAYAN`;
  render(
    html`
      <aside class="brand">
        <div class="brand-ring" aria-hidden="true">${motif}</div>
        <p class="brand-name">KAYAN</p>
        <p class="brand-promise">${say("login.promise")}</p>
      </aside>
      <main class="sign">
        <button class="button button-quiet language" lang=${language() === "id" ? "en" : "id"} @click=${() => setLanguage(language() === "id" ? "en" : "id")}>
          ${say("otherLanguage")}
        </button>
        <form @submit=${submit}>
          <h1>${say(state.token ? "login.firstTitle" : "login.title")}</h1>
          ${state.token ? html`<p class="soft">${say("login.firstHint")}</p>` : nothing}
          <div class="said" role="alert">${seconds ? say("login.throttled") : (state.problem ?? state.notice)?.()}</div>
          ${field("name", "text", "username", 64, state.token ? say("password.nameHint") : "")}
          ${state.token
            ? [field("password", "password", "new-password", 200, say("login.passwordHint", { min: PASSWORD_MIN })), field("again", "password", "new-password", 200)]
            : field("password", "password", "current-password", 200)}
          <label class="show"><input type="checkbox" .checked=${state.shown} @change=${show} /> ${say("login.show")}</label>
          <button class="button button-primary go" aria-busy=${state.busy} aria-disabled=${state.busy || seconds > 0}>
            ${seconds ? say("login.wait", { time: formatCountdown(1000 * seconds) }) : say(state.token ? "login.firstGo" : "login.go")}
          </button>
        </form>
      </main>
    `,
    root,
  );
}

function field(name, type, autocomplete, max, hint = "") {
  return html`
    <div class="field">
      <label for=${name}>${say(`login.${name}`)}</label>
      ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
      <input
        class="input"
        id=${name}
        name=${name}
        type=${type === "password" && state.shown ? "text" : type}
        autocomplete=${autocomplete}
        maxlength=${max}
        autocapitalize="none"
        spellcheck="false"
        required
        aria-describedby=${hint ? `${name}-hint` : nothing}
      />
    </div>
  `;
}

function show(event) {
  state.shown = event.target.checked;
  draw();
}

async function submit(event) {
  event.preventDefault();
  if (state.busy || waiting()) return;
  const { name, password, again } = Object.fromEntries(new FormData(event.target));
  const wrong = state.token && wrongPassword(password, again);
  if (wrong) return tell(() => say(wrong, { min: PASSWORD_MIN }), "password");
  [state.busy, state.problem, state.notice] = [true, null, null];
  draw();
  try {
    go(state.token ? await beginWith(state.token, name.trim(), password) : await signIn(name.trim(), password));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    refused(problem);
  }
}

/** Where the work is: what was asked for before the sign-in, or the role's own page. */
function go(session) {
  if (state.token) history.replaceState(null, "", location.pathname);
  location.replace(nextAddress(query.get("next"), location.origin) ?? homeOf(session));
}

function refused(problem) {
  state.busy = false;
  if (problem.status === 429) state.waitUntil = performance.now() + 1000 * (problem.facts.retry_after ?? 30);
  if (state.token && problem.code === "bad-first-token") {
    state.token = null;
    history.replaceState(null, "", location.pathname);
  }
  const waits = problem.status === 429; // told by the running seconds instead, which end by themselves
  tell(waits ? null : () => problem.said(language()), problem.status === 401 ? "password" : null);
}

function tell(words, focus) {
  state.problem = words;
  draw();
  document.getElementById(focus)?.select();
}

onLanguage(draw);
setInterval(() => state.waitUntil && draw(), 1000);
draw();
document.getElementById("name").focus();
