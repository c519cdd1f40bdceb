/**
 * A home in real time: the unit's and the button's firmware with simulated radio and flash between them, and real
 * sockets and connections to the receivers. A press closes the button's contact; nothing else can raise an alarm.
 */
import { randomBytes, randomFillSync, randomInt } from "node:crypto";
import type { AlarmEffect, AlarmEvent } from "../../firmware/alarm/alarm-state.ts";
import type { Bond } from "../../firmware/pairing/bonds.ts";
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { LookUp, NameAnswer } from "../../firmware/ports/names.ts";
import type { Secrets } from "../../firmware/ports/secrets.ts";
import type { OpenSerial } from "../../firmware/ports/serial.ts";
import type { DatagramSocket, Endpoint, OpenDatagramSocket } from "../../firmware/ports/socket.ts";
import type { OpenStream } from "../../firmware/ports/stream.ts";
import type { UnitSettings } from "../../firmware/settings.ts";
import type { ButtonSignal, LampSignal } from "../../firmware/signals.ts";
import type { CallEvent } from "../../firmware/sip/call-state.ts";
import { Journal } from "../../firmware/storage/journal.ts";
import { ReportNumbers } from "../../firmware/storage/report-numbers.ts";
import { Unit } from "../../firmware/unit.ts";
import type { VoiceEffect, VoiceEvent } from "../../firmware/voice/voice-state.ts";
import { Air } from "../air/air.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { HomeButton, unitFlash } from "../home-parts.ts";
import { aesBlock } from "../node-aes.ts";
import { type CallNews, LiveCalls } from "./live-calls.ts";
import { LiveReports, type ReportNews } from "./live-reports.ts";
import { isAllowed, type ListenError, liveSockets } from "./live-sockets.ts";
import { LiveStreams, type PeerNews } from "./live-streams.ts";
import { type LiveSound, LiveTelephone } from "./live-telephone.ts";
import { LiveTime } from "./live-time.ts";
import type { LiveTrust } from "./live-trust.ts";

/** Times are real ms since the start. */
export type HomeNews =
  /** The button's contact closed. */
  | { readonly type: "pressed"; readonly t: number }
  | { readonly type: "report"; readonly news: ReportNews }
  | { readonly type: "call"; readonly news: CallNews }
  | { readonly type: "button-showed"; readonly t: number; readonly signal: ButtonSignal }
  | { readonly type: "unit-showed"; readonly t: number; readonly signal: LampSignal };

export interface LiveHomeOptions {
  readonly settings: Omit<UnitSettings, "bonds" | "localPort">;
  /** Own address; port 0 takes a free one, which is kept when the unit opens its socket anew. */
  readonly local: Endpoint;
  /** Addresses and names beyond loopback that may be used, the own one too. */
  readonly allow: readonly string[];
  readonly onNews: (news: HomeNews) => void;
  /** Who is believed over TLS, and what the unit shows of itself; Node's own authorities and nothing unless said. */
  readonly trust?: LiveTrust | undefined;
  /** A datagram to or from an address that is not allowed was dropped, or a connection to it not tried. */
  readonly onDropped: (host: string) => void;
  /** Asked for the names of receivers; absent: the sockets look them up themselves. */
  readonly lookUp?: LookUp | undefined;
  /** A server's certificate was not simply in order. */
  readonly onPeer?: ((news: PeerNews) => void) | undefined;
  /** The unit's end of its modem line; absent: the board has no modem. */
  readonly openModemLine?: OpenSerial | undefined;
  /** The unit's end of its service line; absent: the board has none. */
  readonly openServiceLine?: OpenSerial | undefined;
  /** Microphone and loudspeaker of calls over SIP; absent: the board has no such telephone. */
  readonly sound?: LiveSound | undefined;
}

/** How the start went: exactly one of the two is called. */
interface Outcome {
  readonly onReady: (address: Endpoint) => void;
  readonly onListenError: (error: ListenError) => void;
}

const homeName = "home";
const sipPort = 5_060;
/** Addresses and names that may be used at most, with those that name servers tell. */
const allowLimit = 256;
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
  private readonly streams: LiveStreams;
  private readonly telephone: LiveTelephone | undefined;
  /** Set with the unit's first step. */
  private calls: LiveCalls | undefined;
  /** As it was given, and what stands behind the names in it. */
  private readonly allow: string[];
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
    this.allow = [...options.allow];
    this.streams = this.connections();
    this.telephone = this.connectTelephone();
    this.calls = undefined;
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

  /** Ends the call over SIP that is made or up, as a unit does that is switched off in order. */
  hangUp(): Promise<void> {
    this.calls?.switchedOff();
    return this.telephone?.hangUp() ?? Promise.resolve();
  }

  /** The power is cut: nothing is heard, sent or waited for any more. */
  close(): void {
    this.time.stop();
    this.telephone?.close();
    this.socket?.close();
    this.streams.close();
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
    const calls = new LiveCalls(prefix, (news) => options.onNews({ type: "call", news }));
    this.calls = calls;
    const host: UnitHost = {
      clock: new SimClock(this.time.queue),
      secrets,
      flash,
      openRadio: this.air.join({ name: "unit", building: homeName, home: homeName }).open,
      openBroadband: this.broadband(),
      openBroadbandStream: this.broadbandStream(),
      lookUp: this.names(),
      openModemLine: this.entering(options.openModemLine),
      openServiceLine: this.entering(options.openServiceLine),
      openMedia: this.telephone?.openMedia,
      callSound: this.telephone?.callSound,
      signals: { show: (signal) => options.onNews({ type: "unit-showed", t: this.nowMs(), signal }) },
      observe: (machine, event, effects) => {
        if (machine === "alarm") reports.step(this.nowMs(), event as AlarmEvent, effects as readonly AlarmEffect[]);
        else if (machine === "voice") calls.step(this.nowMs(), event as VoiceEvent, effects as readonly VoiceEffect[]);
        else if (machine === "sip-call") this.telephone?.step(event as CallEvent);
      },
    };
    new Unit(host, { ...options.settings, bonds: [this.bond], localPort: this.modemPort() });
  }

  /** A line whose news enters the unit's own time. */
  private entering(open: OpenSerial | undefined): OpenSerial | undefined {
    if (open === undefined) return undefined;
    return ({ baud, onReadable }) => open({ baud, onReadable: (count) => this.time.enter(() => onReadable(count)) });
  }

  /** A modem has an address of its own, where the usual port is free; broadband has taken another by then. */
  private modemPort(): number {
    const { local, openModemLine } = this.options;
    return local.port === 0 && openModemLine !== undefined ? sipPort : local.port;
  }

  private connections(): LiveStreams {
    const { local, trust, onDropped, onPeer } = this.options;
    return new LiveStreams({
      host: local.host,
      allow: this.allow,
      ...(trust === undefined ? {} : { trust }),
      onDropped,
      ...(onPeer === undefined ? {} : { onPeer }),
    });
  }

  private connectTelephone(): LiveTelephone | undefined {
    const { sound, local, onDropped } = this.options;
    if (sound === undefined) return undefined;
    return new LiveTelephone({ sound, time: this.time, host: local.host, allow: this.allow, onDropped });
  }

  /** A name service whose answers enter the unit's own time. Behind a name that is allowed everything is. */
  private names(): LookUp | undefined {
    const { lookUp } = this.options;
    if (lookUp === undefined) return undefined;
    return (question, onAnswer) =>
      lookUp(question, (answer) => {
        const name = question.name.replace(/^_[^.]+\._[^.]+\./, "");
        if (answer !== undefined && isAllowed(name, this.allow)) this.permit(answer);
        this.time.enter(() => onAnswer(answer));
      });
  }

  private permit({ addresses, services }: NameAnswer): void {
    for (const host of [...addresses, ...services.map((service) => service.host)])
      if (!this.allow.includes(host) && this.allow.length < allowLimit) this.allow.push(host);
  }

  /** Real connections, whose callbacks enter the unit's own time. */
  private broadbandStream(): OpenStream {
    return (options) =>
      this.streams.open({
        ...options,
        onReady: (local, proof) => this.time.enter(() => options.onReady(local, proof)),
        onReadable: (count) => this.time.enter(() => options.onReadable(count)),
        onFault: (fault) => this.time.enter(() => options.onFault(fault)),
      });
  }

  /** Real sockets, whose callbacks enter the unit's own time. A socket opened anew gets the port of the first. */
  private broadband(): OpenDatagramSocket {
    const { local, onDropped } = this.options;
    const { allow } = this;
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
