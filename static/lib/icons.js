/** The icons: line drawings on a 24 by 24 field, in the colour of the text beside them, which carries the meaning. */
import { html, svg } from "../vendor/lit/lit-html.js";

const ICONS = {
  arrow: svg`<path d="M4 12h15M13 6l6 6-6 6"/>`,
  back: svg`<path d="M20 12H5M11 6l-6 6 6 6"/>`,
  calm: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>`,
  soon: svg`<path d="M7 3.5h10M7 20.5h10M8 3.5v4l4 4.5 4-4.5v-4M8 20.5v-4l4-4.5 4 4.5v4"/>`,
  overdue: svg`<path d="M12 3.5 21.5 20h-19zM12 10v4.5M12 17.3v.2"/>`,
  check: svg`<path d="m4.5 12.5 5 5 10-11"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  sound: svg`<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11"/>`,
  offline: svg`<path d="M4 4l16 16M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 4-2.4M19 12a10 10 0 0 0-6-2.9M12 19h.01"/>`,
  person: svg`<circle cx="12" cy="8" r="3.5"/><path d="M5 20a7 7 0 0 1 14 0"/>`,
  people: svg`<circle cx="9" cy="8.5" r="3"/><path d="M3 19a6 6 0 0 1 12 0M15.5 6a3 3 0 0 1 0 5.5M17.5 14.2A6 6 0 0 1 21 19"/>`,
  pause: svg`<path d="M9 6v12M15 6v12"/>`,
  share: svg`<path d="M12 15V4M8 7.5 12 3.5l4 4M6 12v7.5h12V12"/>`,
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${ICONS[name]}</svg>`;
}
