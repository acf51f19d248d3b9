/** Motion shows what changed, and only where the reader wants any. */

/** ms of a duration token, e.g. "--settle"; next to nothing under reduced motion, as tokens.css says. */
function duration(token) {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(token));
}

/** Lets an element arrive from where it was seen before. @param {Element} element @param {DOMRect|undefined} from */
export function travel(element, from) {
  if (!from || !element) return;
  const to = element.getBoundingClientRect();
  const start = `translate(${from.left - to.left}px, ${from.top - to.top}px) scale(${from.height / to.height})`;
  element.animate([{ transform: start, transformOrigin: "0 0" }, { transform: "none", transformOrigin: "0 0" }], {
    duration: duration("--settle"),
    easing: "cubic-bezier(0.2, 0, 0, 1)",
  });
}
