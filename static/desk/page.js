/** The receptionist's desk: a number for who stands here, and who waits and is called. */
import { render } from "../vendor/lit/lit-html.js";
import { Clock } from "../lib/clock.js";
import { ready, satkerTyped, serviceOf } from "../lib/desk.js";
import { loadOffice, officeFromPath } from "../lib/office.js";
import { Presses, shortcut } from "../lib/presses.js";
import { admitted, begin, followAsStaff, refusal } from "../lib/staffpage.js";
import { give } from "../lib/staff.js";
import { notAllowed, unopened } from "../lib/topbar.js";
import { addWords, language, onLanguage, say } from "../lib/words.js";
import { desk } from "../lib/words/desk.js";
import { staff } from "../lib/words/staff.js";
import { page } from "./view.js";

addWords(staff);
addWords(desk);

/** ms; long enough to scan the code, short enough that the next person in the line does not. */
const SHOWN = 90_000;
const NOTHING = { service: null, satker: "", priority: false };

const clock = new Clock();
const root = document.getElementById("page");
const presses = new Presses();
const state = { session: null, office: null, board: null, connection: "connecting", line: null, clock, draft: NOTHING, given: null, notice: null, busy: false };
let hiding = null;

const hand = {
  choose(service) {
    state.draft = { ...state.draft, service };
    state.notice = null;
    draw();
    document.getElementById("satker").focus();
  },
  satker(text) {
    state.draft = { ...state.draft, satker: satkerTyped(text) };
    draw();
  },
  priority() {
    state.draft = { ...state.draft, priority: !state.draft.priority };
    draw();
  },
  hide() {
    state.given = null;
    draw();
  },
  give: giveNumber,
};

async function giveNumber() {
  if (presses.busy || presses.restLeft(performance.now())) return null; // a second Enter for the number just given
  const { missing } = ready(state.draft);
  if (missing) return tell(() => say(missing));
  if (state.connection !== "live") return tell(() => say("desk.offline"));
  if (!presses.take("give", performance.now(), "key")) return null;
  state.busy = true;
  tell(null);
  try {
    state.given = await give(state.office.id, state.draft);
    state.draft = NOTHING;
    clearTimeout(hiding);
    hiding = setTimeout(hand.hide, SHOWN);
  } catch (problem) {
    state.notice = refusal(problem, language);
  }
  presses.done();
  state.busy = false;
  draw();
  document.querySelector(".given").scrollIntoView({ block: "nearest" }); // below the form on a phone
  return document.activeElement?.blur(); // so that the next digit chooses a service again
}

function tell(notice) {
  state.notice = notice;
  draw();
}

function key(event) {
  if (!state.office || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const typing = event.target.id === "satker";
  const service = serviceOf(event.key, state.office.services, typing);
  const other = event.key === "+" ? hand.priority : event.key === "Escape" ? clear : shortcut(event, { Enter: giveNumber });
  if (!service && !other) return;
  event.preventDefault();
  if (service) hand.choose(service);
  else other();
}

function clear() {
  [state.draft, state.notice] = [NOTHING, null];
  document.activeElement?.blur();
  draw();
}

function draw() {
  if (!state.office) return;
  document.title = `${say("desk.title")} · ${state.office.name}`;
  render(page(state, hand), root);
}

async function start() {
  state.session = await admitted(["receptionist", "officer", "supervisor", "administrator"]);
  if (!state.session) return;
  if (state.session.refused) {
    render(notAllowed(state.session.refused), root);
    return;
  }
  state.office = await loadOffice(officeFromPath());
  state.line = followAsStaff({
    office: state.office.id,
    clock,
    onBoard: (board) => {
      state.board = board;
      draw();
    },
    onState: (connection) => {
      state.connection = connection;
      draw();
    },
  });
  document.addEventListener("keydown", key);
  setInterval(draw, 1000);
}

onLanguage(draw);
begin(start, (problem) => render(unopened(problem), root));
