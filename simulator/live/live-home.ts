/**
 * A home in real time: the unit's and the button's firmware with simulated radio and flash between them, and real UDP
 * sockets to the receivers. A press closes the button's contact; nothing else can raise an alarm.
 */
import { randomBytes, randomFillSync, randomInt } from "node:crypto";
import type { AlarmEffect, AlarmEvent } from "../../firmware/alarm/alarm-state.ts";
import type { Bond } from "../../firmware/pairing/bonds.ts";
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { Secrets } from "../../firmware/ports/secrets.ts";
import type { OpenSerial } from "../../firmware/ports/serial.ts";
import type { DatagramSocket, Endpoint, OpenDatagramSocket } from "../../firmware/ports/socket.ts";
import type { UnitSettings } from "../../firmware/settings.ts";
import type { ButtonSignal, LampSignal } from "../../firmware/signals.ts";
import { Journal } from "../../firmware/storage/journal.ts";
import { ReportNumbers } from "../../firmware/storage/report-numbers.ts";
import { Unit } from "../../firmware/unit.ts";
import { Air } from "../air/air.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { HomeButton, unitFlash } from "../home-parts.ts";
import { aesBlock } from "../node-aes.ts";
import { LiveReports, type ReportNews } from "./live-reports.ts";
import { type ListenError, liveSockets } from "./live-sockets.ts";
import { LiveTime } from "./live-time.ts";

/** Times are real ms since the start. */
export type HomeNews =
  /** The button's contact closed. */
  | { readonly type: "pressed"; readonly t: number }
  | { readonly type: "report"; readonly news: ReportNews }
  | { readonly type: "button-showed"; readonly t: number; readonly signal: ButtonSignal }
  | { readonly type: "unit-showed"; readonly t: number; readonly signal: LampSignal };

export interface LiveHomeOptions {
  readonly settings: Omit<UnitSettings, "bonds" | "localPort">;
  /** Own address; port 0 takes a free one, which is kept when the unit opens its socket anew. */
  readonly local: Endpoint;
  /** Addresses and names beyond loopback that may be used, the own one too. */
  readonly allow: readonly string[];
  readonly onNews: (news: HomeNews) => void;
  /** A datagram to or from an address that is not allowed was dropped. */
  readonly onDropped: (host: string) => void;
  /** The unit's end of its service line; absent: the board has none. */
  readonly openServiceLine?: OpenSerial | undefined;
}

/** How the start went: exactly one of the two is called. */
interface Outcome {
  readonly onReady: (address: Endpoint) => void;
  readonly onListenError: (error: ListenError) => void;
}

const homeName = "home";
const seedSpan = 2 ** 47;
const keyLength = 16;
const buttonAddress = 0x0100_0000;

const secrets: Secrets = { random: (into) => randomFillSync(into), aes: aesBlock };

/** Switches everything on. Rejects with a ListenError where the port cannot be had. */
export function openLiveHome(options: LiveHomeOptions): Promise<LiveHome> {
  return new Promise((resolve, reject) => {
    const home: LiveHome = new LiveHome(options, {
      onReady: (address) => {
        home.address = address;
        resolve(home);
      },
      onListenError: reject,
    });
  });
}

export class LiveHome {
  /** Where the unit sends from and listens. */
  address: Endpoint;
  private readonly options: LiveHomeOptions;
  private readonly outcome: Outcome;
  private readonly time: LiveTime;
  private readonly seed: number;
  private readonly fingers: Stream;
  private readonly air: Air;
  private readonly bond: Bond;
  private readonly button: HomeButton;
  private socket: DatagramSocket | undefined;

  constructor(options: LiveHomeOptions, outcome: Outcome) {
    this.options = options;
    this.outcome = outcome;
    this.address = options.local;
    this.time = new LiveTime();
    this.seed = randomInt(seedSpan);
    this.fingers = new Stream(this.seed, "fingers", 0);
    this.air = new Air(this.time.queue, { seed: this.seed, lossPpm: 0, neighbourLossPpm: 0, observe: undefined });
    const key = new Uint8Array(randomBytes(keyLength));
    this.bond = { address: buttonAddress, person: 1, form: "wrist", key, revoked: false };
    this.socket = undefined;
    this.button = this.takeButton();
    this.time.enter(() => this.switchOn());
  }

  /** Real ms since the start. */
  nowMs(): number {
    return this.time.nowMs();
  }

  /** Somebody presses the button at this time after the start; now where that has passed. */
  pressAt(instantMs: number): void {
    this.time.at(instantMs, () => {
      this.options.onNews({ type: "pressed", t: this.nowMs() });
      this.button.press(this.fingers);
    });
  }

  /** Runs something at this time after the start; at once where that has passed. */
  at(instantMs: number, run: () => void): void {
    this.time.at(instantMs, run);
  }

  /** The power is cut: nothing is heard, sent or waited for any more. */
  close(): void {
    this.time.stop();
    this.socket?.close();
  }

  private takeButton(): HomeButton {
    return new HomeButton({
      queue: this.time.queue,
      air: this.air,
      name: "button",
      home: homeName,
      bond: this.bond,
      secrets,
      flashChance: new Stream(this.seed, "button flash", 0),
      onSignal: (signal) => this.options.onNews({ type: "button-showed", t: this.nowMs(), signal }),
      observe: () => {},
    });
  }

  private switchOn(): void {
    const { options } = this;
    const flash = unitFlash(new Stream(this.seed, "unit flash", 0));
    // As in the factory: the prefix of all stems is drawn before the unit's first start, which finds it in the journal.
    const { prefix } = new ReportNumbers(new Journal(flash), secrets);
    const reports = new LiveReports(prefix, (news) => options.onNews({ type: "report", news }));
    const host: UnitHost = {
      clock: new SimClock(this.time.queue),
      secrets,
      flash,
      openRadio: this.air.join({ name: "unit", building: homeName, home: homeName }).open,
      openBroadband: this.broadband(),
      openModemLine: undefined,
      openServiceLine: this.serviceLine(),
      signals: { show: (signal) => options.onNews({ type: "unit-showed", t: this.nowMs(), signal }) },
      observe: (machine, event, effects) => {
        if (machine === "alarm") reports.step(this.nowMs(), event as AlarmEvent, effects as readonly AlarmEffect[]);
      },
    };
    new Unit(host, { ...options.settings, bonds: [this.bond], localPort: options.local.port });
  }

  /** What is heard enters the unit's own time. */
  private serviceLine(): OpenSerial | undefined {
    const open = this.options.openServiceLine;
    if (open === undefined) return undefined;
    return ({ baud, onReadable }) => open({ baud, onReadable: (count) => this.time.enter(() => onReadable(count)) });
  }

  /** Real sockets, whose callbacks enter the unit's own time. A socket opened anew gets the port of the first. */
  private broadband(): OpenDatagramSocket {
    const { local, allow, onDropped } = this.options;
    let started = false;
    let localPort = local.port;
    const open = liveSockets({
      host: local.host,
      allow,
      onDropped,
      onListenError: (error) => {
        if (started) return; // the unit itself opens it anew, again and again
        this.time.stop();
        this.outcome.onListenError(error);
      },
    });
    return (options) => {
      this.socket = open({
        localPort,
        onReady: (address) => {
          localPort = address.port;
          this.time.enter(() => options.onReady(address));
          if (!started) this.outcome.onReady(address);
          started = true;
        },
        onReadable: (count) => this.time.enter(() => options.onReadable(count)),
        onFault: (fault) => this.time.enter(() => options.onFault(fault)),
      });
      return this.socket;
    };
  }
}
