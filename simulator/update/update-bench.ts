/**
 * A unit as far as its update goes: two slots, the boot choice and the journal on chips that can be cut in the middle of a step,
 * the firmware's own update department and boot guard on them, a release server behind a line, and programs that behave as
 * their release does. A slot that does not hold a whole program is never to be started: the bench says so where it is.
 */
import { createHash } from "node:crypto";
import { BootGuard } from "../../firmware/boot/boot-guard.ts";
import type { StartCause } from "../../firmware/ports/starts.ts";
import type { OpenStream } from "../../firmware/ports/stream.ts";
import { FlashPart } from "../../firmware/storage/flash-part.ts";
import { Journal } from "../../firmware/storage/journal.ts";
import type { FaultName, Finding } from "../../firmware/supervision/faults.ts";
import type { UnitContext } from "../../firmware/unit-context.ts";
import { BootChoice } from "../../firmware/update/boot-choice.ts";
import { FlashSlots } from "../../firmware/update/flash-slots.ts";
import { type UpdateSettings, updateDefaults } from "../../firmware/update/update-settings.ts";
import { Updater } from "../../firmware/update/updater.ts";
import { WallClock } from "../../firmware/wall-clock.ts";
import { versionNumber, versionText } from "../../protocol/update/image-header.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream as Chance } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { NorFlash, PowerCut } from "../flash.ts";
import { Network, perfectAccess } from "../network/network.ts";
import { TcpStack } from "../network/sim-tcp.ts";
import { ReleaseServer } from "../peers/release-server.ts";
import { bodyOf, releasePage, trusted } from "./releases.ts";

export const minuteMs = 60_000;
export const hourMs = 3_600_000;

/**
 * How a program behaves: `good`; `crashes` at its start; `hangs` there until the watchdog comes; `mute`: no receiver accepts
 * anything; `deaf`: it hears no device; `faulty`: its self-check fails; `loops`: good for two hours, then it crashes each 2 min;
 * `dies`: good for two hours, then nothing is heard of it any more.
 */
export type Behaviour = "good" | "crashes" | "hangs" | "mute" | "deaf" | "faulty" | "loops" | "dies";

const pageSize = releasePage;
const slotPages = 12;
const choiceSectors = 2;
const bootMs = 3_000;
const watchdogMs = 30_000;
const beatMs = 180_000;
const frameMs = hourMs;
const firstFrameMs = 2 * minuteMs;
const loopAfterMs = 2 * hourMs;
const loopEachMs = 120_000;
const server = { host: "192.0.2.80", port: 80 };

export class UpdateBench {
  readonly queue = new EventQueue();
  readonly server = new ReleaseServer();
  /** By version; `good` where nothing is said. */
  readonly behaviours: Map<string, Behaviour>;
  /** Versions that were started, one after another. */
  readonly started: string[] = [];
  readonly told: string[] = [];
  readonly broken: string[] = [];
  /** Restarts while an alarm waited. */
  readonly wrongRestarts: string[] = [];
  isWeak = false;
  isAlarm = false;
  acts = 0;
  updater: Updater | undefined;
  /** A receiver has heard of it. */
  onSign: () => void = () => {};
  private readonly chips: readonly NorFlash[];
  private readonly settings: UpdateSettings;
  private readonly chance: Chance;
  private readonly caller: TcpStack;
  private clock: SimClock | undefined;
  private cutAt = Number.POSITIVE_INFINITY;
  private onCut: () => void = () => {};

  /** The unit runs 1.0.0 from its first slot. */
  constructor(seed: number, behaviours: Readonly<Record<string, Behaviour>> = {}) {
    this.behaviours = new Map(Object.entries(behaviours));
    this.chance = new Chance(seed, "secrets", 0);
    this.settings = { ...updateDefaults, mode: "on", transport: "tcp", askEveryMs: hourMs, ...server };
    const chip = (name: string, sectorCount: number, programUnit: number) => {
      const cells = new Chance(seed, name, 0);
      return new NorFlash({ sectorSize: pageSize, sectorCount, programUnit, below: (n) => cells.below(n) });
    };
    this.chips = [chip("slots", 2 * slotPages, 64), chip("choice", choiceSectors, 4), chip("journal", 4, 8)];
    const first = bodyOf("1.0.0");
    const padded = new Uint8Array(Math.ceil(first.length / 64) * 64).fill(0xff);
    padded.set(first);
    this.slots.program(0, padded);
    this.caller = this.connect(seed);
    this.start("power-on");
  }

  get version(): string {
    return this.started.at(-1) ?? "";
  }

  run(ms: number): void {
    this.queue.runUntil(this.queue.nowMs + ms);
  }

  alarm(isPending: boolean): void {
    this.isAlarm = isPending;
    this.updater?.alarm(isPending);
  }

  /** The power goes in the place of the act after `acts` more. */
  cutPowerAfter(acts: number, onCut: () => void): void {
    this.cutAt = this.acts + acts;
    this.onCut = onCut;
  }

  /** ... and during the step after `steps` more of one of its chips, which is left half done. */
  cutFlashAfter(chip: "slots" | "choice" | "journal", steps: number, onCut: () => void): void {
    const flash = this.chips[["slots", "choice", "journal"].indexOf(chip)] as NorFlash;
    flash.cutAfter(steps);
    this.onCut = onCut;
  }

  private get slots(): NorFlash {
    return this.chips[0] as NorFlash;
  }

  private start(cause: StartCause): void {
    const clock = new SimClock(this.queue);
    this.clock = clock;
    this.guard(() => this.boot(clock, cause))();
  }

  /** What a boot loader does, and then what the program does that it has chosen. */
  private boot(clock: SimClock, cause: StartCause): void {
    const choice = new BootChoice(this.acting(this.chips[1] as NorFlash));
    const begun = choice.start();
    const version = this.programIn(begun.slot);
    this.started.push(version);
    const behaviour = this.behaviours.get(version) ?? "good";
    if (behaviour === "crashes" || behaviour === "hangs") {
      const isCrash = behaviour === "crashes";
      clock.after(isCrash ? 0 : watchdogMs, () => this.restart(isCrash ? "fault" : "watchdog"));
      return;
    }
    const records = new Journal(this.acting(this.chips[2] as NorFlash));
    const starts = { cause, restart: (next: StartCause) => this.restart(next) };
    const context = this.contextOf(clock, records);
    const guard = new BootGuard({ clock: context.clock, records, starts, observe: undefined, onNews: () => {} });
    const slots = this.acting(this.slots);
    const parts = [new FlashPart(slots, 0, slotPages), new FlashPart(slots, slotPages, slotPages)] as const;
    const updater = new Updater({
      context,
      settings: this.settings,
      port: {
        identity: { board: "test-board", revision: 1, region: "eu", version: versionNumber(version) },
        keys: [trusted],
        slots: new FlashSlots(parts, choice, begun),
      },
      starts,
      unit: "4612345678",
      isIll: guard.mode === "minimal",
      openStream: () => this.openStream,
      checkNow: () => context.clock.after(10_000, () => this.checked(behaviour)),
      faults: () => [] as readonly FaultName[],
      isWeak: () => this.isWeak,
      log: () => {},
    });
    this.updater = updater;
    guard.ready();
    updater.alarm(this.isAlarm);
    this.live(context, behaviour, updater);
  }

  /** The rest of the unit's life, as far as an update hears of it. */
  private live(context: UnitContext, behaviour: Behaviour, updater: Updater): void {
    const each = (ms: number, what: () => void): void => {
      context.clock.after(ms, () => {
        what();
        each(ms, what);
      });
    };
    if (behaviour !== "mute")
      each(beatMs, () => {
        this.onSign();
        updater.accepted();
      });
    if (behaviour === "dies") context.clock.after(loopAfterMs, () => this.end());
    if (behaviour !== "deaf") {
      context.clock.after(firstFrameMs, () => updater.heard());
      each(frameMs, () => updater.heard());
    }
    if (behaviour !== "loops") return;
    const looping = this.queue.nowMs >= this.loopsFromMs;
    context.clock.after(looping ? loopEachMs : loopAfterMs, () => {
      this.loopsFromMs = Math.min(this.loopsFromMs, this.queue.nowMs);
      this.restart("fault");
    });
  }

  private loopsFromMs = Number.POSITIVE_INFINITY;

  private checked(behaviour: Behaviour): void {
    const finding: Finding = behaviour === "faulty" ? "radio-deaf" : "passed";
    this.updater?.checked("program", "passed");
    this.updater?.checked("radio", finding);
    this.updater?.checked("battery", "battery-worn");
    this.updater?.checksFinished();
  }

  private contextOf(clock: SimClock, records: Journal): UnitContext {
    return {
      clock: {
        nowMs: () => clock.nowMs(),
        after: (delayMs, callback) => clock.after(delayMs, this.guard(callback)),
      },
      wallClock: new WallClock(),
      secrets: {
        random: (into) => {
          for (let i = 0; i < into.length; i++) into[i] = this.chance.below(256);
        },
        aes: () => () => {},
      },
      records,
      observe: undefined,
      raise: (order) => {
        this.act();
        this.told.push(order.stt);
        return this.told.length;
      },
      say: () => {},
    };
  }

  /** Which program is in a slot; one that is not whole is noted. */
  private programIn(slot: number): string {
    const length = bodyOf("1.0.0").length;
    const bytes = new Uint8Array(length);
    this.slots.read(slot * slotPages * pageSize, bytes);
    const version = /^livlina (\d+\.\d+\.\d+)\n/.exec(Buffer.from(bytes.subarray(0, 40)).toString("latin1"))?.[1] ?? "";
    const digest = createHash("sha256")
      .update(bytes.subarray(0, length - 32))
      .digest("hex");
    if (version === "" || digest !== Buffer.from(bytes.subarray(length - 32)).toString("hex"))
      this.broken.push(`slot ${slot} at ${this.queue.nowMs} ms`);
    return version === "" ? versionText(0) : version;
  }

  private restart(cause: StartCause): void {
    this.act();
    if (this.isAlarm && cause === "update") this.wrongRestarts.push(this.version);
    this.end();
    this.queue.after(bootMs, () => this.start(cause));
  }

  private end(): void {
    this.clock?.stop();
    this.caller.closeAll();
    this.updater = undefined;
  }

  private act(): void {
    if (this.acts >= this.cutAt) {
      this.cutAt = Number.POSITIVE_INFINITY;
      throw new PowerCut("the unit has no power");
    }
    this.acts++;
  }

  /** Everything above a cut is gone; two and a half seconds later the power is back. */
  private guard(callback: () => void): () => void {
    const clock = this.clock;
    return () => {
      if (clock !== this.clock) return;
      try {
        callback();
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        this.end();
        this.clock = undefined;
        this.onCut();
        this.queue.after(2_500, () => this.start("power-on"));
      }
    };
  }

  private acting(flash: NorFlash): NorFlash {
    const bench = this;
    return new Proxy(flash, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          if (name !== "read") bench.act();
          return (value as (...given: unknown[]) => unknown).apply(target, given);
        };
      },
    });
  }

  private readonly openStream: OpenStream = (options) => {
    this.act();
    const stream = this.caller.connect(
      {
        ...options,
        onReady: (local, proof) => this.guard(() => options.onReady(local, proof))(),
        onReadable: (count) => this.guard(() => options.onReadable(count))(),
        onFault: (fault) => this.guard(() => options.onFault(fault))(),
      },
      "10.0.0.1",
      undefined,
    );
    return {
      write: (bytes) => {
        this.act();
        stream.write(bytes);
      },
      read: () => stream.read(),
      close: () => stream.close(),
    };
  };

  private connect(seed: number): TcpStack {
    const network = new Network(this.queue, seed);
    const access = { link: () => ({ delay: { leastMs: 20, mostMs: 40 }, lossPpm: 0 }) };
    const stack = (address: string, own: typeof access): TcpStack => {
      const tcp: TcpStack = new TcpStack({
        nowMs: () => this.queue.nowMs,
        after: (delayMs, callback) => {
          const handle = this.queue.after(delayMs, callback);
          return { cancel: () => this.queue.cancel(handle) };
        },
        send: (bytes, fromPort, to) => place.send(bytes, fromPort, to),
      });
      const place = network.attach(address, own, (bytes, from, toPort) => tcp.hear(bytes, from, toPort));
      return tcp;
    };
    stack(server.host, perfectAccess as typeof access).listen({
      port: server.port,
      certificate: undefined,
      admits: () => true,
      onBytes: (connection, _from, bytes) => {
        const answer = this.server.answer(Buffer.from(bytes).toString("latin1"));
        if (answer === undefined) return;
        if (answer.bytes.length > 0) connection.write(answer.bytes);
        if (answer.closes) connection.close();
      },
    });
    return stack("10.0.0.1", access);
  }
}
