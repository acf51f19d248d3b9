/** Words of the front door: the list of offices. */
export const offices = {
  id: {
    "offices.title": "Antrean kantor",
    "offices.choose": "Pilih kantor",
    "offices.none": "Belum ada kantor yang terdaftar di sini.",
    "offices.tv": "Layar TV",
    "offices.tvOf": "Layar TV {office}",
    "offices.staff": "Masuk sebagai petugas",
  },
  en: {
    "offices.title": "Office queues",
    "offices.choose": "Choose an office",
    "offices.none": "No office is registered here yet.",
    "offices.tv": "TV screen",
    "offices.tvOf": "TV screen of {office}",
    "offices.staff": "Log in as staff",
  },
};
