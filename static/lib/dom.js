/** The few things that pages without a template library ask of the document. */
import { say } from "./words.js";

export const byId = (id) => document.getElementById(id);

/** Sets the text only when it changed, so that a live region speaks once. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A new element with a class and text. */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** Fills every element that names its words: data-say (text), data-say-label (aria-label). */
export function sayAll(root = document) {
  for (const element of root.querySelectorAll("[data-say]")) setText(element, say(element.dataset.say));
  for (const element of root.querySelectorAll("[data-say-label]")) element.setAttribute("aria-label", say(element.dataset.sayLabel));
}
