/** The TV in the waiting room: finds its office, follows its board, shows each call. */
import { stayAwake } from "../lib/awake.js";
import { atMoment, heard, noCalls } from "../lib/calls.js";
import { Clock } from "../lib/clock.js";
import { travel } from "../lib/motion.js";
import { loadOffice, officeFromPath, visitorUrl } from "../lib/office.js";
import { qrCode } from "../lib/qr.js";
import { follow } from "../lib/socket.js";
import { chime, onSound, unlock, unlocked } from "../lib/sound.js";
import { connectionLine } from "../lib/status.js";
import { dayPromise, quiet, remember, rows, stage } from "../lib/waitingroom.js";
import { addWords, language, onLanguage, say, setLanguage } from "../lib/words.js";
import { tv } from "../lib/words/tv.js";
import { render } from "../vendor/lit/lit-html.js";
import { notice, screen } from "./view.js";

/** ms. Opening hours and the next opening are the server's to say; once a minute is fresh enough for a wall. */
const ASK_OFFICE = 60_000;
const ASK_AGAIN = 3_000;
/** rem; the list's height before it was drawn once. */
const ROOM = 36;

const host = document.getElementById("screen");
const spoken = document.getElementById("spoken");
const clock = new Clock();
const choice = new URLSearchParams(location.search);
let office = null;
let board = null;
let calls = noCalls();
let seenAt = new Map();
let qr = null;
let trouble = null;
let asking = null;

addWords(tv);
if (choice.has("theme")) document.documentElement.dataset.theme = choice.get("theme");
if (choice.has("lang")) setLanguage(choice.get("lang"), false);

function show() {
  if (!office || !board) {
    render(notice(trouble ? say("loadFailed", { detail: trouble.said(language()) }) : say("connecting")), host);
    return;
  }
  const before = calls.shown;
  calls = atMoment(calls, board, clock.elapsed());
  const begins = calls.shown && calls.shown.since !== before?.since;
  const from = begins && host.querySelector(`.line [data-ticket="${calls.shown.ticket}"] .number`)?.getBoundingClientRect();
  const first = !host.querySelector(".line");
  render(screen(scene()), host);
  if (begins) announce(calls.shown, from);
  if (first) render(screen(scene()), host); // now it is known how many rows fit
}

function scene() {
  const now = clock.now();
  return {
    office,
    now,
    stage: stage(board, seenAt),
    takeover: calls.shown,
    line: rows(board, office.head_start_ms, now, room()),
    day: dayPromise(board),
    quiet: quiet(office),
    qr,
    silent: !unlocked(),
    onSound: unlock,
  };
}

function room() {
  const list = host.querySelector(".line");
  return list ? list.clientHeight / Number.parseFloat(getComputedStyle(document.documentElement).fontSize) : ROOM;
}

function announce(call, from) {
  chime();
  spoken.textContent = say("tv.spoken", call);
  travel(host.querySelector(".takeover .number"), from);
}

function onBoard(next, events) {
  board = next;
  seenAt = remember(seenAt, board);
  calls = heard(calls, events, clock.now());
  if (events.some((e) => e.kind.startsWith("day."))) askOffice();
  show();
}

async function askOffice() {
  clearTimeout(asking);
  try {
    office = await loadOffice(officeFromPath());
    clock.heard(office.now);
    trouble = null;
    named();
  } catch (problem) {
    trouble = problem;
  }
  clearTimeout(asking);
  asking = setTimeout(askOffice, office || trouble.status === 404 ? ASK_OFFICE : ASK_AGAIN);
  show();
}

function named() {
  document.title = say("tv.title", { office: office.name });
  const url = visitorUrl(office);
  if (qr?.dataset.url !== url) qr = qrCode(url, say("tv.qr"));
  qr.dataset.url = url;
}

onLanguage(show);
onSound(show);
for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, unlock, { once: true });
stayAwake();
follow({ office: officeFromPath(), clock, onBoard, onStatus: connectionLine(document.getElementById("connection"), clock) });
setInterval(show, 1000);
window.addEventListener("resize", show);
askOffice();
