/** The front door: the offices of this deployment; with a single one, straight to it. */
import { get } from "../lib/api.js";
import { icon } from "../lib/icons.js";
import { addWords, language, onLanguage, say, setLanguage } from "../lib/words.js";
import { offices as words } from "../lib/words/offices.js";
import { html, nothing, render } from "../vendor/lit/lit-html.js";

const host = document.getElementById("screen");
let offices = null;
let problem = null;

addWords(words);

async function load() {
  problem = null;
  show();
  try {
    offices = await get("/offices");
  } catch (failed) {
    problem = failed;
  }
  if (offices?.length === 1) location.replace(address(offices[0]));
  else show();
}

const address = ({ id }) => `/${encodeURIComponent(id)}`;

function show() {
  document.title = `${say("offices.title")} · KAYAN`;
  render(
    html`
      <header>
        <img src="/static/icon.svg" alt="" width="48" height="48">
        <h1>KAYAN</h1>
        <button class="button button-quiet" type="button" lang=${other()} @click=${() => setLanguage(other())}>${say("otherLanguage")}</button>
      </header>
      ${problem ? failed() : offices ? list() : nothing}
      <p class="staff"><a href="/login">${say("offices.staff")}</a></p>
    `,
    host,
  );
}

const other = () => (language() === "id" ? "en" : "id");

function list() {
  if (!offices.length) return html`<p>${say("offices.none")}</p>`;
  return html`
    <h2>${say("offices.choose")}</h2>
    <ul role="list">${offices.map(office)}</ul>
  `;
}

function office(one) {
  return html`
    <li class="card">
      <a class="name" href=${address(one)}>${one.name} ${icon("arrow")}</a>
      <a class="tv soft" href="${address(one)}/tv" aria-label=${say("offices.tvOf", { office: one.name })}>${say("offices.tv")}</a>
    </li>
  `;
}

function failed() {
  return html`
    <p role="alert">${say("loadFailed", { detail: problem.said(language()) })}</p>
    <button class="button button-primary" type="button" @click=${load}>${say("tryAgain")}</button>
  `;
}

onLanguage(show);
load();
