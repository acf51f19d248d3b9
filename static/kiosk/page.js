/** `/{office}/kiosk`: one press on a service, one number. Glue: lib/kioskview.js and lib/taking.js know what to show. */
import { Problem, newKey, post } from "../lib/api.js";
import { Attempts, unanswered } from "../lib/attempts.js";
import { stayAwake } from "../lib/awake.js";
import { Clock, clockTime, longDate } from "../lib/clock.js";
import { byId, make, sayAll, setText } from "../lib/dom.js";
import { kioskView } from "../lib/kioskview.js";
import { loadOffice, officeFromPath, promisedMinutes, serviceName } from "../lib/office.js";
import { Presses, pressedBy } from "../lib/presses.js";
import { storeAnswers } from "../lib/readiness.js";
import { follow } from "../lib/socket.js";
import { Stay } from "../lib/stay.js";
import { askAgainIn, greeting, tiles } from "../lib/taking.js";
import { told } from "../lib/told.js";
import { addWords, ageWord, language, onLanguage, say, setLanguage } from "../lib/words.js";
import { kiosk } from "../lib/words/kiosk.js";
import { taking } from "../lib/words/taking.js";
import { Sheet } from "./sheet.js";

/** ms without a touch after which the next visitor finds the office's first language. */
const IDLE = 30_000;
/** ms between two looks whether the store answers: a press meets the truth anyway, this only spares most people the vain one. */
const LOOK_EVERY = 10_000;
const RETRY = 3_000;
const SIGNS = { trouble: "#sign-trouble" };

addWords(taking);
addWords(kiosk);

class Kiosk {
  #id = officeFromPath();
  #clock = new Clock();
  #status = { state: "connecting", since: this.#clock.elapsed(), lastHeard: null };
  #office = null;
  #board = null;
  #storeAnswers = true;
  #asking = null;
  #presses = new Presses();
  #attempts = new Attempts(newKey);
  #idle = new Stay(IDLE);
  #sheet = new Sheet(this.#clock);

  begin() {
    byId("language").addEventListener("click", () => setLanguage(this.#otherLanguage(), false));
    onLanguage(() => this.#speak());
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.#idle.touch(this.#clock.elapsed()));
    addEventListener("contextmenu", (event) => event.preventDefault()); // a long press is a press
    this.#speak();
    setInterval(() => this.#eachSecond(), 1000);
    setInterval(() => this.#look(), LOOK_EVERY);
    this.#ask();
    follow({
      office: this.#id,
      codec: "json",
      clock: this.#clock,
      onBoard: (board, events) => this.#changed(board, events),
      onStatus: (status) => {
        this.#status = status;
        if (status.state === "live") this.#look();
        this.#render();
      },
    });
    stayAwake();
  }

  /** The office's plan: at the start, at each turn of its hours, when its day turns, and from time to time. */
  async #ask() {
    clearTimeout(this.#asking);
    try {
      const before = this.#office;
      this.#office = await loadOffice(this.#id);
      this.#clock.heard(this.#office.now);
      if (!before) setLanguage(this.#office.languages[0], false);
      this.#asking = setTimeout(() => this.#ask(), askAgainIn(this.#office, this.#clock.now()));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.#asking = setTimeout(() => this.#ask(), RETRY);
    }
    this.#speak();
  }

  async #look() {
    this.#storeAnswers = await storeAnswers();
    this.#render();
  }

  #changed(board, events) {
    this.#board = board;
    if (events.some((e) => e.kind.startsWith("day."))) this.#ask();
    this.#render();
  }

  #eachSecond() {
    if (this.#idle.left(this.#clock.elapsed()) === 0 && !byId("sheet").open) {
      this.#idle.end();
      if (this.#office) setLanguage(this.#office.languages[0], false);
    }
    this.#render();
  }

  #otherLanguage() {
    return language() === "id" ? "en" : "id";
  }

  #speak() {
    sayAll();
    const button = byId("language");
    button.hidden = !(this.#office?.languages.length > 1);
    setText(button, say("otherLanguage"));
    button.setAttribute("aria-label", say("switchLanguage"));
    button.lang = this.#otherLanguage();
    document.title = this.#office ? `${say("page.kiosk")} · ${this.#office.name}` : "KAYAN";
    this.#render();
  }

  #render() {
    const now = this.#clock.now();
    const seen = { office: this.#office, status: this.#status, storeAnswers: this.#storeAnswers, now, elapsed: this.#clock.elapsed() };
    const { face, said, age } = kioskView(seen);
    document.body.dataset.face = face;
    byId("news").hidden = !said;
    byId("news-sign").setAttribute("href", SIGNS[face] ?? "#sign-clock");
    setText(byId("news-text"), said ? told(said, this.#office?.time_zone) : "");
    byId("news-age").hidden = age === null;
    setText(byId("news-age"), age === null ? "" : say("dataAge", { age: ageWord(age) }));
    byId("services").hidden = face === "closed" || face === "loading";
    if (!this.#office) return;
    const { name, time_zone: zone, always_open: always } = this.#office;
    setText(byId("office"), name);
    byId("testing").hidden = !always;
    setText(byId("clock"), clockTime(now, zone));
    setText(byId("date"), longDate(now, zone, language()));
    setText(byId("greeting"), say(face === "open" ? "choose" : "hello", { greeting: say(greeting(now, zone)) }));
    setText(byId("promise"), say("promise", { minutes: promisedMinutes(this.#office) }));
    this.#renderServices(face);
  }

  #renderServices(face) {
    const list = byId("services");
    const shown = tiles(this.#office, this.#board, language());
    if (list.children.length !== shown.length) list.replaceChildren(...shown.map((tile) => this.#tile(tile.code)));
    list.dataset.count = String(shown.length);
    shown.forEach((tile, i) => {
      const button = list.children[i].firstChild;
      const busy = this.#presses.busy === tile.code;
      setText(button.querySelector(".name"), tile.name);
      setText(button.querySelector(".many-text"), busy ? say("take.busy") : tile.waiting === null ? "" : say("peopleWaiting", { n: tile.waiting }));
      button.setAttribute("aria-busy", String(busy));
      button.setAttribute("aria-disabled", String(face !== "open" || (this.#presses.busy !== null && !busy)));
    });
  }

  #tile(code) {
    const [item, button, many] = [make("li"), make("button", "button service"), make("span", "many")];
    button.type = "button";
    many.append(peopleSign(), make("span", "many-text"));
    button.append(make("span", "letter", code), make("span", "name"), many);
    button.addEventListener("click", (event) => {
      if (button.getAttribute("aria-disabled") === "true") return;
      this.#press(code, pressedBy(event));
    });
    item.append(button);
    return item;
  }

  #press(code, by) {
    if (this.#presses.take(code, this.#clock.elapsed(), by)) this.#take(code);
  }

  async #take(service) {
    const wish = { service, language: language(), via: "kiosk" };
    this.#render();
    try {
      const key = this.#attempts.keyFor(wish, this.#clock.elapsed());
      const taken = await post(`/offices/${encodeURIComponent(this.#id)}/tickets`, wish, { key });
      this.#attempts.answered(wish);
      this.#give(taken);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.#refuse(problem, wish);
    } finally {
      this.#presses.done();
      this.#render();
    }
  }

  #give({ ticket, ahead, url }) {
    this.#sheet.number({
      number: ticket.number,
      service: serviceName(this.#office, ticket.service, language()),
      promise: told({ key: "sheet.guaranteed", facts: { at: ticket.deadline } }, this.#office.time_zone),
      ahead: say(ahead ? "sheet.ahead" : "sheet.first", { n: ahead }),
      url,
    });
  }

  #refuse(problem, wish) {
    const open = unanswered(problem);
    if (!open) this.#attempts.answered(wish);
    if (problem.status === 409) this.#ask();
    if (problem.status === 503) this.#look();
    this.#sheet.refused(problem.said(language()), open ? () => this.#press(wish.service, "click") : null);
  }
}

function peopleSign() {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#sign-people");
  svg.append(use);
  return svg;
}

new Kiosk().begin();
