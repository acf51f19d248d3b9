/** A ticket's promise as a bar in a lit template. (The page's rules forbid style attributes, also lit's own first styleMap.) */
import { ref } from "../vendor/lit/directives/ref.js";
import { html } from "../vendor/lit/lit-html.js";
import { paint } from "./promise.js";

/** @param {ReturnType<typeof import("./promise.js").promiseOf>} promise; the words beside it say the same */
export const bar = (promise) => html`<span class="promise-bar" aria-hidden="true" ${ref((element) => element && paint(element, promise))}></span>`;
