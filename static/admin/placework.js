/** What the administrator does with an office's stickers. Glue: changes the page's state, asks lib/places.js, shows. */
import { addPlace, listPlaces, renamePlace, setRetired } from "../lib/places.js";
import { refusal } from "../lib/staffpage.js";
import { language, say } from "../lib/words.js";
import { untouched } from "./stickers.js";

/** The stickers of these offices as they are now: office's id -> {known, open}. */
export async function stickersOf(offices) {
  const known = await Promise.all(offices.map(({ id }) => listPlaces(id)));
  return new Map(offices.map(({ id }, n) => [id, { known: known[n], open: untouched() }]));
}

/** @param {(changed?: object) => void} show of the page */
export function placeHand(state, show) {
  const at = (office) => state.stickers.get(office);

  function set(office, changed) {
    Object.assign(at(office).open, changed);
    show();
  }

  async function change(office, act, said) {
    if (state.busy) return;
    show({ busy: true });
    set(office, { notice: null, sure: null });
    try {
      await act();
      at(office).known = await listPlaces(office);
      set(office, { notice: said, adding: false, renaming: null });
    } catch (problem) {
      set(office, { notice: refusal(problem, language) });
    }
    show({ busy: false });
  }

  /** The field for a name, ready to be typed in; nothing when `changed` closes it. */
  function open(office, changed) {
    set(office, { adding: false, renaming: null, sure: null, notice: null, ...changed });
    document.getElementById(`place-name-${office}`)?.select();
  }

  return {
    startPlace: (office, adding) => open(office, { adding }),
    startRename: (office, renaming) => open(office, { renaming }),
    name(office, code, typed) {
      const name = typed.trim();
      if (code === null) change(office, () => addPlace(office, name), () => say("stickers.added", { name }));
      else change(office, () => renamePlace(office, code, name), () => say("stickers.renamed", { name }));
    },
    /** Asked twice: what is not counted meanwhile is lost. */
    retire(office, code, name) {
      if (at(office).open.sure !== code) set(office, { sure: code, notice: null });
      else change(office, () => setRetired(office, code, true), () => say("stickers.retired", { name }));
    },
    restore: (office, code, name) => change(office, () => setRetired(office, code, false), () => say("stickers.restored", { name })),
    sheet: (office, sheet) => set(office, { sheet }),
    choose(office, code, wanted) {
      const unprinted = new Set(at(office).open.unprinted);
      if (wanted) unprinted.delete(code);
      else unprinted.add(code);
      set(office, { unprinted });
    },
  };
}
