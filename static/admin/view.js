/** The administrator's page, from its state. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { repeat } from "../vendor/lit/directives/repeat.js";
import { icon } from "../lib/icons.js";
import { visitorUrl } from "../lib/office.js";
import { PASSWORD_MIN } from "../lib/passwords.js";
import { qrCode } from "../lib/qr.js";
import { topbar } from "../lib/topbar.js";
import { say } from "../lib/words.js";
import { stickers } from "./stickers.js";

const ROLES = ["officer", "receptionist", "supervisor", "administrator"];

export function page(state, hand) {
  return html`
    ${topbar({ place: html`<b>KAYAN</b> <span>${say("admin.title")} · ${state.session.name}</span>`, session: state.session })}
    <main class="work">
      <section aria-labelledby="accounts-title">
        <div class="head">
          <h1 id="accounts-title">${say("admin.accounts")}</h1>
          <button class="button button-primary" aria-expanded=${state.adding !== null} @click=${() => hand.startAdding(state.adding === null)}>
            ${say(state.adding ? "cancel" : "admin.add")}
          </button>
        </div>
        <p class="notice" role="status">${state.notice?.() ?? ""}</p>
        ${state.adding ? addForm(state, hand) : nothing}
        <ul role="list" class="accounts">
          ${repeat(state.accounts, (a) => a.name, (a) => account(state, hand, a))}
        </ul>
      </section>
      ${state.offices.map((office) => html`${stickers(state, office, hand)} ${screens(state, office)}`)}
    </main>
  `;
}

function addForm(state, hand) {
  const submit = (event) => {
    event.preventDefault();
    hand.add(new FormData(event.target));
  };
  return html`
    <form class="card add" @submit=${submit}>
      <div class="field">
        <label for="new-name">${say("login.name")}</label>
        <input id="new-name" class="input" name="name" required maxlength="32" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="name-hint" />
        <p class="hint" id="name-hint">${say("password.nameHint")}</p>
      </div>
      <div class="field">
        <label for="new-role">${say("admin.role")}</label>
        <select id="new-role" class="input" name="role">
          ${ROLES.map((role) => html`<option value=${role}>${say(`role.${role}`)}</option>`)}
        </select>
      </div>
      ${passwordField(state.adding.password)} ${state.offices.length > 1 ? officeBoxes(state.offices) : nothing}
      <button class="button button-primary" aria-busy=${state.busy} aria-disabled=${state.busy}>${say("admin.addGo")}</button>
    </form>
  `;
}

const passwordField = (password) => html`
  <div class="field">
    <label for="new-password">${say("login.password")}</label>
    <input id="new-password" class="input password" name="password" required maxlength="200" autocomplete="off" autocapitalize="none" spellcheck="false" .value=${password} aria-describedby="password-hint" />
    <p class="hint" id="password-hint">${say("admin.passwordHint", { min: PASSWORD_MIN })}</p>
  </div>
`;

const officeBoxes = (offices) => html`
  <fieldset class="boxes">
    <legend>${say("admin.offices")}</legend>
    ${offices.map(({ id, name }) => html`<label><input type="checkbox" name="office" value=${id} /> ${name}</label>`)}
  </fieldset>
`;

function account(state, hand, { name, role, offices, disabled }) {
  const changing = state.changing?.name === name;
  const own = name === state.session.name;
  const where = offices ? offices.map((id) => state.offices.find((o) => o.id === id)?.name ?? id).join(", ") : say("admin.allOffices");
  return html`
    <li class="account" data-disabled=${disabled}>
      <span class="account-name">${icon("person")} <b>${name}</b>${own ? html` <span class="soft">${say("admin.you")}</span>` : nothing}</span>
      <span>${say(`role.${role}`)}</span>
      <span class="soft">${where}</span>
      <span class="account-state">${disabled ? say("admin.isDisabled") : ""}</span>
      <span class="account-do">
        <button class="button small" aria-expanded=${changing} aria-label="${say(changing ? "cancel" : "admin.newPassword")}: ${name}" @click=${() => hand.startPassword(changing ? null : name)}>
          ${say(changing ? "cancel" : "admin.newPassword")}
        </button>
        ${own ? nothing : door(state, hand, name, disabled)}
      </span>
      ${changing ? passwordForm(state, hand) : nothing}
    </li>
  `;
}

function door(state, hand, name, disabled) {
  const sure = state.sure === name;
  const label = disabled ? "admin.enable" : sure ? "admin.disableSure" : "admin.disable";
  return html`
    <button
      class="button small ${sure ? "button-danger" : ""}"
      aria-label="${say(label)}: ${name}"
      aria-disabled=${state.busy}
      @click=${() => (disabled ? hand.enable(name) : hand.disable(name))}
    >
      ${say(label)}
    </button>
  `;
}

function passwordForm(state, hand) {
  const { name, password } = state.changing;
  const submit = (event) => {
    event.preventDefault();
    hand.password(name, new FormData(event.target).get("password"));
  };
  return html`
    <form class="change" @submit=${submit}>
      ${passwordField(password)}
      <button class="button button-primary" aria-busy=${state.busy} aria-disabled=${state.busy}>${say("admin.passwordGo")}</button>
    </form>
  `;
}

/** The addresses of an office's screens; the code opens the visitors' page. */
function screens(state, office) {
  const url = visitorUrl(office);
  const at = (path) => new URL(path, `${url}/`).href;
  const pages = [
    ["tv", `${url}/tv`],
    ["kiosk", `${url}/kiosk`],
    ["desk", `${url}/desk`],
    ["phone", url],
    ["officer", at("/officer")],
    ["supervisor", at("/supervisor")],
  ];
  return html`
    <section class="screens" aria-labelledby="screens-${office.id}">
      <h2 id="screens-${office.id}">${say("admin.screens", { office: office.name })}</h2>
      <div class="screens-body">
        <ul role="list">
          ${pages.map(([name, href]) => html`<li><b>${say(`admin.page.${name}`)}</b> <a href=${href} target="_blank" rel="noopener">${href}</a></li>`)}
        </ul>
        <figure>
          <div class="code">${qrCode(url, say("admin.qr", { office: office.name }))}</div>
          <figcaption class="soft">${say("admin.qrHint")}</figcaption>
        </figure>
      </div>
    </section>
  `;
}
