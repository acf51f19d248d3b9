/** The administrator's page: accounts, stickers, and the addresses of all screens. */
import { render } from "../vendor/lit/lit-html.js";
import { addAccount, listAccounts, setDisabled, setPassword } from "../lib/accounts.js";
import { loadOffice } from "../lib/office.js";
import { PASSWORD_MIN, suggestion, wrongPassword } from "../lib/passwords.js";
import { admitted, begin, officesOf, refusal } from "../lib/staffpage.js";
import { notAllowed, unopened } from "../lib/topbar.js";
import { addWords, language, onLanguage, say } from "../lib/words.js";
import { admin } from "../lib/words/admin.js";
import { staff } from "../lib/words/staff.js";
import { stickers } from "../lib/words/stickers.js";
import { placeHand, stickersOf } from "./placework.js";
import { page } from "./view.js";

addWords(staff);
addWords(admin);
addWords(stickers);

const root = document.getElementById("page");
const state = { session: null, offices: [], accounts: [], stickers: new Map(), busy: false, notice: null, adding: null, changing: null, sure: null };

const hand = {
  ...placeHand(state, show),
  /** Opens the form for a new account, with a password that can be handed over; null closes it. */
  startAdding(open) {
    show({ adding: open ? { password: suggestion() } : null, changing: null, sure: null, notice: null });
    if (open) document.getElementById("new-name").focus();
  },
  add(form) {
    const { name, role, password } = Object.fromEntries(form);
    const offices = form.getAll("office");
    const all = state.offices.length === 1 || offices.length === 0 || offices.length === state.offices.length;
    const wanted = { name: name.trim().toLowerCase(), role, password, offices: all ? null : offices };
    if (!good(password)) return;
    change(() => addAccount(wanted), () => say("admin.added", { name: wanted.name, password }), { adding: null });
  },
  startPassword(name) {
    show({ changing: name && { name, password: suggestion() }, adding: null, sure: null, notice: null });
    if (name) document.getElementById("new-password").select();
  },
  password(name, password) {
    if (!good(password)) return;
    change(() => setPassword(name, password), () => say("admin.passwordSet", { name, password }), { changing: null });
  },
  /** Asked twice: who is put out loses the page at work. */
  disable(name) {
    if (state.sure !== name) show({ sure: name, notice: null });
    else change(() => setDisabled(name, true), () => say("admin.disabled", { name }));
  },
  enable: (name) => change(() => setDisabled(name, false), () => say("admin.enabled", { name })),
};

function good(password) {
  const wrong = wrongPassword(password, password);
  if (wrong) show({ notice: () => say(wrong, { min: PASSWORD_MIN }) });
  return !wrong;
}

async function change(act, said, then = {}) {
  if (state.busy) return;
  show({ busy: true, notice: null, sure: null });
  try {
    await act();
    show({ accounts: await listAccounts(), notice: said, ...then });
  } catch (problem) {
    show({ notice: refusal(problem, language) });
  }
  show({ busy: false });
}

function show(changed = {}) {
  Object.assign(state, changed);
  if (!state.session) return;
  document.title = `${say("admin.title")} · KAYAN`;
  render(page(state, hand), root);
}

async function start() {
  const session = await admitted(["administrator"]);
  if (!session) return;
  if (session.refused) {
    render(notAllowed(session.refused), root);
    return;
  }
  const mine = await officesOf(session);
  const [accounts, offices] = await Promise.all([listAccounts(), Promise.all(mine.map(({ id }) => loadOffice(id)))]);
  show({ session, accounts, offices, stickers: await stickersOf(offices) });
}

onLanguage(() => show());
begin(start, (problem) => render(unopened(problem), root));
