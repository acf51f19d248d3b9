/** Words of the TV in the waiting room. */
export const tv = {
  id: {},
  en: {},
};
