/** The TV's templates: values in, markup out. */
import { bar } from "../lib/bar.js";
import { clockTime, dayOf, longDate, textTime } from "../lib/clock.js";
import { icon } from "../lib/icons.js";
import { promisedMinutes } from "../lib/office.js";
import { language, say } from "../lib/words.js";
import { html, nothing } from "../vendor/lit/lit-html.js";
import { classMap } from "../vendor/lit/directives/class-map.js";
import { repeat } from "../vendor/lit/directives/repeat.js";

/**
 * The whole screen.
 * @param {object} scene office, now, stage, takeover, line, day, quiet, qr (an element), silent (no sound allowed yet), onSound
 */
export function screen({ office, now, stage, takeover, line, day, quiet, qr, silent, onSound }) {
  return html`
    <header class="head">
      <h1>${office.name}</h1>
      <span class="date">${longDate(now, office.time_zone, language())}</span>
      <span class="clock">${clockTime(now, office.time_zone)}</span>
    </header>
    <section class=${classMap({ left: true, grid: stage.grid && stage.others.length > 2 })}>
      ${stage.newest ? current(stage.newest) : empty(office, now, quiet)}
      <ul class="others" role="list">${repeat(stage.others, (o) => o.ticket, other)}</ul>
      <div class="foot">${dayLine(office, day)} ${freeLine(office)}</div>
      ${takeover ? takesOver(takeover) : nothing}
    </section>
    <section class="right">
      <h2>${say("waiting")}<span class="soft">${line.shown.length ? say("tv.left") : nothing}</span></h2>
      <ol class="line" role="list">
        ${repeat(line.shown, (row) => row.id, waitingRow)}
        ${line.more ? html`<li class="more soft">${say("tv.more", { n: line.more })}</li>` : nothing}
        ${line.shown.length ? nothing : html`<li class="more soft">${say("nobodyWaiting")}</li>`}
      </ol>
      <div class="scan">${qr}
        <div><p>${say("tv.scan")}</p>${silent ? soundButton(onSound) : nothing}</div>
      </div>
    </section>
  `;
}

function soundButton(onSound) {
  return html`<button class="button sound" type="button" @click=${onSound}>${icon("sound")} ${say("tv.sound")}</button>`;
}

function current({ number, counter, state }) {
  const calling = state === "called";
  return html`
    <div class=${classMap({ call: true, calling })}>
      <p class="label">${say(calling ? "tv.calling" : "tv.serving")}</p>
      ${toCounter(number, counter)}
    </div>
  `;
}

function takesOver({ number, counter, again }) {
  return html`
    <div class="call calling takeover">
      <p class="label">${say(again ? "tv.again" : "tv.calling")}</p>
      ${toCounter(number, counter, say("tv.goTo"))}
    </div>
  `;
}

function toCounter(number, counter, invitation = "") {
  return html`
    <p class=${classMap({ number: true, long: number.length > 4 })}>${number}</p>
    ${invitation ? html`<p class="label">${invitation}</p>` : nothing}
    <p class="counter">${icon("arrow")} ${say("counter", { counter })}</p>
  `;
}

function empty(office, now, { reason, next }) {
  const [title, how] = sayings(office, now, reason, next);
  return html`
    <div class="call quiet">
      <p class="title">${title}</p>
      ${how ? html`<p class="how">${how}</p>` : nothing}
    </div>
  `;
}

function sayings(office, now, reason, next) {
  if (reason === "open") return [say("tv.welcome"), say(office.phone_taking ? "tv.welcomePhone" : "tv.welcomeHow")];
  return [say(`tv.${reason}`), reason === "cutoff" ? say("tv.cutoffHow") : opening(office, now, next)];
}

function opening(office, now, next) {
  if (next === null) return "";
  const [zone, lang] = [office.time_zone, language()];
  const time = textTime(next, zone, lang);
  if (dayOf(next, zone) === dayOf(now, zone)) return say("tv.opensAt", { time });
  const date = longDate(next, zone, lang).replace(/(\d+) (\S+) (\d+)/, "$1\u00a0$2\u00a0$3");
  return say("tv.opensOn", { date, time });
}

function other({ number, counter, state, ticket }) {
  return html`
    <li class=${classMap({ other: true, calling: state === "called" })} data-ticket=${ticket}>
      <span class="number">${number}</span>
      <span class="where">${counter === null ? nothing : say("counter", { counter })}</span>
    </li>
  `;
}

function waitingRow({ id, number, priority, escalation, promise }) {
  const { urgency, short } = promise;
  const extra = escalation && say(escalation === "accepted" ? "tv.extraReady" : "tv.extraCalled");
  return html`
    <li class="row" data-ticket=${id} data-urgency=${urgency}>
      <span class="number">${number}</span>
      ${bar(promise)}
      <span class="time promise-ink">${urgency === "calm" ? nothing : icon(urgency)}${short}</span>
      ${extra ? html`<span class="extra promise-ink">${extra}</span>` : nothing}
      ${priority ? html`<span class="visually-hidden">${say("priority")}</span>` : nothing}
    </li>
  `;
}

function dayLine(office, day) {
  if (!day) return html`<p class="day">${say("tv.noneYet", { minutes: promisedMinutes(office) })}</p>`;
  return html`
    <p class="day">
      <span class="soft">${say("tv.kept")}</span> <strong>${day.percent}%</strong> <span class="soft of">${say("tv.keptOf", day)}</span>
    </p>
  `;
}

function freeLine(office) {
  const words = office.always_open ? html`<span class="testing">${say("testing")}</span> ${say("tv.freeShort")}` : say("free");
  return html`<p class="free soft">${words}</p>`;
}

/** Before anything is known, or when the office cannot be found. */
export function notice(sentence) {
  return html`<h1 class="notice">${sentence}</h1>`;
}
