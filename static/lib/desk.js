// What the receptionist's keys mean. Pure. The whole of it can be done on a number pad: 1, satker, +, Enter.

const SATKER = 6; // digits (shared/domain.md, section 1)

/** The service that a key chooses: its place on the screen (1 to 9) or its letter; null when none. `typing`: digits belong to the satker. */
export function serviceOf(key, services, typing) {
  if (/^[1-9]$/.test(key)) return typing ? null : (services[Number(key) - 1]?.code ?? null);
  return services.find((service) => service.code.toLowerCase() === key.toLowerCase())?.code ?? null;
}

/** What stays of a typed or pasted satker: its digits, six at most. */
export const satkerTyped = (text) => text.replace(/\D/g, "").slice(0, SATKER);

/** Whether a satker can be sent: none, or all six digits. */
export const satkerComplete = (satker) => satker.length === 0 || satker.length === SATKER;

/** What is sent for a draft {service, satker, priority}, or the key of the words for what is missing. */
export function ready({ service, satker }) {
  if (!service) return { missing: "desk.chooseFirst" };
  return satkerComplete(satker) ? { missing: null } : { missing: "desk.satkerShort" };
}
