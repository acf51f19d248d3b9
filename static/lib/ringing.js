/** The alarm's sound, again and again until nobody is asked any more. */
import { alarm } from "./sound.js";

/** ms; the tones last a second and a half, and one must be able to speak between them. */
const AGAIN = 5000;
let repeating = null;

/** Sounds the alarm at once and then every few seconds while `asked` is true. */
export function ringWhile(asked) {
  if (asked === (repeating !== null)) return;
  clearInterval(repeating);
  repeating = asked ? setInterval(alarm, AGAIN) : null;
  if (asked) alarm();
}
