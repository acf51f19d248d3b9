/** Choosing the office, for an account that has several. */
import { html } from "../vendor/lit/lit-html.js";
import { say } from "./words.js";

/** @param {{id: string, name: string}[]} offices @param {(id: string) => void} choose */
export const officeChoice = (offices, choose) => html`
  <main class="office-choice">
    <h1>${say("bar.chooseOffice")}</h1>
    ${offices.length ? "" : html`<p class="soft">${say("bar.noOffices")}</p>`}
    <ul role="list">
      ${offices.map((office) => html`<li><button class="button" @click=${() => choose(office.id)}>${office.name}</button></li>`)}
    </ul>
  </main>
`;
