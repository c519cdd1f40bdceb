/** The alarm unit: whose effect is whose event. Ports come from the host; everything that decides is a machine. */

import { AlarmDesk, planOf } from "./alarm/alarm-desk.ts";
import type { AlarmEffect, AlarmEvent } from "./alarm/alarm-state.ts";
import { stepOfPress } from "./alarm/calls.ts";
import { noOrigin } from "./alarm/facts.ts";
import { eventOfAccessory, eventOfFall, eventOfPress, originOfBond, type PressedEvent } from "./alarm/heard.ts";
import type { Report } from "./alarm/report.ts";
import { seedOf } from "./dice.ts";
import type { ModemReport } from "./modem/modem-state.ts";
import { RadioDepartment } from "./pairing/radio-department.ts";
import type { UnitRadioEvent } from "./pairing/unit-radio-event.ts";
import type { UnitHost } from "./ports/host.ts";
import { newsOfCarried, newsOfLog, statusOf } from "./service/service-news.ts";
import { departmentsOf, settingsFault, type UnitSettings } from "./settings.ts";
import type { LampSignal } from "./signals.ts";
import { localMinuteOf } from "./time/stockholm.ts";
import { UnitCalls } from "./unit-calls.ts";
import type { RaiseOrder, UnitContext } from "./unit-context.ts";
import { Departments } from "./unit-departments.ts";
import { UnitMemory } from "./unit-memory.ts";
import { UnitService } from "./unit-service.ts";
import { Maintenance } from "./uplink/maintenance.ts";
import { UplinkDesk } from "./uplink/uplink-desk.ts";
import { WallClock } from "./wall-clock.ts";

export class Unit {
  private readonly host: UnitHost;
  private readonly memory: UnitMemory;
  private readonly context: UnitContext;
  private readonly maintenance: Maintenance;
  private readonly alarms: AlarmDesk;
  private readonly calls: UnitCalls;
  private readonly uplink: UplinkDesk;
  private readonly radio: RadioDepartment;
  private readonly service: UnitService;
  /** Undefined until what a former life left was taken up. */
  private departments: Departments | undefined;
  private alarmPending: boolean;
  /** A receiver has answered in this life. */
  private proven: boolean;

  /** Starts at once, by the settings in its journal or by `delivered`. Throws where those are not usable: they were checked when they were written. */
  constructor(host: UnitHost, delivered: UnitSettings) {
    const wallClock = new WallClock();
    this.host = host;
    this.memory = new UnitMemory(host, delivered, wallClock);
    const settings = this.memory.settings;
    const fault = settingsFault(settings);
    if (fault !== undefined) throw new Error("unit: " + fault);
    this.context = this.contextOf(wallClock);
    this.maintenance = new Maintenance(this.memory.journal);
    this.departments = undefined;
    this.alarmPending = false;
    this.proven = false;
    this.alarms = this.openAlarms(settings);
    this.calls = this.openCalls(settings);
    this.uplink = this.openUplink(settings);
    this.radio = this.openRadio(settings);
    this.service = new UnitService(host, settings, this.memory, () => statusOf(this.alarms.state, this.uplink.active));
    this.alarms.restore();
    this.departments = this.openDepartments(settings);
    const maintenance = this.maintenance;
    this.service.attach({ radio: this.radio, departments: this.departments, uplink: this.uplink, maintenance });
    wallClock.watch(() => this.clockSet());
    this.standingChanged();
    this.stepped(this.alarms.state.reports, this.alarmPending);
    this.uplink.open();
    const overSip = this.uplink.calls("broadband");
    if (overSip !== undefined) this.calls.connectSip(overSip);
    this.calls.restore(this.alarms.state);
    this.memory.listen((order) => this.raise(order));
    this.memory.guard.ready();
  }

  private contextOf(wallClock: WallClock): UnitContext {
    return {
      clock: this.host.clock,
      wallClock,
      secrets: this.host.secrets,
      records: this.memory.journal,
      observe: this.host.observe,
      raise: (order) => this.raise(order),
      say: (phrase) => {
        if (this.departments !== undefined) this.departments.say(phrase);
      },
    };
  }

  private openAlarms(settings: UnitSettings): AlarmDesk {
    return new AlarmDesk({
      context: this.context,
      numbers: this.memory.numbers,
      plan: planOf(settings),
      dice: seedOf(this.host.secrets),
      hands: {
        acknowledge: (bond, name, step) => this.radio.acknowledge(bond, name, step),
        remember: (report) => this.radio.remember(report),
        send: (attempt, report) => {
          this.memory.noteSent(attempt, report);
          this.uplink.send(attempt, report);
        },
        stop: (attempt) => this.uplink.stop(attempt),
        show: (signal) => {
          if (this.departments !== undefined) this.departments.tell(signal);
        },
        accepted: (number) => {
          if (this.departments !== undefined) this.departments.accepted(number);
        },
        orderCall: (order) => this.calls.order(order),
        log: (effect) => this.log(effect),
        stepped: (reports, pending) => this.stepped(reports, pending),
      },
    });
  }

  private openCalls(settings: UnitSettings): UnitCalls {
    return new UnitCalls({
      context: this.context,
      host: this.host,
      settings,
      prefix: this.memory.numbers.prefix,
      isOn: this.memory.guard.runs("voice"),
      onAlarm: (event) => this.alarms.hear(event),
      onTalking: (on) => {
        if (this.departments !== undefined) this.departments.talking(on);
      },
      onLineTaken: (on, stopsData) => this.uplink.inCall("mobile", on, stopsData),
      onOpen: (on) => this.uplink.keepAlive(on),
      onIccid: (iccid) => {
        if (this.departments !== undefined) this.departments.household.iccid(iccid);
      },
    });
  }

  private modemIs(report: ModemReport): void {
    this.memory.noteNetwork(report);
    if (this.departments !== undefined) this.departments.modemIs(report);
  }

  private openUplink(settings: UnitSettings): UplinkDesk {
    return new UplinkDesk({
      context: this.context,
      host: this.host,
      settings,
      dice: seedOf(this.host.secrets),
      sender: { cid: settings.cid, prefix: this.memory.numbers.prefix, crd: this.calls.crd },
      receiverOf: (number, part) => this.alarms.receiverOf(number, part),
      beatNumber: () => {
        if (!this.alarmPending) this.memory.tidy();
        return this.memory.numbers.next();
      },
      onAlarm: (event) => this.hearCourier(event),
      onSignal: (signal) => {
        // That a SIP front answers is no proof: ready is told once a receiver's application has spoken.
        if (this.departments !== undefined && (this.proven || signal !== "ready")) this.departments.pathsAre(signal);
      },
      onAnswer: (snu) => this.answered(snu),
      onTurnedAway: () => this.memory.trial.receiverBusy(),
      onPathsTested: (paths) => {
        this.service.pathsTested(paths);
      },
      openModem: () => this.calls.openModem((report) => this.modemIs(report)),
      log: (word, detail) => this.memory.write(word, detail, 0, 0),
    });
  }

  private openRadio(settings: UnitSettings): RadioDepartment {
    return new RadioDepartment({
      context: this.context,
      settings: departmentsOf(settings).radio,
      openRadio: this.host.openRadio,
      delivered: settings.bonds,
      localMinute: () => localMinuteOf(this.context.wallClock.seconds(this.nowMs())),
      onEvent: (event) => this.hearRadio(event),
      onPairing: (news) => {
        this.service.pairing(news);
      },
      onActivity: () => {
        if (this.departments !== undefined) this.departments.household.active();
      },
    });
  }

  private openDepartments(settings: UnitSettings): Departments {
    return new Departments({
      context: this.context,
      host: this.host,
      settings,
      guard: this.memory.guard,
      core: {
        helpKey: () => this.helpKey(),
        cancelKey: () => this.alarms.hear({ type: "key-cancelled", nowMs: this.nowMs() }),
        standingChanged: () => this.standingChanged(),
        lamp: (signal) => this.lamp(signal),
        checked: (check, finding) => {
          this.service.checked(check, finding);
        },
        checksFinished: () => {
          this.service.checksFinished();
        },
        streams: (overMobile) => this.uplink.streams(overMobile),
        updated: (what, version) => this.memory.write("update", what, 0, version),
      },
    });
  }

  private nowMs(): number {
    return this.host.clock.nowMs();
  }

  private raise(order: RaiseOrder): number {
    const wallS = this.context.wallClock.seconds(this.nowMs());
    const departments = this.departments;
    const kind = departments === undefined ? order.kind : departments.supervision.testMode.kindOf(order.kind);
    const stt = this.maintenance.label(kind, kind === "test" ? this.withUnverified(order.stt) : order.stt, wallS);
    const bond = order.bond < 0 ? undefined : this.radio.table.bond(order.bond);
    return this.alarms.raise(
      Object.assign({}, order, { kind, stt }),
      bond === undefined ? noOrigin : originOfBond(bond),
    );
  }

  /** Buttons that nobody has ever accepted a press of stand in each test message until somebody has. */
  private withUnverified(text: string): string {
    const count = this.radio.unverified().length;
    return count === 0 ? text : text + ", " + count + " ej verifierad";
  }

  private hearRadio(event: UnitRadioEvent): void {
    const nowMs = this.nowMs();
    // On the shelf and after a wipe nobody is called for: what is not stored is not acknowledged.
    if (this.departments !== undefined && !this.departments.household.duties.radio) return;
    switch (event.type) {
      case "press-heard":
        this.personCalls(event.bond, event.batteryMv);
        this.hearCall(eventOfPress(event, nowMs, this.memory.numbers.next()));
        return;
      case "fall-heard":
        this.personCalls(event.bond, event.batteryMv);
        this.hearCall(eventOfFall(event, nowMs, this.memory.numbers.next()));
        return;
      case "accessory-heard":
        this.refreshMarks();
        this.alarms.hear(eventOfAccessory(event, nowMs, this.memory.numbers.next()));
        return;
      case "status-asked":
        this.noteBattery(event.bond, event.batteryMv);
        this.radio.status(event.bond, event.name, stepOfPress(this.alarms.state.reports, event.bond, event.name));
        return;
      case "report-heard":
        this.noteBattery(event.bond, event.batteryMv);
        return;
      case "accessory-checked-in":
      case "revoked-heard":
        return;
    }
  }

  /** Logged once it is stored: nothing stands between a press and the journal. */
  private hearCall(event: PressedEvent): void {
    this.alarms.hear(event);
    this.memory.write("heard", event.bond, event.number, event.ageS);
  }

  private personCalls(bond: number, batteryMv: number): void {
    this.noteBattery(bond, batteryMv);
    if (this.departments !== undefined) this.departments.household.alarmed();
    this.refreshMarks();
  }

  private helpKey(): void {
    if (this.departments !== undefined) this.departments.household.alarmed();
    this.refreshMarks();
    this.alarms.hear({ type: "key-pressed", nowMs: this.nowMs(), number: this.memory.numbers.next(), key: 0 });
  }

  private noteBattery(bond: number, batteryMv: number): void {
    if (this.departments !== undefined) this.departments.heard(bond, batteryMv);
  }

  /** What an alarm says of the unit is what holds when it is raised. */
  private refreshMarks(): void {
    const marks = this.departments === undefined ? undefined : this.departments.newMarks();
    if (marks !== undefined) this.alarms.hear({ type: "unit-state", nowMs: this.nowMs(), marks });
  }

  private standingChanged(): void {
    if (this.departments === undefined) return;
    const household = this.departments.household;
    this.refreshMarks();
    this.departments.supervision.follow(household.duties);
    this.uplink.supervise(household.duties.beats);
    this.radio.setAway(!household.buttonsSupervised);
  }

  private hearCourier(event: AlarmEvent): void {
    if (event.type === "carried") this.service.tell(newsOfCarried(this.alarms.state, event.attempt));
    this.alarms.hear(event);
  }

  /** A receiver's application has spoken. */
  private answered(snu: number): void {
    if (snu === busySnu) this.memory.trial.receiverBusy();
    const departments = this.departments;
    if (departments === undefined) return;
    if (!this.proven) departments.pathsAre(this.uplink.signal);
    this.proven = true;
    if (departments.power !== undefined) departments.power.mobileRoute(this.uplink.isProven("mobile"));
    if (snu !== 0) return;
    this.memory.trial.accepted();
    departments.answered();
  }

  /** The recovery ladder climbs faster, and no route changes back, while a person waits. */
  private stepped(reports: readonly Report[], pending: boolean): void {
    this.memory.tellWaiting();
    if (this.departments !== undefined) this.departments.alarms(reports, pending);
    this.calls.alarms(this.alarms.state);
    if (pending === this.alarmPending) return;
    this.alarmPending = pending;
    this.uplink.alarm(pending);
    this.memory.guard.alarm(pending);
    this.memory.trial.alarm(pending);
    this.service.alarm(pending);
    if (!pending) this.memory.tidy();
  }

  private clockSet(): void {
    this.alarms.clockSet();
    if (this.departments !== undefined) this.departments.clockSet();
  }

  private lamp(signal: LampSignal): void {
    this.host.signals.show(signal);
    if (signal !== "talking") this.service.tell({ type: "lamp", signal });
  }

  private log(effect: Extract<AlarmEffect, { readonly type: "log" | "hops" }>): void {
    if (effect.type === "hops") return;
    this.service.tell(newsOfLog(effect));
    if (effect.what === "accepted" && this.alarms.isPress(effect.number) && this.departments !== undefined)
      this.departments.supervision.tests.pressAccepted();
  }
}

/** SS 91100 table 2: busy. */
const busySnu = 6;
