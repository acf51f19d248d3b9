/** `/{office}`: take a number where that is allowed, or watch what is called and who waits. Glue: lib/taking.js knows what to show. */
import { Problem, newKey, post } from "../lib/api.js";
import { Attempts, unanswered } from "../lib/attempts.js";
import { waiting } from "../lib/board.js";
import { Clock } from "../lib/clock.js";
import { byId, make, setText } from "../lib/dom.js";
import { loadOffice, promisedMinutes, serviceName, tellScan } from "../lib/office.js";
import { paint, promiseOf } from "../lib/promise.js";
import { remembered } from "../lib/remembered.js";
import { follow } from "../lib/socket.js";
import { connectionLine } from "../lib/status.js";
import { askAgainIn, calls, greeting, takingNow, tiles } from "../lib/taking.js";
import { told } from "../lib/told.js";
import { addWords, language, onLanguage, say } from "../lib/words.js";
import { taking } from "../lib/words/taking.js";
import { showTicket } from "./ticket.js";

/** Lines of each list: what fits beside the buttons on a phone. */
const CALLS = 4;
const LINE = 8;
/** ms; a promise left moves by minutes, so this is soon enough for the lists. */
const TICK = 5_000;
const ASK_AGAIN = 3_000;
const SATKER = /^\d{6}$/;

addWords(taking);

export function showTake(officeId) {
  new TakeScreen(officeId).begin();
}

class TakeScreen {
  #id;
  #office = null;
  #board = null;
  #clock = new Clock();
  #stream = null;
  #asking = null;
  #tick = null;
  #chosen = null;
  #busy = false;
  #gone = false;
  #attempts = new Attempts(newKey);

  constructor(officeId) {
    this.#id = officeId;
    byId("take-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take();
    });
    byId("take-back").addEventListener("click", () => byId("take-ask").close());
    onLanguage(() => this.#render());
  }

  async begin() {
    try {
      this.#office = await loadOffice(this.#id);
      this.#clock.heard(this.#office.now);
      tellScan(this.#id);
      byId("notice").hidden = true;
      byId("take").hidden = false;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.#unreachable(problem);
      return;
    }
    this.#askLater();
    this.#render();
    this.#tick = setInterval(() => this.#render(), TICK);
    this.#stream = follow({
      office: this.#id,
      codec: "json",
      clock: this.#clock,
      onBoard: (board, events) => this.#changed(board, events),
      onStatus: connectionLine(byId("connection"), this.#clock),
    });
  }

  #unreachable(problem) {
    setText(byId("notice-title"), say("notice.noOffice"));
    setText(byId("notice-text"), problem.said(language()));
    byId("notice").hidden = false;
    setTimeout(() => this.begin(), ASK_AGAIN);
  }

  #changed(board, events) {
    if (this.#gone) return;
    this.#board = board;
    if (events.some((e) => e.kind.startsWith("day."))) this.#askOffice();
    this.#render();
  }

  #askLater() {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => this.#askOffice(), askAgainIn(this.#office, this.#clock.now()));
  }

  async #askOffice() {
    try {
      this.#office = await loadOffice(this.#id);
    } catch {
      // The connection line says that it is lost; what was known stands, and the server has the last word on every press.
    }
    if (this.#gone) return;
    this.#askLater();
    this.#render();
  }

  #render() {
    if (!this.#office || this.#gone) return;
    const [office, now] = [this.#office, this.#clock.now()];
    const { open, said } = takingNow(office, now);
    setText(byId("office"), "KAYAN");
    setText(byId("greeting"), say(greeting(now, office.time_zone)));
    setText(byId("take-office"), office.name);
    setText(byId("promise"), say("promise", { minutes: promisedMinutes(office) }));
    byId("testing").hidden = !office.always_open;
    document.title = say("page.take", { office: office.name });
    this.#renderMine(now);
    byId("taking").hidden = !said && office.phone_taking;
    setText(byId("taking"), said ? told(said, office.time_zone) : say("take.notHere"));
    byId("choose").hidden = !(open && office.phone_taking);
    byId("watch").hidden = open && office.phone_taking;
    this.#renderServices();
    if (this.#board) this.#renderLists(now);
  }

  /** This device's own numbers that the board still has. */
  #renderMine(now) {
    const mine = remembered(Date.now()).filter((k) => k.office.id === this.#office.id && this.#isLive(k.place.ticket));
    byId("mine").hidden = mine.length === 0;
    byId("mine").replaceChildren(...mine.map((kept) => this.#mineItem(kept, now)));
  }

  #isLive({ id, ended_at: endedAt }) {
    const ticket = this.#board ? this.#board.tickets.get(id) : { ended_at: endedAt };
    return ticket !== undefined && ticket.ended_at === null;
  }

  #mineItem({ secret, place }) {
    const [item, link, words] = [make("li"), make("a", "button"), make("span", "service-words")];
    words.append(make("span", "", say("take.mine")), make("span", "", say("take.see")));
    link.href = `/t#${secret}`;
    link.append(words, make("span", "number", place.ticket.number));
    item.append(link);
    return item;
  }

  #renderServices() {
    const list = byId("services");
    const shown = tiles(this.#office, this.#board, language());
    if (list.children.length !== shown.length) list.replaceChildren(...shown.map((tile) => this.#serviceItem(tile)));
    shown.forEach((tile, i) => {
      const words = list.children[i].querySelector(".service-words");
      setText(words.firstChild, tile.name);
      setText(words.lastChild, tile.waiting === null ? "" : say("peopleWaiting", { n: tile.waiting }));
    });
  }

  #serviceItem({ code }) {
    const [item, button, words] = [make("li"), make("button", "button service"), make("span", "service-words")];
    button.type = "button";
    words.append(make("span"), make("span"));
    button.append(make("span", "letter", code), words);
    button.addEventListener("click", () => this.#choose(code));
    item.append(button);
    return item;
  }

  #renderLists(now) {
    const [board, office] = [this.#board, this.#office];
    const called = calls(board, CALLS);
    byId("calls-none").hidden = called.length > 0;
    byId("calls").replaceChildren(...called.map(calledRow));
    const line = waiting(board, office.head_start_ms);
    byId("line-none").hidden = line.length > 0;
    byId("line").replaceChildren(...line.slice(0, LINE).map((t) => waitingRow(t, now)));
    byId("line-more").hidden = line.length <= LINE;
    setText(byId("line-more"), say("watch.more", { n: line.length - LINE }));
  }

  #choose(code) {
    this.#chosen = code;
    const tile = tiles(this.#office, this.#board, language()).find((t) => t.code === code);
    setText(byId("take-service"), serviceName(this.#office, code, language()));
    setText(byId("take-waiting"), tile.waiting === null ? "" : say("peopleWaiting", { n: tile.waiting }));
    this.#refuse("");
    byId("take-ask").showModal();
  }

  #refuse(text, field = false) {
    setText(byId("take-error"), text);
    byId("satker").setAttribute("aria-invalid", String(field));
    if (field) byId("satker").focus();
  }

  async #take() {
    if (this.#busy) return;
    const satker = byId("satker").value.trim();
    if (satker && !SATKER.test(satker)) {
      this.#refuse(say("take.satkerWrong"), true);
      return;
    }
    const wish = { service: this.#chosen, language: language(), via: "phone", ...(satker && { satker }) };
    this.#setBusy(true);
    try {
      const key = this.#attempts.keyFor(wish, this.#clock.elapsed());
      const taken = await post(`/offices/${encodeURIComponent(this.#id)}/tickets`, wish, { key });
      this.#leave(taken);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (!unanswered(problem)) this.#attempts.answered(wish);
      if (problem.status === 409) this.#askOffice();
      this.#refuse(problem.said(language()));
    } finally {
      this.#setBusy(false);
    }
  }

  #setBusy(busy) {
    this.#busy = busy;
    byId("take-go").setAttribute("aria-busy", String(busy));
    byId("take-go").setAttribute("aria-disabled", String(busy));
    setText(byId("take-go"), say(busy ? "take.busy" : "take.go"));
    if (busy) this.#refuse("");
  }

  /** To the ticket in the same document; the address is replaced, so that "back" does not lead to a second number. */
  #leave({ ticket, ahead, secret }) {
    this.#gone = true;
    clearTimeout(this.#asking);
    clearInterval(this.#tick);
    this.#stream.close();
    byId("take-ask").close();
    history.replaceState(null, "", `/t#${secret}`);
    showTicket(secret, { ticket, ahead, office: this.#office, now: this.#clock.now() });
  }
}

function row(...parts) {
  const item = make("li");
  item.append(...parts);
  return item;
}

function calledRow(ticket) {
  const where = say("counter", ticket);
  const words = ticket.state === "called" ? make("span", "now", where) : make("span", "soft", `${where}, ${say("state.serving")}`);
  return row(make("span", "number", ticket.number), words);
}

function waitingRow(ticket, now) {
  const promise = promiseOf(ticket, now);
  const bar = make("span", "promise-bar");
  paint(bar, promise);
  return row(make("span", "number", ticket.number), bar, make("span", "", promise.short));
}
