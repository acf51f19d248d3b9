/** Words of the staff's other pages: log-in, desk, supervisor, administrator; `bar.*` stands on top of all of them. */
export const staff = {
  id: {
    "bar.signOut": "Keluar",
    "bar.offline": "Terputus",
  },
  en: {
    "bar.signOut": "Sign out",
    "bar.offline": "Offline",
  },
};
