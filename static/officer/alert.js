/** The alert that a promise has fallen due: over everything, moving nothing, never in the way of a press meant for the visitor. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { alarms, reserveFor } from "../lib/alarms.js";
import { standing } from "../lib/console.js";
import { icon } from "../lib/icons.js";
import { serviceName } from "../lib/office.js";
import { pressedBy } from "../lib/presses.js";
import { language, minutesWord, say } from "../lib/words.js";

const SHOWN_BESIDE = 2;

/** All open alerts that ask this officer, as one block, the oldest large. */
export function alert(state, hand) {
  const [first, ...rest] = alarms(state.board, state.session.name).asking;
  if (!first) return nothing;
  const waited = minutesWord(first.due_at - state.office.guarantee.seconds * 1000 - state.clock.now());
  return html`
    <section class="alert" role="region" aria-label=${say("alarm.region")}>
      <p class="alert-number number">${first.number}</p>
      <div class="alert-words">
        <p><b>${say("alarm.one", { time: waited })}</b> ${serviceName(state.office, first.service, language())}</p>
        <p>${first.level > 1 ? say(`alarm.level${first.level}`) : nothing} ${consequence(state, first)}</p>
        ${rest.length ? others(state, rest) : nothing}
      </div>
      <div class="alert-answers">
        ${answer(hand, "accept", "F9", first)} ${answer(hand, "decline", "F10", first)}
      </div>
    </section>
  `;
}

function answer(hand, name, key, escalation) {
  const busy = hand.answering === `${name} ${escalation.id}`;
  return html`
    <button class="button ${name}" aria-busy=${busy} aria-disabled=${!hand.freeToAnswer} @click=${(event) => hand[name](escalation, pressedBy(event))}>
      <span>${say(`alarm.${name}`)}</span><kbd class="key">${key}</kbd>
    </button>
  `;
}

/** What accepting will do, said before the press. */
function consequence(state, escalation) {
  const reserve = reserveFor(state.board, escalation, state.session.name);
  if (reserve && reserve.counter !== state.counter) return say(reserve.state === "closed" ? "alarm.reserve" : "alarm.at", { counter: reserve.counter });
  const here = state.counter === null ? null : standing(state.board, state.counter)?.counter;
  return say(here?.services.includes(escalation.service) ? "alarm.here" : "alarm.nowhere");
}

function others(state, rest) {
  const more = rest.length - SHOWN_BESIDE;
  return html`
    <ul class="alert-others" role="list" aria-label=${say("alarm.also")}>
      ${rest.slice(0, SHOWN_BESIDE).map((e) => html`<li>${icon("overdue")} <b class="number">${e.number}</b> ${say("late", { time: minutesWord(e.due_at - state.clock.now()) })}</li>`)}
      ${more > 0 ? html`<li>${say("alarm.more", { count: more })}</li>` : nothing}
    </ul>
  `;
}
