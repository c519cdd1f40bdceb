/** All ports of a device together: what a host must supply, and nothing else. */
import type { CallSound } from "./call-sound.ts";
import type { Clock } from "./clock.ts";
import type { Flash } from "./flash.ts";
import type { OpenKeys } from "./keys.ts";
import type { OpenMedia } from "./media.ts";
import type { LookUp } from "./names.ts";
import type { OpenInput } from "./pin.ts";
import type { OpenPower } from "./power.ts";
import type { OpenRadio } from "./radio.ts";
import type { Secrets } from "./secrets.ts";
import type { SelfCheckPort } from "./self-check.ts";
import type { OpenSerial } from "./serial.ts";
import type { ButtonSignals, UnitSignals } from "./signals.ts";
import type { UpdatePort } from "./slots.ts";
import type { OpenDatagramSocket } from "./socket.ts";
import type { OpenSpeech } from "./speech.ts";
import type { Starts } from "./starts.ts";
import type { OpenStream } from "./stream.ts";
import type { OpenThermometer } from "./thermometer.ts";

/** Hears of each step of each machine, in order: the device's log. Values are read at once and never kept. */
export type Observe = (machine: string, event: object, effects: readonly object[]) => void;

export interface UnitHost {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly flash: Flash;
  readonly openRadio: OpenRadio;
  /** Absent where the board has no such route. */
  readonly openBroadband: OpenDatagramSocket | undefined;
  /** Connections over broadband; absent where the board has none. */
  readonly openBroadbandStream?: OpenStream | undefined;
  /** Name service of the broadband; absent: its sockets look up names themselves. */
  readonly lookUp?: LookUp | undefined;
  readonly openModemLine: OpenSerial | undefined;
  /**
   * Datagrams beside the modem's line, through the context that was set up over it: a multiplexed line (3GPP 27.010), or a modem that
   * is a network interface of the host's. Absent: they go over the line.
   */
  readonly openModemData?: OpenDatagramSocket | undefined;
  /** The line to tools and rigs. */
  readonly openServiceLine: OpenSerial | undefined;
  readonly signals: UnitSignals;
  /** Absent where the board cannot tell mains from battery. */
  readonly openPower?: OpenPower | undefined;
  readonly openKeys?: OpenKeys | undefined;
  readonly openThermometer?: OpenThermometer | undefined;
  /** The case's contact; closed: the case is open. */
  readonly openLid?: OpenInput | undefined;
  readonly openSpeech?: OpenSpeech | undefined;
  /** Sound for calls over SIP; absent where the board has none: alarms then offer no such call. */
  readonly openMedia?: OpenMedia | undefined;
  readonly callSound?: CallSound | undefined;
  readonly selfCheck?: SelfCheckPort | undefined;
  readonly starts?: Starts | undefined;
  /** Two places for the program; absent where the board has room for one: it is updated at the bench. */
  readonly update?: UpdatePort | undefined;
  /** Told when the Wi-Fi may sleep, and when it must be awake. */
  readonly restWifi?: ((rest: boolean) => void) | undefined;
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
