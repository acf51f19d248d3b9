/**
 * One number for one wish. While it is unknown whether a request arrived, the same wish goes out under the same key again, so that a
 * nervous second press after a lost answer gets the number of the first, and no number is left without its visitor.
 */

/** ms; after this the same wish is probably another visitor's, and long before it the number would have been seen missing. */
const SAME_WISH = 3 * 60_000;

export class Attempts {
  #newKey;
  #open = new Map();

  /** @param {() => string} newKey */
  constructor(newKey) {
    this.#newKey = newKey;
  }

  /** The key for this wish at `now` (ms, monotonic): the one of its open attempt, or a new one. */
  keyFor(wish, now) {
    const name = JSON.stringify(wish);
    const open = this.#open.get(name);
    if (open && now - open.since < SAME_WISH) return open.key;
    const key = this.#newKey();
    this.#open.set(name, { key, since: now });
    return key;
  }

  /** The server has answered, yes or no: the next press is a new wish. A 5xx or a lost connection is no answer. */
  answered(wish) {
    this.#open.delete(JSON.stringify(wish));
  }
}

/** Whether a Problem leaves open what the server did. */
export function unanswered({ status }) {
  return status === 0 || status >= 500;
}
