/**
 * Brings the unit under test from whatever state it is in to the one that a case begins with: off, booted, provisioned, paired, online.
 * Each transition has a deadline and an error of its own. Nothing is pressed while the unit would send to a receiver that the bench
 * does not allow.
 */

import type { ServiceLink } from "../../tools/provision/service-link.ts";
import { comparable, differences } from "../../tools/provision/settings-file.ts";
import { sendSettings } from "../../tools/provision/unit-settings.ts";
import { pathsOf, reasonsOf } from "../../tools/provision/unit-watch.ts";
import { UserError } from "../../tools/user-error.ts";
import { type BenchSettings, pathsIn, settingsFor, usualSettings } from "./bench-settings.ts";
import { pairOver } from "./pair-over.ts";
import { type Standing, standingOf } from "./standing.ts";
import { StrategyError, type Transition } from "./strategy-error.ts";
import type { Subject } from "./subject.ts";

/**
 * Off: no power, and whatever it knows stays. Booted: as from the factory. Provisioned: set up, and it knows no button. Paired: it knows
 * its buttons. Online: in service, every way out proven, nobody waits.
 */
export type UnitState = "off" | "booted" | "provisioned" | "paired" | "online";

export interface Wanted {
  readonly settings?: Partial<BenchSettings>;
  /** How many of the bench's buttons; one unless said. */
  readonly buttons?: number;
}

/** In the bench's time. Those that end with an acceptance leave room for a receiver that is asked twice. */
const deadlinesMs: Readonly<Record<Transition, number>> = {
  "power-off": 10_000,
  rest: 10_000,
  boot: 20_000,
  find: 10_000,
  look: 30_000,
  settle: 120_000,
  wipe: 60_000,
  provision: 90_000,
  pair: 60_000,
  install: 15_000,
  restart: 20_000,
  prove: 90_000,
};
const helloMs = 5_000;
/** Reasons of a unit that has a way out missing. */
const pathReasons: readonly string[] = ["one-path-lost", "no-path", "not-proven"];
const proveEachMs = 1_000;
/** What one try of all ways may take. */
const lastTryMs = 30_000;
const pendingEachMs = 500;
/** What a transition that was told to end at its deadline may take to do so. */
const graceMs = 5_000;
const ownReceiver =
  "the bench file's allow list names what may be reached; or set the unit up towards the bench: livlina wipe";

export class Strategy {
  private readonly subject: Subject;
  /** As far as this strategy has moved it. */
  private readonly has: Record<"mains" | "battery", boolean>;

  constructor(subject: Subject) {
    this.subject = subject;
    this.has = { mains: true, battery: true };
  }

  /** From any state. Rejects with StrategyError, and with UserError (4) where the unit would send to a foreign receiver. */
  async to(state: UnitState, wanted: Wanted = {}): Promise<void> {
    if (state === "off") return this.powerOff();
    await this.rest();
    await this.find();
    let standing = await this.look();
    if (standing.pending > 0) standing = await this.settle();
    if (state === "booted") return isBare(standing) ? undefined : this.wipe(standing);
    if (state === "provisioned" && standing.devices.length > 0) {
      await this.wipe(standing);
      standing = await this.look();
    }
    await this.provision(standing, { ...usualSettings, ...wanted.settings });
    if (state === "provisioned") return;
    for (let button = 1; button <= (wanted.buttons ?? 1); button++) await this.pair(button);
    if (state === "paired") return;
    await this.install();
    await this.refresh();
    await this.prove();
  }

  /** The state in which a run leaves the bench, and in which each case finds it. */
  restore(): Promise<void> {
    return this.to("online");
  }

  /** Where the unit would send to now, by its own word. */
  async receiverHosts(): Promise<readonly string[]> {
    await this.find();
    const { settings } = await this.ask("look", standingOf);
    return settings.receivers.map(({ host }) => host);
  }

  /** No power from anywhere. */
  async powerOff(): Promise<void> {
    await this.power("battery", false);
    await this.power("mains", false);
  }

  /** Power from both sides, its first line, and its line open. */
  async powerOn(): Promise<void> {
    await this.power("mains", true);
    await this.power("battery", true);
  }

  /** Moves one side of the unit's power. The start that comes of it is waited for, and the line opened again. Rejects with StrategyError. */
  async power(moves: "mains" | "battery", on: boolean): Promise<void> {
    const { unit } = this.subject;
    const actuator = this.subject.of(moves);
    const starts = on && !this.isPowered;
    this.has[moves] = on;
    if (!starts) return this.step(on ? "rest" : "power-off", () => actuator.set(on));
    await this.step("boot", (deadlineMs) => unit.expectBoot(() => actuator.set(true), deadlineMs));
    await this.step("find", () => unit.unlock(helloMs));
  }

  /** All power goes, and comes back so long after; nobody waits for what the unit says. Rejects with StrategyError. */
  async cutPower(offMs: number): Promise<void> {
    await this.powerOff();
    await this.subject.bench.sleep(offMs);
    for (const moves of ["mains", "battery"] as const) {
      this.has[moves] = true;
      await this.step("rest", () => this.subject.of(moves).set(true));
    }
  }

  get isPowered(): boolean {
    return this.has.mains || this.has.battery;
  }

  /** Everything that moves is where nothing hinders the unit; its power is not touched. */
  private async rest(): Promise<void> {
    const { bench } = this.subject;
    await this.step("rest", async () => {
      for (const actuator of bench.actuators)
        if (actuator.moves === "attenuation") await actuator.set(0);
        else if (actuator.moves === "network" || actuator.moves === "sim") await actuator.set(true);
        else if (actuator.moves === "press") await actuator.set(false);
      for (const receiver of bench.receivers) await receiver.setMode("normal");
    });
  }

  /** Powered, answering and open. What does not answer is switched off and on once. */
  private async find(): Promise<void> {
    if (!this.isPowered) return this.powerOn();
    const { unit, bench } = this.subject;
    this.has.mains = true;
    this.has.battery = true;
    try {
      await this.step("find", async () => {
        for (const moves of ["mains", "battery"] as const) await bench.actuator(moves, unit.name)?.set(true);
        await unit.resync(helloMs);
        await unit.unlock(helloMs);
      });
    } catch (thrown) {
      if (!this.canSwitch || !(thrown instanceof StrategyError) || thrown.verdict === "blocked") throw thrown;
      await this.powerOff();
      await this.powerOn();
    }
  }

  private get canSwitch(): boolean {
    const { bench, unit } = this.subject;
    return bench.actuator("mains", unit.name) !== undefined && bench.actuator("battery", unit.name) !== undefined;
  }

  private async look(): Promise<Standing> {
    const standing = await this.ask("look", standingOf);
    for (const { host } of standing.settings.receivers) this.permit(host);
    return standing;
  }

  private permit(host: string): void {
    try {
      this.subject.bench.permit(host);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      throw new UserError(`the unit would send to ${host}: ${thrown.message}`, ownReceiver, 4);
    }
  }

  /** What former cases have left waiting is accepted now that nothing hinders it. */
  private settle(): Promise<Standing> {
    const { bench } = this.subject;
    return this.ask("settle", async (link) => {
      for (;;) {
        const { pending } = await link.ask({ type: "status" }, "answer");
        if (pending === 0) return standingOf(link);
        await bench.sleep(pendingEachMs);
      }
    });
  }

  private async wipe({ life }: Standing): Promise<void> {
    await this.ask("wipe", async (link) => {
      if (life === "installed" || life === "in-service" || life === "suspended")
        await link.order({ type: "life", life: "returned" });
      if (life === "wiped") await link.order({ type: "life", life: "prepared" });
      link.forget("boot");
      await link.order({ type: "life", life: "wiped" });
      await link.restarted(deadlinesMs.wipe);
    });
  }

  private async provision(standing: Standing, wanted: BenchSettings): Promise<void> {
    const { bench, unit } = this.subject;
    const settings = settingsFor(bench, wanted, bench.device(unit.name).serviceKey ?? new Uint8Array(16));
    const { life, isOnTrial, isFactory } = standing;
    const isSame = !isFactory && differences(comparable(standing.settings), comparable(settings)).length === 0;
    await this.ask("provision", async (link) => {
      if (life === "stored" || life === "wiped") await link.order({ type: "life", life: "prepared" });
      if (life === "returned") await link.order({ type: "life", life: "in-service" });
      if (isSame && !isOnTrial) return;
      const end = await sendSettings(link, settings, () => {});
      if (end === "taken-back") throw new Error("the unit took the settings back: nobody accepted anything under them");
    });
  }

  /** A button that the unit knows already stays as it is. */
  private pair(number: number): Promise<void> {
    return this.ask("pair", (link, deadlineMs) => pairOver(link, this.subject, number, deadlineMs));
  }

  private async install(): Promise<void> {
    await this.ask("install", async (link) => {
      const [state] = await link.list({ type: "state" }, "state");
      if (state?.life === "prepared") await link.order({ type: "life", life: "installed" });
      if (state?.life !== "in-service") await link.order({ type: "life", life: "in-service" });
    });
  }

  /** Tries each way out, again and again, unless the unit itself finds nothing to say against them. */
  private async prove(): Promise<void> {
    const { bench } = this.subject;
    await this.ask("prove", async (link, deadlineMs) => {
      const endMs = bench.nowMs() + deadlineMs - lastTryMs;
      for (;;) {
        const lacks = (await reasonsOf(link)).filter(({ what }) => pathReasons.includes(what));
        if (lacks.length === 0) return;
        const { settings } = await standingOf(link);
        const found = await pathsOf(link, pathsIn(settings).length);
        const bad = found.filter(({ result }) => result !== "accepted");
        if (bad.length === 0 && found.length > 0) return;
        if (bench.nowMs() > endMs) throw new Error(`no way out over ${bad.map(pathText).join(", ")}`);
        await bench.sleep(proveEachMs);
      }
    });
  }

  /** An accepted alarm stays open for two minutes, and a press would join it: a restart closes it. */
  private async refresh(): Promise<void> {
    const { subject } = this;
    if (subject.isFresh) return;
    await this.step("restart", (deadlineMs) =>
      subject.unit.expectBoot(() => subject.unit.order({ type: "restart" }, helloMs), deadlineMs),
    );
    await this.step("find", () => subject.unit.unlock(helloMs));
    subject.isFresh = true;
  }

  /** Over the unit's line; what waits on it at the deadline is told that the line is gone. */
  private ask<T>(name: Transition, use: (link: ServiceLink, deadlineMs: number) => Promise<T>): Promise<T> {
    const { bench, unit } = this.subject;
    return this.step(name, async (deadlineMs) => {
      // The tools count their commands anew: a late answer to a former one must not be taken for one of theirs.
      await unit.confirm(helloMs);
      return unit.withLink(async (link) => {
        const timer = bench.after(deadlineMs, () => link.lose(`not within ${deadlineMs} ms`));
        try {
          return await use(link, deadlineMs);
        } finally {
          timer.cancel();
        }
      });
    });
  }

  private async step<T>(name: Transition, run: (deadlineMs: number) => Promise<T>): Promise<T> {
    const deadlineMs = deadlinesMs[name];
    let timer: { cancel(): void } | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = this.subject.bench.after(deadlineMs + graceMs, () => reject(new Error(`not within ${deadlineMs} ms`)));
    });
    try {
      return await Promise.race([run(deadlineMs), late]);
    } catch (thrown) {
      if (thrown instanceof StrategyError) throw thrown;
      throw new StrategyError(name, thrown);
    } finally {
      timer?.cancel();
    }
  }
}

function pathText({ route, receiver, result }: { route: string; receiver: number; result: string }): string {
  return `${route} to receiver ${receiver} (${result})`;
}

function isBare({ life, isFactory, devices }: Standing): boolean {
  return (life === "stored" || life === "wiped") && isFactory && devices.length === 0;
}
