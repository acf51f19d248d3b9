/** A QR code as a picture that can be read aloud. */
import { encode } from "../vendor/uqr/index.mjs";

const SVG = "http://www.w3.org/2000/svg";
/** Modules of quiet around the code; four is what the standard (ISO/IEC 18004) asks for. */
const QUIET = 4;

/** The path of the dark modules, one square each, and the side of the whole, in modules. */
export function modules(text) {
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { path: squares.join(""), size };
}

/**
 * @param {string} text what a camera reads
 * @param {string} label what a screen reader says
 * @returns {SVGSVGElement} class `qr`: dark on light in every theme, as cameras want it
 */
export function qrCode(text, label) {
  const { path, size } = modules(text);
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", path);
  svg.append(dark);
  return svg;
}
