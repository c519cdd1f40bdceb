/**
 * Device components (`dco`, SS 91100 annex B) by name, for people and tools; nothing on a device imports this. Seen only in
 * the bought standard: 30 to 89 reserved, 90 to 99 by agreement, 100 to 999 unspecified.
 */
import type { CodeName } from "./codes.ts";

export const components: readonly CodeName[] = [
  { code: 0, en: "unknown", sv: "okänd" },
  { code: 1, en: "undefined", sv: "odefinierad" },
  { code: 2, en: "button 1", sv: "knapp 1" },
  { code: 3, en: "button 2", sv: "knapp 2" },
  { code: 4, en: "button 3", sv: "knapp 3" },
  { code: 5, en: "button 4", sv: "knapp 4" },
  { code: 6, en: "button 5", sv: "knapp 5" },
  { code: 7, en: "switch 1", sv: "brytare 1" },
  { code: 8, en: "switch 2", sv: "brytare 2" },
  { code: 9, en: "switch 3", sv: "brytare 3" },
  { code: 10, en: "switch 4", sv: "brytare 4" },
  { code: 11, en: "switch 5", sv: "brytare 5" },
  { code: 12, en: "output 1", sv: "utgång 1" },
  { code: 13, en: "output 2", sv: "utgång 2" },
  { code: 14, en: "output 3", sv: "utgång 3" },
  { code: 15, en: "output 4", sv: "utgång 4" },
  { code: 16, en: "output 5", sv: "utgång 5" },
  { code: 17, en: "automatic circuit 1", sv: "automatisk krets 1" },
  { code: 18, en: "automatic circuit 2", sv: "automatisk krets 2" },
  { code: 19, en: "automatic circuit 3", sv: "automatisk krets 3" },
  { code: 20, en: "automatic circuit 4", sv: "automatisk krets 4" },
  { code: 21, en: "automatic circuit 5", sv: "automatisk krets 5" },
  { code: 22, en: "Ethernet circuit", sv: "Ethernetkrets" },
  { code: 23, en: "memory", sv: "minne" },
  { code: 24, en: "microcontroller", sv: "mikrostyrkrets" },
  { code: 25, en: "module 1", sv: "modul 1" },
  { code: 26, en: "module 2", sv: "modul 2" },
  { code: 27, en: "module 3", sv: "modul 3" },
  { code: 28, en: "module 4", sv: "modul 4" },
  { code: 29, en: "module 5", sv: "modul 5" },
];
