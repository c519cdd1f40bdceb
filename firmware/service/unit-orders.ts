/**
 * Carries out on the unit what service people order over an open line. Each order has its answer at once; what comes of it
 * later is told by events of protocol/console. Nothing here stands in the way of an alarm that waits.
 */
import type { InstallOrder } from "../../protocol/console/install-orders.ts";
import type { ConsoleOrder, OrderEvent, OrderRefusal } from "../../protocol/console/orders.ts";
import { buttonForms } from "../../protocol/radio/button-flags.ts";
import type { RejectReason } from "../../protocol/radio/pairing.ts";
import type { Household } from "../household/household.ts";
import type { Pairing, PairingNews } from "../pairing/pairing.ts";
import type { DeviceStatus, RadioDepartment } from "../pairing/radio-department.ts";
import type { RangeWalk } from "../pairing/range-walk.ts";
import type { Clock } from "../ports/clock.ts";
import type { Starts } from "../ports/starts.ts";
import type { Power } from "../power/power.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import type { SettingsTrial } from "../storage/settings-trial.ts";
import { type CheckName, checks, type Finding } from "../supervision/faults.ts";
import type { QueryFacts } from "../supervision/query.ts";
import type { RegularTests } from "../supervision/regular-tests.ts";
import type { Supervision } from "../supervision/supervision.ts";
import type { TestMode } from "../supervision/test-mode.ts";
import { longestMaintenanceS, type Maintenance } from "../uplink/maintenance.ts";
import type { UplinkDesk } from "../uplink/uplink-desk.ts";
import type { TestedPath } from "../uplink/uplink-state.ts";
import { Wake } from "../wake.ts";
import { reasonsOf, sheetEvent, walkingEvent } from "./install-news.ts";
import { checkEvent, devicesFrom, pairingEvent, pathEvent, stateEvent, walkEvent } from "./order-news.ts";
import type { OrderAnswer, ServiceOrder } from "./service-desk.ts";

/** What orders reach of the unit's departments. What a board does not have is undefined, and its orders are refused. */
export interface OrderTargets {
  readonly clock: Clock;
  readonly receivers: readonly ReceiverAddress[];
  readonly radio:
    | (Pick<RadioDepartment, "pair" | "revoke" | "devices" | "unverified" | "warnedPersons" | "walkedPlaces"> & {
        readonly rangeWalk: Pick<RangeWalk, "goTo" | "end" | "present">;
        readonly pairing: Pick<Pairing, "stop" | "isOpen">;
      })
    | undefined;
  readonly household: Pick<Household, "order"> & {
    readonly life: Pick<Household["life"], "name">;
    readonly sim: Pick<Household["sim"], "iccid">;
  };
  readonly supervision: Pick<Supervision, "checkNow" | "query" | "faults" | "isProven"> & {
    readonly testMode: Pick<TestMode, "on" | "enter" | "leave">;
    readonly tests: Pick<RegularTests, "askForPress">;
  };
  /** Whether the board can look at itself. */
  readonly canCheck: boolean;
  readonly power:
    | Pick<Power, "batteryReplaced" | "forecast" | "mainsIsLost" | "batteryIsMissing" | "condition">
    | undefined;
  readonly uplink: Pick<UplinkDesk, "testPaths">;
  readonly links: () => QueryFacts["links"];
  readonly maintenance: Pick<Maintenance, "plan">;
  readonly trial: Pick<SettingsTrial, "staged"> | undefined;
  readonly starts: Pick<Starts, "restart"> | undefined;
  /** Says it on the service line, where that is open. */
  readonly tell: (event: OrderEvent) => void;
}

/** Between the answer and the restart, so that all that waits on the port has left it: 2,048 bytes take 178 ms. */
export const restartAfterMs = 250;

export class UnitOrders {
  private readonly targets: OrderTargets;
  private readonly wake: Wake;
  private readonly findings: (Finding | undefined)[];
  private isChecking: boolean;
  private isTesting: boolean;
  private isPending: boolean;
  /** New settings that wait for the answer to leave: their trial begins with a restart. 0: none. */
  private staged: number;
  /** `soon`: the answer is on its way out. `held`: an alarm came between. */
  private restart: "none" | "soon" | "held";

  constructor(targets: OrderTargets) {
    this.targets = targets;
    this.wake = new Wake(targets.clock, () => this.answerLeft());
    this.findings = [];
    this.isChecking = false;
    this.isTesting = false;
    this.isPending = false;
    this.staged = 0;
    this.restart = "none";
  }

  /** `to` is the number of the command that gave it. */
  carryOut(order: ServiceOrder, to: number): OrderAnswer {
    const targets = this.targets;
    switch (order.type) {
      case "test-mode":
        if (order.mode === "on") targets.supervision.testMode.enter();
        else targets.supervision.testMode.leave();
        return "done";
      case "life":
        return this.live(order.life);
      case "pair":
        return this.pair(order);
      case "revoke":
        if (targets.radio === undefined) return "unsupported";
        return targets.radio.revoke(order.place) === "unknown" ? "unknown" : "done";
      case "range-walk":
        return this.walk(order.place, order.where);
      case "range-end":
        return this.endWalk();
      case "path-test":
        this.isTesting = true;
        targets.uplink.testPaths();
        return "begun";
      case "self-check":
        if (!targets.canCheck) return "unsupported";
        this.isChecking = true;
        targets.supervision.checkNow();
        return "begun";
      case "restart":
        return this.beginRestart();
      case "maintenance":
        return this.plan(order.from, order.to);
      case "battery-replaced":
        if (targets.power === undefined) return "unsupported";
        targets.power.batteryReplaced();
        return "done";
      case "press-ask":
        if (this.isPending) return "alarm";
        targets.supervision.tests.askForPress();
        return "done";
      case "query":
        targets.supervision.query(targets.links());
        return "done";
      case "state":
        targets.tell(stateEvent(targets, to));
        return "done";
      case "devices":
        if (targets.radio === undefined) return "unsupported";
        for (const event of devicesFrom(targets.radio.devices(), this.forecast(), order.from, to)) targets.tell(event);
        return "done";
      case "reasons":
      case "sheet":
      case "pair-end":
      case "range-now":
      case "flash":
        return this.help(order, to);
      case "settings-staged":
        return this.beginTrial(order.version);
    }
  }

  /** Whether an alarm of a person waits. A restart that was ordered before it came follows when it is over. */
  alarm(isPending: boolean): void {
    this.isPending = isPending;
    if (!isPending && this.restart === "held") this.restartDue();
  }

  /** Every path that was tried has its result. */
  pathsTested(paths: readonly TestedPath[]): void {
    if (!this.isTesting) return;
    this.isTesting = false;
    for (const path of paths) this.targets.tell(pathEvent(path));
  }

  /** One check has brought this; one that failed is made again, and the second finding counts. */
  checked(check: CheckName, finding: Finding): void {
    this.findings[checks.indexOf(check)] = finding;
  }

  /** A round of checks is over, whoever began it. */
  checksFinished(): void {
    for (let i = 0; i < checks.length; i++) {
      const finding = this.findings[i] ?? "check-unanswered";
      this.findings[i] = undefined;
      if (this.isChecking) this.targets.tell(checkEvent(checks[i] as CheckName, finding));
    }
    this.isChecking = false;
  }

  /** What comes of a window for new devices, whoever opened it. */
  pairing(news: PairingNews): void {
    this.targets.tell(pairingEvent(news));
  }

  /** What an installer asks. */
  private help(order: Extract<ServiceOrder, InstallOrder>, to: number): OrderAnswer {
    const targets = this.targets;
    if (order.type === "reasons") {
      for (const event of reasonsOf(targets, to)) targets.tell(event);
      return "done";
    }
    if (order.type === "sheet") {
      targets.tell(sheetEvent(targets.household.sim.iccid, to));
      return "done";
    }
    if (order.type === "flash") {
      if (order.forced === "yes") return "done";
      if (this.isPending) return "alarm";
      return targets.household.life.name === "in-service" ? "not-now" : "done";
    }
    const radio = targets.radio;
    if (radio === undefined) return "unsupported";
    if (order.type === "pair-end") {
      if (!radio.pairing.isOpen) return "not-now";
      radio.pairing.stop();
      return "done";
    }
    const walking = radio.rangeWalk.present();
    if (walking === undefined) return "not-now";
    targets.tell(walkingEvent(walking, to));
    return "done";
  }

  private live(life: Extract<ConsoleOrder, { readonly type: "life" }>["life"]): OrderAnswer {
    if (this.isPending) return "alarm";
    // Who opened the line has proven that he may.
    const refusal = this.targets.household.order(life, true);
    if (refusal !== undefined) return refusal === "not-kept" ? "no-room" : "not-now";
    // What was wiped from the records still stands in the machines.
    if (life === "wiped") this.beginRestart();
    return "done";
  }

  private pair(order: Extract<ConsoleOrder, { readonly type: "pair" }>): OrderAnswer {
    const radio = this.targets.radio;
    if (radio === undefined) return "unsupported";
    if (order.address.length !== 4 || order.label.length !== 16) return "unreadable";
    if (order.person === 0) return "unusable";
    const reason = radio.pair({
      address: addressOf(order.address),
      label: order.label,
      person: order.person,
      form: order.form,
      where: order.where,
    });
    return reason === undefined ? "begun" : pairRefusal(reason);
  }

  private walk(place: number, where: string): OrderAnswer {
    const radio = this.targets.radio;
    if (radio === undefined) return "unsupported";
    // A press of a walk is no call for help: nobody may turn calls into tests while one waits.
    if (this.isPending) return "alarm";
    if (where === "") return "unusable";
    const device = deviceAt(radio.devices(), place);
    if (device === undefined || device.revoked) return "unknown";
    if ((buttonForms as readonly string[]).indexOf(device.form) < 0) return "unsupported";
    radio.rangeWalk.goTo(place, where);
    return "begun";
  }

  private endWalk(): OrderAnswer {
    const radio = this.targets.radio;
    if (radio === undefined) return "unsupported";
    radio.rangeWalk.end();
    for (const each of radio.walkedPlaces()) this.targets.tell(walkEvent(each));
    return "done";
  }

  private plan(fromS: number, toS: number): OrderAnswer {
    if (toS <= fromS || toS - fromS > longestMaintenanceS) return "unusable";
    return this.targets.maintenance.plan({ fromS, toS }) === undefined ? "done" : "no-room";
  }

  private beginTrial(version: number): OrderAnswer {
    if (this.targets.trial === undefined) return "unsupported";
    this.staged = version;
    this.wake.set(this.targets.clock.nowMs() + restartAfterMs);
    return "done";
  }

  private beginRestart(): OrderAnswer {
    if (this.targets.starts === undefined) return "unsupported";
    if (this.isPending) return "alarm";
    this.restart = "soon";
    this.wake.set(this.targets.clock.nowMs() + restartAfterMs);
    return "done";
  }

  private answerLeft(): void {
    const version = this.staged;
    this.staged = 0;
    if (this.restart === "soon") this.restartDue();
    if (version > 0 && this.targets.trial !== undefined) this.targets.trial.staged(version, this.isPending);
  }

  private restartDue(): void {
    const starts = this.targets.starts;
    if (starts === undefined) return;
    this.restart = this.isPending ? "held" : "none";
    if (!this.isPending) starts.restart("ordered");
  }

  private forecast(): ReturnType<Power["forecast"]> {
    return this.targets.power === undefined ? [] : this.targets.power.forecast();
  }
}

function addressOf(bytes: Uint8Array): number {
  let address = 0;
  for (let i = 0; i < bytes.length; i++) address = address * 256 + (bytes[i] as number);
  return address;
}

function pairRefusal(reason: RejectReason): OrderRefusal {
  switch (reason) {
    case "no-place":
      return "no-room";
    case "slot-taken":
      return "busy";
    case "stopped":
      return "not-now";
  }
}

function deviceAt(devices: readonly DeviceStatus[], place: number): DeviceStatus | undefined {
  for (const device of devices) if (device.place === place) return device;
  return undefined;
}
