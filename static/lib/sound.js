/**
 * The two sounds, made here and now: a chime before a call (two tones falling, soft), and the officer's alarm (three tones rising), so
 * that nobody confuses them. A browser makes no sound before the first touch of its page: `unlock` is for that touch.
 */

/** Hz and seconds after the start; E5 and C5, a falling major third. */
const CHIME = [
  { hz: 659.26, at: 0, lasts: 0.42 },
  { hz: 523.25, at: 0.22, lasts: 0.5 },
];
/** A4, C#5, E5, twice: a rising triad. */
const ALARM = [0, 0.75].flatMap((start) =>
  [440, 554.37, 659.26].map((hz, i) => ({ hz, at: start + i * 0.16, lasts: i === 2 ? 0.4 : 0.2 })),
);
/** s; slower than a click, faster than the ear notices. */
const ATTACK = 0.02;
const CHIME_LEVEL = 0.35;
const ALARM_LEVEL = 0.55;

let context = null;

function audio() {
  const Audio = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!context && Audio) context = new Audio();
  return context;
}

/** Whether a sound would be heard now. */
export function unlocked() {
  return audio()?.state === "running";
}

/** To be called within a touch or key press. @returns {Promise<boolean>} whether sounds are allowed now */
export async function unlock() {
  try {
    await audio()?.resume();
  } catch {
    // The browser says no: the screen still shows every call.
  }
  return unlocked();
}

/** Calls `listener` when sounds become allowed or forbidden. */
export function onSound(listener) {
  audio()?.addEventListener("statechange", () => listener(unlocked()));
}

/** The two tones before a call. @returns {boolean} whether it sounds */
export function chime() {
  return play(CHIME, CHIME_LEVEL);
}

/** The rising three tones of an escalation. @returns {boolean} whether it sounds */
export function alarm() {
  return play(ALARM, ALARM_LEVEL);
}

function play(tones, level) {
  if (!unlocked()) return false;
  for (const tone of tones) ring(tone, level);
  return true;
}

/** One tone with its octave, like a bell: quick in, long out. */
function ring({ hz, at, lasts }, level) {
  const start = context.currentTime + 0.03 + at;
  for (const [multiple, share] of [[1, 1], [2, 0.25]]) {
    const [tone, loudness] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hz * multiple;
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(level * share, start + ATTACK);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + lasts);
    tone.connect(loudness).connect(context.destination);
    tone.start(start);
    tone.stop(start + lasts + 0.05);
  }
}
