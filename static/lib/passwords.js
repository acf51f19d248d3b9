// What a new password must be; the server asks for the same (board/store/staff.py).

/** Characters; NIST SP 800-63B asks for length, not for signs. */
export const PASSWORD_MIN = 10;

/** The key of the words for what is wrong with a new password typed twice, or null. */
export function wrongPassword(password, again) {
  if ([...password].length < PASSWORD_MIN) return "password.short";
  return password === again ? null : "password.different";
}

/** Letters and digits that are not taken for each other when read aloud or written down. */
const READABLE = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 4;
const GROUP = 4; // 16 signs of 31: 79 bits

/** A password to hand over, "h3kd-9wpa-…". @param {(n: number) => Uint32Array} random n numbers that nobody can guess */
export function suggestion(random = (n) => globalThis.crypto.getRandomValues(new Uint32Array(n))) {
  const signs = Array.from(random(GROUPS * GROUP), (n) => READABLE[n % READABLE.length]);
  return Array.from({ length: GROUPS }, (_, i) => signs.slice(i * GROUP, (i + 1) * GROUP).join("")).join("-");
}
