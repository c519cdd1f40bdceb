/** Every sealed frame of the radio by its type code: its name, its codec, and where its fields stand in the frame (radio 2.1, 3). */
import { accessoryCheckInFrame } from "../../protocol/radio/accessory-check-in.ts";
import { accessoryEventFrame } from "../../protocol/radio/accessory-event.ts";
import { accessoryTypes } from "../../protocol/radio/accessory-types.ts";
import { acknowledge } from "../../protocol/radio/acknowledge.ts";
import { accessoryFormBase, bondOrderFrame, bondToldFrame } from "../../protocol/radio/bond-frame.ts";
import { buttonForms } from "../../protocol/radio/button-flags.ts";
import { buttonPress } from "../../protocol/radio/button-press.ts";
import { buttonReport } from "../../protocol/radio/button-report.ts";
import { type FrameType, isFromUnit } from "../../protocol/radio/envelope.ts";
import { fallFrame } from "../../protocol/radio/fall.ts";
import { status, statusRequest } from "../../protocol/radio/status.ts";
import type { ReportLine } from "./report.ts";

export interface SealedType {
  readonly name: string;
  readonly type: FrameType<object>;
  /** Offset in the frame of the first byte of each field. */
  readonly at: Readonly<Record<string, number>>;
}

const namedAt = { nameDistance: 9, ageS: 11, batteryMv: 13 };
const answerAt = { name: 9, step: 13 };

export const sealedTypes: readonly SealedType[] = [
  {
    name: "press",
    type: { code: 0x21, codec: buttonPress },
    at: { ...namedAt, presses: 14, reason: 15, low: 15, form: 15 },
  },
  {
    name: "report",
    type: { code: 0x22, codec: buttonReport },
    at: {
      kind: 9,
      low: 9,
      form: 9,
      batteryMv: 10,
      temperatureC: 11,
      versionMajor: 12,
      versionMinor: 13,
      pressCount: 14,
    },
  },
  {
    name: "status-request",
    type: { code: 0x23, codec: statusRequest },
    at: { name: 9, batteryMv: 13, low: 14, form: 14 },
  },
  { name: "fall", type: fallFrame, at: { ...namedAt, falls: 14, phase: 15, low: 15, form: 15 } },
  {
    name: "accessory-event",
    type: accessoryEventFrame,
    at: { ...namedAt, type: 14, condition: 14, low: 15, happening: 15, times: 15 },
  },
  {
    name: "accessory-check-in",
    type: accessoryCheckInFrame,
    at: {
      type: 9,
      condition: 9,
      batteryMv: 10,
      temperatureC: 11,
      kind: 12,
      low: 12,
      nextWithinH: 12,
      activations: 13,
      version: 15,
    },
  },
  { name: "bond-told", type: bondToldFrame, at: { batteryMv: 9, form: 10, low: 11, phase: 11, holds: 12 } },
  { name: "acknowledge", type: { code: 0xa1, codec: acknowledge }, at: answerAt },
  { name: "status", type: { code: 0xa3, codec: status }, at: answerAt },
  { name: "bond-order", type: bondOrderFrame, at: { answers: 9, order: 13 } },
];

/** Undefined for a code of the future, and for the open frames of pairing. */
export function sealedTypeOf(code: number): SealedType | undefined {
  return sealedTypes.find(({ type }) => type.code === code);
}

/** One field for people: what lasts is named, and a bond's form by the device that it stands for. */
export function fieldText(name: string, value: unknown): string {
  if (name === "form" && typeof value === "number") {
    const device = buttonForms[value] ?? accessoryTypes[value - accessoryFormBase];
    return device === undefined ? String(value) : `${value} = ${device}`;
  }
  if (typeof value !== "object" || value === null) return String(value);
  const standing = Object.entries(value).filter(([, stands]) => stands === true);
  return standing.length === 0 ? "none" : standing.map(([what]) => what).join(", ");
}

/** What every frame, sealed or of pairing, has in the open. */
export function openLines(name: string, code: number, address: number): ReportLine[] {
  const shown = address.toString(16).padStart(8, "0");
  return [
    { at: 0, depth: 0, label: "type", text: `0x${code.toString(16)} ${name}, ${directionOf(code)}` },
    { at: 1, depth: 0, label: "address", text: `${address} (0x${shown})` },
  ];
}

/** A device is a button or an accessory. */
export function directionOf(code: number): "unit-to-device" | "device-to-unit" {
  return isFromUnit(code) ? "unit-to-device" : "device-to-unit";
}
