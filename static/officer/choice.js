/** Which counter is marked on the page of all counters, and for which services; the last one is remembered on this computer. */
import { offered } from "../lib/console.js";

export class Choice {
  #state;
  #draw;
  #counter = null;
  #services = null;

  constructor(state, draw) {
    this.#state = state;
    this.#draw = draw;
  }

  get #key() {
    return `kayan.counter.${this.#state.office.id}`;
  }

  /** The counter used last on this computer, or null. */
  get last() {
    try {
      return Number(localStorage.getItem(this.#key)) || null;
    } catch {
      return null; // a browser that keeps nothing: then the first free counter is offered
    }
  }

  remember(counter) {
    try {
      localStorage.setItem(this.#key, counter);
    } catch {
      // As above.
    }
  }

  /** {counter, services, mine, planned}, or null when no counter can be had; `planned`: the services are those of the office's plan. */
  get now() {
    const { board, session, office } = this.#state;
    const marked = offered(board, session.name, this.#counter ?? this.last);
    if (!marked) return null;
    const plan = office.counters.find((c) => c.counter === marked.counter)?.services ?? marked.services;
    const services = (marked.counter === this.#counter && this.#services) || plan;
    return { counter: marked.counter, services, mine: marked.state !== "closed", planned: String(services) === String(plan) };
  }

  mark(counter) {
    [this.#counter, this.#services] = [counter, null];
    this.#draw();
  }

  /** Adds or takes away a service, in the office's order; the last one stays. */
  toggle(code) {
    const { counter, services } = this.now;
    const wanted = this.#state.office.services.map((s) => s.code).filter((c) => services.includes(c) !== (c === code));
    [this.#counter, this.#services] = [counter, wanted.length ? wanted : services];
    this.#draw();
  }
}
