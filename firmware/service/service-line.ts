/**
 * The unit's end of the service line (protocol/console): holds the port, numbers what it says, and keeps the line locked
 * until somebody proves that he knows the unit's service key. It decides nothing about alarms and cannot raise one.
 */
import {
  type ConsoleFrame,
  encodeFrame,
  FrameReader,
  isOfUnit,
  latestMs,
  sequenceAfter,
} from "../../protocol/console/frame.ts";
import {
  type ConsoleCommand,
  type ConsoleEvent,
  countLimit,
  decodeCommand,
  encodeEvent,
  type LampSignal,
  type Lock,
  proofLength,
} from "../../protocol/console/messages.ts";
import type { OrderEvent } from "../../protocol/console/orders.ts";
import { isSameProof, unlockProof } from "../../protocol/console/unlock.ts";
import type { Fault, Result } from "../../protocol/result.ts";
import type { Clock } from "../ports/clock.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { OpenSerial, Serial } from "../ports/serial.ts";

/** As in package.json; a test holds the two together. */
export const firmwareVersion = "0.1.0";

/** An open line that hears no command for so long is locked again: 30 min. */
export const leaseMs = 1_800_000;

/** So many wrong proofs in a row cost nothing; each further one brings a wait, 1 s at first, doubled up to a minute. */
export const freeWrongProofs = 3;
const firstWaitMs = 1_000;
export const longestWaitMs = 60_000;

/** What the port takes without sending, by its promise. */
export const roomLimit = 2_048;
const baud = 115_200;
/** Bytes that have surely left in a millisecond: 115,200 baud carries 11 of 10 bits. */
const bytesPerMs = 10;

/** What the owner answers to `status`. */
export interface ServiceStatus {
  /** Of every kind. */
  readonly reports: number;
  /** Alarms of people that nobody has accepted yet. */
  readonly pending: number;
  readonly active: "broadband" | "mobile";
}

/** What is told of the unit's life as it happens. */
export type ServiceNews = Extract<ConsoleEvent, { readonly type: "log" | "lamp" }>;

/** What only the unit itself can answer. */
export type UnitCommand = Exclude<ConsoleCommand, { readonly type: "hello" | "unlock" | "lock" }>;

export interface ServiceLineOptions {
  readonly openLine: OpenSerial;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly key: Uint8Array | undefined;
  /** The unit's name: the first characters of its SCAIP references. */
  readonly unit: string;
  /** A command of an open line, to be answered with `answerStatus` or `answer`; `to` is its line number. */
  readonly onCommand: (command: UnitCommand, to: number) => void;
  /** A proof was offered, the `tries`th since the start: for the log. */
  readonly onProof?: (isRight: boolean, tries: number) => void;
}

export class ServiceLine {
  private readonly options: ServiceLineOptions;
  private readonly reader: FrameReader;
  private readonly serial: Serial;
  private sequence: number;
  private lock: Lock;
  /** When a command was heard last: the lease of an open line runs from there. */
  private commandMs: number;
  private challenge: Uint8Array | undefined;
  private lamp: "dark" | LampSignal;
  private tries: number;
  private wrongsInRow: number;
  /** No challenge before this. */
  private waitUntilMs: number;
  private badLines: number;
  private droppedLines: number;
  private room: number;
  private roomMs: number;

  /** Opens the line and says `boot`. */
  constructor(options: ServiceLineOptions) {
    this.options = options;
    this.sequence = 0;
    this.lock = "locked";
    this.commandMs = 0;
    this.challenge = undefined;
    this.lamp = "dark";
    this.tries = 0;
    this.wrongsInRow = 0;
    this.waitUntilMs = 0;
    this.badLines = 0;
    this.droppedLines = 0;
    this.room = roomLimit;
    this.roomMs = options.clock.nowMs();
    this.reader = new FrameReader((line, frame) => this.hear(line, frame));
    this.serial = options.openLine({ baud, onReadable: () => this.drain() });
    this.say({ type: "boot", unit: options.unit, version: firmwareVersion, lock: this.lock });
  }

  /** Said only while the line is open: the log of an alarm is nobody else's. */
  tell(news: ServiceNews): void {
    if (news.type === "lamp") this.lamp = news.signal;
    if (this.isOpen()) this.say(news);
  }

  answerStatus(to: number, status: ServiceStatus): void {
    this.say({
      type: "answer",
      to,
      reports: status.reports,
      pending: status.pending,
      active: status.active,
      lamp: this.lamp,
      bad: this.badLines,
      tries: this.tries,
      dropped: this.droppedLines,
    });
  }

  /** Said only while the line is open: what an order brought is for who gave it. */
  answer(event: OrderEvent): void {
    if (this.isOpen()) this.say(event);
  }

  private drain(): void {
    for (let chunk = this.serial.read(); chunk !== undefined; chunk = this.serial.read()) this.reader.push(chunk);
  }

  private hear(line: string, frame: Result<ConsoleFrame>): void {
    // A terminal that is not set up yet sends a unit's own lines back: to answer them would never end.
    if (isOfUnit(line)) return;
    if (!frame.ok) {
      this.refuse(frame.fault);
      return;
    }
    const command = decodeCommand(frame.value.text);
    if (command.ok) this.obey(command.value, frame.value.sequence);
    else this.refuse(command.fault);
  }

  private refuse(fault: Fault): void {
    this.badLines = counted(this.badLines);
    this.say({ type: "error", why: fault.kind, bad: this.badLines });
  }

  private obey(command: ConsoleCommand, to: number): void {
    const open = this.isOpen();
    this.commandMs = this.options.clock.nowMs();
    switch (command.type) {
      case "hello":
        this.say({ type: "identity", to, unit: this.options.unit, version: firmwareVersion, lock: this.lock });
        return;
      case "unlock":
        this.unlock(command.proof, to);
        return;
      case "lock":
        this.lock = "locked";
        this.say({ type: "locked", to, why: open ? "order" : "command", tries: this.tries });
        return;
      default:
        if (open) this.options.onCommand(command, to);
        else this.say({ type: "locked", to, why: "command", tries: this.tries });
        return;
    }
  }

  private unlock(proof: Uint8Array, to: number): void {
    const key = this.options.key;
    if (key === undefined) {
      this.say({ type: "locked", to, why: "no-key", tries: this.tries });
      return;
    }
    if (proof.length === 0) {
      if (this.options.clock.nowMs() < this.waitUntilMs) {
        this.say({ type: "locked", to, why: "wait", tries: this.tries });
        return;
      }
      const bytes = new Uint8Array(proofLength);
      this.options.secrets.random(bytes);
      this.challenge = bytes;
      this.say({ type: "challenge", to, bytes });
      return;
    }
    this.tries = counted(this.tries);
    const challenge = this.challenge;
    this.challenge = undefined; // one proof for each, so that none is heard twice
    const cipher = this.options.secrets.aes(key);
    if (challenge !== undefined && isSameProof(proof, unlockProof(cipher, this.options.unit, challenge))) {
      this.lock = "open";
      this.wrongsInRow = 0;
      this.say({ type: "unlocked", to, tries: this.tries });
      this.tellOfProof(true);
      return;
    }
    this.lock = "locked";
    // Without a challenge it is no guess, and must not prolong a wait.
    if (challenge !== undefined) this.wrongsInRow = counted(this.wrongsInRow);
    let waitMs = 0;
    for (let i = freeWrongProofs; i <= this.wrongsInRow && waitMs < longestWaitMs; i++)
      waitMs = waitMs === 0 ? firstWaitMs : Math.min(2 * waitMs, longestWaitMs);
    if (challenge !== undefined) this.waitUntilMs = this.options.clock.nowMs() + waitMs;
    this.say({ type: "locked", to, why: "proof", tries: this.tries });
    this.tellOfProof(false);
  }

  private tellOfProof(isRight: boolean): void {
    const onProof = this.options.onProof;
    if (onProof !== undefined) onProof(isRight, this.tries);
  }

  /** Ends the lease where its time is over; nobody needs a timer for that, since a silent line tells nothing. */
  private isOpen(): boolean {
    if (this.lock === "open" && this.options.clock.nowMs() - this.commandMs >= leaseMs) {
      this.lock = "locked";
      this.say({ type: "locked", to: 0, why: "silence", tries: this.tries });
    }
    return this.lock === "open";
  }

  /** A line that the port has no room for is dropped; its number is missing then, so that the other end notices. */
  private say(event: ConsoleEvent): void {
    const nowMs = this.options.clock.nowMs();
    this.room = Math.min(roomLimit, this.room + (nowMs - this.roomMs) * bytesPerMs);
    this.roomMs = nowMs;
    const atMs = Math.min(nowMs, latestMs);
    const bytes = encodeFrame({ speaker: "unit", sequence: this.sequence, atMs, text: encodeEvent(event) });
    this.sequence = sequenceAfter(this.sequence);
    if (bytes.length > this.room) {
      this.droppedLines = counted(this.droppedLines);
      return;
    }
    this.room -= bytes.length;
    this.serial.write(bytes);
  }
}

function counted(count: number): number {
  return Math.min(count + 1, countLimit);
}
