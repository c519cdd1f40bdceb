/** What a button is made with and set up as. */
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import type { OpenFallSensor } from "../ports/fall.ts";
import type { ReportSettings } from "./report-machine.ts";

/** What a button leaves the factory with. */
export interface ButtonBond {
  readonly address: number;
  /** 16 bytes shared with the unit that it was delivered with; a pairing puts another in its place. Absent: it belongs to none. */
  readonly key?: Uint8Array | undefined;
  /** 16 bytes, on its label. Absent: it cannot be paired. */
  readonly label?: Uint8Array | undefined;
}

export interface ButtonSettings extends ReportSettings {
  readonly form: ButtonForm;
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** For so long a fall that was felt may be taken back before it is sent: 0 to 60 s. */
  readonly fallDelayMs?: number | undefined;
}

/** What some buttons have and others have not. */
export interface ButtonSenses {
  /** In whole degrees Celsius. */
  readonly temperatureC?: (() => number) | undefined;
  readonly openFallSensor?: OpenFallSensor | undefined;
}

/** A lithium coin cell, measured while the radio sends. */
export const buttonDefaults: ButtonSettings = {
  form: "wrist",
  versionMajor: 0,
  versionMinor: 1,
  checkInMs: 28_800_000,
  lowBatteryMv: 2_600,
  goodBatteryMv: 2_760,
  reserveBatteryMv: 2_400,
  fallDelayMs: 15_000,
};

/** What is wrong with the settings, in words, or undefined. */
export function buttonFault(settings: ButtonSettings): string | undefined {
  if (settings.checkInMs < 3_600_000 || settings.checkInMs > 86_400_000)
    return "a button must check in each 1 to 24 hours";
  const delayMs = settings.fallDelayMs ?? 0;
  if (delayMs < 0 || delayMs > 60_000) return "a fall may wait for 0 to 60 seconds";
  const ordered = settings.reserveBatteryMv <= settings.lowBatteryMv && settings.lowBatteryMv < settings.goodBatteryMv;
  return ordered ? undefined : "the battery's limits must rise from reserve to low to good";
}
