/** Words of the phone: taking a number, watching it, the privacy notice. */
export const phone = {
  id: {},
  en: {},
};
