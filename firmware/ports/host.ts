/** All ports of a device together: what a host must supply, and nothing else. */
import type { Clock } from "./clock.ts";
import type { Flash } from "./flash.ts";
import type { OpenInput } from "./pin.ts";
import type { OpenRadio } from "./radio.ts";
import type { Secrets } from "./secrets.ts";
import type { OpenSerial } from "./serial.ts";
import type { ButtonSignals, UnitSignals } from "./signals.ts";
import type { OpenDatagramSocket } from "./socket.ts";

/** Hears of each step of each machine, in order: the device's log. Values are read at once and never kept. */
export type Observe = (machine: string, event: object, effects: readonly object[]) => void;

export interface UnitHost {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly flash: Flash;
  readonly openRadio: OpenRadio;
  /** Absent where the board has no such route. */
  readonly openBroadband: OpenDatagramSocket | undefined;
  readonly openModemLine: OpenSerial | undefined;
  /** The line to tools and rigs. */
  readonly openServiceLine: OpenSerial | undefined;
  readonly signals: UnitSignals;
  readonly observe: Observe | undefined;
}

export interface ButtonHost {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly flash: Flash;
  readonly openRadio: OpenRadio;
  readonly openContact: OpenInput;
  readonly signals: ButtonSignals;
  /** Battery voltage under load, in mV. */
  readonly batteryMv: () => number;
  readonly observe: Observe | undefined;
}
