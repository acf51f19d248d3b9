/** How long something stays on a screen that many people use: a while after the last touch, longer for who asks. Pure. */
export class Stay {
  #lasts;
  #until = null;

  /** @param {number} lasts ms after the last touch */
  constructor(lasts) {
    this.#lasts = lasts;
  }

  /** Somebody is there at `now`; `atLeast` ms are theirs. What was granted before is not shortened. */
  touch(now, atLeast = this.#lasts) {
    this.#until = Math.max(this.#until ?? 0, now + atLeast);
  }

  end() {
    this.#until = null;
  }

  /** ms left at `now`, 0 when it is time to go; null while nothing stays. */
  left(now) {
    return this.#until === null ? null : Math.max(0, this.#until - now);
  }
}
