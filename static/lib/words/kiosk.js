/** Words of the kiosk. */
export const kiosk = {
  id: {},
  en: {},
};
