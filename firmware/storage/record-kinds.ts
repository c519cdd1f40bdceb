/** What stands in a unit's or a button's journal. A number, once given out, keeps its meaning in every later version. */

/** Stem prefix and the reserved block of report numbers; key 0. */
export const identityKind = 1;
/** A report that is not closed yet, with the withdrawals that are still owed; key: report number. */
export const reportKind = 2;
/** A button's own counter block; key 0. */
export const buttonCountersKind = 10;
/** A unit's counter block for the frames it sends, whichever bond they go to; key 0. */
export const unitCountersKind = 11;
/** The newest counter and press name a unit heard from a bond; key: bond number. */
export const bondHeardKind = 13;
/** A button's press that no unit has acknowledged yet; key 0. */
export const unheardPressKind = 14;
