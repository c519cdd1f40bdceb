/** Orders and answers for whoever installs a unit or finds out what is wrong with it: rows like those of orders.ts, behind them. */
import { type ConsoleRow, numberField, textField, wordField } from "./fields.ts";
import { place, to, where } from "./order-fields.ts";

export type InstallOrder =
  /** What is not as it should be, of the unit itself and its ways. */
  | { readonly type: "reasons" }
  | { readonly type: "sheet" }
  | { readonly type: "pair-end" }
  | { readonly type: "range-now" }
  /** A tool is about to write other firmware; `forced`: whatever the unit says. */
  | { readonly type: "flash"; readonly forced: "no" | "yes" };

export type ReasonWord =
  | "fault"
  | "mains-lost"
  | "battery-missing"
  | "battery-low"
  | "battery-failed"
  | "battery-old"
  | "one-path-lost"
  | "no-path"
  | "not-proven";

export type InstallEvent =
  | { readonly type: "reason"; readonly to: number; readonly what: ReasonWord; readonly code: number }
  | { readonly type: "sheet"; readonly to: number; readonly iccid: string }
  | {
      readonly type: "walking";
      readonly to: number;
      readonly place: number;
      readonly where: string;
      readonly presses: number;
      /** Above the weakest strength that the unit hears, in dB: of the newest press, and of the weakest one. */
      readonly last: number;
      readonly margin: number;
    };

const reasonWords: readonly ReasonWord[] = [
  "fault",
  "mains-lost",
  "battery-missing",
  "battery-low",
  "battery-failed",
  "battery-old",
  "one-path-lost",
  "no-path",
  "not-proven",
];

export const installOrderRows: readonly ConsoleRow[] = [
  { type: "reasons", fields: [], means: "What is not as it should be? `reason` for each, then `done`" },
  { type: "sheet", fields: [], means: "What is in it? `sheet`, then `done`" },
  { type: "pair-end", fields: [], means: "No device is expected any more: `done` or `refused`" },
  {
    type: "range-now",
    fields: [],
    means: "How does the room of this walk stand? `walking`, then `done`; or `refused`",
  },
  {
    type: "flash",
    fields: [wordField("forced", ["no", "yes"], "yes: although an alarm waits or the unit is in service")],
    means: "Other firmware is about to be written; the log keeps it: `done`, or `refused` unless it is forced",
  },
];

export const installEventRows: readonly ConsoleRow[] = [
  {
    type: "reason",
    fields: [
      to,
      wordField(
        "what",
        reasonWords,
        "a fault of the unit, or what it lacks; not-proven: nothing was accepted since its start",
      ),
      numberField("code", 9_999, "of the fault, 0 for none"),
    ],
    means: "Something is not as it should be",
  },
  {
    type: "sheet",
    fields: [to, textField("iccid", 20, "of the SIM that was seen last")],
    means: "Answer to `sheet`",
  },
  {
    type: "walking",
    fields: [
      to,
      place,
      where,
      numberField("presses", 99, "heard from there so far"),
      numberField("last", 120, "margin of the newest press in dB"),
      numberField("margin", 120, "of the weakest, in dB"),
    ],
    means: "Answer to `range-now`",
  },
];
