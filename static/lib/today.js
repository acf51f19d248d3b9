// The day's figures of each counter, folded from the journal's events: how many were served and how long serving took.
// The board cannot tell (it forgets who is done), the journal can; so the page reads it once and then listens.

const NOBODY = { served: 0, timed: 0, ms: 0 };

/** Before the first event. `serving`: counter -> when its visitor sat down; `counters`: counter -> {served, timed, ms}. */
export const noDay = () => ({ serving: new Map(), counters: new Map() });

/** The figures after one event. Does not change its argument. */
export function tally(day, event) {
  if (event.kind === "day.opened") return noDay();
  const number = event.counter?.counter;
  if (number === undefined) return day;
  const serving = new Map(day.serving);
  if (event.kind === "ticket.serving" || event.kind === "ticket.resumed") return { ...day, serving: serving.set(number, event.at) };
  if (event.kind !== "ticket.done") return day;
  const before = day.counters.get(number) ?? NOBODY;
  const since = serving.get(number); // unknown when the journal that was read begins in the middle of a visit
  const timed = since === undefined ? {} : { timed: before.timed + 1, ms: before.ms + event.at - since };
  serving.delete(number);
  return { serving, counters: new Map(day.counters).set(number, { ...before, served: before.served + 1, ...timed }) };
}

/** What one counter did: {served, average} with average in ms, null while nobody was served. */
export function figures(day, number) {
  const { served, timed, ms } = day.counters.get(number) ?? NOBODY;
  return { served, average: timed ? ms / timed : null };
}

/** The figures of the running day: read once for each whole board, then kept up by the events that follow it. */
export class Today {
  #load;
  #day = null;
  #later = [];
  #turn = 0;

  /** @param {(board) => Promise<object|null>} load the figures up to a board (lib/staff.js), null when they cannot be had */
  constructor(load) {
    this.#load = load;
  }

  /** {served, average} of a counter, or null while not known. */
  of(counter) {
    return this.#day && figures(this.#day, counter);
  }

  /** To be told of each new board and the events that led to it (none: the board came whole). */
  async heard(board, events) {
    if (events.length) {
      if (this.#day) this.#day = events.reduce(tally, this.#day);
      else this.#later?.push(...events);
      return;
    }
    const turn = (this.#turn += 1);
    [this.#day, this.#later] = [null, []];
    const until = await this.#load(board);
    if (turn !== this.#turn) return;
    this.#day = until && this.#later.reduce(tally, until);
    this.#later = null;
  }
}
