/** The officer's hand: what a press or a key does, and that it does it once. The state it is given is the page's. */
import { alarms, reserveFor } from "../lib/alarms.js";
import { allowed, nextAction, numberTyped, shows, standing } from "../lib/console.js";
import { serviceName } from "../lib/office.js";
import { Presses, shortcut } from "../lib/presses.js";
import { refusal } from "../lib/staffpage.js";
import { accept, atCounter, decline } from "../lib/staff.js";
import { language, say } from "../lib/words.js";
import { Choice } from "./choice.js";
import { options } from "./panels.js";

/** ms; the answer to a POST and the change on the live stream come within moments of each other. Beyond this the buttons are given back. */
const SHOWN_WITHIN = 1000;
const KEYS = { Enter: "main", " ": "main", r: "recall", l: "skip", t: "hold", a: "transfer", i: "pause" };
const PANELS = new Set(["hold", "transfer"]);

export class Hand {
  #state;
  #draw;
  #presses = new Presses();
  #answers = new Presses(); // an alert can be answered while a verb is under way
  #waiters = new Set();

  /** @param {object} state the page's @param {() => void} draw shows it */
  constructor(state, draw) {
    this.#state = state;
    this.#draw = draw;
    this.choice = new Choice(state, draw);
  }

  /** The verb under way at the counter, or null. */
  get busy() {
    return this.#presses.busy;
  }

  /** Whether a press would count now: connected, answered, rested. */
  get free() {
    return this.#state.connection === "live" && this.busy === null && this.#presses.restLeft(performance.now()) === 0;
  }

  /** The answer to an alert under way, "accept e-…", or null. */
  get answering() {
    return this.#answers.busy;
  }

  /** Whether an alert can be answered now. */
  get freeToAnswer() {
    return this.#state.connection === "live" && this.#answers.busy === null && this.#answers.restLeft(performance.now()) === 0;
  }

  /** The one next right action of the counter shown. */
  get next() {
    const { board, counter, session, office } = this.#state;
    return nextAction(board, counter, session.name, office.head_start_ms);
  }

  /** Whether a verb fits the counter shown. */
  may(verb) {
    const { board, counter } = this.#state;
    return allowed(standing(board, counter)).includes(verb);
  }

  /** A new board: answers that waited to be seen may be seen now. */
  saw(board) {
    for (const waiter of this.#waiters) waiter(board);
  }

  /** Presses what `name` means: "main", a verb, "panel" options, "close-panel". */
  press(name, by = "click") {
    if (name === "main") this.#main(by);
    else if (name === "close-panel") this.#panel(null, by);
    else if (!this.may(name)) return;
    else if (PANELS.has(name)) this.#panel(name, by);
    else this.verb(name, {}, by);
  }

  #main(by) {
    const { verb, counter, ticket } = this.next;
    if (verb === "call-next" && !ticket) return;
    this.#send(this.#presses, "main", by, async () => {
      const answer = await this.#shown(await atCounter(this.#state.office.id, counter, verb));
      this.#state.counter = counter;
      return verb === "finish" ? () => say("said.finish", { number: answer.ticket.number }) : null;
    });
  }

  /** A verb at the counter shown, with its body; `name` is what `busy` says meanwhile, so that the button pressed shows it. */
  verb(verb, body = {}, by = "click", name = verb) {
    const { office, counter } = this.#state;
    this.#send(this.#presses, name, by, async () => {
      const { ticket } = await this.#shown(await atCounter(office.id, counter, verb, body));
      if (verb === "close") this.#state.counter = null;
      if (!ticket || verb === "resume") return null;
      return () => say(`said.${verb}`, { number: ticket.number, service: serviceName(office, ticket.service, language()) });
    });
  }

  /** Opens the counter that is marked on the page of all counters, and goes there. */
  openChosen() {
    const { counter, services, mine, planned } = this.choice.now;
    this.choice.remember(counter);
    if (mine) return this.go(counter);
    return this.#send(this.#presses, "open", "click", async () => {
      await this.#shown(await atCounter(this.#state.office.id, counter, "open", planned ? {} : { services }));
      this.go(counter);
    });
  }

  /** Shows the others' services in the line too, or this counter's alone. */
  show(all) {
    this.#state.all = all;
    this.#draw();
  }

  /** Shows a counter that this officer holds already; null shows all to choose from. */
  go(counter) {
    Object.assign(this.#state, { counter, choosing: counter === null, panel: null, notice: null });
    this.#draw();
  }

  /** Brings back a number that was typed: a held one is resumed, any other returned to the line. @returns {boolean} whether it is one */
  bringBack(text) {
    const number = numberTyped(text);
    if (!number) return this.#say(() => say("queue.wrongNumber"));
    const known = [...this.#state.board.tickets.values()].find((t) => t.number === number);
    this.verb(known?.state === "held" ? "resume" : "return", { number }, "click", "bring-back");
    return true;
  }

  #panel(name, by) {
    if (name && !this.#presses.take("panel", performance.now(), by)) return; // the rest keeps a double click off its first option
    if (name) this.#presses.done();
    this.#state.panel = name;
    this.#draw();
    document.querySelector(name ? ".panel button" : "#main")?.focus();
  }

  /** Comes to help: opens the reserve counter in the same step where there is one, and goes there as soon as this counter is free. */
  accept(escalation, by = "click") {
    const { board, office, session } = this.#state;
    const reserve = reserveFor(board, escalation, session.name);
    this.#send(this.#answers, `accept ${escalation.id}`, by, async () => {
      const answer = await this.#shown(await accept(office.id, escalation.id, reserve?.counter ?? null));
      const visitor = this.#state.counter && standing(this.#state.board, this.#state.counter).visitor;
      const to = answer.counter?.counter;
      if (to && !visitor) Object.assign(this.#state, { counter: to, choosing: false, panel: null });
      const facts = { number: escalation.number, current: visitor?.number, counter: to };
      return () => say(to && visitor && to !== this.#state.counter ? "alarm.move" : "alarm.accepted", facts);
    });
  }

  decline(escalation, by = "click") {
    this.#send(this.#answers, `decline ${escalation.id}`, by, async () => {
      const answer = await decline(this.#state.office.id, escalation.id);
      const noted = answer.escalation.declined_by.includes(this.#state.session.name); // forgotten when all said no, and all are asked again
      return () => say(noted ? "alarm.declined" : "alarm.askedAgain", { number: escalation.number });
    });
  }

  /** @returns {boolean} false, for who asked */
  #say(notice) {
    this.#state.notice = notice;
    this.#draw();
    return false;
  }

  /** The press is seen at once; then the office answers, and a refusal is told as what is so. `act` gives back the words for success. */
  async #send(presses, name, by, act) {
    if (this.#state.connection !== "live") return this.#say(() => say("said.offline"));
    const draw = this.#draw;
    if (!presses.take(name, performance.now(), by)) return false;
    this.#say(null);
    try {
      this.#state.notice = (await act()) ?? null;
      this.#state.panel = null;
    } catch (problem) {
      this.#state.notice = refusal(problem, language);
    }
    presses.done();
    draw();
    setTimeout(draw, presses.restLeft(performance.now()) + 1);
    backToMain();
    return true;
  }

  /** Waits until the live board shows an answer, so that no button is offered for what was before. */
  async #shown(answer) {
    if (shows(this.#state.board, answer)) return answer;
    await new Promise((done) => {
      const waiter = (board) => shows(board, answer) && end();
      const end = () => {
        clearTimeout(patience);
        this.#waiters.delete(waiter);
        done();
      };
      const patience = setTimeout(end, SHOWN_WITHIN);
      this.#waiters.add(waiter);
    });
    return answer;
  }

  /** A key anywhere on the page. */
  key(event) {
    if (event.repeat && (event.key === "Enter" || event.key === " ") && event.target.closest("button")) event.preventDefault();
    const name = shortcut(event, this.#keys());
    if (!name) return;
    event.preventDefault();
    if (typeof name === "function") name();
    else this.press(name, "key");
  }

  #keys() {
    const { board, session, counter, panel } = this.#state;
    if (!board) return {};
    const [first] = alarms(board, session.name).asking;
    const alert = first ? { F9: () => this.accept(first, "key"), F10: () => this.decline(first, "key") } : {};
    if (counter === null) return { ...this.#counterKeys(), ...alert };
    if (!panel) return { ...KEYS, ...alert };
    const chosen = options(this.#state).map((option) => [option.key, () => this.verb(panel, option.body, "key", `${panel} ${option.key}`)]);
    return { ...Object.fromEntries(chosen), Escape: "close-panel", ...alert };
  }

  /** A digit marks a counter; Enter opens it. */
  #counterKeys() {
    const { board, session } = this.#state;
    const can = [...board.counters.values()].filter((c) => c.counter < 10 && (c.state === "closed" || c.officer === session.name));
    return { ...Object.fromEntries(can.map((c) => [c.counter, () => this.choice.mark(c.counter)])), Enter: () => this.openChosen() };
  }
}

/** After a press Enter means the big button again, unless somebody is typing elsewhere. */
function backToMain() {
  const focused = document.activeElement;
  if (focused === document.body || focused?.closest(".deck, .alert, .away")) document.getElementById("main")?.focus({ preventScroll: true });
}
