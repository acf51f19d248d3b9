// Who is signed in on this page, and the ways between the sign-in page and the others.

import { get, post, remove } from "./api.js";

const HOME = { officer: "/officer", supervisor: "/supervisor", administrator: "/admin" };

/** Where this account works: its role's page. */
export function homeOf({ role, office }) {
  return role === "receptionist" ? `/${encodeURIComponent(office)}/desk` : (HOME[role] ?? "/");
}

/**
 * A wish from `?next=` as an address of this site, or null. Attack: //host, /\host, /%09/host and /.//host all start with a slash
 * and leave the site, so the address is resolved first and given back whole, never as a path.
 */
export function nextAddress(wish, origin) {
  if (!wish?.startsWith("/")) return null;
  const url = URL.canParse(wish, origin) ? new URL(wish, origin) : null;
  return url && url.origin === origin && url.pathname !== "/login" ? url.href : null;
}

let leaving = false; // who signs out knows that the session is over: the live stream, closed for that, need not say it

/** Goes to the sign-in page and comes back here after it; `why` "ended" says that the session is over. */
export function toLogin(why = "") {
  if (leaving) return;
  const query = new URLSearchParams({ next: location.pathname + location.search, ...(why && { why }) });
  location.replace(`/login?${query}`);
}

/** The session {name, role, offices, office}, or null after having gone to the sign-in page. */
export async function signedIn() {
  try {
    return await get("/session");
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    toLogin();
    return null;
  }
}

/** Ends the session on the server, then shows the sign-in page. */
export async function signOut() {
  leaving = true;
  try {
    await remove("/session");
  } catch (problem) {
    leaving = false;
    throw problem;
  }
  location.replace("/login");
}

/** Signs in. Throws Problem: 401 wrong name or password, 429 throttled (retryAfter seconds), 503 store gone. */
export const signIn = (name, password) => post("/session", { name, password });

/** Makes the first administrator with the token of the link printed at the first start. */
export const beginWith = (token, name, password) => post("/first-administrator", { token, name, password });
