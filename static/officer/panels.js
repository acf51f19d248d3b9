/** What takes the place of the buttons while a reason or a service is chosen. */
import { html } from "../vendor/lit/lit-html.js";
import { standing } from "../lib/console.js";
import { waiting } from "../lib/board.js";
import { serviceName } from "../lib/office.js";
import { pressedBy } from "../lib/presses.js";
import { language, say } from "../lib/words.js";

const REASONS = ["documents", "correction", "colleague", "officer"];
const REASON_MAX = 200; // characters, as the server takes them (server/routes/models.py)

/** The choices of the open panel: {key, label, hint, body}; `body` goes with the verb. */
export function options(state) {
  if (state.panel === "hold") {
    return REASONS.map((name, i) => ({ key: String(i + 1), label: say(`hold.${name}`), hint: "", body: { reason: say(`hold.${name}`) } }));
  }
  const { visitor } = standing(state.board, state.counter);
  return state.office.services
    .filter((service) => service.code !== visitor?.service)
    .map(({ code }) => ({
      key: code.toLowerCase(),
      label: serviceName(state.office, code, language()),
      hint: say("transfer.waiting", { count: waiting(state.board, 0, [code]).length }),
      body: { service: code },
    }));
}

/** The panel in the buttons' place. */
export function panel(state, hand) {
  const { visitor } = standing(state.board, state.counter);
  return html`
    <div class="panel" role="group" aria-labelledby="panel-title">
      <h2 id="panel-title">${say(`${state.panel}.title`, { number: visitor?.number ?? "" })}</h2>
      <div class="panel-options">
        ${options(state).map(
          (option) => html`
            <button
              class="button"
              aria-busy=${hand.busy === `${state.panel} ${option.key}`}
              aria-disabled=${!hand.free}
              @click=${(event) => hand.verb(state.panel, option.body, pressedBy(event), `${state.panel} ${option.key}`)}
            >
              <kbd class="key">${option.key.toUpperCase()}</kbd><span>${option.label}</span><span class="soft">${option.hint}</span>
            </button>
          `,
        )}
      </div>
      <div class="panel-end">
        ${state.panel === "hold" ? otherReason(hand) : html`<p class="soft">${say("transfer.hint")}</p>`}
        <button class="button button-quiet" @click=${() => hand.press("close-panel")}>${say("cancel")} <kbd class="key">Esc</kbd></button>
      </div>
    </div>
  `;
}

function otherReason(hand) {
  const submit = (event) => {
    event.preventDefault();
    const reason = new FormData(event.target).get("reason").trim();
    if (reason) hand.verb("hold", { reason });
  };
  return html`
    <form class="panel-other" @submit=${submit}>
      <input class="input" name="reason" maxlength=${REASON_MAX} aria-label=${say("hold.other")} placeholder=${say("hold.other")} autocomplete="off" />
      <button class="button" aria-busy=${hand.busy === "hold"} aria-disabled=${!hand.free}>${say("verb.hold")}</button>
    </form>
  `;
}
