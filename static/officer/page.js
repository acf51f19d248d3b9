/** The officer's console: who is signed in, which office, which counter; then the live board and what is pressed. */
import { render } from "../vendor/lit/lit-html.js";
import { alarms, takenByOthers, warning } from "../lib/alarms.js";
import { Clock } from "../lib/clock.js";
import { held } from "../lib/console.js";
import { loadOffice, serviceName } from "../lib/office.js";
import { ringWhile } from "../lib/ringing.js";
import { onSound, unlock, unlocked } from "../lib/sound.js";
import { admitted, begin, followAsStaff, officesOf } from "../lib/staffpage.js";
import { figuresUntil } from "../lib/staff.js";
import { Today } from "../lib/today.js";
import { notAllowed, unopened } from "../lib/topbar.js";
import { addWords, language, minutesWord, onLanguage, say } from "../lib/words.js";
import { officer } from "../lib/words/officer.js";
import { staff } from "../lib/words/staff.js";
import { Hand } from "./hand.js";
import { page } from "./view.js";

addWords(staff);
addWords(officer);

const clock = new Clock();
const root = document.getElementById("page");

const state = {
  session: null, offices: null, office: null, board: null, today: null, connection: "connecting", line: null, clock,
  counter: null, choosing: false, panel: null, all: false, notice: null, warning: null, sound: unlocked(),
};
const hand = new Hand(state, draw);

function draw() {
  if (!state.session) return;
  render(page(state, hand), root);
  document.title = title();
}

function title() {
  const asking = state.board ? alarms(state.board, state.session.name).asking : [];
  const here = state.counter ? say("counter", { counter: state.counter }) : say("page.officer");
  return `${asking.length ? `⚠ ${asking[0].number} · ` : ""}${here} · KAYAN`;
}

async function start() {
  const session = await admitted(["officer", "supervisor", "administrator"]);
  if (!session) return;
  if (session.refused) {
    render(notAllowed(session.refused), root);
    return;
  }
  const offices = await officesOf(session);
  const only = offices.length === 1 ? await loadOffice(offices[0].id) : null;
  Object.assign(state, { session, offices }); // only now: a touch or a second that passes draws what is there
  if (only) enter(only);
  draw();
}

function enter(office) {
  if (state.office) return; // chosen twice on a slow network
  state.office = office;
  state.today = new Today((board) => figuresUntil(office.id, board));
  state.line = followAsStaff({ office: office.id, clock, onBoard: heard, onState: connected });
  draw();
}
hand.enter = async (id) => enter(await loadOffice(id));

function connected(connection) {
  state.connection = connection;
  draw();
}

function heard(board, events) {
  const before = state.board ? alarms(state.board, state.session.name).asking : [];
  state.board = board;
  state.today.heard(board, events).then(draw);
  hand.saw(board);
  keepCounter();
  tellWhatChanged(before, events);
  draw();
}

/** An officer who comes back finds the counter still open; one whose counter was taken over or closed is told so. */
function keepCounter() {
  const mine = held(state.board, state.session.name).map((c) => c.counter);
  if (state.counter === null && !state.choosing) state.counter = mine[0] ?? null;
  if (state.counter === null || mine.includes(state.counter) || hand.busy) return;
  const { officer: other } = state.board.counters.get(state.counter) ?? {};
  const counter = state.counter;
  [state.counter, state.panel] = [mine[0] ?? null, null];
  state.notice = () => (other ? say("choose.lost", { counter, officer: other }) : say("choose.closed", { counter }));
}

function tellWhatChanged(before, events) {
  const me = state.session.name;
  const { asking } = alarms(state.board, me);
  const taken = takenByOthers(before, state.board, me);
  if (taken.length) state.notice = () => say("alarm.taken", { numbers: taken.map((e) => e.number).join(", ") });
  state.warning = warning(events, state.board, state.warning);
  const fresh = asking.filter((e) => !before.some((b) => b.id === e.id && b.level === e.level));
  if (fresh.length) announce(fresh[0]);
  ringWhile(asking.length > 0);
}

/** Said once at each level: the running minutes on the alert itself would never let a screen reader finish. */
function announce({ number, service }) {
  const facts = { number, service: serviceName(state.office, service, language()), time: minutesWord(state.office.guarantee.seconds * 1000) };
  document.getElementById("announce").textContent = say("alarm.announce", facts);
}

async function allowSound() {
  if (!unlocked()) await unlock();
  state.sound = unlocked();
  draw();
}

onLanguage(draw);
onSound((on) => {
  state.sound = on;
  draw();
});
document.addEventListener("pointerdown", allowSound);
document.addEventListener("keydown", allowSound);
document.addEventListener("keydown", (event) => hand.key(event));
setInterval(draw, 1000);
begin(start, (problem) => render(unopened(problem), root));
