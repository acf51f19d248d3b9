/** The sheet after a press: the number with its QR code, or why there is none. It goes away by itself; whoever needs longer gets it. */
import { byId, setText } from "../lib/dom.js";
import { qrCode } from "../lib/qr.js";
import { Stay } from "../lib/stay.js";
import { say } from "../lib/words.js";

/** ms: long enough to take out a phone and scan, short enough that the next in line does not press on somebody else's number. */
const STAYS = 12_000;
const MORE = 30_000;

export class Sheet {
  #clock;
  #stay = new Stay(STAYS);
  #tick = null;
  #again = null;

  /** @param {import("../lib/clock.js").Clock} clock */
  constructor(clock) {
    this.#clock = clock;
    const sheet = byId("sheet");
    sheet.addEventListener("close", () => this.#closed());
    for (const kind of ["pointerdown", "keydown"]) sheet.addEventListener(kind, () => this.#stay.touch(clock.elapsed()));
    byId("sheet-done").addEventListener("click", () => sheet.close());
    byId("sheet-more").addEventListener("click", () => this.#more());
    byId("sheet-again").addEventListener("click", () => this.#tryAgain());
  }

  /** @param {{number: string, service: string, promise: string, ahead: string, url: string}} shown words, ready to be read */
  number({ number, service, promise, ahead, url }) {
    setText(byId("sheet-number"), number);
    byId("sheet-number").dataset.long = String(number.length > 4); // A1000
    setText(byId("sheet-service"), service);
    setText(byId("sheet-promise"), promise);
    setText(byId("sheet-ahead"), ahead);
    byId("sheet-qr").replaceChildren(qrCode(url, say("sheet.qr", { number })));
    this.#open("sheet-title", false);
  }

  /** @param {string} why @param {(() => void)|null} again what "try again" does; null where it would not help */
  refused(why, again) {
    setText(byId("refused-why"), why);
    this.#again = again;
    this.#open("refused-title", true);
  }

  #open(title, refused) {
    const sheet = byId("sheet");
    byId("sheet-ticket").hidden = refused;
    byId("sheet-refused").hidden = !refused;
    byId("sheet-more").hidden = refused;
    byId("sheet-again").hidden = !refused || !this.#again;
    setText(byId("sheet-done"), say(refused ? "back" : "sheet.done"));
    sheet.setAttribute("aria-labelledby", title);
    if (refused) sheet.setAttribute("aria-describedby", "refused-why");
    else sheet.setAttribute("aria-describedby", "sheet-promise sheet-ahead");
    this.#stay.touch(this.#clock.elapsed());
    if (!sheet.open) sheet.showModal();
    byId(title).focus();
    clearInterval(this.#tick);
    this.#tick = setInterval(() => this.#count(), 250);
    this.#count();
  }

  #count() {
    const left = this.#stay.left(this.#clock.elapsed());
    setText(byId("sheet-left"), say("sheet.left", { n: Math.ceil(left / 1000) }));
    if (left === 0) byId("sheet").close();
  }

  #more() {
    this.#stay.touch(this.#clock.elapsed(), MORE);
    this.#count();
  }

  #tryAgain() {
    const again = this.#again;
    byId("sheet").close();
    again();
  }

  /** Nothing of one visitor stays for the next. */
  #closed() {
    clearInterval(this.#tick);
    this.#stay.end();
    this.#again = null;
    byId("sheet-qr").replaceChildren();
    for (const id of ["sheet-number", "sheet-service", "sheet-promise", "sheet-ahead", "refused-why"]) setText(byId(id), "");
  }
}
