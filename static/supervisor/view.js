/** The supervisor's page, from its state. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { repeat } from "../vendor/lit/directives/repeat.js";
import { bar } from "../lib/bar.js";
import { escalationOf, openEscalations, waiting } from "../lib/board.js";
import { formatCountdown, textTime } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { serviceName } from "../lib/office.js";
import { countersOf, glance, powers } from "../lib/overview.js";
import { promiseOf } from "../lib/promise.js";
import { soundLamp, topbar } from "../lib/topbar.js";
import { countdownWord, language, minutesWord, say } from "../lib/words.js";

export function page(state, hand) {
  const { office, session, connection, clock } = state;
  const place = html`<b>${office.name}</b> <span>${say("sup.title")} · ${session.name}</span> <a class="topbar-button" href="/officer">${say("sup.console")}</a>`;
  return html`
    ${topbar({ place, session, connection, clock, zone: office.time_zone, lamps: soundLamp(state.sound), line: state.line })}
    ${state.board && clock.now() !== null ? work(state, hand) : html`<main class="work"><p class="soft">${say("connecting")}</p></main>`}
  `;
}

function work(state, hand) {
  const all = openEscalations(state.board);
  const open = [...all.filter((e) => e.state === "raised"), ...all.filter((e) => e.state !== "raised")];
  return html`
    <main class="work">
      <h1 class="visually-hidden">${say("sup.title")}</h1>
      ${figures(glance(state.board, state.clock.now()))}
      <section class="alerts" role="region" aria-label=${say("sup.alerts")} ?hidden=${!open.length}>
        <h2>${say("sup.alerts")}</h2>
        <ul role="list">
          ${repeat(open, (e) => e.id, (e) => alert(state, hand, e))}
        </ul>
      </section>
      <p class="notice" role="status">${state.notice?.() ?? ""}</p>
      <div class="halves">
        <section aria-labelledby="counters-title">
          <h2 id="counters-title">${say("sup.counters")}</h2>
          <ul role="list" class="counters">
            ${countersOf(state.board).map((at) => card(state, hand, at))}
          </ul>
        </section>
        ${line(state)}
      </div>
    </main>
  `;
}

function figures(at) {
  return html`
    <dl class="figures">
      ${figure("sup.kept", at.percent === null ? "–" : `${at.percent}%`, say("sup.keptOf", { kept: at.kept, all: at.counted, excused: at.excused }))}
      ${figure("waiting", at.waiting, at.overdue ? say("sup.overdue", { count: at.overdue }) : say("sup.noneOverdue"))}
      ${figure("sup.longest", at.longest === null ? "–" : minutesWord(-at.longest), "")}
      ${figure("sup.open", at.open, say("sup.openOf", { all: at.counters }))}
    </dl>
  `;
}

const figure = (label, value, more) => html`<div><dt>${say(label)}</dt><dd>${value} <small>${more}</small></dd></div>`;

function alert(state, hand, e) {
  const zone = state.office.time_zone;
  const raised = e.state === "raised";
  const late = countdownWord(e.due_at - state.clock.now()); // as the list beside it says it
  const by = { officer: e.accepted_by, time: textTime(e.answer_by ?? e.raised_at, zone, language()), counter: e.counter };
  return html`
    <li class="alert-row" data-state=${e.state}>
      <span class="number">${e.number}</span>
      <span>${serviceName(state.office, e.service, language())}, ${say("late", { time: late })}</span>
      <span>${raised ? say(`sup.level${e.level}`) : say(e.counter ? "sup.byAt" : "sup.by", by)}</span>
      <span class="soft">${raised && e.declined_by.length ? say("sup.declined", { officers: e.declined_by.join(", ") }) : nothing}</span>
      ${raised
        ? html`
            <button class="button button-danger" aria-busy=${hand.busy === `accept ${e.id}`} aria-disabled=${!hand.free} @click=${(event) => hand.accept(e, event)}>
              ${say("sup.accept")}
            </button>
          `
        : html`<span class="accepted">${icon("check")} ${say("sup.acceptedTag")}</span>`}
    </li>
  `;
}

function card(state, hand, { counter, visitor }) {
  const may = powers({ counter, visitor }, state.session.name);
  const services = counter.services.map((code) => serviceName(state.office, code, language())).join(", ");
  return html`
    <li class="card counter" data-state=${counter.state}>
      <div class="counter-head">
        <h3>${say("counter", { counter: counter.counter })}</h3>
        ${counter.kind === "reserve" ? html`<span class="tag">${say("sup.reserve")}</span>` : nothing}
        <span class="counter-state">${say(`counter.${counter.state}`)}</span>
      </div>
      ${counter.officer ? html`<p class="counter-officer">${icon("person")} ${counter.officer}</p>` : nothing}
      <p class="counter-visitor">${visitor ? atCounter(state, visitor) : html`<span class="soft">${services}</span>`}</p>
      ${may.takeOver || may.close
        ? html`
            <div class="counter-powers">
              ${may.takeOver
                ? power(hand, state, `take ${counter.counter}`, "sup.takeOver", (event) => hand.takeOver(counter.counter, event))
                : nothing}
              ${may.close
                ? power(hand, state, `close ${counter.counter}`, "sup.close", (event) => hand.close(counter.counter, !may.takeOver, event))
                : nothing}
            </div>
          `
        : nothing}
    </li>
  `;
}

function power(hand, state, name, label, press) {
  const asked = state.sure === name;
  return html`
    <button class="button small ${asked ? "button-danger" : ""}" aria-busy=${hand.busy === name} aria-disabled=${!hand.free} @click=${press}>
      ${say(asked ? `${label}Sure` : label)}
    </button>
  `;
}

function atCounter(state, visitor) {
  const since = visitor.state === "serving" ? visitor.serving_at : visitor.called_at;
  return html`
    <b class="number">${visitor.number}</b> ${say(`state.${visitor.state}`)}
    <span class="since">${formatCountdown(since - state.clock.now())}</span>
  `;
}

function line(state) {
  const tickets = waiting(state.board).sort((a, b) => a.deadline - b.deadline);
  return html`
    <section class="line" aria-labelledby="line-title">
      <h2 id="line-title">${say("waiting")} <span class="soft">${tickets.length}</span></h2>
      ${tickets.length ? nothing : html`<p class="soft">${say("nobodyWaiting")}</p>`}
      <ol role="list">
        ${repeat(tickets, (t) => t.id, (t) => row(state, t))}
      </ol>
    </section>
  `;
}

function row(state, ticket) {
  const promised = promiseOf(ticket, state.clock.now());
  const alerted = escalationOf(state.board, ticket.id);
  return html`
    <li class="row" data-urgency=${promised.urgency}>
      <span class="number">${ticket.number}</span>${bar(promised)}<span class="row-left promise-ink">${promised.short}</span>
      <span class="row-more">
        ${alerted
          ? html`<span class="promise-ink">${say(alerted.state === "accepted" ? "extraReady" : "extraCalled")}</span>`
          : html`<span class="soft">${serviceName(state.office, ticket.service, language())}${ticket.satker ? ` · ${ticket.satker}` : ""}</span>`}
        ${ticket.priority ? html`<span class="priority">${icon("person")} ${say("priority")}</span>` : nothing}
      </span>
    </li>
  `;
}
