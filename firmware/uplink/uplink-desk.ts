/** The unit's ways out: its routes with their sockets and modem, the machine that proves them, and the courier between. */

import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { AlarmEvent, Attempt } from "../alarm/alarm-state.ts";
import type { Sender } from "../alarm/message.ts";
import type { Report, Route } from "../alarm/report.ts";
import { linkMonitor, localUnit, observerOf, raise, sharedSpreadMs, technical } from "../department.ts";
import type { Modem } from "../modem/modem.ts";
import type { UnitHost } from "../ports/host.ts";
import type { OpenStream } from "../ports/stream.ts";
import { Runner } from "../runner.ts";
import { pathByte } from "../service/service-news.ts";
import { routesOf, type UnitSettings } from "../settings.ts";
import type { CallRoute } from "../sip/call-route.ts";
import type { LogWord } from "../storage/log-entry.ts";
import { beatIntervalKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { Courier } from "./courier.ts";
import { RouteLink } from "./route-link.ts";
import { startUplink, stepUplink } from "./uplink-machine.ts";
import type { TestedPath, UplinkEffect, UplinkEvent, UplinkSignal, UplinkState } from "./uplink-state.ts";

export interface UplinkOptions {
  readonly context: UnitContext;
  readonly host: UnitHost;
  readonly settings: UnitSettings;
  /** Seed of the machine's chance. */
  readonly dice: number;
  /** How this unit names itself in messages. */
  readonly sender: Sender;
  /** The receiver that a kept report's session is with; -1 where there is none. */
  readonly receiverOf: (number: number, part: number) => number;
  /** The report number that a heartbeat goes under. */
  readonly beatNumber: () => number;
  readonly onAlarm: (event: AlarmEvent) => void;
  readonly onSignal: (signal: UplinkSignal) => void;
  /** An `mrs` of any kind: its status number (SS 91100 table 2). */
  readonly onAnswer: (snu: number) => void;
  /** A receiver has said that it is busy, or does not know us. */
  readonly onTurnedAway: () => void;
  readonly onPathsTested: (paths: readonly TestedPath[]) => void;
  /** Called once, by `open`; undefined where the board has none. */
  readonly openModem: () => Modem | undefined;
  /** For the event log. */
  readonly log: (word: LogWord, detail: number) => void;
}

/** SCAIP status codes (SS 91100 annex C). */
const offline = 73;
const online = 75;
const trouble = 105;
const dayMs = 86_400_000;
/** What their registrations are counted by. */
const routesInOrder: readonly Route[] = ["mobile", "broadband"];
const routeCodes = { broadband: { lost: 23, back: 112 }, mobile: { lost: 24, back: 113 } };

export class UplinkDesk {
  private readonly options: UplinkOptions;
  private readonly uplink: Runner<UplinkState, UplinkEvent, UplinkEffect>;
  private readonly wake: Wake;
  private readonly courier: Courier;
  private modem: Modem | undefined;
  /** By receiver: when a wrong certificate, and an expired one, was last told; -1: never. */
  private readonly certificateMs: number[];
  private readonly expiredMs: number[];

  /** Nothing is opened before `open`. */
  constructor(options: UplinkOptions) {
    const context = options.context;
    const settings = options.settings;
    const routes = routesOf(settings.policy);
    this.options = options;
    this.modem = undefined;
    this.certificateMs = [];
    this.expiredMs = [];
    this.wake = new Wake(context.clock, () => this.uplink.dispatch({ type: "due", nowMs: this.nowMs() }));
    this.uplink = new Runner(
      stepUplink,
      startUplink(routes, settings.receivers.length, options.dice, keptInterval(context), settings.provenWithinS ?? 0),
      (effect) => this.perform(effect),
      observerOf(context, "uplink"),
    );
    this.courier = new Courier({
      clock: context.clock,
      wallClock: context.wallClock,
      sender: options.sender,
      primary: routes[0] as Route,
      receiverOf: options.receiverOf,
      onAlarm: options.onAlarm,
      onUplink: (event) => this.hear(event),
      onAnswer: options.onAnswer,
    });
  }

  get active(): Route {
    return this.uplink.state.active;
  }

  get signal(): UplinkSignal {
    return this.uplink.state.shown;
  }

  /** Opens every route that the policy names and the board has. */
  open(): void {
    for (const route of routesOf(this.options.settings.policy)) this.openRoute(route);
    this.courier.keep(this.active);
  }

  send(attempt: Attempt, report: Report): void {
    this.courier.send(attempt, report);
  }

  stop(attempt: number): void {
    this.courier.stop(attempt);
  }

  /** Somebody waits for help, or nobody does any more. */
  alarm(pending: boolean): void {
    this.uplink.dispatch({ type: "alarm", nowMs: this.nowMs(), pending });
  }

  /** Whether the unit proves its routes by itself. */
  supervise(on: boolean): void {
    this.uplink.dispatch({ type: "supervised", nowMs: this.nowMs(), on });
  }

  testPaths(): void {
    this.uplink.dispatch({ type: "test-paths", nowMs: this.nowMs() });
  }

  /** Whether some receiver answers over that route. */
  isProven(route: Route): boolean {
    for (const state of this.uplink.state.routes) if (state.route === route) return state.at === "proven";
    return false;
  }

  /** Somebody may call back, or no longer: until then the ways to the receivers are kept in use. */
  keepAlive(on: boolean): void {
    this.courier.keepAlive(on);
  }

  /** Whether that receiver has to show who it is, over every route, before anything of it counts (TLS that checks). */
  isAuthenticated(receiver: number): boolean {
    return this.courier.isAuthenticated(receiver);
  }

  /** A call takes the line of that route, or does so no more; `stopsData`: no message passes meanwhile. */
  inCall(route: Route, on: boolean, stopsData: boolean): void {
    this.courier.bar(route, on && stopsData);
    this.uplink.dispatch({ type: "in-call", nowMs: this.nowMs(), route, on: on && stopsData });
  }

  /** What a telephone over that route needs; undefined before `open`, and where the board has no such route. */
  calls(route: Route): CallRoute | undefined {
    return this.courier.calls(route);
  }

  /** Connections for what is no message: over broadband, or, where `overMobile` allows it or it is all there is, over the mobile network. */
  streams(overMobile: boolean): OpenStream | undefined {
    const broadband = this.options.host.openBroadbandStream;
    const mobile = this.modem === undefined ? undefined : this.modem.openStream;
    if (broadband === undefined || (overMobile && this.active === "mobile")) return mobile ?? broadband;
    return broadband;
  }

  private hear(event: UplinkEvent): void {
    this.uplink.dispatch(event);
    if (event.type === "failed" && (event.why === "busy" || event.why === "unauthorised")) this.options.onTurnedAway();
  }

  private nowMs(): number {
    return this.options.context.clock.nowMs();
  }

  private openRoute(route: Route): void {
    const host = this.options.host;
    const settings = this.options.settings;
    const modem = route === "mobile" ? this.openModem() : undefined;
    const open = route === "broadband" ? host.openBroadband : modem === undefined ? undefined : modem.openDatagram;
    if (open === undefined) return;
    this.courier.add(
      new RouteLink({
        route,
        regId: routesInOrder.indexOf(route) + 1,
        open,
        openStream: modem === undefined ? host.openBroadbandStream : modem.openStream,
        lookUp: modem === undefined ? host.lookUp : modem.lookUp,
        takesNames: modem === undefined,
        tlsTakesNames: modem !== undefined,
        clock: host.clock,
        random: host.secrets.random,
        aor: "sip:" + settings.cid + "@" + settings.domain,
        localPort: settings.localPort,
        receivers: settings.receivers,
        onEvent: (over, event) => this.courier.hear(over, event),
        onLinked: (over, up) => this.uplink.dispatch({ type: "linked", nowMs: this.nowMs(), route: over, up }),
        onProof: (_over, receiver, proof) => {
          if (proof === "expired") this.tellDaily(this.expiredMs, receiver, "certificate expired, receiver ");
          else if (proof === "wrong") this.tellDaily(this.certificateMs, receiver, "certificate of receiver ");
        },
        onTookOver: (over, receiver) => this.courier.tookOver(over, receiver),
        observe: this.options.context.observe,
      }),
    );
  }

  private openModem(): Modem | undefined {
    this.modem = this.options.openModem();
    return this.modem;
  }

  private perform(effect: UplinkEffect): void {
    switch (effect.type) {
      case "beat":
        this.courier.beat(effect.id, effect.route, effect.receiver, this.options.beatNumber());
        return;
      case "probe":
        this.courier.probe(effect.id, effect.route, effect.receiver);
        return;
      case "keep-interval":
        keepInterval(this.options.context, effect.minutes);
        return;
      // For the device's log alone.
      case "path-fault":
        return;
      case "paths-tested":
        this.options.onPathsTested(effect.paths);
        return;
      case "active-route":
        this.courier.keep(effect.route);
        this.options.onAlarm({ type: "active-route", nowMs: this.nowMs(), route: effect.route });
        return;
      case "path-back":
        this.options.onAlarm({ type: "path-back", nowMs: this.nowMs() });
        return;
      case "route-changed":
        this.options.log(effect.lost ? "route-lost" : "route-back", pathByte(effect.route, 0));
        this.raise(localUnit, routeCodes[effect.route], effect.lost, "");
        return;
      case "receiver-changed":
        this.options.log(effect.lost ? "receiver-lost" : "receiver-back", pathByte("none", effect.receiver + 1));
        this.options.onAlarm({
          type: "receiver-proof",
          nowMs: this.nowMs(),
          receiver: effect.receiver,
          lost: effect.lost,
        });
        this.raise(linkMonitor, { lost: offline, back: online }, effect.lost, "receiver " + (effect.receiver + 1));
        return;
      case "recover":
        if (effect.route === "mobile" && this.modem !== undefined) this.modem.recover(effect.step);
        else this.courier.reopen(effect.route);
        return;
      case "show":
        this.options.onSignal(effect.signal);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  /** A fault of a receiver that lasts is told of once a day. `lastMs`: when it was told, by receiver. */
  private tellDaily(lastMs: number[], receiver: number, text: string): void {
    const nowMs = this.nowMs();
    while (lastMs.length <= receiver) lastMs.push(-1);
    const toldMs = lastMs[receiver] as number;
    if (toldMs >= 0 && nowMs < toldMs + dayMs) return;
    lastMs[receiver] = nowMs;
    this.raise(linkMonitor, { lost: trouble, back: trouble }, true, text + (receiver + 1));
  }

  private raise(
    dty: number,
    codes: { readonly lost: number; readonly back: number },
    lost: boolean,
    stt: string,
  ): void {
    const stc = lost ? codes.lost : codes.back;
    raise(this.options.context, technical(dty, stc, stt, lost ? -1 : codes.lost, sharedSpreadMs));
  }
}

function keptInterval(context: UnitContext): number {
  const kept = context.records.read(beatIntervalKind, 0);
  return kept === undefined || kept.length !== 2 ? 0 : new Reader(kept, 0, 2).u16();
}

function keepInterval(context: UnitContext, minutes: number): void {
  const bytes = new Uint8Array(2);
  new Writer(bytes).u16(minutes);
  context.records.write(beatIntervalKind, 0, bytes);
}
