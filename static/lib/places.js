// The places where stickers hang: for administrators, and the scan of a sticker. Each throws Problem when it is refused.

import { get, post } from "./api.js";

const of = (office) => `/offices/${encodeURIComponent(office)}/places`;
const at = (office, code, verb) => `${of(office)}/${encodeURIComponent(code)}/${verb}`;

/** {address, lasting, places: [{code, name, retired, url, today, month, last}]} */
export const listPlaces = (office) => get(of(office));

export const addPlace = (office, name) => post(of(office), { name });

/** Its sticker stays as it is: the code in it belongs to the place, not to the name. */
export const renamePlace = (office, code, name) => post(at(office, code, "rename"), { name });

/** A retired place's sticker still opens the office's page, and is counted no more. */
export const setRetired = (office, code, retired) => post(at(office, code, retired ? "retire" : "restore"));

/** Where the PDF of these places is had. */
export function sheetUrl(office, sheet, codes) {
  const query = new URLSearchParams([["sheet", sheet], ...codes.map((code) => ["place", code])]);
  return `/api/v1/offices/${encodeURIComponent(office)}/stickers?${query}`;
}
