/** The one line that every page shows when its connection is not well, with the age of what it shows. */
import { ageWord, onLanguage, say } from "./words.js";

/** ms; a blink of the network is nobody's business. */
const GRACE = 1_500;
const SENTENCES = { connecting: "connecting", lost: "connectionLost", denied: "connectionDenied" };

/**
 * What the line says at a moment.
 * @param {import("./socket.js").Status} status
 * @param {number} elapsed by the same clock as the status
 * @returns {{key: string, age: number|null}|null} the sentence's key and the data's age in ms (null: nothing shown yet); null when well
 */
export function trouble(status, elapsed) {
  if (status.state === "live") return null;
  if (status.state !== "denied" && elapsed - status.since < GRACE) return null;
  return { key: SENTENCES[status.state], age: status.lastHeard === null ? null : elapsed - status.lastHeard };
}

/**
 * Puts the line into `host`. The sentence is announced once; the running age beside it is not, or a screen reader would never be quiet.
 * @param {HTMLElement} host
 * @param {import("./clock.js").Clock} clock
 * @returns {(status: import("./socket.js").Status) => void} to be given to `follow` as onStatus
 */
export function connectionLine(host, clock) {
  const sentence = document.createElement("span");
  sentence.setAttribute("role", "status");
  const age = document.createElement("span");
  host.classList.add("connection");
  host.hidden = true;
  host.append(sentence, " ", age);
  let status = { state: "connecting", since: clock.elapsed(), lastHeard: null };
  const show = () => {
    const wrong = trouble(status, clock.elapsed());
    host.hidden = !wrong;
    host.dataset.state = status.state;
    set(sentence, wrong ? say(wrong.key) : "");
    set(age, wrong && wrong.age !== null ? say("dataAge", { age: ageWord(wrong.age) }) : "");
  };
  setInterval(show, 1000);
  onLanguage(show);
  return (next) => {
    status = next;
    show();
  };
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
