/**
 * The device under test, as a bench knows it: commands are said and events expected on its service line, and everything that passes
 * is in a log file. It is followed over restarts and from port to port; once something of its talk was lost, nothing that it says
 * proves anything until it is found anew.
 */
import { encodeFrame, latestMs, sequenceAfter } from "../../protocol/console/frame.ts";
import { type ConsoleCommand, type ConsoleEvent, encodeCommand } from "../../protocol/console/messages.ts";
import { unlockProof } from "../../protocol/console/unlock.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import type { EventOf, EventType, ServiceLink } from "../../tools/provision/service-link.ts";
import { DeviceError, type DeviceTrouble } from "./device-error.ts";
import { DeviceLine, type DeviceLineOptions, type Line } from "./device-line.ts";
import type { DeviceOptions } from "./device-options.ts";
import { Expecting, unreadLimit } from "./expecting.ts";
import { GuestLink } from "./guest-link.ts";
import { TalkLog } from "./talk-log.ts";
import { answers, fits, textOf, wordsOf } from "./talk-words.ts";
import { type HeardLine, type Stamped, UnitLines } from "./unit-lines.ts";

/** Fields that an expected event must have; those not named may be anything. */
export type Fields<T extends EventType> = Partial<Omit<EventOf<T>, "type">>;

const usualPatienceMs = 20_000;
/** How long a device may take to say `hello`, in the bench's time, before it counts as silent. */
const probeMs = 3_000;
const probeTries = 2;
const askTries = 3;
/** Events that are kept with their stamps. */
export const heardLimit = 20_000;
const lineEnd = Uint8Array.of(13, 10);
const none = new Uint8Array(0);

export class Device {
  readonly name: string;
  readonly heard: Stamped<ConsoleEvent>[];
  private readonly options: DeviceOptions;
  private readonly log: TalkLog;
  private readonly lines: UnitLines;
  private readonly line: Line;
  private readonly expecting: Expecting;
  private trouble: Error | undefined;
  private sequence: number;
  private guest: GuestLink | undefined;
  /** Counts who was given up. */
  private turn: number;

  /** Without a line yet: see `openDevice`. `makeLine`: what stands between it and the wire. */
  constructor(options: DeviceOptions, makeLine = (line: DeviceLineOptions): Line => new DeviceLine(line)) {
    const { name, clock, disk, logPath, locate, patienceMs = usualPatienceMs } = options;
    this.name = name;
    this.heard = [];
    this.options = options;
    this.log = new TalkLog(logPath, disk, clock, (thrown) => this.suffer(thrown as Error));
    this.lines = new UnitLines({
      clock,
      log: this.log,
      onLine: (line) => this.keep(line),
      onTrouble: (trouble, text) => this.suffer(this.errorOf(trouble, text)),
    });
    this.line = makeLine({
      clock,
      locate,
      patienceMs,
      onBytes: (bytes) => this.hear(bytes),
      onLost: (why) => this.log.write("-", why),
      onBack: (path) => this.log.write("-", `back at ${path}`),
      onGone: () => this.suffer(this.errorOf("port-gone", `lost sight of the device: no port for ${patienceMs} ms`)),
    });
    this.expecting = new Expecting(clock, () =>
      this.suffer(this.errorOf("flooded", `more than ${unreadLimit} lines came that nobody expected`)),
    );
    this.trouble = undefined;
    this.sequence = 0;
    this.guest = undefined;
    this.turn = 0;
  }

  get logPath(): string {
    return this.log.path;
  }

  /** Starts of the device that were heard. */
  get life(): number {
    return this.lines.life;
  }

  /** Where its port is; "" while it is away. */
  get path(): string {
    return this.line.path;
  }

  /** Rejects with DeviceError where the port cannot be had. */
  async start(): Promise<void> {
    try {
      await this.line.open();
    } catch (thrown) {
      throw this.errorOf("port-gone", thrown instanceof Error ? thrown.message : String(thrown));
    }
    this.log.write("-", `opened ${this.line.path}`);
  }

  /** Says a command and answers its line number, to be expected as `to`. */
  say(command: ConsoleCommand): number {
    const { sequence } = this;
    this.sequence = sequenceAfter(sequence);
    const atMs = Math.min(Math.floor(this.options.clock.nowMs()), latestMs);
    this.send(encodeFrame({ speaker: "tool", sequence, atMs, text: encodeCommand(command) }));
    return sequence;
  }

  /**
   * The next event of this type with these fields, heard since the last one that was expected or within so long from now; what came
   * before it counts as read. Rejects with DeviceError or RigError.
   */
  async expect<T extends EventType>(type: T, fields: Fields<T>, withinMs: number): Promise<Stamped<EventOf<T>>> {
    const found = await this.await(textOf(type, fields), (line) => fits(line.stamped?.event, type, fields), withinMs);
    return found.stamped as Stamped<EventOf<T>>;
  }

  /** The next line that holds the pattern, whoever said it: the banner of a loader, a word of a console. */
  async expectText(pattern: RegExp, withinMs: number): Promise<string> {
    return (await this.await(String(pattern), ({ text }) => pattern.test(text), withinMs)).text;
  }

  /** No such event comes for so long; then the device is asked whether it is still there and nothing was lost. */
  async expectNone<T extends EventType>(type: T, fields: Fields<T>, forMs: number): Promise<void> {
    const wanted = textOf(type, fields);
    const found = await this.expecting.find(
      (line) => fits(line.stamped?.event, type, fields),
      forMs,
      this.trouble,
      true,
    );
    if (found === undefined) return this.confirm(probeMs);
    throw this.shown(this.errorOf("unwanted", `${wanted} came, and was to stay away for ${forMs} ms`));
  }

  /** Says a command and expects the event that answers it. Rejects as `expect` does, and as refused where something else does. */
  async ask<T extends EventType>(command: ConsoleCommand, type: T, withinMs: number): Promise<EventOf<T>> {
    const event = await this.answered(command, withinMs);
    if (event.type !== type) throw this.shown(this.errorOf("refused", `${command.type} brought ${wordsOf(event)}`));
    return event as EventOf<T>;
  }

  /** As `ask`, for an order that is done or begun. */
  async order(command: ConsoleCommand, withinMs: number): Promise<"done" | "begun"> {
    const event = await this.answered(command, withinMs);
    if (event.type === "done" || event.type === "begun") return event.type;
    throw this.shown(this.errorOf("refused", `${command.type} brought ${wordsOf(event)}`));
  }

  /** Opens the locked line with the unit's service key. */
  async unlock(withinMs: number): Promise<void> {
    const { serviceKey } = this.options;
    if (serviceKey === undefined) throw this.errorOf("locked", "the bench does not know the key of its line");
    const { unit, lock } = await this.ask({ type: "hello" }, "identity", withinMs);
    if (lock === "open") return;
    const { bytes } = await this.ask({ type: "unlock", proof: none }, "challenge", withinMs);
    const to = this.say({ type: "unlock", proof: unlockProof(aesBlock(serviceKey), unit, bytes) });
    const { stamped } = await this.await("unlocked", (line) => answers(line.stamped?.event, to), withinMs);
    if (stamped?.event.type !== "unlocked") throw this.shown(this.errorOf("locked", "its key does not open the line"));
  }

  /** Makes the device start anew by `cause`, and answers its first line. Elsewhere a start is an error. */
  async expectBoot(cause: () => Promise<unknown> | unknown, withinMs: number): Promise<Stamped<EventOf<"boot">>> {
    this.giveUp();
    this.lines.isBootMeant = true;
    try {
      await cause();
      return await this.expect("boot", {}, withinMs);
    } finally {
      this.lines.isBootMeant = false;
    }
  }

  /** Whether it is still there and nothing of its talk was lost. The last word of every case. Rejects as `expect` does. */
  async confirm(withinMs: number): Promise<void> {
    await this.ask({ type: "hello" }, "identity", withinMs);
  }

  /**
   * Finds the device anew, whatever was before: troubles and unread lines are forgotten, half a line is ended, and it says who it is.
   * Rejects with DeviceError, and with RigError where the log cannot be written.
   */
  async resync(withinMs: number): Promise<EventOf<"identity">> {
    this.log.write("-", "found anew");
    this.giveUp();
    this.trouble = undefined;
    this.lines.forget();
    this.line.write(lineEnd);
    // What was on its way is read before the first answer counts.
    for (let tries = 1; ; tries++) {
      const to = this.say({ type: "hello" });
      const line = await this.expecting.find(
        (each) => answers(each.stamped?.event, to),
        withinMs / askTries,
        this.trouble,
      );
      if (line !== undefined) return line.stamped?.event as EventOf<"identity">;
      if (tries === askTries) throw this.shown(this.blindness("hello", withinMs));
    }
  }

  /**
   * Lets the tools speak over this very line, which is logged and watched as ever; restarts that they order are meant. Rejects with
   * what they throw, or with the trouble that was behind it.
   */
  async withLink<T>(use: (link: ServiceLink) => Promise<T>): Promise<T> {
    const guest = new GuestLink(this.line.path, this.options.serviceKey ?? none, (bytes) => this.send(bytes));
    const { turn } = this;
    this.guest = guest;
    this.lines.isBootMeant = true;
    try {
      const why = await guest.unlock();
      if (why !== undefined) throw this.errorOf("locked", why);
      const result = await use(guest.link);
      if (this.trouble !== undefined) throw this.trouble;
      return result;
    } catch (thrown) {
      if (this.trouble !== undefined) throw this.shown(this.trouble);
      if (this.turn !== turn || thrown instanceof DeviceError) throw thrown;
      this.guest = undefined;
      await this.probe("what the tools asked");
      throw thrown;
    } finally {
      if (this.turn === turn) this.giveUp();
    }
  }

  /** Lets the port go for another program, such as a flasher; then the device is found anew. */
  async lend<T>(use: (path: string) => Promise<T>, withinMs = probeMs): Promise<T> {
    const { path } = this.line;
    await this.line.close();
    this.log.write("-", `${path} is lent`);
    let result: T;
    try {
      result = await use(path);
    } finally {
      await this.start();
    }
    await this.resync(withinMs);
    return result;
  }

  async close(): Promise<void> {
    this.expecting.fail(this.errorOf("closed", "closed while something was expected"));
    await this.line.close();
    this.log.close();
    this.options.recorder?.close();
  }

  /** Whoever still waits, because a deadline of its own was shorter than that of the line, waits no more; all is read. */
  private giveUp(): void {
    const { guest } = this;
    this.turn++;
    this.guest = undefined;
    guest?.link.lose("given up for what comes next");
    this.expecting.fail(this.errorOf("closed", "given up for what comes next"));
    this.expecting.readAll();
    this.lines.isBootMeant = false;
  }

  private send(bytes: Uint8Array): void {
    this.log.write(">", Buffer.from(bytes).toString("latin1").trimEnd());
    this.record("said", bytes);
    this.line.write(bytes);
  }

  private record(way: "said" | "heard", bytes: Uint8Array): void {
    try {
      this.options.recorder?.[way](bytes);
    } catch (thrown) {
      this.suffer(thrown as Error);
    }
  }

  private hear(bytes: Uint8Array): void {
    this.record("heard", bytes);
    this.lines.push(bytes);
    this.guest?.hear(bytes);
  }

  private keep(line: HeardLine): void {
    if (line.stamped !== undefined) this.heard.push(line.stamped);
    if (this.heard.length > heardLimit) this.heard.shift();
    if (this.guest === undefined) this.expecting.hear(line);
  }

  /** The event that answers a command, which is said again where the line ate it. */
  private async answered(command: ConsoleCommand, withinMs: number): Promise<ConsoleEvent> {
    for (let tries = 1; ; tries++) {
      const to = this.say(command);
      const isEaten = (event: ConsoleEvent | undefined): boolean => event?.type === "error" && tries < askTries;
      const { stamped } = await this.await(
        `an answer to ${command.type}, to=${to},`,
        (line) => isEaten(line.stamped?.event) || answers(line.stamped?.event, to),
        withinMs,
      );
      const event = stamped?.event as ConsoleEvent;
      if (event.type !== "error") return event;
    }
  }

  private async await(what: string, matches: (line: HeardLine) => boolean, withinMs: number): Promise<HeardLine> {
    const heardBefore = this.heard.length;
    const found = await this.expecting.find(matches, withinMs, this.trouble);
    if (found !== undefined) return found;
    const error = this.errorOf("late", `expected ${what} within ${withinMs} ms`);
    const late = this.shown(error);
    // Whoever said nothing at all may be late, or gone: only an answer tells.
    if (this.heard.length === heardBefore) await this.probe(what);
    throw late;
  }

  /** Rejects where the device cannot be seen. */
  private async probe(what: string): Promise<void> {
    // The answer to the first may be the end of a line that was cut.
    for (let tries = 1; tries <= probeTries; tries++) {
      const to = this.say({ type: "hello" });
      const isAnswer = (line: HeardLine): boolean => answers(line.stamped?.event, to);
      if ((await this.expecting.find(isAnswer, probeMs / probeTries, this.trouble)) !== undefined) return;
    }
    throw this.shown(this.blindness(what, probeMs));
  }

  private blindness(what: string, afterMs: number): DeviceError {
    return this.line.isHere
      ? this.errorOf("silent", `it says nothing: ${what} was expected, and hello is not answered within ${afterMs} ms`)
      : this.errorOf("port-gone", `lost sight of the device: its port is gone, and ${what} was expected`);
  }

  private errorOf(trouble: DeviceTrouble, text: string): DeviceError {
    return new DeviceError(trouble, `${this.name}: ${text}`, this.name, this.log.path);
  }

  /** The same with what was heard last. */
  private shown(error: Error): Error {
    if (!(error instanceof DeviceError) || error.message.includes("\n")) return error;
    const { expecting, log, lines } = this;
    const text = log.story(error.message, expecting.unreadLines, lines.halfLine);
    return new DeviceError(error.trouble, text, this.name, log.path);
  }

  /** The first trouble counts; from then on nothing that is heard proves anything. */
  private suffer(error: Error): void {
    if (this.trouble !== undefined) return;
    this.trouble = error;
    this.expecting.fail(this.shown(error));
  }
}
