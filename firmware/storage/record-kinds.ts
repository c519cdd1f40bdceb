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
/** Local dates that a daily job has had; key: job. */
export const dailyJobKind = 50;
/** Where in its window a daily job of this unit has its place; key: job. */
export const dailyPlaceKind = 51;
/** The time when the unit last kept it, and the newest that two sources agreed on; key 0. */
export const lastTimeKind = 52;
/** The daily test message and the monthly press: whose turn, counts, the last accepted press; key 0. */
export const regularTestKind = 53;
/** Faults that the self-check has told of; key 0. */
export const knownFaultsKind = 54;
/** A loss that receivers were told of and whose end they were not; key: 1 mains, 2 battery, 3 lid, 4 SIM gone, 5 SIM locked. */
export const lossKind = 40;
/** The battery's faults that were told, its tests and its age; key 0. */
export const batteryKind = 41;
/** When the unit was last known to be alive, and whether a time without power is still to be told of; key 0. */
export const aliveKind = 42;
/** Two readings of a battery in wall time, for its forecast; key: bond number. */
export const batteryHistoryKind = 43;
/** The unit's life state and whether its newest change was told and accepted; key 0. */
export const lifeKind = 44;
/** The wearer is away; key 0. */
export const awayKind = 45;
/** A carer is there; key 0. */
export const presenceKind = 46;
/** The ICCID of the SIM that was last seen; key 0. */
export const simCardKind = 47;
/** The room was told to be cold or warm; key 0. */
export const temperatureKind = 48;
/** A bond: address, keys, person, form, place; key: place in the table. Once 38 is there, these rule and the settings do not. */
export const bondKind = 30;
/** Who calls for a person: holder, successor, verified; key: person. What a slot does not name any more is revoked. */
export const personSlotKind = 31;
/** What is known of a bonded device's life: missing, battery, case, fault, last names; key: place in the table of bonds. */
export const deviceLifeKind = 32;
/** One place of a range walk, with its margin; key: number of the place. */
export const rangeWalkKind = 33;
/** A device that is expected, with its label key; key: number of the expectation. */
export const expectedDeviceKind = 34;
/** A button's own pair key, empty where it has none; key 0. Stands before what the button was delivered with. */
export const ownKeyKind = 35;
/** A button's fall that no unit has acknowledged yet; key 0. */
export const unheardFallKind = 36;
/** A button's battery as it was before the last start, and how long no unit has answered; key 0. */
export const buttonLifeKind = 37;
/** The table of bonds has been filled from the settings; key 0. */
export const bondTableKind = 38;
/** Heartbeat interval in minutes that the first receiver asked for; key 0. */
export const beatIntervalKind = 70;
/** What a receiver granted of a call that is not over; key 0. */
export const voiceGrantKind = 72;
/** Announced work on a network or a receiver; key 0. */
export const maintenanceKind = 71;
/** Starts of the unit, how many short lives stand in a row, and whether it runs in minimal alarm mode; key 0. */
export const startsKind = 60;
/** Which of the two places of settings is in force, on trial or staged, with version, length and CRC of each; key 0. */
export const settingsHeadKind = 61;
/** A piece of the settings; key: place × 16 + piece. Means nothing without its head. */
export const settingsPartKind = 62;
/** How many short messages went out about an alarm that no receiver could be reached for, and whether one was answered; key: report number. */
export const smsCaseKind = 80;
/** What stands in the slot that does not run, how far its update has come, and which version failed; key 0. */
export const updateKind = 90;
