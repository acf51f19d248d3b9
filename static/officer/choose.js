/** Choosing the counter, before the console. */
import { html, nothing } from "../vendor/lit/lit-html.js";
import { serviceName } from "../lib/office.js";
import { language, say } from "../lib/words.js";

/** The counters of the office: one is chosen, then its services, then opened. */
export function counters(state, hand) {
  const chosen = hand.choice.now;
  return html`
    <main class="choose">
      <form @submit=${(event) => (event.preventDefault(), hand.openChosen())}>
        <h1>${say("choose.counter")}</h1>
        <p class="soft choose-hint">${state.board.counters.size ? say("choose.hint") : say("choose.noCounters")}</p>
        <div class="counters" role="radiogroup" aria-label=${say("choose.counter")}>
          ${[...state.board.counters.values()].map((counter) => card(state, hand, counter, chosen))}
        </div>
        ${chosen ? services(state, hand, chosen) : nothing}
        <div class="choose-end">
          <p class="notice" role="status">${state.notice?.() ?? ""}</p>
          ${chosen
            ? html`
                <button id="main" class="button button-primary main" aria-disabled=${!hand.free} aria-busy=${hand.busy !== null}>
                  <span>${say(chosen.mine ? "choose.go" : "choose.open", { counter: chosen.counter })}</span><kbd class="key">Enter</kbd>
                </button>
              `
            : nothing}
        </div>
      </form>
    </main>
  `;
}

function card(state, hand, counter, chosen) {
  const mine = counter.state !== "closed" && counter.officer === state.session.name;
  const taken = counter.state !== "closed" && !mine;
  const status = taken ? say("choose.held", { officer: counter.officer }) : say(mine ? "choose.mine" : "choose.free");
  return html`
    <label class="counter-card" data-taken=${taken}>
      <input
        type="radio"
        name="counter"
        value=${counter.counter}
        .checked=${chosen?.counter === counter.counter}
        ?disabled=${taken}
        @change=${() => hand.choice.mark(counter.counter)}
      />
      <span class="counter-number">${say("counter", { counter: counter.counter })}</span>
      <span class="counter-kind" data-kind=${counter.kind}>${say(`choose.${counter.kind}`)}</span>
      <span class="counter-services soft">${counter.services.map((code) => serviceName(state.office, code, language())).join(", ")}</span>
      <span class="counter-state">${status}${hand.choice.last === counter.counter ? html` · ${say("choose.last")}` : nothing}</span>
    </label>
  `;
}

function services(state, hand, chosen) {
  if (chosen.mine) return nothing;
  return html`
    <fieldset class="services">
      <legend>${say("choose.services", { counter: chosen.counter })}</legend>
      ${state.office.services.map(
        ({ code }) => html`
          <label>
            <input type="checkbox" .checked=${chosen.services.includes(code)} @change=${() => hand.choice.toggle(code)} />
            <b>${code}</b> ${serviceName(state.office, code, language())}
          </label>
        `,
      )}
    </fieldset>
  `;
}
