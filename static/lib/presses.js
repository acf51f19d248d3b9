// A press acts once. Two presses in quick succession are one, because after the first answer the same place already means the
// next step: a double click on "Panggil berikutnya" would otherwise also press "Layani".

/** ms of rest after a press. A click: the longest double click that Windows counts as one by default. A key: a finger is quicker. */
const REST = { click: 500, key: 250 };

export class Presses {
  #busy = null;
  #rested = -Infinity;

  /** What is being done now (the name given to `take`), or null. */
  get busy() {
    return this.#busy;
  }

  /** How many ms from `now` (monotonic) the next press counts again, as far as the rest is concerned. */
  restLeft(now) {
    return Math.max(0, this.#rested - now);
  }

  /** Whether a press at `now` counts; if so, `name` is busy until `done`. @param {"click"|"key"} by */
  take(name, now, by = "click") {
    const counts = this.#busy === null && this.restLeft(now) === 0;
    this.#rested = now + REST[by]; // also after a press that does not count: who hammers the button acts once
    if (counts) this.#busy = name;
    return counts;
  }

  done() {
    this.#busy = null;
  }
}

/** What made a click: a finger or mouse, or Enter or Space on the focused button (then no click is counted). */
export const pressedBy = (event) => (event.detail === 0 ? "key" : "click");

const TYPES_TEXT = "input:not([type=radio], [type=checkbox]), textarea, select";
const ACTS_ITSELF = "button, a[href], summary, input";
/** These mean nothing to a text field, so they work from there too. */
const NEVER_TYPED = /^(F\d+|Escape)$/;

/** Which of `keys` ({key: name}) this keydown means, or null: not while held down, not with Ctrl, Alt or Meta, not while typing. */
export function shortcut(event, keys) {
  if (event.repeat || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const name = keys[key] ?? null;
  if (!name || NEVER_TYPED.test(key)) return name;
  if (event.target.closest?.(TYPES_TEXT)) return null;
  if ((key === "Enter" || key === " ") && event.target.closest?.(ACTS_ITSELF)) return null; // the focused button's own press
  return name;
}
