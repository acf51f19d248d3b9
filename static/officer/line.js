/** The right side of the console: who waits, oldest promise first, and who may come back. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { repeat } from "../vendor/lit/directives/repeat.js";
import { bar } from "../lib/bar.js";
import { escalationOf } from "../lib/board.js";
import { textTime } from "../lib/clock.js";
import { away, queue, standing } from "../lib/console.js";
import { icon } from "../lib/icons.js";
import { pressedBy } from "../lib/presses.js";
import { promiseOf } from "../lib/promise.js";
import { language, minutesWord, say } from "../lib/words.js";

/** The column with the line and those who left it. */
export function line(state, hand) {
  const { counter } = standing(state.board, state.counter);
  const { alerted, mine, others } = queue(state.board, counter.services);
  return html`
    <aside class="line">
      <header class="line-head">
        <h2>${say("waiting")}</h2>
        <div class="filter" role="group" aria-label=${say("queue.shown")}>
          ${filter(state, hand, false, say("queue.mine"), mine.length)} ${filter(state, hand, true, say("queue.all"), alerted.length + mine.length + others.length)}
        </div>
      </header>
      <div class="line-rows" tabindex="0" role="region" aria-label=${say("waiting")}>
        ${alerted.length || mine.length || (state.all && others.length) ? nothing : html`<p class="line-empty soft">${say("nobodyWaiting")}</p>`}
        ${rows(state, hand, [...alerted, ...mine])}
        ${state.all && others.length
          ? html`<h3 class="line-others soft">${say("queue.elsewhere")}</h3><div class="elsewhere">${rows(state, hand, others)}</div>`
          : nothing}
      </div>
      ${warning(state)} ${comeBack(state, hand)}
    </aside>
  `;
}

function filter(state, hand, all, label, count) {
  return html`<button class="button" aria-pressed=${state.all === all} @click=${() => hand.show(all)}>${label} <b>${count}</b></button>`;
}

const rows = (state, hand, tickets) => html`
  <ol role="list">
    ${repeat(tickets, (t) => t.id, (t) => row(state, hand, t))}
  </ol>
`;

function row(state, hand, ticket) {
  const promised = promiseOf(ticket, state.clock.now());
  const escalation = escalationOf(state.board, ticket.id);
  const isNext = hand.next.verb === "call-next" && hand.next.ticket?.id === ticket.id;
  return html`
    <li class="row" data-urgency=${promised.urgency}>
      <span class="number">${ticket.number}</span>
      ${bar(promised)}
      <span class="row-left promise-ink">${promised.short}</span>
      ${isNext || ticket.priority || escalation
        ? html`
            <span class="row-more">
              ${ticket.priority ? html`<span class="priority">${icon("person")} ${say("priority")}</span>` : nothing}
              ${escalation ? alertWords(state, hand, escalation) : isNext ? html`<span class="next-tag">${say("queue.next")}</span>` : nothing}
            </span>
          `
        : nothing}
    </li>
  `;
}

function alertWords(state, hand, e) {
  const me = state.session.name;
  const zone = state.office.time_zone;
  if (e.state === "accepted") {
    const time = textTime(e.answer_by, zone, language());
    if (e.accepted_by === me) return html`<span class="promise-ink">${icon("check")} ${say("alarm.rowMine", { time })}</span>`;
    return html`<span>${icon("check")} ${say(e.counter ? "alarm.rowOthersAt" : "alarm.rowOthers", { counter: e.counter })}</span>`;
  }
  if (!e.declined_by?.includes(me)) return html`<span class="promise-ink">${say("alarm.rowOpen")}</span>`;
  return html`
    <span class="promise-ink">${say("alarm.rowDeclined")}</span>
    <button class="button small" aria-busy=${hand.answering === `accept ${e.id}`} aria-disabled=${!hand.freeToAnswer} @click=${(event) => hand.accept(e, pressedBy(event))}>
      ${say("alarm.accept")}
    </button>
  `;
}

function warning({ warning: warned }) {
  const words = warned ? say("queue.warned", { number: warned.number, time: minutesWord(warned.after * 1000) }) : "";
  return html`<p class="warned" role="status" ?hidden=${!warned}>${warned ? icon("soon") : nothing} ${words}</p>`;
}

function comeBack(state, hand) {
  const { held, skipped } = away(state.board);
  const find = (event) => {
    event.preventDefault();
    if (hand.bringBack(new FormData(event.target).get("number"))) event.target.reset();
  };
  return html`
    <section class="away" aria-labelledby="away-title">
      <h3 id="away-title">${say("queue.away")}</h3>
      <ul role="list" tabindex="0" aria-labelledby="away-title">
        ${repeat([...held, ...skipped], (t) => t.id, (t) => gone(hand, t))}
      </ul>
      <form @submit=${find}>
        <input class="input" name="number" maxlength="12" autocapitalize="characters" autocomplete="off" placeholder="${say("queue.other")} (A012)" aria-label=${say("queue.other")} />
        <button class="button" aria-busy=${hand.busy === "bring-back"} aria-disabled=${!hand.free}>${say("verb.return")}</button>
      </form>
    </section>
  `;
}

function gone(hand, ticket) {
  const verb = ticket.state === "held" ? "resume" : "return";
  const name = `${verb} ${ticket.number}`;
  return html`
    <li>
      <span class="number">${ticket.number}</span>
      <span class="soft">${ticket.state === "held" ? (ticket.reason ?? say("queue.held")) : say("queue.skipped")}</span>
      <button
        class="button small"
        aria-label="${say(`verb.${verb}`)} ${ticket.number}"
        aria-busy=${hand.busy === name}
        aria-disabled=${!hand.free || !hand.may(verb)}
        @click=${(event) => hand.may(verb) && hand.verb(verb, { number: ticket.number }, pressedBy(event), name)}
      >
        ${say(`verb.${verb}`)}
      </button>
    </li>
  `;
}
