/** The bar on top of the staff's pages: where and who, then connection, language, way out, clock. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { clockTime } from "./clock.js";
import { icon } from "./icons.js";
import { homeOf, signOut } from "./session.js";
import { unlock } from "./sound.js";
import { language, say, setLanguage } from "./words.js";

/**
 * @param {object} what
 * @param {unknown} what.place the page's own part, left
 * @param {{name: string}} what.session
 * @param {import("./socket.js").Status["state"]|null} [what.connection] null: this page has no live stream
 * @param {{now: () => number|null}} [what.clock]
 * @param {string|null} [what.zone] the office's time zone, once known
 * @param {unknown} [what.lamps] more states beside the connection's
 * @param {unknown} [what.line] below the bar: the line that says when the connection is not well
 */
export function topbar({ place, session, connection = null, clock = null, zone = null, lamps = nothing, line = nothing }) {
  const now = clock?.now() ?? null;
  return html`
    <header>
      <div class="topbar">
        <div class="topbar-place">${place}</div>
        <div class="topbar-state">
          ${lamps} ${connection ? lamp(connection) : nothing}
          <button class="topbar-button" lang=${language() === "id" ? "en" : "id"} @click=${() => setLanguage(language() === "id" ? "en" : "id")}>
            ${say("otherLanguage")}
          </button>
          <button class="topbar-button" @click=${signOut}>${say("bar.signOut")}<span class="visually-hidden"> (${session.name})</span></button>
          ${now !== null && zone ? html`<time class="topbar-clock">${clockTime(now, zone)}</time>` : nothing}
        </div>
      </div>
      ${line}
    </header>
  `;
}

function lamp(connection) {
  if (connection === "live") return html`<span class="lamp" data-on="true">${say("connected")}</span>`;
  return html`<span class="lamp" data-on="false">${icon("offline")} ${say(connection === "connecting" ? "connecting" : "bar.offline")}</span>`;
}

/** Whether the alarm would be heard; a browser makes no sound before its page is touched, and who does not know that hears nothing. */
export function soundLamp(on) {
  if (on) return html`<span class="lamp" data-on="true">${say("bar.soundOn")}</span>`;
  return html`<button class="topbar-button wanted" @click=${unlock}>${icon("sound")} ${say("bar.soundOff")}</button>`;
}

/** Instead of a page that is not for this role: said plainly, with the ways on. */
export const notAllowed = (session) => html`
  <main class="unopened">
    <h1>KAYAN</h1>
    <p>${say("bar.notAllowed", { name: session.name, role: say(`role.${session.role}`) })}</p>
    <p><a class="button button-primary" href=${homeOf(session)}>${say("bar.ownPage")}</a></p>
    <button class="button" @click=${signOut}>${say("bar.otherAccount")}</button>
  </main>
`;

/** Instead of a page that could not be loaded: why, and a way to try again. */
export const unopened = (problem) => html`
  <main class="unopened">
    <h1>KAYAN</h1>
    <p>${say("loadFailed", { detail: problem.said(language()) })}</p>
    <button class="button" @click=${() => location.reload()}>${say("tryAgain")}</button>
    ${problem.status === 403 ? html`<button class="button" @click=${signOut}>${say("bar.otherAccount")}</button>` : nothing}
  </main>
`;
