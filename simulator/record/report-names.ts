/**
 * What people call the reports of a unit that are no press of a button: a word for each pair of device type and status code
 * that the firmware sends (SS 91100 annexes A and C). Expectations and reports go by these words; other pairs are `dty/stc`.
 */
import type { ReportKind } from "../../firmware/alarm/report.ts";

/** The facts of a report that its name depends on. */
export interface ReportCodes {
  readonly dty: number;
  readonly stc: number;
  /** The status code whose end it tells of, or -1. */
  readonly restores: number;
}

interface NamedReport extends Omit<ReportCodes, "restores"> {
  readonly name: string;
  /** Where one pair of codes ends two different things. */
  readonly restores?: number;
}

const unit = 2;
const radio = 50;
const link = 32;
const power = 41;
const thermometer = 20;

/** The first that fits names the report. */
const ownReports: readonly NamedReport[] = [
  { name: "mains-lost", dty: unit, stc: 85 },
  { name: "mains-back", dty: unit, stc: 86 },
  { name: "battery-low", dty: power, stc: 16 },
  { name: "battery-good", dty: power, stc: 15 },
  { name: "battery-failed", dty: power, stc: 14 },
  { name: "battery-sound", dty: power, stc: 48, restores: 14 },
  { name: "battery-old", dty: power, stc: 65 },
  { name: "battery-changed", dty: power, stc: 20 },
  { name: "battery-reserve", dty: power, stc: 11 },
  { name: "battery-empty", dty: unit, stc: 97 },
  { name: "battery-unplugged", dty: power, stc: 31 },
  { name: "battery-plugged-in", dty: power, stc: 91 },
  { name: "back-from-outage", dty: unit, stc: 91 },
  { name: "sim-back", dty: unit, stc: 91, restores: 31 },
  { name: "started", dty: unit, stc: 96 },
  { name: "broadband-lost", dty: unit, stc: 23 },
  { name: "broadband-back", dty: unit, stc: 112 },
  { name: "mobile-lost", dty: unit, stc: 24 },
  { name: "mobile-back", dty: unit, stc: 113 },
  { name: "receiver-lost", dty: link, stc: 73 },
  { name: "receiver-back", dty: link, stc: 75 },
  { name: "link-trouble", dty: link, stc: 105 },
  { name: "jammed", dty: radio, stc: 95 },
  { name: "jamming-over", dty: radio, stc: 94 },
  { name: "test-over-first-route", dty: unit, stc: 102 },
  { name: "test-over-second-route", dty: unit, stc: 103 },
  { name: "test-missing", dty: unit, stc: 104 },
  { name: "test-came", dty: unit, stc: 94, restores: 104 },
  { name: "test-mode", dty: unit, stc: 6 },
  { name: "test-mode-over", dty: unit, stc: 69 },
  { name: "away", dty: unit, stc: 3 },
  { name: "home", dty: unit, stc: 121 },
  { name: "visit-planned", dty: unit, stc: 87 },
  { name: "visit-at-alarm", dty: unit, stc: 88 },
  { name: "visit-over", dty: unit, stc: 111 },
  { name: "visit-not-ended", dty: unit, stc: 92 },
  { name: "assistance", dty: unit, stc: 110 },
  { name: "help-key", dty: unit, stc: 10 },
  { name: "fall", dty: 5, stc: 9 },
  { name: "inactivity", dty: 10, stc: 9 },
  { name: "case-open", dty: unit, stc: 125 },
  { name: "case-closed", dty: unit, stc: 94, restores: 125 },
  { name: "sim-gone", dty: unit, stc: 31 },
  { name: "sim-locked", dty: unit, stc: 118 },
  { name: "sim-unlocked", dty: unit, stc: 127 },
  { name: "in-service", dty: unit, stc: 48, restores: 78 },
  { name: "out-of-service", dty: unit, stc: 78 },
  { name: "memory-full", dty: unit, stc: 68 },
  { name: "memory-failed", dty: unit, stc: 42 },
  { name: "too-warm", dty: thermometer, stc: 100 },
  { name: "too-cold", dty: thermometer, stc: 101 },
  { name: "temperature-normal", dty: thermometer, stc: 70 },
  { name: "button-revoked-used", dty: 3, stc: 105 },
  { name: "unit-trouble", dty: unit, stc: 105 },
  ...[unit, radio, link, power, thermometer].flatMap((dty) => [
    { name: "fault", dty, stc: 67 },
    { name: "fault-gone", dty, stc: 48, restores: 67 },
  ]),
  { name: "in-service", dty: unit, stc: 48 },
];

/** Devices that hang on a unit's radio: their word, their device type, and what their alarm and its end are called. */
const devices: readonly { readonly word: string; readonly dty: number; readonly more: readonly [number, string][] }[] =
  [
    { word: "button", dty: 3, more: [] },
    {
      word: "cord",
      dty: 4,
      more: [[10, "cord"]],
    },
    { word: "fall-detector", dty: 5, more: [] },
    {
      word: "motion",
      dty: 10,
      more: [
        [119, "motion"],
        [104, "motion-missing-long"],
      ],
    },
    {
      word: "bed",
      dty: 12,
      more: [
        [9, "bed"],
        [104, "bed-empty"],
        [117, "bed-taken"],
      ],
    },
    {
      word: "mat",
      dty: 13,
      more: [
        [9, "mat"],
        [104, "mat-too-long"],
      ],
    },
    {
      word: "door",
      dty: 14,
      more: [
        [76, "door-open"],
        [77, "door-open-too-long"],
        [21, "door-closed"],
      ],
    },
    { word: "thermometer", dty: thermometer, more: [] },
    {
      word: "smoke",
      dty: 23,
      more: [
        [9, "smoke"],
        [94, "smoke-over"],
      ],
    },
    {
      word: "carbon-monoxide",
      dty: 26,
      more: [
        [9, "carbon-monoxide"],
        [94, "carbon-monoxide-over"],
      ],
    },
    {
      word: "water",
      dty: 33,
      more: [
        [9, "water"],
        [94, "water-over"],
      ],
    },
  ];

/** What every such device can tell of itself. */
const ofEach: readonly [number, string][] = [
  [16, "battery-low"],
  [15, "battery-good"],
  [123, "missing"],
  [124, "back"],
  [125, "tampered"],
  [67, "fault"],
  [102, "test"],
  [119, "activity"],
  [94, "restored"],
];

const named: readonly NamedReport[] = [
  ...ownReports,
  ...devices.flatMap(({ word, dty, more }) => [
    ...more.map(([stc, name]) => ({ name, dty, stc })),
    ...ofEach.map(([stc, what]) => ({ name: `${word}-${what}`, dty, stc })),
    { name: `${word}-tamper-over`, dty, stc: 94, restores: 125 },
    { name: `${word}-fault-gone`, dty, stc: 48 },
  ]),
];

/** A report that changes to and fro so often that the unit tells only that it does. */
export const unstableName = "unstable";

/** Every word, each once. */
export const reportNames: readonly string[] = [...new Set([...named.map(({ name }) => name), unstableName])];

export const reportKinds = [
  "user-alarm",
  "fire-and-gas",
  "life-safety",
  "technical",
  "test",
  "statistics",
] as const satisfies readonly ReportKind[];

const byCodes = new Map<string, NamedReport[]>();
for (const each of named) {
  const key = codesText(each);
  const known = byCodes.get(key);
  if (known === undefined) byCodes.set(key, [each]);
  else known.push(each);
}

/** Its word, or "dty/stc" where it has none. What it ends decides before the pair of codes alone. */
export function reportName(codes: ReportCodes): string {
  const fitting = byCodes.get(codesText(codes)) ?? [];
  const exact = fitting.find(({ restores }) => restores === codes.restores);
  return (exact ?? fitting.find(({ restores }) => restores === undefined))?.name ?? codesText(codes);
}

/** "2/85". */
export function codesText({ dty, stc }: Pick<ReportCodes, "dty" | "stc">): string {
  return `${dty}/${stc}`;
}
