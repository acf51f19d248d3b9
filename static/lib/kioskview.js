/** Which face the kiosk shows. Pure. */
import { trouble } from "./status.js";
import { takingNow } from "./taking.js";

/**
 * @param {object|null} office
 * @param {import("./socket.js").Status} status of the live stream
 * @param {boolean} storeAnswers whether the server can give numbers at all (its /readyz)
 * @param {number} now server's time, ms; null before it was heard
 * @param {number} elapsed by the clock of `status`
 * @returns {{face: "loading"|"trouble"|"closed"|"open", said: {key: string, facts?: object}|null, age: number|null}} `trouble`: the
 *   services stand there and cannot be pressed; `closed`: words instead of services; `open` may still say until when; `age` of what is
 *   shown in ms, where the connection is lost
 */
export function kioskView({ office, status, storeAnswers, now, elapsed }) {
  const lost = trouble(status, elapsed);
  if (!office) return { face: "loading", said: { key: lost?.key === "connectionLost" ? "trouble.lost" : "loading" }, age: null };
  if (lost) return { face: "trouble", said: { key: "trouble.lost" }, age: lost.age };
  if (!storeAnswers) return { face: "trouble", said: { key: "trouble.store" }, age: null };
  const { open, said } = takingNow(office, now);
  return { face: open ? "open" : "closed", said, age: null };
}
