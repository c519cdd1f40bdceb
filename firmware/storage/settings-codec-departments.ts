/**
 * The settings of the unit's departments as bytes: one tag for each, all of them or none, so that what a unit was set up
 * with outlives a later version's other defaults. A department that grows is given a new tag.
 */
import type { Reader } from "../../protocol/bytes/reader.ts";
import type { Writer } from "../../protocol/bytes/writer.ts";
import { type DoorRule, doorRuleLimit } from "../accessories/doors.ts";
import type { AlarmSettings } from "../alarm/alarm-settings.ts";
import { type FeedbackSettings, whereToTurnLimit } from "../feedback/settings.ts";
import type { HouseholdSettings, InactivitySettings } from "../household/household-settings.ts";
import { lifeNames } from "../household/life-states.ts";
import type { RadioSettings } from "../pairing/radio-department.ts";
import type { Language } from "../ports/speech.ts";
import type { PowerSettings } from "../power/power-settings.ts";
import type { DepartmentSettings } from "../settings.ts";
import type { SupervisionSettings } from "../supervision/settings.ts";
import type { JobWindow } from "../time/daily-jobs.ts";
import {
  putChoice,
  putFlag,
  putLongText,
  putSigned,
  putWhole,
  takeChoice,
  takeFlag,
  takeLongText,
  takeSigned,
} from "./settings-codec-fields.ts";

/** Departments while they are being read. */
export type DepartmentDraft = { -readonly [department in keyof DepartmentSettings]: DepartmentSettings[department] };

/** One department's tag. What cannot be read spoils the reader. */
export interface DepartmentRow {
  readonly tag: number;
  readonly field: keyof DepartmentSettings;
  readonly put: (departments: DepartmentSettings, to: Writer) => void;
  readonly take: (from: Reader, draft: DepartmentDraft) => void;
}

/** Points of a battery's curve, and steps of its remaining time. */
export const curvePointLimit = 16;
const stepLimit = 12;
/** A character takes three bytes at most, but for those that count as two. */
const whereToTurnBytes = 3 * whereToTurnLimit;

/** As they are numbered here; a number keeps its meaning. */
const inactivityModes: readonly InactivitySettings["mode"][] = ["off", "rolling", "window"];
const languages: readonly Language[] = ["sv", "en"];

function putAlarm(alarm: AlarmSettings, to: Writer): void {
  putWhole(to, alarm.preAlarmS, 1);
  putWhole(to, alarm.fallDelayS, 1);
}

function takeAlarm(from: Reader): AlarmSettings {
  const preAlarmS = from.u8();
  return { preAlarmS, fallDelayS: from.u8() };
}

function putRadio(radio: RadioSettings, to: Writer): void {
  putWhole(to, radio.silentMs, 4);
  putSigned(to, radio.sensitivityDbm);
  putWhole(to, radio.limitDb, 1);
  if (radio.doors.length > doorRuleLimit) to.overrun = true;
  putWhole(to, radio.doors.length, 1);
  for (const door of radio.doors) {
    putWhole(to, door.address, 4);
    putWhole(to, door.fromMinute, 2);
    putWhole(to, door.toMinute, 2);
    putWhole(to, door.preAlarmMs, 4);
    putWhole(to, door.tooLongMs, 4);
  }
}

function takeRadio(from: Reader): RadioSettings {
  const silentMs = from.u32();
  const sensitivityDbm = takeSigned(from);
  const limitDb = from.u8();
  const count = takeCount(from, doorRuleLimit);
  const doors: DoorRule[] = [];
  for (let i = 0; i < count; i++) {
    const address = from.u32();
    const fromMinute = from.u16();
    const toMinute = from.u16();
    const preAlarmMs = from.u32();
    doors.push({ address, fromMinute, toMinute, preAlarmMs, tooLongMs: from.u32() });
  }
  return { silentMs, sensitivityDbm, limitDb, doors };
}

function putPower(power: PowerSettings, to: Writer): void {
  putWhole(to, power.signAfterMs, 4);
  putWhole(to, power.reportMainsAfterMs, 4);
  putWhole(to, power.mainsSpreadMs, 4);
  putWhole(to, power.mainsStableMs, 4);
  putWhole(to, power.missingAfterMs, 4);
  putList(to, power.curve, 2 * curvePointLimit);
  putFlag(to, power.wifiMayRest);
  putWhole(to, power.lowPermille, 2);
  putWhole(to, power.goodPermille, 2);
  putWhole(to, power.confirmMs, 4);
  putWhole(to, power.checkMs, 4);
  putWhole(to, power.checksPerTest, 1);
  putWhole(to, power.testMs, 4);
  putWhole(to, power.failedMv, 2);
  putWhole(to, power.testFromPermille, 2);
  putWhole(to, power.testMa, 2);
  putWhole(to, power.talkMa, 2);
  putWhole(to, power.capacityMah, 4);
  putWhole(to, power.overAgeDays, 2);
  putWhole(to, power.standbyMinutes, 2);
  putList(to, power.stepsMinutes, stepLimit);
  putWhole(to, power.lastWordsPermille, 2);
}

/** Fields stand in the order of `putPower`: what an object literal names first is read first. */
function takePower(from: Reader): PowerSettings {
  return {
    signAfterMs: from.u32(),
    reportMainsAfterMs: from.u32(),
    mainsSpreadMs: from.u32(),
    mainsStableMs: from.u32(),
    missingAfterMs: from.u32(),
    curve: takeList(from, 2 * curvePointLimit),
    wifiMayRest: takeFlag(from),
    lowPermille: from.u16(),
    goodPermille: from.u16(),
    confirmMs: from.u32(),
    checkMs: from.u32(),
    checksPerTest: from.u8(),
    testMs: from.u32(),
    failedMv: from.u16(),
    testFromPermille: from.u16(),
    testMa: from.u16(),
    talkMa: from.u16(),
    capacityMah: from.u32(),
    overAgeDays: from.u16(),
    standbyMinutes: from.u16(),
    stepsMinutes: takeList(from, stepLimit),
    lastWordsPermille: from.u16(),
  };
}

function putHousehold(household: HouseholdSettings, to: Writer): void {
  const inactivity = household.inactivity;
  putChoice(to, inactivityModes, inactivity.mode);
  putWhole(to, inactivity.periodMs, 4);
  putWhole(to, inactivity.warnMs, 4);
  putWhole(to, inactivity.windowStart, 2);
  putWhole(to, inactivity.windowEnd, 2);
  putSigned(to, household.temperature.coldDeciC);
  putSigned(to, household.temperature.warmDeciC);
  putChoice(to, lifeNames, household.firstLife);
  putWhole(to, household.alarmVisitMs, 4);
}

function takeHousehold(from: Reader): HouseholdSettings {
  const mode = takeChoice(from, inactivityModes);
  const periodMs = from.u32();
  const warnMs = from.u32();
  const windowStart = from.u16();
  const inactivity = { mode, periodMs, warnMs, windowStart, windowEnd: from.u16() };
  const coldDeciC = takeSigned(from);
  const temperature = { coldDeciC, warmDeciC: takeSigned(from) };
  const firstLife = takeChoice(from, lifeNames);
  return { inactivity, temperature, firstLife, alarmVisitMs: from.u32() };
}

function putSupervision(supervision: SupervisionSettings, to: Writer): void {
  putWindow(to, supervision.autolarm);
  putWhole(to, supervision.autolarmReceiver + 1, 1);
  putWindow(to, supervision.dailyCheck);
  putWhole(to, supervision.remindAfterDays, 2);
  putWhole(to, supervision.listAfterDays, 2);
  putWhole(to, supervision.testModeMs, 4);
}

function takeSupervision(from: Reader): SupervisionSettings {
  const autolarm = takeWindow(from);
  const autolarmReceiver = from.u8() - 1;
  const dailyCheck = takeWindow(from);
  const remindAfterDays = from.u16();
  const listAfterDays = from.u16();
  return { autolarm, autolarmReceiver, dailyCheck, remindAfterDays, listAfterDays, testModeMs: from.u32() };
}

function putFeedback(feedback: FeedbackSettings, to: Writer): void {
  putChoice(to, languages, feedback.language);
  putWhole(to, feedback.quiet.fromS, 4);
  putWhole(to, feedback.quiet.toS, 4);
  putLongText(to, feedback.whereToTurn, whereToTurnBytes);
  putWhole(to, feedback.noPathAfterMs, 4);
  putWhole(to, feedback.noPathRepeatMs, 4);
}

function takeFeedback(from: Reader): FeedbackSettings {
  const language = takeChoice(from, languages);
  const fromS = from.u32();
  const quiet = { fromS, toS: from.u32() };
  const whereToTurn = takeLongText(from, whereToTurnBytes);
  const noPathAfterMs = from.u32();
  return { language, quiet, whereToTurn, noPathAfterMs, noPathRepeatMs: from.u32() };
}

/** A window that is absent is a job that is off. */
function putWindow(to: Writer, window: JobWindow | undefined): void {
  putFlag(to, window !== undefined);
  if (window === undefined) return;
  putWhole(to, window.fromS, 4);
  putWhole(to, window.toS, 4);
}

function takeWindow(from: Reader): JobWindow | undefined {
  if (!takeFlag(from)) return undefined;
  const fromS = from.u32();
  return { fromS, toS: from.u32() };
}

function putList(to: Writer, list: readonly number[], limit: number): void {
  if (list.length > limit) to.overrun = true;
  putWhole(to, list.length, 1);
  for (const value of list) putWhole(to, value, 2);
}

function takeList(from: Reader, limit: number): readonly number[] {
  const count = takeCount(from, limit);
  const list: number[] = [];
  for (let i = 0; i < count; i++) list.push(from.u16());
  return list;
}

function takeCount(from: Reader, limit: number): number {
  const count = from.u8();
  if (count > limit) from.overrun = true;
  return Math.min(count, limit);
}

/** By rising tag. */
export const departmentRows: readonly DepartmentRow[] = [
  {
    tag: 9,
    field: "alarm",
    put: (departments, to) => putAlarm(departments.alarm, to),
    take: (from, draft) => {
      draft.alarm = takeAlarm(from);
    },
  },
  {
    tag: 10,
    field: "radio",
    put: (departments, to) => putRadio(departments.radio, to),
    take: (from, draft) => {
      draft.radio = takeRadio(from);
    },
  },
  {
    tag: 11,
    field: "power",
    put: (departments, to) => putPower(departments.power, to),
    take: (from, draft) => {
      draft.power = takePower(from);
    },
  },
  {
    tag: 12,
    field: "household",
    put: (departments, to) => putHousehold(departments.household, to),
    take: (from, draft) => {
      draft.household = takeHousehold(from);
    },
  },
  {
    tag: 13,
    field: "supervision",
    put: (departments, to) => putSupervision(departments.supervision, to),
    take: (from, draft) => {
      draft.supervision = takeSupervision(from);
    },
  },
  {
    tag: 14,
    field: "feedback",
    put: (departments, to) => putFeedback(departments.feedback, to),
    take: (from, draft) => {
      draft.feedback = takeFeedback(from);
    },
  },
];
