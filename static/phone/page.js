/** The visitor's own screen: `/{office}` takes a number or watches, `/t#{secret}` is the live ticket. Which one, says the address. */
import { byId, sayAll, setText } from "../lib/dom.js";
import { officeFromPath } from "../lib/office.js";
import { addWords, language, onLanguage, say, setLanguage } from "../lib/words.js";
import { phone } from "../lib/words/phone.js";
import { secret, styled } from "./early.js";
import { showTicket } from "./ticket.js";

addWords(phone);

function speak() {
  sayAll();
  const button = byId("language");
  setText(button, say("otherLanguage"));
  button.setAttribute("aria-label", say("switchLanguage"));
  button.lang = language() === "id" ? "en" : "id";
}

byId("language").addEventListener("click", () => setLanguage(language() === "id" ? "en" : "id"));
onLanguage(speak);
speak();

// Another ticket's link opened in this tab changes the fragment alone: that is another page here.
addEventListener("hashchange", () => location.reload());

await styled;
if (location.pathname === "/t") {
  showTicket(secret);
} else {
  const { showTake } = await import("./take.js");
  showTake(officeFromPath());
}
