// What every page of the staff does before its own work: who is signed in, may they, which offices; and how a failure is said.

import { Problem, get } from "./api.js";
import { signedIn, toLogin } from "./session.js";
import { follow } from "./socket.js";
import { connectionLine } from "./status.js";

/** The offices of an account: {id, name}. */
export async function officesOf(session) {
  const all = await get("/offices");
  return session.offices ? all.filter((office) => session.offices.includes(office.id)) : all;
}

/** The session when its role is one of `roles`; `{refused: session}` when it is not; null when it goes to the sign-in page. */
export async function admitted(roles) {
  const session = await signedIn();
  return session && !roles.includes(session.role) ? { refused: session } : session;
}

/**
 * Follows an office's staff view. Whose session ends is sent to sign in again.
 * @returns {HTMLElement} the line that says when the connection is not well
 */
export function followAsStaff({ office, clock, onBoard, onState }) {
  const line = document.createElement("p");
  const tell = connectionLine(line, clock);
  const onStatus = (status) => {
    if (status.state === "denied") toLogin("ended");
    tell(status);
    onState(status.state);
  };
  follow({ office, view: "staff", clock, onBoard, onStatus });
  return line;
}

/** Runs a page's start; what the office refuses is given to `say`, anything else is a fault and stays one. */
export async function begin(start, say) {
  try {
    await start();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(problem);
  }
}

/** The words for a refusal; a session that is over leads to the sign-in page. Other errors are thrown on. */
export function refusal(problem, language) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.status === 401) toLogin("ended");
  return () => problem.said(language());
}
