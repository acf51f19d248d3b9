/** Words of the staff's other pages: log-in, desk, supervisor, administrator. */
export const staff = {
  id: {},
  en: {},
};
