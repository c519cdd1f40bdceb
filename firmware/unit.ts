/** The alarm unit: whose effect is whose event. Ports come from the host; everything that decides is a machine. */

import { hexWord } from "../protocol/bytes/hex.ts";
import { startAlarms, stepAlarms } from "./alarm/alarm-machine.ts";
import type { AlarmEffect, AlarmEvent, AlarmState } from "./alarm/alarm-state.ts";
import { stepOfPress } from "./alarm/press.ts";
import type { Route } from "./alarm/report.ts";
import { type Facts, isPending, type Report, sessionOf } from "./alarm/report.ts";
import { forgetReport, keepReport, keptReports } from "./alarm/report-store.ts";
import { Modem } from "./modem/modem.ts";
import { UnitRadio } from "./pairing/unit-radio.ts";
import type { UnitRadioEvent } from "./pairing/unit-radio-event.ts";
import type { UnitHost } from "./ports/host.ts";
import { Runner } from "./runner.ts";
import type { ServiceLine, ServiceNews } from "./service/service-line.ts";
import { newsOfCarried, newsOfLog, openServiceLine, statusOf } from "./service/service-news.ts";
import { routesOf, settingsFault, type UnitSettings } from "./settings.ts";
import type { UnitSignal } from "./signals.ts";
import { Journal } from "./storage/journal.ts";
import { ReportNumbers } from "./storage/report-numbers.ts";
import { Courier } from "./uplink/courier.ts";
import { RouteLink } from "./uplink/route-link.ts";
import { startUplink, stepUplink } from "./uplink/uplink-machine.ts";
import type { UplinkEffect, UplinkEvent, UplinkState } from "./uplink/uplink-state.ts";
import { Wake } from "./wake.ts";
import { WallClock } from "./wall-clock.ts";

/** Reports with a shared cause wait a random time up to this, so that a town does not speak at once. */
const spreadMs = 600_000;
/** SCAIP device types and status codes (SS 91100 annexes A and C). */
const localUnit = 2;
const linkMonitor = 32;
const started = 96;
const offline = 73;
const online = 75;
const routeCodes = { broadband: { lost: 23, back: 112 }, mobile: { lost: 24, back: 113 } };

export class Unit {
  private readonly host: UnitHost;
  private readonly settings: UnitSettings;
  private readonly journal: Journal;
  private readonly numbers: ReportNumbers;
  private readonly wallClock: WallClock;
  private readonly alarms: Runner<AlarmState, AlarmEvent, AlarmEffect>;
  private readonly uplink: Runner<UplinkState, UplinkEvent, UplinkEffect>;
  private readonly alarmWake: Wake;
  private readonly uplinkWake: Wake;
  private readonly radio: UnitRadio;
  private readonly courier: Courier;
  private readonly service: ServiceLine | undefined;
  private modem: Modem | undefined;
  private alarmPending: boolean;
  /** Whether the journal took the report that was stored last. */
  private kept: boolean;

  /** Starts at once. Throws where the settings are not usable: they were checked when they were written. */
  constructor(host: UnitHost, settings: UnitSettings) {
    const fault = settingsFault(settings);
    if (fault !== undefined) throw new Error("unit: " + fault);
    this.host = host;
    this.settings = settings;
    this.journal = new Journal(host.flash);
    this.numbers = new ReportNumbers(this.journal, host.secrets);
    this.wallClock = new WallClock();
    this.modem = undefined;
    this.alarmPending = false;
    this.kept = true;
    const routes = routesOf(settings.policy);
    this.alarmWake = new Wake(host.clock, () => this.alarmsDue());
    this.uplinkWake = new Wake(host.clock, () => this.uplink.dispatch({ type: "due", nowMs: this.nowMs() }));
    this.alarms = new Runner(
      stepAlarms,
      startAlarms(
        { receiverCount: settings.receivers.length, routes, staggerMs: settings.staggerMs },
        routes[0] as Route,
        this.seed(),
      ),
      (effect) => this.performAlarm(effect),
      this.observer("alarm"),
    );
    this.uplink = new Runner(
      stepUplink,
      startUplink(routes, settings.receivers.length, this.seed()),
      (effect) => this.performUplink(effect),
      this.observer("uplink"),
    );
    this.courier = new Courier({
      clock: host.clock,
      wallClock: this.wallClock,
      sender: { cid: settings.cid, prefix: this.numbers.prefix },
      primary: routes[0] as Route,
      receiverOf: (number, part) => this.receiverOf(number, part),
      onAlarm: (event) => {
        if (event.type === "carried") this.tell(newsOfCarried(this.alarms.state, event.attempt));
        this.alarms.dispatch(event);
        this.tellUplinkOfAlarm();
      },
      onUplink: (event) => this.uplink.dispatch(event),
    });
    this.radio = new UnitRadio({
      openRadio: host.openRadio,
      clock: host.clock,
      secrets: host.secrets,
      records: this.journal,
      bonds: settings.bonds,
      onEvent: (event) => this.hearRadio(event),
    });
    this.service = openServiceLine(host, settings.serviceKey, this.numbers.prefix, () =>
      statusOf(this.alarms.state, this.uplink.state.active),
    );
    this.restore();
    for (const route of routes) this.openRoute(route);
    this.raise(localUnit, started, "");
  }

  private nowMs(): number {
    return this.host.clock.nowMs();
  }

  private observer(machine: string): ((event: object, effects: readonly object[]) => void) | undefined {
    const observe = this.host.observe;
    return observe === undefined ? undefined : (event, effects) => observe(machine, event, effects);
  }

  private seed(): number {
    const bytes = new Uint8Array(4);
    this.host.secrets.random(bytes);
    return (
      (((bytes[0] as number) << 24) |
        ((bytes[1] as number) << 16) |
        ((bytes[2] as number) << 8) |
        (bytes[3] as number)) >>>
      0
    );
  }

  private restore(): void {
    const reports = keptReports(this.journal);
    for (const report of reports) this.restoreBond(report);
    if (reports.length > 0) this.alarms.dispatch({ type: "restored", nowMs: this.nowMs(), reports });
    this.tellUplinkOfAlarm();
  }

  private restoreBond(report: Report): void {
    for (const press of report.presses) {
      this.radio.restore(report.facts.bond, report.counter, press.name, press.accepted ? "accepted" : "received");
    }
  }

  private openRoute(route: Route): void {
    const open = route === "broadband" ? this.host.openBroadband : this.openModem();
    if (open === undefined) return;
    this.courier.add(
      new RouteLink({
        route,
        open,
        clock: this.host.clock,
        random: this.host.secrets.random,
        aor: "sip:" + this.settings.cid + "@" + this.settings.domain,
        localPort: this.settings.localPort,
        receivers: this.settings.receivers,
        onEvent: (over, event) => this.courier.hear(over, event),
        onLinked: (over, up) => this.uplink.dispatch({ type: "linked", nowMs: this.nowMs(), route: over, up }),
      }),
    );
  }

  private openModem(): Modem["openDatagram"] | undefined {
    const openLine = this.host.openModemLine;
    if (openLine === undefined) return undefined;
    this.modem = new Modem({
      openLine,
      clock: this.host.clock,
      settings: this.settings.modem,
      onChange: () => {},
      onTime: (wallMs) => this.wallClock.set(wallMs, this.nowMs()),
      observe: this.host.observe,
    });
    return this.modem.openDatagram;
  }

  private alarmsDue(): void {
    this.alarms.dispatch({ type: "due", nowMs: this.nowMs(), number: this.numbers.next() });
    this.tellUplinkOfAlarm();
  }

  /** The recovery ladder climbs faster, and no route changes back, while a person waits. */
  private tellUplinkOfAlarm(): void {
    let pending = false;
    for (const report of this.alarms.state.reports)
      if (report.facts.kind === "user-alarm" && isPending(report)) pending = true;
    if (pending === this.alarmPending) return;
    this.alarmPending = pending;
    this.uplink.dispatch({ type: "alarm", nowMs: this.nowMs(), pending });
    if (!pending && this.journal.needsRoom()) this.journal.compact();
  }

  private raise(dty: number, stc: number, stt: string): void {
    const nowMs = this.nowMs();
    const wallS = this.wallClock.seconds(nowMs);
    const facts: Facts = {
      kind: "technical",
      dty,
      stc,
      did: "",
      stt,
      bond: -1,
      clock: wallS >= 0 ? "wall" : "start",
      seconds: wallS >= 0 ? wallS : Math.floor(nowMs / 1000),
    };
    this.alarms.dispatch({ type: "raised", nowMs, number: this.numbers.next(), facts, spreadMs });
  }

  private hearRadio(event: UnitRadioEvent): void {
    switch (event.type) {
      case "press-heard":
        this.alarms.dispatch({
          type: "pressed",
          nowMs: this.nowMs(),
          number: this.numbers.next(),
          wallS: this.wallClock.seconds(this.nowMs()),
          bond: event.bond,
          did: this.deviceName(event.bond),
          name: event.name,
          counter: event.counter,
          ageS: event.ageS,
          presses: event.presses,
          reason: event.reason,
        });
        this.tellUplinkOfAlarm();
        return;
      case "status-asked":
        this.radio.status(event.bond, event.name, stepOfPress(this.alarms.state.reports, event.bond, event.name));
        return;
      case "report-heard":
      case "revoked-heard":
        return;
    }
  }

  /** Device identity (SCAIP `did`) of a button: its radio address. */
  private deviceName(place: number): string {
    const bond = this.settings.bonds[place];
    return bond === undefined ? "" : hexWord(bond.address).toUpperCase();
  }

  private receiverOf(number: number, part: number): number {
    for (const report of this.alarms.state.reports) {
      if (report.number !== number) continue;
      const session = sessionOf(report, part);
      return session === undefined ? -1 : session.receiver;
    }
    return -1;
  }

  private show(signal: UnitSignal): void {
    this.host.signals.show(signal);
    this.tell({ type: "lamp", signal });
  }

  private tell(news: ServiceNews | undefined): void {
    if (this.service !== undefined && news !== undefined) this.service.tell(news);
  }

  private performAlarm(effect: AlarmEffect): void {
    switch (effect.type) {
      case "store":
        this.kept = keepReport(this.journal, effect.report);
        if (!this.kept) this.show("fault");
        return;
      case "forget":
        forgetReport(this.journal, effect.report);
        return;
      case "tell-button":
        // What is not on flash is sent all the same, but not called received: the button goes on calling.
        if (effect.step === "accepted" || this.kept) this.radio.acknowledge(effect.bond, effect.name, effect.step);
        return;
      case "show":
        this.show(effect.signal);
        return;
      case "send":
        this.courier.send(effect.attempt, effect.report);
        return;
      case "stop":
        this.courier.stop(effect.attempt);
        return;
      case "log":
        this.tell(newsOfLog(effect));
        return;
      case "wake":
        this.alarmWake.set(effect.atMs);
        return;
    }
  }

  private performUplink(effect: UplinkEffect): void {
    switch (effect.type) {
      case "beat":
        if (!this.alarmPending && this.journal.needsRoom()) this.journal.compact();
        this.courier.beat(effect.id, effect.route, effect.receiver, this.numbers.next());
        return;
      case "active-route":
        this.alarms.dispatch({ type: "active-route", nowMs: this.nowMs(), route: effect.route });
        return;
      case "path-back":
        this.alarms.dispatch({ type: "path-back", nowMs: this.nowMs() });
        return;
      case "route-changed":
        this.raise(localUnit, effect.lost ? routeCodes[effect.route].lost : routeCodes[effect.route].back, "");
        return;
      case "receiver-changed":
        this.alarms.dispatch({
          type: "receiver-proof",
          nowMs: this.nowMs(),
          receiver: effect.receiver,
          lost: effect.lost,
        });
        this.raise(linkMonitor, effect.lost ? offline : online, "receiver " + (effect.receiver + 1));
        return;
      case "recover":
        if (effect.route === "mobile" && this.modem !== undefined) this.modem.recover(effect.step);
        else this.courier.reopen(effect.route);
        return;
      case "show":
        if (!this.alarmPending) this.show(effect.signal);
        return;
      case "wake":
        this.uplinkWake.set(effect.atMs);
        return;
    }
  }
}
