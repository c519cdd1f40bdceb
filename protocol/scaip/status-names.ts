/**
 * Names of the numbers in a response (SS 91100 table 2): `snu`, `mre` and `cre`, for people and tools; nothing on a device
 * imports this. What a sender does upon each `snu` is in `sender-duty.ts`.
 */
import type { CodeName } from "./codes.ts";

/** 10 is seen only in the bought standard. */
export const statusNumbers: readonly CodeName[] = [
  { code: 0, en: "handled", sv: "mottaget" },
  { code: 1, en: "message too long", sv: "meddelandet är för långt" },
  { code: 2, en: "format not valid", sv: "fel format" },
  { code: 3, en: "data content wrong", sv: "fel innehåll" },
  { code: 4, en: "hold: being worked on", sv: "vänta: behandlas" },
  { code: 5, en: "not treated", sv: "behandlas inte" },
  { code: 6, en: "busy", sv: "upptaget" },
  { code: 7, en: "mandatory element missing", sv: "obligatorisk uppgift saknas" },
  { code: 10, en: "reference missing", sv: "referens saknas" },
  { code: 99, en: "undefined error", sv: "odefinierat fel" },
];

export const mediaReplies: readonly CodeName[] = [
  { code: 0, en: "no call", sv: "inget samtal" },
  { code: 1, en: "speech both ways", sv: "tal åt båda håll" },
  { code: 2, en: "the centre listens only", sv: "larmcentralen bara lyssnar" },
  { code: 3, en: "the centre talks only", sv: "larmcentralen bara talar" },
];

/** 1 to 60 are minutes within which the centre calls; seen only in the bought standard. */
export const callReplies: readonly CodeName[] = [
  { code: 61, en: "the unit calls its own receiver", sv: "enheten ringer sin egen mottagare" },
  { code: 62, en: "the unit calls what tnu says", sv: "enheten ringer enligt tnu" },
];
