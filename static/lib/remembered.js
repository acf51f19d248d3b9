/**
 * The numbers taken or watched on this device, so that a reload, a nap or an hour in airplane mode shows at once what was known. Kept
 * on the device alone, for a day. Storage may be missing or full (private windows): then nothing is remembered, and nothing breaks.
 *
 * @typedef {{secret: string, place: import("./ticketview.js").Place, office: object, now: number, at: number}} Kept
 *   `now` is the server's time of what is kept, `at` the device's own at that moment: only their progress is ever used
 */
const KEY = "kayan.tickets";
const MOST = 5;
const DAY = 24 * 3600_000;

const device = () => {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
};

/** Newest first. @returns {Kept[]} */
export function remembered(wall, storage = device()) {
  try {
    const all = JSON.parse(storage.getItem(KEY)) ?? [];
    return all.filter((k) => k.secret && k.place?.ticket && k.office && Math.abs(wall - k.at) < DAY);
  } catch {
    return [];
  }
}

/** @param {Kept} kept replaces what was kept under the same secret */
export function remember(kept, storage = device()) {
  const others = remembered(kept.at, storage).filter((k) => k.secret !== kept.secret);
  write([kept, ...others].slice(0, MOST), storage);
}

export function forget(secret, wall, storage = device()) {
  write(remembered(wall, storage).filter((k) => k.secret !== secret), storage);
}

function write(all, storage) {
  try {
    storage.setItem(KEY, JSON.stringify(all));
  } catch {
    // As said above.
  }
}

/** The server's time when this is read at `wall`, by the device's progress since; never earlier than what was kept. */
export function estimate({ now, at }, wall) {
  return now + Math.max(0, wall - at);
}
