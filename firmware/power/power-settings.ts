/** What is set up about mains and battery; the figures are settings, these their first values and borders. */

import { isWithin } from "../department.ts";
import { type ChargeCurve, isCurve, lithiumIon } from "./charge.ts";

export interface BatterySettings {
  /** Low from here down, good again from the second on. */
  readonly lowPermille: number;
  readonly goodPermille: number;
  /** A low reading counts when a second one so much later says the same: 4 to 6 min. */
  readonly confirmMs: number;
  /** Between readings on mains. */
  readonly checkMs: number;
  /** Readings between two load tests; 0: no tests. */
  readonly checksPerTest: number;
  readonly testMs: number;
  /** A battery that falls below this under the test load has failed. */
  readonly failedMv: number;
  /** A test begins only with so much charge. */
  readonly testFromPermille: number;
  /** What the test draws, what a call draws, and what a new battery holds. */
  readonly testMa: number;
  readonly talkMa: number;
  readonly capacityMah: number;
  /** From this age on the battery is to be replaced. */
  readonly overAgeDays: number;
}

export interface ReserveSettings {
  /** What a full battery of this make lasts for on standby. */
  readonly standbyMinutes: number;
  /** Falling; each is told of once in a power cut. */
  readonly stepsMinutes: readonly number[];
  /** Charge at which the unit says its last words. */
  readonly lastWordsPermille: number;
}

export interface PowerSettings extends BatterySettings, ReserveSettings {
  /** The lamp and the voice tell of a loss within 10 s. */
  readonly signAfterMs: number;
  readonly reportMainsAfterMs: number;
  /** A random wait on top of that, since a whole town may be dark. */
  readonly mainsSpreadMs: number;
  readonly mainsStableMs: number;
  readonly missingAfterMs: number;
  readonly curve: ChargeCurve;
  /** On battery the Wi-Fi of the broadband route may sleep while the mobile route is proven. */
  readonly wifiMayRest: boolean;
}

export const powerDefaults: PowerSettings = {
  signAfterMs: 5_000,
  reportMainsAfterMs: 900_000,
  mainsSpreadMs: 600_000,
  mainsStableMs: 300_000,
  missingAfterMs: 1_800_000,
  curve: lithiumIon,
  wifiMayRest: false,
  lowPermille: 200,
  goodPermille: 300,
  confirmMs: 300_000,
  checkMs: 90_000_000,
  checksPerTest: 7,
  testMs: 600_000,
  failedMv: 3_450,
  testFromPermille: 600,
  testMa: 300,
  talkMa: 400,
  capacityMah: 2_600,
  overAgeDays: 1_095,
  standbyMinutes: 4_320,
  stepsMinutes: [2_880, 1_440, 720, 360, 180, 60],
  lastWordsPermille: 50,
};

const hourMs = 3_600_000;

/** What is wrong with the settings, in words, or undefined. */
export function powerFault(settings: PowerSettings): string | undefined {
  const s = settings;
  if (!isWithin(s.signAfterMs, 100, 10_000)) return "the local sign of a power cut must come within 10 s";
  if (!isWithin(s.reportMainsAfterMs, 0, 3 * hourMs)) return "a power cut must be reported after 0 to 180 min";
  if (!isWithin(s.mainsSpreadMs, 0, hourMs)) return "the spread of power reports must be 0 to 60 min";
  if (!isWithin(s.mainsStableMs, 60_000, hourMs)) return "the mains must be stable for 1 to 60 min";
  if (!isWithin(s.missingAfterMs, 60_000, 24 * hourMs)) return "a missing battery must be reported after 1 min to 24 h";
  if (!isCurve(s.curve)) return "the battery's curve must rise in voltage and charge";
  if (!isWithin(s.confirmMs, 240_000, 360_000)) return "a low battery must be confirmed after 4 to 6 min";
  if (!isWithin(s.lowPermille, 1, 999) || !isWithin(s.goodPermille, s.lowPermille + 1, 1_000))
    return "the battery must be good again at a higher charge than it is low at";
  if (!isWithin(s.checkMs, hourMs, 48 * hourMs)) return "the battery must be read each 1 to 48 h";
  return testFault(s);
}

function testFault(s: PowerSettings): string | undefined {
  if (!isWithin(s.checksPerTest, 0, 60)) return "a load test must come each 0 to 60 readings";
  if (!isWithin(s.testMs, 1_000, 12 * hourMs) || !isWithin(s.capacityMah, 1, 100_000) || !isWithin(s.testMa, 1, 10_000))
    return "a load test needs a time, a load and the battery's capacity";
  if (s.checksPerTest > 0 && s.testMa * s.testMs > s.capacityMah * (hourMs / 10))
    return "a load test must cost at most a tenth of the battery";
  if (!isWithin(s.testFromPermille, s.lowPermille + 100, 1_000))
    return "a load test must begin a tenth above the low charge";
  if (!isWithin(s.overAgeDays, 30, 7_300)) return "a battery's age must be 30 to 7,300 days";
  if (!isWithin(s.standbyMinutes, 60, 60_000)) return "the standby time must be 1 to 1,000 h";
  if (!isWithin(s.talkMa, 0, 10_000) || !lastsLongEnough(s))
    return "a full battery must last for 24 h and half an hour's talk";
  if (!isWithin(s.lastWordsPermille, 10, s.lowPermille)) return "the last words must come below the low charge";
  if (s.stepsMinutes.length > 12) return "at most 12 steps of remaining time";
  for (let i = 1; i < s.stepsMinutes.length; i++)
    if ((s.stepsMinutes[i] as number) >= (s.stepsMinutes[i - 1] as number))
      return "the steps of remaining time must fall";
  return undefined;
}

/** The standby's own draw follows from the standby time: what is left after a day must carry the talk. */
function lastsLongEnough(s: PowerSettings): boolean {
  const afterDay = s.capacityMah * 60 * (s.standbyMinutes - leastStandbyMinutes);
  return afterDay >= s.talkMa * leastTalkMinutes * s.standbyMinutes;
}

const leastStandbyMinutes = 1_440;
const leastTalkMinutes = 30;
