/**
 * What a unit does beside carrying alarms, each department behind one door: its voice and lamp, its power, the home around
 * it, its keys, and the supervision of itself. Whatever one of them changes for another goes through here.
 */
import { type Marks, noMarks } from "./alarm/facts.ts";
import type { Report } from "./alarm/report.ts";
import type { BootGuard } from "./boot/boot-guard.ts";
import { Announcer } from "./feedback/announcer.ts";
import { Feedback } from "./feedback/feedback.ts";
import type { PhraseName } from "./feedback/phrases.ts";
import { Household } from "./household/household.ts";
import type { HouseholdSettings } from "./household/household-settings.ts";
import { UnitKeys } from "./household/unit-keys.ts";
import type { ModemReport } from "./modem/modem-state.ts";
import type { UnitHost } from "./ports/host.ts";
import type { KeyName } from "./ports/keys.ts";
import type { OpenStream } from "./ports/stream.ts";
import { Power } from "./power/power.ts";
import { departmentsOf, routesOf, type UnitSettings } from "./settings.ts";
import type { LampSignal, UnitSignal } from "./signals.ts";
import type { CheckName, FaultName, Finding } from "./supervision/faults.ts";
import { supervisionOff } from "./supervision/settings.ts";
import { Supervision } from "./supervision/supervision.ts";
import { UnitChecks } from "./supervision/unit-checks.ts";
import type { UnitContext } from "./unit-context.ts";
import { updateDefaults } from "./update/update-settings.ts";
import { Updater } from "./update/updater.ts";
import { OldNetwork } from "./uplink/old-network.ts";
import type { UplinkSignal } from "./uplink/uplink-state.ts";

/** What the departments may ask of the unit. */
export interface UnitCore {
  helpKey(): void;
  cancelKey(): void;
  /** How the unit stands, or what it may do by itself, has changed. */
  standingChanged(): void;
  lamp(signal: LampSignal): void;
  /** Of the unit's look at itself. */
  checked(check: CheckName, finding: Finding): void;
  checksFinished(): void;
  /** Connections for what is no message; `overMobile`: also over the mobile network where there is broadband. */
  streams(overMobile: boolean): OpenStream | undefined;
  /** A line of the event log about an update. */
  updated(what: number, version: number): void;
}

export interface DepartmentsOptions {
  readonly context: UnitContext;
  readonly host: UnitHost;
  readonly settings: UnitSettings;
  readonly guard: BootGuard;
  readonly core: UnitCore;
}

export class Departments {
  private readonly oldNetwork: OldNetwork;
  readonly household: Household;
  readonly supervision: Supervision;
  readonly feedback: Feedback;
  readonly power: Power | undefined;
  private readonly updates: Updater | undefined;
  private readonly core: UnitCore;
  private readonly announcer: Announcer;
  private links: UplinkSignal;
  private told: Marks;
  private modem: ModemReport | undefined;

  /** Settings must be checked. Alarms and report numbers stand already: some departments have something to tell at once. */
  constructor(options: DepartmentsOptions) {
    const context = options.context;
    const host = options.host;
    const guard = options.guard;
    const own = departmentsOf(options.settings);
    this.core = options.core;
    this.links = "ready";
    this.told = noMarks;
    this.modem = undefined;
    this.oldNetwork = new OldNetwork(context);
    this.announcer = new Announcer(context, own.feedback, guard.runs("speech") ? host.openSpeech : undefined);
    this.feedback = new Feedback(context, own.feedback, {
      showLamp: (signal) => options.core.lamp(signal),
      say: (phrase) => this.announcer.say(phrase),
      callChanged: (talking) => this.announcer.talking(talking),
    });
    const home = guard.runs("household");
    this.household = new Household(context, guard.runs("inactivity") ? own.household : withoutWatch(own.household), {
      openThermometer: home ? host.openThermometer : undefined,
      openLid: home ? host.openLid : undefined,
      onDuties: () => options.core.standingChanged(),
    });
    this.power = openPower(context, host, own.power);
    this.supervision = new Supervision(context, guard.runs("daily-test") ? own.supervision : supervisionOff, {
      selfCheck: guard.runs("self-check") ? this.checks(context, host) : undefined,
      answer: (phrase) => this.announcer.answer(phrase),
      onFaults: (faulty) => {
        this.feedback.fault(faulty);
        this.checksFinished();
      },
      routeCount: routesOf(options.settings.policy).length,
      startCause: guard.cause,
    });
    this.updates = this.openUpdates(options);
    if (host.openKeys !== undefined) new UnitKeys(context, host.openKeys, (key, long) => this.key(key, long));
  }

  /** What a report says of the unit itself, where that has changed since it was asked last. */
  newMarks(): Marks | undefined {
    const life = this.household.life.name;
    const told = this.told;
    const marks = {
      suspended: life === "suspended",
      returned: life === "returned",
      testMode: this.supervision.testMode.on,
      onBattery: this.power !== undefined && this.power.cutIsTold,
    };
    if (
      marks.suspended === told.suspended &&
      marks.returned === told.returned &&
      marks.testMode === told.testMode &&
      marks.onBattery === told.onBattery
    )
      return undefined;
    this.told = marks;
    return marks;
  }

  say(phrase: PhraseName): void {
    this.announcer.say(phrase);
  }

  /** After each step of the alarms. */
  alarms(reports: readonly Report[], pending: boolean): void {
    this.feedback.alarms(reports);
    if (this.power !== undefined) this.power.busy(pending);
    this.supervision.alarmPending(pending);
    if (this.updates !== undefined) this.updates.alarm(pending);
  }

  /** A receiver has answered 0 to anything. */
  answered(): void {
    this.supervision.answered();
    if (this.updates !== undefined) this.updates.accepted();
  }

  /** A proven frame of a device of the unit's own; `batteryMv` of one with a battery that it tells of, else -1. */
  heard(bond: number, batteryMv: number): void {
    if (this.power !== undefined && batteryMv >= 0) this.power.buttonHeard(bond, batteryMv);
    if (this.updates !== undefined) this.updates.heard();
  }

  tell(signal: UnitSignal): void {
    this.feedback.tell(signal);
  }

  /** A call is being made or up, or is so no more. */
  talking(on: boolean): void {
    this.feedback.talking(on);
    if (this.updates !== undefined) this.updates.talking(on);
  }

  pathsAre(links: UplinkSignal): void {
    this.links = links;
    this.feedback.links(links);
  }

  modemIs(report: ModemReport): void {
    this.modem = report;
    this.household.simFault(report.simFault);
    this.oldNetwork.modemIs(report);
  }

  /** A receiver has accepted the report of that number. */
  accepted(number: number): void {
    this.household.accepted(number);
    this.supervision.accepted(number);
  }

  clockSet(): void {
    if (this.power !== undefined) this.power.clockSet();
  }

  private key(key: KeyName, long: boolean): void {
    this.household.key(key, long);
    if (key === "help") this.core.helpKey();
    else if (key === "cancel") this.core.cancelKey();
    else if (key === "query") this.supervision.query(this.links);
  }

  private checks(context: UnitContext, host: UnitHost): UnitChecks {
    return new UnitChecks({
      clock: context.clock,
      wallClock: context.wallClock,
      board: host.selfCheck,
      modem: () => (this.modem === undefined ? "absent" : modemFinding(this.modem)),
      sim: () => (this.modem === undefined ? "absent" : simFinding(this.modem)),
      onFound: (check, finding) => {
        this.core.checked(check, finding);
        if (this.updates !== undefined) this.updates.checked(check, finding);
      },
    });
  }

  private checksFinished(): void {
    this.core.checksFinished();
    if (this.updates !== undefined) this.updates.checksFinished();
  }

  /** A unit without a server still finds out what became of its image. */
  private openUpdates(options: DepartmentsOptions): Updater | undefined {
    const port = options.host.update;
    const starts = options.host.starts;
    if (port === undefined || starts === undefined) return undefined;
    const settings = options.settings.update ?? updateDefaults;
    const guard = options.guard;
    const core = options.core;
    return new Updater({
      context: options.context,
      settings,
      port,
      starts,
      unit: options.settings.cid,
      isIll: guard.mode === "minimal",
      openStream: () => core.streams(settings.overMobile),
      checkNow: guard.runs("self-check") ? () => this.supervision.checkNow() : undefined,
      faults: () => this.supervision.faults,
      isWeak: () => this.isWeak(),
      log: (what, version) => core.updated(what, version),
    });
  }

  /** Neither mains nor battery may fail while a program is written, or shortly after. */
  private isWeak(): boolean {
    const power = this.power;
    if (power === undefined) return false;
    const battery = power.condition;
    return power.mainsIsLost || power.cutIsTold || power.batteryIsMissing || battery.low || battery.failed;
  }
}

function openPower(
  context: UnitContext,
  host: UnitHost,
  settings: ConstructorParameters<typeof Power>[1],
): Power | undefined {
  if (host.openPower === undefined) return undefined;
  return new Power(context, settings, host.openPower, (rest) => {
    if (host.restWifi !== undefined) host.restWifi(rest);
  });
}

function withoutWatch(settings: HouseholdSettings): HouseholdSettings {
  const inactivity = Object.assign({}, settings.inactivity, { mode: "off" });
  return Object.assign({}, settings, { inactivity });
}

function modemFinding(report: ModemReport): Finding {
  if (report.at === "failed" || report.at === "booting" || report.at === "off") return "modem-silent";
  return report.at === "registering" ? "no-network" : "passed";
}

function simFinding(report: ModemReport): FaultName | "passed" {
  switch (report.simFault) {
    case "absent":
    case "faulty":
      return "sim-missing";
    case "pin-missing":
    case "pin-refused":
    case "locked":
      return "sim-locked";
    case "none":
      return report.denied ? "sim-refused" : "passed";
  }
}
