/**
 * The device under test, as a rig knows it: commands are said and events expected on its service line, and everything that
 * passes is kept in a log file. A line that got lost is an error, and losing sight of the device is neither pass nor fail.
 */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Serial } from "../firmware/ports/serial.ts";
import { type ConsoleFrame, encodeFrame, FrameReader, lostBetween, sequenceAfter } from "../protocol/console/frame.ts";
import { type ConsoleCommand, type ConsoleEvent, decodeEvent, encodeCommand } from "../protocol/console/messages.ts";
import { unlockProof } from "../protocol/console/unlock.ts";
import { faultText, type Result } from "../protocol/result.ts";
import { aesBlock } from "../simulator/node-aes.ts";
import { openSerialLink } from "../tools/device/serial-link.ts";

type EventOf<T extends ConsoleEvent["type"]> = Extract<ConsoleEvent, { readonly type: T }>;
/** Fields that an expected event must have; those not named may be anything. */
export type Fields<T extends ConsoleEvent["type"]> = Partial<Omit<EventOf<T>, "type">>;

/** `unknown`: the device could not be seen, so nothing is known of it; a rig never counts that as passed. */
export type Verdict = "failed" | "unknown";

export class DutError extends Error {
  readonly verdict: Verdict;

  constructor(message: string, verdict: Verdict) {
    super(message);
    this.name = "DutError";
    this.verdict = verdict;
  }
}

/** Lines that a failure shows; all are in the log file. */
const recentLimit = 12;
/** Lines that nobody has expected yet; more is an error, since an answer could hide among them. */
export const unreadLimit = 2_000;
const halfLineLimit = 200;
const restartGap = 0x8000_0000;
const baud = 115_200;

interface Heard {
  readonly shown: string;
  readonly event: ConsoleEvent | undefined;
}

interface Waiting {
  readonly matches: (event: ConsoleEvent) => boolean;
  readonly resolve: (event: ConsoleEvent) => void;
  readonly reject: (error: DutError) => void;
  readonly text: string;
  readonly sinceMs: number;
  readonly deadline: NodeJS.Timeout;
}

export class Dut {
  private readonly logPath: string;
  private readonly log: number;
  private readonly startMs: number;
  private readonly reader: FrameReader;
  private readonly recent: string[];
  private unread: Heard[];
  private halfLine: string;
  private serial: Serial | undefined;
  private waiting: Waiting | undefined;
  private trouble: { readonly text: string; readonly verdict: Verdict } | undefined;
  private sequence: number;
  private lastHeard: number | undefined;

  /** Without a line yet: see `openDut`. The log file is begun anew. */
  constructor(logPath: string) {
    mkdirSync(dirname(logPath), { recursive: true });
    this.logPath = logPath;
    this.log = openSync(logPath, "w");
    this.startMs = performance.now();
    this.reader = new FrameReader((line, frame) => this.hear(line, frame));
    this.recent = [];
    this.unread = [];
    this.halfLine = "";
    this.serial = undefined;
    this.waiting = undefined;
    this.trouble = undefined;
    this.sequence = 0;
    this.lastHeard = undefined;
  }

  /** The line to the device; its owner calls `drain` when bytes wait and `lose` when it is gone. */
  connect(serial: Serial): void {
    this.serial = serial;
  }

  /** Says a command and answers its line number, to be expected as `to`. */
  say(command: ConsoleCommand): number {
    const sequence = this.sequence;
    this.sequence = sequenceAfter(sequence);
    const bytes = encodeFrame({ speaker: "tool", sequence, atMs: this.nowMs(), text: encodeCommand(command) });
    this.write(`> ${Buffer.from(bytes).toString("latin1").trimEnd()}`);
    this.serial?.write(bytes);
    return sequence;
  }

  /**
   * The next event of this type with these fields, heard since the last one that was expected or within so many ms from
   * now; what came before it counts as read. Rejects with DutError.
   */
  expect<T extends ConsoleEvent["type"]>(type: T, fields: Fields<T>, withinMs: number): Promise<EventOf<T>> {
    if (this.waiting !== undefined) throw new Error("dut: one expect at a time");
    const wanted = Object.entries(fields);
    const text = [type, ...wanted.map(([name, value]) => `${name}=${String(value)}`)].join(" ");
    const matches = (event: ConsoleEvent): boolean =>
      event.type === type && wanted.every(([name, value]) => event[name as keyof ConsoleEvent] === value);
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => this.fail(`expected ${text} within ${withinMs} ms`, "failed"), withinMs);
      this.waiting = {
        matches,
        resolve: (event) => resolve(event as EventOf<T>),
        reject,
        text,
        sinceMs: performance.now(),
        deadline,
      };
      this.settle();
    });
  }

  /** Says a command and expects the event that answers it. */
  ask<T extends ConsoleEvent["type"]>(command: ConsoleCommand, type: T, withinMs: number): Promise<EventOf<T>> {
    return this.expect(type, { to: this.say(command) } as unknown as Fields<T>, withinMs);
  }

  /** Opens the locked line with the unit's service key (16 bytes). */
  async unlock(key: Uint8Array, withinMs: number): Promise<void> {
    const { unit } = await this.ask({ type: "hello" }, "identity", withinMs);
    const none = new Uint8Array(0);
    const { bytes } = await this.ask({ type: "unlock", proof: none }, "challenge", withinMs);
    await this.ask({ type: "unlock", proof: unlockProof(aesBlock(key), unit, bytes) }, "unlocked", withinMs);
  }

  /** Bytes wait on the line. */
  drain(): void {
    for (let bytes = this.serial?.read(); bytes !== undefined; bytes = this.serial?.read()) {
      const text = this.halfLine + Buffer.from(bytes).toString("latin1");
      this.halfLine = text.slice(text.lastIndexOf("\n") + 1).slice(-halfLineLimit);
      this.reader.push(bytes);
    }
    this.settle();
  }

  /** The line is gone: unplugged, or the rig lost power. */
  lose(why: string): void {
    this.write(`- ${why}`);
    this.suffer(`lost sight of the device: ${why}`, "unknown");
  }

  close(): void {
    this.serial?.close();
    if (this.waiting !== undefined) this.fail(`closed while ${this.waiting.text} was expected`, "unknown");
    closeSync(this.log);
  }

  private nowMs(): number {
    return Math.floor(performance.now() - this.startMs);
  }

  private write(text: string): string {
    const shown = `+${this.nowMs()} ms ${text}`;
    writeSync(this.log, `${shown}\n`);
    this.recent.push(shown);
    if (this.recent.length > recentLimit) this.recent.shift();
    return shown;
  }

  private hear(line: string, frame: Result<ConsoleFrame>): void {
    if (!frame.ok) {
      this.keep(this.write(`< ${line} (${faultText(frame.fault)})`), undefined);
      return;
    }
    const shown = this.write(`< ${line}`);
    if (frame.value.speaker === "tool") return; // a terminal that sends back what we say
    const event = decodeEvent(frame.value.text);
    this.count(frame.value.sequence, event.ok && event.value.type === "boot");
    this.keep(shown, event.ok ? event.value : undefined);
  }

  /** What was said before the first line that we heard is nobody's loss. */
  private count(sequence: number, isBoot: boolean): void {
    const before = this.lastHeard;
    this.lastHeard = sequence;
    if (before === undefined || (isBoot && sequence === 0)) return;
    const lost = lostBetween(before, sequence);
    if (lost === 0) return;
    const what = lost >= restartGap ? "it restarted and its boot was lost" : `${lost} between were lost`;
    this.suffer(`lost line: line ${sequence} came after line ${before}, ${what}`, "failed");
  }

  private keep(shown: string, event: ConsoleEvent | undefined): void {
    this.unread.push({ shown, event });
    if (this.unread.length <= unreadLimit) return;
    this.unread.shift();
    this.suffer(`more than ${unreadLimit} lines came that nobody expected`, "failed");
  }

  /** The first trouble counts; from then on nothing that is heard proves anything. */
  private suffer(text: string, verdict: Verdict): void {
    this.trouble ??= { text, verdict };
    this.settle();
  }

  private settle(): void {
    const waiting = this.waiting;
    if (waiting === undefined) return;
    if (this.trouble !== undefined) {
      this.fail(`${this.trouble.text}, while ${waiting.text} was expected`, this.trouble.verdict);
      return;
    }
    const at = this.unread.findIndex(({ event }) => event !== undefined && waiting.matches(event));
    const found = this.unread[at]?.event;
    if (found === undefined) return;
    this.unread = this.unread.slice(at + 1);
    this.end(waiting);
    waiting.resolve(found);
  }

  private fail(what: string, verdict: Verdict): void {
    const waiting = this.waiting;
    if (waiting === undefined) return;
    this.end(waiting);
    const waitedMs = Math.floor(performance.now() - waiting.sinceMs);
    const unread = this.unread.slice(-recentLimit).map(({ shown }) => shown);
    if (this.halfLine !== "") unread.push(`half a line: ${JSON.stringify(this.halfLine)}`);
    const text = [
      `${what}; waited ${waitedMs} ms`,
      ...section("last lines", this.recent),
      ...section(`unread (${this.unread.length} lines)`, unread),
      `  log file: ${this.logPath}`,
    ];
    waiting.reject(new DutError(text.join("\n"), verdict));
  }

  private end(waiting: Waiting): void {
    clearTimeout(waiting.deadline);
    this.waiting = undefined;
  }
}

function section(title: string, lines: readonly string[]): string[] {
  return [`  ${title}:`, ...(lines.length === 0 ? ["nothing"] : lines).map((line) => `    ${line}`)];
}

/** Opens the service line at `path`. Rejects with UserError (3) where it cannot be had. */
export async function openDut(path: string, logPath: string): Promise<Dut> {
  const dut = new Dut(logPath);
  try {
    const onReadable = (): void => dut.drain();
    dut.connect(await openSerialLink({ path, baud, onReadable, onLost: (why) => dut.lose(why) }));
    dut.drain();
    return dut;
  } catch (thrown) {
    dut.close();
    throw thrown;
  }
}
