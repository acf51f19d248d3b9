/** One calm page instead of the ticket: it is being opened, cannot be reached yet, or its link opens nothing. */
import { byId, setText } from "../lib/dom.js";
import { onLanguage, say } from "../lib/words.js";

let shown = null;
onLanguage(draw);

/** @param {"loading"|"unreachable"|"invalid"} what @param {string} [way] where a new number is taken */
export function notice(what, way = "/") {
  shown = what;
  byId("ticket").hidden = true;
  byId("notice").hidden = false;
  byId("notice-way").hidden = what !== "invalid";
  byId("notice-way").href = way;
  delete document.body.dataset.stage;
  draw();
}

function draw() {
  if (!shown || byId("notice").hidden) return;
  setText(byId("notice-title"), say(`notice.${shown}`));
  setText(byId("notice-text"), shown === "loading" ? "" : say(`notice.${shown}Text`));
  setText(byId("notice-way"), say("take.go"));
}
