/** An office's stickers: where they hang, how often each is scanned, and the PDF to print. From the page's state. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { repeat } from "../vendor/lit/directives/repeat.js";
import { shortMoment } from "../lib/clock.js";
import { sheetUrl } from "../lib/places.js";
import { language, say } from "../lib/words.js";

const SHEETS = ["2", "6", "12", "a5"];

/** What the section holds before anything is pressed. `unprinted`: the codes that are not wanted on the sheet. */
export const untouched = () => ({ notice: null, adding: false, renaming: null, sure: null, sheet: "6", unprinted: new Set() });

export function stickers(state, office, hand) {
  const { known, open } = state.stickers.get(office.id);
  const title = `stickers-${office.id}`;
  return html`
    <section class="stickers" aria-labelledby=${title}>
      <div class="head">
        <h2 id=${title}>${say("stickers.title", { office: office.name })}</h2>
        <button class="button" aria-expanded=${open.adding} @click=${() => hand.startPlace(office.id, !open.adding)}>
          ${say(open.adding ? "cancel" : "stickers.add")}
        </button>
      </div>
      <p class="notice" role="status">${open.notice?.() ?? ""}</p>
      ${open.adding ? nameForm(state, office, hand, null) : nothing}
      ${known.places.length === 0 ? html`<p class="soft">${say("stickers.none")}</p>` : placesOf(state, office, hand)}
      ${address(known)} ${known.places.some((p) => !p.retired) && known.address ? printing(state, office, hand) : nothing}
    </section>
  `;
}

function placesOf(state, office, hand) {
  const { known } = state.stickers.get(office.id);
  return html`
    <ul role="list" aria-label=${say("stickers.list")}>
      ${repeat(known.places, (p) => p.code, (p) => place(state, office, hand, p))}
    </ul>
  `;
}

function place(state, office, hand, found) {
  const { open } = state.stickers.get(office.id);
  const { code, name, retired } = found;
  const renaming = open.renaming === code;
  return html`
    <li class="place" data-retired=${retired}>
      ${retired ? html`<b class="place-name">${name}</b>` : choice(open, office, hand, found)}
      <span class="place-scans soft">${scans(found, office)}</span>
      <span class="account-do">
        ${retired
          ? nothing
          : html`<button class="button small" aria-expanded=${renaming} aria-label="${say(renaming ? "cancel" : "stickers.rename")}: ${name}" @click=${() => hand.startRename(office.id, renaming ? null : code)}>
              ${say(renaming ? "cancel" : "stickers.rename")}
            </button>`}
        ${door(state, office, hand, found)}
      </span>
      ${renaming ? nameForm(state, office, hand, found) : nothing}
    </li>
  `;
}

const choice = (open, office, hand, { code, name }) => html`
  <label class="place-name">
    <input
      type="checkbox"
      aria-label=${say("stickers.choose", { name })}
      .checked=${!open.unprinted.has(code)}
      @change=${(event) => hand.choose(office.id, code, event.target.checked)}
    />
    <b>${name}</b>
  </label>
`;

function scans({ retired, today, month, last }, office) {
  const counted = last === null
    ? [say("stickers.never")]
    : [say("stickers.today", { n: today }), say("stickers.month", { n: month }), say("stickers.last", { when: shortMoment(last, office.time_zone, language()) })];
  return (retired ? [say("stickers.isRetired"), ...counted] : counted).join(" · ");
}

function door(state, office, hand, { code, name, retired }) {
  const sure = state.stickers.get(office.id).open.sure === code;
  const label = retired ? "stickers.restore" : sure ? "stickers.retireSure" : "stickers.retire";
  return html`
    <button
      class="button small ${sure ? "button-danger" : ""}"
      aria-label="${say(label)}: ${name}"
      aria-disabled=${state.busy}
      @click=${() => (retired ? hand.restore(office.id, code, name) : hand.retire(office.id, code, name))}
    >
      ${say(label)}
    </button>
  `;
}

/** For a new place, or for another name of one that is there. */
function nameForm(state, office, hand, found) {
  const id = `place-name-${office.id}`;
  const submit = (event) => {
    event.preventDefault();
    hand.name(office.id, found?.code ?? null, new FormData(event.target).get("name"));
  };
  return html`
    <form class="change" @submit=${submit}>
      <div class="field">
        <label for=${id}>${say("stickers.name")}</label>
        <input id=${id} class="input" name="name" required maxlength="60" autocomplete="off" .value=${found?.name ?? ""} aria-describedby="${id}-hint" />
        <p class="hint" id="${id}-hint">${say("stickers.nameHint")}</p>
      </div>
      <button class="button button-primary" aria-busy=${state.busy} aria-disabled=${state.busy}>${say(found ? "stickers.renameGo" : "stickers.addGo")}</button>
    </form>
  `;
}

const address = ({ address, lasting }) =>
  address === null
    ? html`<p class="place-warning">${say("stickers.noAddress")}</p>`
    : html`<p class="soft">${say("stickers.address", { address })}</p>
        ${lasting ? nothing : html`<p class="place-warning">${say("stickers.notLasting")}</p>`}`;

function printing(state, office, hand) {
  const { known, open } = state.stickers.get(office.id);
  const codes = known.places.filter((p) => !p.retired && !open.unprinted.has(p.code)).map((p) => p.code);
  const id = `sheet-${office.id}`;
  return html`
    <div class="printing">
      <div class="field">
        <label for=${id}>${say("stickers.sheet")}</label>
        <select id=${id} class="input" @change=${(event) => hand.sheet(office.id, event.target.value)}>
          ${SHEETS.map((sheet) => html`<option value=${sheet} ?selected=${sheet === open.sheet}>${say(`stickers.sheet.${sheet}`)}</option>`)}
        </select>
      </div>
      ${codes.length === 0
        ? html`<span class="button button-primary" role="link" aria-disabled="true">${say("stickers.print", { n: 0 })}</span>`
        : html`<a class="button button-primary" href=${sheetUrl(office.id, open.sheet, codes)} download>${say("stickers.print", { n: codes.length })}</a>`}
      <p class="hint soft">${say("stickers.printHint")}</p>
    </div>
  `;
}
