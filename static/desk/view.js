/** The desk, from its state: choose and give on the left, the number in the middle, the room on the right. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { repeat } from "../vendor/lit/directives/repeat.js";
import { live } from "../vendor/lit/directives/live.js";
import { bar } from "../lib/bar.js";
import { escalationOf, lastCalled, waiting } from "../lib/board.js";
import { textTime } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { serviceName } from "../lib/office.js";
import { promiseOf } from "../lib/promise.js";
import { qrCode } from "../lib/qr.js";
import { topbar } from "../lib/topbar.js";
import { language, say } from "../lib/words.js";

const CALLS = 4;

export function page(state, hand) {
  const { office, session, connection, clock } = state;
  return html`
    ${topbar({ place: html`<b>${office.name}</b> <span>${say("desk.title")} · ${session.name}</span>`, session, connection, clock, zone: office.time_zone, line: state.line })}
    <div class="desk-work">
      <main class="give">${form(state, hand)}</main>
      <section class="given" aria-live="polite" aria-label=${say("desk.given")}>${state.given ? given(state, hand) : noneYet()}</section>
      ${state.board && clock.now() !== null ? room(state) : html`<aside class="room"></aside>`}
    </div>
  `;
}

function form(state, hand) {
  const { draft, office } = state;
  const submit = (event) => {
    event.preventDefault();
    hand.give();
  };
  return html`
    <h1>${say("desk.heading")}</h1>
    <form @submit=${submit}>
      <div class="services" role="radiogroup" aria-label=${say("desk.service")}>
        ${office.services.map((service, i) => tile(state, hand, service, i))}
      </div>
      <div class="more">
        <div class="field">
          <label for="satker">${say("desk.satker")} <span class="soft">${say("desk.optional")}</span></label>
          <input
            id="satker"
            class="input"
            inputmode="numeric"
            autocomplete="off"
            placeholder=${say("desk.digits")}
            .value=${live(draft.satker)}
            @input=${(event) => hand.satker(event.target.value)}
          />
        </div>
        <button type="button" class="button toggle" aria-pressed=${draft.priority} @click=${hand.priority}>
          ${icon("person")} ${say("priority")} <kbd class="key">+</kbd>
        </button>
      </div>
      <p class="notice" role="status">${state.notice?.() ?? ""}</p>
      <button class="button button-primary go" aria-busy=${state.busy} aria-disabled=${!draft.service || state.busy || state.connection !== "live"}>
        ${draft.service ? say("desk.giveFor", { service: serviceName(office, draft.service, language()) }) : say("desk.give")} <kbd class="key">Enter</kbd>
      </button>
      <p class="hint soft">${say("desk.keys")}</p>
    </form>
  `;
}

function tile(state, hand, { code }, i) {
  const count = state.board ? waiting(state.board, 0, [code]).length : 0;
  return html`
    <label class="tile">
      <input
        type="radio"
        name="service"
        value=${code}
        .checked=${live(state.draft.service === code)}
        @change=${() => hand.choose(code)}
      />
      <kbd class="key">${i < 9 ? i + 1 : code}</kbd>
      <b class="tile-code">${code}</b>
      <span>${serviceName(state.office, code, language())}</span>
      <span class="soft">${say("desk.count", { count })}</span>
    </label>
  `;
}

const noneYet = () => html`<p class="given-none soft">${say("desk.none")}</p>`;

function given({ given: { ticket, url, ahead }, office }, hand) {
  const time = textTime(ticket.deadline, office.time_zone, language());
  return html`
    <p class="soft">${serviceName(office, ticket.service, language())}</p>
    <p class="number">${ticket.number}</p>
    ${ticket.priority ? html`<p><span class="priority">${icon("person")} ${say("priority")}</span></p>` : nothing}
    <p><b>${say("desk.before", { time })}</b></p>
    <p class="soft">${say("desk.ahead", { count: ahead })}</p>
    <div class="given-qr">${qrCode(url, say("desk.qr", { number: ticket.number }))}</div>
    <p class="soft">${say("desk.scan")}</p>
    <button class="button small" @click=${hand.hide}>${say("desk.hide")}</button>
  `;
}

function room(state) {
  const line = waiting(state.board).sort((a, b) => a.deadline - b.deadline);
  const calls = lastCalled(state.board, CALLS);
  return html`
    <aside class="room">
      <h2>${say("desk.calls")}</h2>
      <ul role="list" class="calls">
        ${calls.length ? repeat(calls, (t) => t.id, call) : html`<li class="soft">${say("desk.noCalls")}</li>`}
      </ul>
      <h2>${say("waiting")} <span class="soft">${line.length}</span></h2>
      <div class="room-line" tabindex="0" role="region" aria-label=${say("waiting")}>
        ${line.length ? nothing : html`<p class="soft">${say("nobodyWaiting")}</p>`}
        <ol role="list">
          ${repeat(line, (t) => t.id, (t) => row(state, t))}
        </ol>
      </div>
    </aside>
  `;
}

/** Whose visit is over has left the counter; the state says how. */
const call = (ticket) => html`
  <li>
    <span class="number">${ticket.number}</span>
    <span>${ticket.counter === null ? "" : say("counter", { counter: ticket.counter })}</span>
    <span class="soft">${say(`state.${ticket.state}`)}</span>
  </li>
`;

function row(state, ticket) {
  const promised = promiseOf(ticket, state.clock.now());
  const alerted = escalationOf(state.board, ticket.id);
  return html`
    <li class="row" data-urgency=${promised.urgency}>
      <span class="number">${ticket.number}</span>${bar(promised)}<span class="row-left promise-ink">${promised.short}</span>
      ${ticket.priority || alerted
        ? html`
            <span class="row-more">
              ${ticket.priority ? html`<span class="priority">${icon("person")} ${say("priority")}</span>` : nothing}
              ${alerted ? html`<span class="promise-ink">${say(alerted.state === "accepted" ? "extraReady" : "extraCalled")}</span>` : nothing}
            </span>
          `
        : nothing}
    </li>
  `;
}
