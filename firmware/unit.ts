/** The alarm unit: whose effect is whose event. Ports come from the host; everything that decides is a machine. */

import { hexWord } from "../protocol/bytes/hex.ts";
import { encodeRequest } from "../protocol/scaip/request.ts";
import { decodeResponse } from "../protocol/scaip/response.ts";
import { numberFromRef, partFromRef } from "../protocol/scaip/stem.ts";
import { startAlarms, stepAlarms } from "./alarm/alarm-machine.ts";
import type { AlarmEffect, AlarmEvent, AlarmState, Attempt } from "./alarm/alarm-state.ts";
import { beatMessage, messageOf, type Sender } from "./alarm/message.ts";
import { stepOfPress } from "./alarm/press.ts";
import type { Route } from "./alarm/report.ts";
import { type Facts, isPending, type Report } from "./alarm/report.ts";
import { forgetReport, keepReport, keptReports } from "./alarm/report-store.ts";
import { Modem } from "./modem/modem.ts";
import { UnitRadio } from "./pairing/unit-radio.ts";
import type { UnitRadioEvent } from "./pairing/unit-radio-event.ts";
import type { UnitHost } from "./ports/host.ts";
import { Runner } from "./runner.ts";
import { routesOf, settingsFault, type UnitSettings } from "./settings.ts";
import type { AgentEvent } from "./sip/message-agent.ts";
import { Journal } from "./storage/journal.ts";
import { ReportNumbers } from "./storage/report-numbers.ts";
import { RouteLink } from "./uplink/route-link.ts";
import { startUplink, stepUplink } from "./uplink/uplink-machine.ts";
import type { UplinkEffect, UplinkEvent, UplinkState } from "./uplink/uplink-state.ts";
import { Wake } from "./wake.ts";
import { WallClock } from "./wall-clock.ts";

/** Reports with a shared cause wait a random time up to this, so that a town does not speak at once. */
const spreadMs = 600_000;
/** Heartbeats whose `mrs` is still matched. */
const beatLimit = 16;
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
  private readonly sender: Sender;
  private readonly wallClock: WallClock;
  private readonly alarms: Runner<AlarmState, AlarmEvent, AlarmEffect>;
  private readonly uplink: Runner<UplinkState, UplinkEvent, UplinkEffect>;
  private readonly alarmWake: Wake;
  private readonly uplinkWake: Wake;
  private readonly radio: UnitRadio;
  private readonly links: RouteLink[];
  private readonly beats: number[];
  private modem: Modem | undefined;
  private alarmPending: boolean;

  /** Starts at once. Throws where the settings are not usable: they were checked when they were written. */
  constructor(host: UnitHost, settings: UnitSettings) {
    const fault = settingsFault(settings);
    if (fault !== undefined) throw new Error("unit: " + fault);
    this.host = host;
    this.settings = settings;
    this.journal = new Journal(host.flash);
    this.numbers = new ReportNumbers(this.journal, host.secrets);
    this.sender = { cid: settings.cid, prefix: this.numbers.prefix };
    this.wallClock = new WallClock();
    this.links = [];
    this.beats = [];
    this.modem = undefined;
    this.alarmPending = false;
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
    this.radio = new UnitRadio({
      openRadio: host.openRadio,
      clock: host.clock,
      secrets: host.secrets,
      records: this.journal,
      bonds: settings.bonds,
      onEvent: (event) => this.hearRadio(event),
    });
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
    this.links.push(
      new RouteLink({
        route,
        open,
        clock: this.host.clock,
        random: this.host.secrets.random,
        aor: "sip:" + this.settings.cid + "@" + this.settings.domain,
        localPort: this.settings.localPort,
        receivers: this.settings.receivers,
        onEvent: (over, event) => this.hearAgent(over, event),
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

  private link(route: Route): RouteLink | undefined {
    for (const link of this.links) if (link.route === route) return link;
    return undefined;
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

  private hearAgent(route: Route, event: AgentEvent): void {
    const nowMs = this.nowMs();
    switch (event.type) {
      case "heard":
        this.uplink.dispatch({ type: "heard", nowMs, route });
        return;
      case "carried":
        if (event.dateMs !== undefined) this.wallClock.set(event.dateMs, nowMs);
        this.uplink.dispatch({ type: "carried", nowMs, id: event.attempt });
        if (isAlarmAttempt(event.attempt)) this.alarms.dispatch({ type: "carried", nowMs, attempt: event.attempt });
        if (event.body.length > 0) this.hearAnswer(route, event.receiver, event.body);
        return;
      case "failed":
        this.uplink.dispatch({ type: "failed", nowMs, id: event.attempt, heard: event.reason !== "no-answer" });
        if (isAlarmAttempt(event.attempt)) {
          this.alarms.dispatch({ type: "failed", nowMs, attempt: event.attempt, reason: event.reason });
        }
        return;
      case "message":
        this.hearAnswer(route, event.receiver, event.body);
        return;
    }
  }

  /** An `mrs`: matched by its reference alone, whatever it is an answer to. */
  private hearAnswer(route: Route, receiver: number, body: Uint8Array): void {
    const response = decodeResponse(body);
    if (!response.ok) return;
    const ref = response.value.ref;
    const number = numberFromRef(this.sender.prefix, ref);
    if (number < 0) return;
    const nowMs = this.nowMs();
    const ofBeat = this.beats.indexOf(number) >= 0;
    if (!ofBeat && !this.knows(number)) return;
    this.uplink.dispatch({ type: "answered", nowMs, route, receiver });
    if (ofBeat) return;
    const snu = response.value.snu;
    this.alarms.dispatch({ type: "answered", nowMs, receiver, route, number, part: partFromRef(ref), snu });
    this.tellUplinkOfAlarm();
  }

  private knows(number: number): boolean {
    for (const report of this.alarms.state.reports) if (report.number === number) return true;
    return false;
  }

  private performAlarm(effect: AlarmEffect): void {
    switch (effect.type) {
      case "store":
        keepReport(this.journal, effect.report);
        return;
      case "forget":
        forgetReport(this.journal, effect.report);
        return;
      case "tell-button":
        this.radio.acknowledge(effect.bond, effect.name, effect.step);
        return;
      case "show":
        this.host.signals.show(effect.signal);
        return;
      case "send":
        this.sendAttempt(effect.attempt, effect.report);
        return;
      case "stop":
        for (const link of this.links) link.stop(effect.attempt);
        this.uplink.dispatch({ type: "stopped", nowMs: this.nowMs(), id: effect.attempt });
        return;
      case "log":
        return;
      case "wake":
        this.alarmWake.set(effect.atMs);
        return;
    }
  }

  private sendAttempt(attempt: Attempt, report: Report): void {
    const link = this.link(attempt.path.route);
    const nowMs = this.nowMs();
    if (link === undefined || !link.ready) {
      this.alarms.dispatch({ type: "failed", nowMs, attempt: attempt.id, reason: "no-link" });
      return;
    }
    const receiver = attempt.path.receiver;
    link.send(attempt.id, receiver, encodeRequest(messageOf(this.sender, report, attempt)));
    this.uplink.dispatch({ type: "asked", nowMs, id: attempt.id, route: link.route, receiver });
  }

  private performUplink(effect: UplinkEffect): void {
    switch (effect.type) {
      case "beat":
        this.sendBeat(effect.id, effect.route, effect.receiver);
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
        this.raise(linkMonitor, effect.lost ? offline : online, "receiver " + (effect.receiver + 1));
        return;
      case "recover":
        if (effect.route === "mobile" && this.modem !== undefined) this.modem.recover(effect.step);
        else this.reopen(effect.route);
        return;
      case "show":
        if (!this.alarmPending) this.host.signals.show(effect.signal);
        return;
      case "wake":
        this.uplinkWake.set(effect.atMs);
        return;
    }
  }

  private reopen(route: Route): void {
    const link = this.link(route);
    if (link !== undefined) link.reopen();
  }

  private sendBeat(id: number, route: Route, receiver: number): void {
    const link = this.link(route);
    if (!this.alarmPending && this.journal.needsRoom()) this.journal.compact();
    this.uplink.dispatch({ type: "asked", nowMs: this.nowMs(), id, route, receiver });
    if (link === undefined || !link.ready) {
      this.uplink.dispatch({ type: "failed", nowMs: this.nowMs(), id, heard: false });
      return;
    }
    const number = this.numbers.next();
    if (this.beats.length >= beatLimit) this.beats.shift();
    this.beats.push(number);
    const primary = route === (routesOf(this.settings.policy)[0] as Route);
    link.send(id, receiver, encodeRequest(beatMessage(this.sender, number, primary)));
  }
}

/** The alarm machine counts its attempts in odd numbers, the uplink machine its beats in even ones. */
function isAlarmAttempt(id: number): boolean {
  return id % 2 === 1;
}
