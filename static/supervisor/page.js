/** The supervisor's page: the whole office live, its alerts, and the counters that need a hand. */
import { render } from "../vendor/lit/lit-html.js";
import { alarms, reserveFor } from "../lib/alarms.js";
import { Clock } from "../lib/clock.js";
import { loadOffice } from "../lib/office.js";
import { officeChoice } from "../lib/officechoice.js";
import { Presses, pressedBy } from "../lib/presses.js";
import { ringWhile } from "../lib/ringing.js";
import { onSound, unlock, unlocked } from "../lib/sound.js";
import { accept, atCounter, takeOverAndClose } from "../lib/staff.js";
import { admitted, begin, followAsStaff, officesOf, refusal } from "../lib/staffpage.js";
import { notAllowed, unopened } from "../lib/topbar.js";
import { addWords, language, onLanguage, say } from "../lib/words.js";
import { staff } from "../lib/words/staff.js";
import { supervisor } from "../lib/words/supervisor.js";
import { page } from "./view.js";

addWords(staff);
addWords(supervisor);

const LAST_LEVEL = 3; // the level at which a supervisor is called by sound (board/escalation.py)
/** ms in which a second press means yes; then the button is itself again. */
const SURE_WITHIN = 5000;

const clock = new Clock();
const root = document.getElementById("page");
const presses = new Presses();
const state = { session: null, office: null, board: null, connection: "connecting", line: null, clock, notice: null, sure: null, sound: unlocked() };
let forgetting = null;

const hand = {
  get busy() {
    return presses.busy;
  },
  get free() {
    return state.connection === "live" && presses.busy === null && presses.restLeft(performance.now()) === 0;
  },
  /** Taking a counter from somebody is asked twice: the first press says what the second will do. */
  ask(name, event, act, said) {
    if (state.sure !== name) {
      presses.take(name, performance.now(), pressedBy(event)); // its rest keeps a double click from being both presses
      presses.done();
      sure(name);
      setTimeout(draw, presses.restLeft(performance.now()) + 1);
      return;
    }
    send(name, event, act, said);
  },
  takeOver: (counter, event) =>
    hand.ask(`take ${counter}`, event, () => atCounter(state.office.id, counter, "open"), () => say("sup.taken", { counter })),
  close: (counter, mine, event) =>
    hand.ask(
      `close ${counter}`,
      event,
      () => (mine ? atCounter(state.office.id, counter, "close") : takeOverAndClose(state.office.id, counter)),
      () => say("sup.closed", { counter }),
    ),
  accept(escalation, event) {
    const reserve = reserveFor(state.board, escalation, state.session.name)?.counter ?? null;
    const said = () => say(reserve ? "sup.acceptedAt" : "sup.accepted", { number: escalation.number, counter: reserve });
    send(`accept ${escalation.id}`, event, () => accept(state.office.id, escalation.id, reserve), said);
  },
};

function sure(name) {
  state.sure = name;
  clearTimeout(forgetting);
  if (name) forgetting = setTimeout(() => sure(null), SURE_WITHIN);
  draw();
}

async function send(name, event, act, said) {
  if (!hand.free || !presses.take(name, performance.now(), pressedBy(event))) return;
  state.notice = null;
  sure(null);
  try {
    await act();
    state.notice = said;
  } catch (problem) {
    state.notice = refusal(problem, language);
  }
  presses.done();
  draw();
  setTimeout(draw, presses.restLeft(performance.now()) + 1);
}

function draw() {
  if (!state.office) return;
  document.title = `${say("sup.title")} · ${state.office.name}`;
  render(page(state, hand), root);
}

async function enter(id) {
  state.office = await loadOffice(id);
  state.line = followAsStaff({ office: id, clock, onBoard: heard, onState: connected });
  setInterval(draw, 1000);
}

function heard(board) {
  state.board = board;
  ringWhile(alarms(board, state.session.name).asking.some((e) => e.level === LAST_LEVEL));
  draw();
}

function connected(connection) {
  state.connection = connection;
  draw();
}

async function start() {
  const session = await admitted(["supervisor", "administrator"]);
  if (!session) return;
  if (session.refused) {
    render(notAllowed(session.refused), root);
    return;
  }
  state.session = session;
  const offices = await officesOf(session);
  if (offices.length === 1) await enter(offices[0].id);
  else render(officeChoice(offices, (id) => begin(() => enter(id), failed)), root);
}

const failed = (problem) => render(unopened(problem), root);

async function allowSound() {
  if (!unlocked()) await unlock();
}

onSound((on) => {
  state.sound = on;
  draw();
});
document.addEventListener("pointerdown", allowSound);
document.addEventListener("keydown", allowSound);
onLanguage(draw);
begin(start, failed);
