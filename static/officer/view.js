/** The whole page, from its state. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { held, standing } from "../lib/console.js";
import { serviceName } from "../lib/office.js";
import { officeChoice } from "../lib/officechoice.js";
import { soundLamp, topbar } from "../lib/topbar.js";
import { language, say } from "../lib/words.js";
import { alert } from "./alert.js";
import { counters } from "./choose.js";
import { line } from "./line.js";
import { stage } from "./stage.js";

/** Top bar, connection line, and what the officer works with now; an alert over it. */
export function page(state, hand) {
  return html`
    ${topbar({ place: place(state, hand), session: state.session, connection: state.office && state.connection, clock: state.clock, zone: state.office?.time_zone, lamps: soundLamp(state.sound), line: state.line })}
    <div class="over">${state.board ? alert(state, hand) : nothing}</div>
    ${work(state, hand)}
  `;
}

function work(state, hand) {
  if (!state.office) return officeChoice(state.offices, hand.enter);
  if (!state.board) return html`<main class="choose"><p class="soft">${say("connecting")}</p></main>`;
  if (state.counter === null) return counters(state, hand);
  return html`<div class="work">${stage(state, hand)} ${line(state, hand)}</div>`;
}

function place(state, hand) {
  if (!state.board || state.counter === null) return html`<b>${state.office?.name ?? "KAYAN"}</b> <span>${state.session.name}</span>`;
  const { counter } = standing(state.board, state.counter);
  const names = counter.services.map((code) => serviceName(state.office, code, language())).join(", ");
  return html`
    <h1 class="visually-hidden">${say("counter", { counter: state.counter })}</h1>
    <nav class="tabs" aria-label=${say("choose.counter")}>
      ${held(state.board, state.session.name).map((c) => tab(state, hand, c))}
    </nav>
    <span class="place-who">${state.session.name} · ${names}</span>
    <button class="topbar-button" @click=${() => hand.go(null)}>${say("choose.other")}</button>
  `;
}

function tab(state, hand, { counter, ticket }) {
  const number = ticket && state.board.tickets.get(ticket)?.number;
  const here = counter === state.counter;
  return html`
    <button class="tab" aria-current=${here ? "true" : "false"} @click=${() => hand.go(counter)}>
      ${say("counter", { counter })}${number && !here ? html` <span class="number">${number}</span>` : nothing}
    </button>
  `;
}
