/** Which office this page is about, and what it says of itself. */
import { get, post } from "./api.js";

/** The office's id in the page's address: "/tanjung-selor/tv" -> "tanjung-selor"; "" where there is none. */
export function officeFromPath(pathname = globalThis.location.pathname) {
  return decodeURIComponent(pathname.split("/")[1] ?? "");
}

/** GET /offices/{office}: services, counters, hours, guarantee and what else the office says. Throws Problem. */
export function loadOffice(id) {
  return get(`/offices/${encodeURIComponent(id)}`);
}

/** The service's name in a language; the letter itself when the office no longer has it. */
export function serviceName(office, code, lang) {
  const service = office.services.find((s) => s.code === code);
  return service?.name[lang] ?? service?.name.id ?? code;
}

/** The address that a QR code for this office opens. */
export function visitorUrl(office, origin = globalThis.location.origin) {
  return `${office.public_url || origin}/${encodeURIComponent(office.id)}`;
}

/** The promise in whole minutes: 45. */
export function promisedMinutes(office) {
  return Math.round(office.guarantee.seconds / 60);
}

/**
 * Tells the office that one of its stickers was scanned, once: the address forgets the sticker, so that a page that is opened again, or
 * passed on, counts for nobody. The page neither waits for it nor minds its failure.
 */
export function tellScan(office, place = globalThis.location, tabs = globalThis.history, send = post) {
  const code = new URLSearchParams(place.search).get("s");
  if (code === null) return;
  tabs.replaceState(null, "", place.pathname);
  send(`/offices/${encodeURIComponent(office)}/scans`, { place: code.slice(0, 64) }).catch(() => {});
}
