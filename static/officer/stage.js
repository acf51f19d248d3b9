/** The visitor at this counter, huge; the one next right action; the smaller ones beside it. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { bar } from "../lib/bar.js";
import { keptPercent } from "../lib/board.js";
import { formatCountdown } from "../lib/clock.js";
import { standing } from "../lib/console.js";
import { icon } from "../lib/icons.js";
import { serviceName } from "../lib/office.js";
import { pressedBy } from "../lib/presses.js";
import { promiseOf } from "../lib/promise.js";
import { language, minutesWord, say } from "../lib/words.js";
import { panel } from "./panels.js";

const SECOND_LINE = [["recall", "R"], ["skip", "L"], ["hold", "T"], ["transfer", "A"], ["pause", "I"], ["close", ""]];

/** The left side of the console. */
export function stage(state, hand) {
  const { counter, visitor } = standing(state.board, state.counter);
  const next = hand.next;
  return html`
    <main class="stage">
      ${today(state)}
      <section class="visitor" data-state=${counter.state === "open" ? (visitor?.state ?? "free") : counter.state} aria-live="polite">
        ${counter.state === "open" ? person(state, visitor ?? next.ticket, visitor) : paused(state)}
      </section>
      <p class="notice" role="status">${state.notice?.() ?? ""}</p>
      <section class="deck">${state.panel ? panel(state, hand) : deck(state, hand, next)}</section>
    </main>
  `;
}

function today({ board, today: figures, counter }) {
  const here = figures.of(counter);
  const { kept, broken } = board.promise;
  const percent = keptPercent(board.promise);
  const average = here?.average && new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(here.average / 60_000);
  return html`
    <dl class="today">
      ${here && figure("today.served", here.served)} ${average ? figure("today.average", say("today.minutes", { minutes: average })) : nothing}
      ${percent === null
        ? nothing
        : figure("today.kept", say("today.percent", { percent }), say("today.keptOf", { kept, all: kept + broken }))}
    </dl>
  `;
}

const figure = (label, value, more = "") => html`<div><dt>${say(label)}</dt><dd>${value} <small>${more}</small></dd></div>`;

const paused = ({ counter }) => html`
  <p class="visitor-label">${icon("pause")} ${say("counter", { counter })}</p>
  <p class="visitor-word">${say("stage.paused")}</p>
  <p class="visitor-facts">${say("stage.pausedHint")}</p>
`;

function person(state, ticket, visitor) {
  if (!ticket) {
    return html`
      <p class="visitor-label">${say("stage.next")}</p>
      <p class="visitor-word">${say("stage.empty")}</p>
      <p class="visitor-facts">${say("stage.emptyHint")}</p>
    `;
  }
  const now = state.clock.now();
  const waited = (ticket.called_at ?? now) - ticket.taken_at;
  return html`
    <p class="visitor-label">${label(visitor, now)}</p>
    <p class="visitor-number number">${ticket.number}</p>
    <p class="visitor-facts">
      ${ticket.priority ? html`<span class="priority">${icon("person")} ${say("priority")}</span>` : nothing}
      <span>${serviceName(state.office, ticket.service, language())}</span>
      ${ticket.satker ? html`<span>${say("stage.satker", { satker: ticket.satker })}</span>` : nothing}
      <span>${say("stage.waited", { time: minutesWord(-waited) })}</span>
    </p>
    ${promise(ticket, now)}
  `;
}

/** The running seconds are not read aloud each second: only the words before them are. */
function label(visitor, now) {
  if (!visitor) return say("stage.next");
  const since = visitor.state === "serving" ? visitor.serving_at : visitor.called_at;
  return html`${say(`stage.${visitor.state}`)} <span class="since" aria-hidden="true">${formatCountdown(since - now)}</span>`;
}

function promise(ticket, now) {
  if (ticket.serving_at === null) {
    const promised = promiseOf(ticket, now);
    return html`
      <p class="visitor-promise" data-urgency=${promised.urgency} aria-live="off">
        ${bar(promised)}<span class="promise-ink">${icon(promised.urgency)} ${say("stage.promise", { time: promised.long })}</span>
      </p>
    `;
  }
  const late = ticket.serving_at - ticket.deadline;
  const [urgency, words] = late > 0 ? ["overdue", say("stage.broken", { time: minutesWord(-late) })] : ["calm", say("stage.kept")];
  return html`
    <p class="visitor-promise" data-urgency=${urgency}>
      <span class="promise-ink">${icon(late > 0 ? "overdue" : "check")} ${words}</span>
    </p>
  `;
}

function deck(state, hand, next) {
  const away = next.counter !== state.counter;
  const idle = next.verb === "call-next" && !next.ticket;
  const label = away ? say("verb.call-next-at", { counter: next.counter }) : say(`verb.${next.verb}`);
  return html`
    <button id="main" class="button button-primary main" aria-busy=${hand.busy === "main"} aria-disabled=${idle || !hand.free} @click=${(event) => hand.press("main", pressedBy(event))}>
      <span>${label}</span><kbd class="key">Enter</kbd>
    </button>
    <div class="second">${SECOND_LINE.map(([verb, key]) => second(hand, verb, key))}</div>
  `;
}

function second(hand, verb, key) {
  const off = !hand.free || !hand.may(verb);
  return html`
    <button class="button" data-verb=${verb} aria-busy=${hand.busy === verb} aria-disabled=${off} @click=${(event) => hand.press(verb, pressedBy(event))}>
      <span>${say(`verb.${verb}`)}</span>${key ? html`<kbd class="key">${key}</kbd>` : nothing}
    </button>
  `;
}
