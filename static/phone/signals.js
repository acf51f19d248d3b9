/** What a phone can do besides showing: vibrate, ring, stay awake. Each only where the browser lets it; the screen never depends on it. */
import { stayAwake } from "../lib/awake.js";
import { chime, unlock, unlocked } from "../lib/sound.js";

const KEY = "kayan.sound";
/** ms between two signals of one call, and how many of them: long enough to cross a courtyard, short of annoying a room. */
const AGAIN = 6_000;
const TIMES = 5;
const BUZZ = { called: [400, 150, 400, 150, 700], extra: [300, 150, 300], near: [200] };

let wanted = remembered();
let ringing = null;

/** Whether a call would be heard now. */
export const sounds = () => wanted && unlocked();

/** Within a touch: switches the sound on or off. @returns {Promise<boolean>} whether it is as wished */
export async function switchSound() {
  const on = !sounds();
  wanted = on;
  keep(on);
  if (!on) return true;
  const allowed = await unlock();
  if (allowed) chime();
  stayAwake();
  return allowed;
}

/** "called" repeats until `quiet`; "extra" and "near" come once. */
export function signal(what) {
  quiet();
  let left = what === "called" ? TIMES : 1;
  const once = () => {
    vibrate(BUZZ[what]);
    if (wanted) chime();
    left -= 1;
    ringing = left > 0 ? setTimeout(once, AGAIN) : null;
  };
  once();
}

/** The visitor has noticed, or there is nothing to notice any more. */
export function quiet() {
  if (ringing === null) return;
  clearTimeout(ringing);
  ringing = null;
  vibrate(0);
}

/** Before the first touch of the page Chromium refuses, and complains: after a reload in the middle of a call nothing is to be tried. */
function vibrate(pattern) {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(pattern);
}

/** A browser rings only after a touch: whoever wanted sound before a reload gets it back with the first touch of anything. */
export function resumeSound(done) {
  if (!wanted) return;
  const first = async () => {
    await unlock();
    stayAwake();
    done();
  };
  addEventListener("pointerup", first, { once: true });
}

function remembered() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Then the wish lasts for this page.
  }
}
