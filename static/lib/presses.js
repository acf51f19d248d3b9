// A press acts once. Two presses in quick succession are one, because after the first answer the same place already means the
// next step: a double click on "Panggil berikutnya" would otherwise also press "Layani".

const DOUBLE = 500; // ms; the longest double click that Windows counts as one by default

export class Presses {
  #busy = null;
  #last = -Infinity;

  /** What is being done now (the name given to `take`), or null. */
  get busy() {
    return this.#busy;
  }

  /** Whether a press at `now` (ms, monotonic) counts; if so, `name` is busy until `done`. */
  take(name, now) {
    const soon = now - this.#last < DOUBLE;
    this.#last = now; // a press that does not count still starts the time anew: who hammers the button acts once
    if (this.#busy !== null || soon) return false;
    this.#busy = name;
    return true;
  }

  done() {
    this.#busy = null;
  }
}

const TYPES_TEXT = "input, textarea, select, [contenteditable]";
const ACTS_ITSELF = "button, a[href], summary, [role=radio], [role=tab]";

/** Which of `keys` ({key: name}) this keydown means, or null: not held down, not with Ctrl or Alt, not while typing or in a dialog. */
export function shortcut(event, keys, { modal = false } = {}) {
  if (event.repeat || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const name = keys[key] ?? null;
  const isFunctionKey = /^F\d+$/.test(key); // these mean nothing to a text field or a dialog
  if (!name || isFunctionKey) return name;
  if (modal || event.target.closest?.(TYPES_TEXT)) return null;
  if ((key === "Enter" || key === " ") && event.target.closest?.(ACTS_ITSELF)) return null; // the focused button's own press
  return name;
}
