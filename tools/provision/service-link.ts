/**
 * A unit's service line as the tools use it: one command at a time, asked again where the line ate it, and what the unit tells by
 * itself kept until it is fetched. A cable that is pulled, a locked line and a refusal are errors for people.
 */
import type { Serial } from "../../firmware/ports/serial.ts";
import { encodeFrame, FrameReader, latestMs, sequenceAfter } from "../../protocol/console/frame.ts";
import { type ConsoleCommand, type ConsoleEvent, decodeEvent, encodeCommand } from "../../protocol/console/messages.ts";
import { unlockProof } from "../../protocol/console/unlock.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import { openSerialLink, type SerialLink } from "../device/serial-link.ts";
import { UserError } from "../user-error.ts";
import { refusalOf } from "./refusals.ts";

export type EventType = ConsoleEvent["type"];
export type EventOf<T extends EventType> = Extract<ConsoleEvent, { readonly type: T }>;

/** Events that nobody has fetched; beyond, the oldest go. */
const heardLimit = 1_000;
const baud = 115_200;
/** A unit answers at once: what is silent for so long was not heard. */
const silentMs = 1_500;
const tryLimit = 3;
/** Line ends before the first command: what a former tool left half said is ended by them. */
const lineEnd = Uint8Array.of(13, 10);

interface Waiting {
  readonly matches: (event: ConsoleEvent) => boolean;
  readonly resolve: (event: ConsoleEvent | undefined) => void;
  readonly reject: (error: UserError) => void;
  readonly timer: NodeJS.Timeout;
}

export class ServiceLink {
  readonly path: string;
  /** As `identity` told it last; "" before. */
  unit: string;
  version: string;
  private readonly key: Uint8Array;
  private readonly startMs: number;
  private readonly reader: FrameReader;
  private serial: Serial | undefined;
  private sequence: number;
  private heard: ConsoleEvent[];
  private waiting: Waiting | undefined;
  private lost: UserError | undefined;

  /** Without a line yet: see `openServiceLink`. */
  constructor(path: string, key: Uint8Array) {
    this.path = path;
    this.key = key;
    this.unit = "";
    this.version = "";
    this.startMs = performance.now();
    this.reader = new FrameReader((_line, frame) => {
      // Half lines, noise and our own echo are nobody's answer: the command is asked again.
      if (!frame.ok || frame.value.speaker !== "unit") return;
      const event = decodeEvent(frame.value.text);
      if (event.ok) this.hear(event.value);
    });
    this.serial = undefined;
    this.sequence = 0;
    this.heard = [];
    this.waiting = undefined;
    this.lost = undefined;
  }

  connect(serial: Serial): void {
    this.serial = serial;
    serial.write(lineEnd);
  }

  drain(): void {
    for (let bytes = this.serial?.read(); bytes !== undefined; bytes = this.serial?.read()) this.reader.push(bytes);
  }

  /** The line is gone. Whoever waits is told what to do. */
  lose(why: string): void {
    this.lost = new UserError(why, "plug the cable in and give the same command again: it goes on where it stopped", 3);
    const { waiting } = this;
    if (waiting !== undefined) this.end(waiting).reject(this.lost);
  }

  close(): void {
    this.serial?.close();
  }

  /** Opens the lock. Throws UserError: 3 where nobody answers, 4 where the key does not fit or the unit lets nobody try now. */
  async unlock(): Promise<void> {
    const identity = await this.askRaw({ type: "hello" }, ["identity"]);
    if (identity.type !== "identity") throw this.silent("hello");
    this.unit = identity.unit;
    this.version = identity.version;
    if (identity.lock === "open") return;
    const challenge = await this.askRaw({ type: "unlock", proof: new Uint8Array(0) }, ["challenge", "locked"]);
    if (challenge.type !== "challenge") throw lockedError(this.path, challenge);
    const proof = unlockProof(aesBlock(this.key), identity.unit, challenge.bytes);
    // Once: a second proof under a challenge that is used up would count as a wrong one.
    const opened = await this.once({ type: "unlock", proof }, ["unlocked", "locked"]);
    if (opened?.type === "unlocked") return;
    if (opened === undefined) throw this.silent("unlock");
    throw lockedError(this.path, opened);
  }

  /** The event of that type that answers the command. Throws UserError where it is refused (1 or 4), or nobody answers (3). */
  async ask<T extends EventType>(command: ConsoleCommand, type: T): Promise<EventOf<T>> {
    const answer = await this.open(command, [type, "refused"]);
    if (answer.type === "refused" && type !== "refused") throw refusalOf(command, answer.why);
    return answer as EventOf<T>;
  }

  /** As `ask`, for an order that is done or begun. */
  async order(command: ConsoleCommand): Promise<"done" | "begun"> {
    const answer = await this.open(command, ["done", "begun", "refused"]);
    if (answer.type === "refused") throw refusalOf(command, answer.why);
    return answer.type === "begun" ? "begun" : "done";
  }

  /** As `order`, but what is refused is answered in its word. */
  async tryOrder(command: ConsoleCommand): Promise<"done" | "begun" | EventOf<"refused">["why"]> {
    const answer = await this.open(command, ["done", "begun", "refused"]);
    return answer.type === "refused" ? answer.why : (answer.type as "done" | "begun");
  }

  /** Everything of that type that the command brings before its `last`. */
  async list<T extends EventType>(
    command: ConsoleCommand,
    item: T,
    last: EventType = "done",
  ): Promise<readonly EventOf<T>[]> {
    this.forget(item);
    await this.ask(command, last);
    return this.taken(item);
  }

  /** The next event of that type, heard since the last one or within so many ms; undefined where none comes. Throws UserError (3) when the line goes. */
  next<T extends EventType>(
    type: T,
    withinMs: number,
    matches: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T> | undefined> {
    return this.wait((event) => event.type === type && matches(event as EventOf<T>), withinMs) as Promise<
      EventOf<T> | undefined
    >;
  }

  /** What was heard of that type so far. */
  taken<T extends EventType>(type: T): readonly EventOf<T>[] {
    const found = this.heard.filter((event) => event.type === type) as EventOf<T>[];
    this.forget(type);
    return found;
  }

  forget(type: EventType): void {
    this.heard = this.heard.filter((event) => event.type !== type);
  }

  /** The unit starts anew: waits for its first line, and opens the lock again. Throws UserError (3). */
  async restarted(withinMs: number): Promise<void> {
    if ((await this.next("boot", withinMs)) === undefined)
      throw new UserError(
        `${this.path}: the unit did not start again within ${withinMs / 1000} s`,
        "look at its lamp; is it powered?",
        3,
      );
    await this.unlock();
  }

  /** Unlocks once more where the line locked itself meanwhile. */
  private async open(command: ConsoleCommand, types: readonly EventType[]): Promise<ConsoleEvent> {
    const answer = await this.askRaw(command, [...types, "locked"]);
    if (answer.type !== "locked") return answer;
    await this.unlock();
    const again = await this.askRaw(command, [...types, "locked"]);
    if (again.type === "locked") throw lockedError(this.path, again);
    return again;
  }

  private async askRaw(command: ConsoleCommand, types: readonly EventType[]): Promise<ConsoleEvent> {
    for (let i = 0; i < tryLimit; i++) {
      const answer = await this.once(command, types);
      if (answer !== undefined) return answer;
    }
    throw this.silent(command.type);
  }

  /** Undefined where the line ate the command or its answer. */
  private once(command: ConsoleCommand, types: readonly EventType[]): Promise<ConsoleEvent | undefined> {
    this.forget("error");
    const to = this.say(command);
    return this.wait(
      (event) => event.type === "error" || (types.includes(event.type) && "to" in event && event.to === to),
      silentMs,
    ).then((event) => (event?.type === "error" ? undefined : event));
  }

  private say(command: ConsoleCommand): number {
    const { sequence } = this;
    this.sequence = sequenceAfter(sequence);
    const atMs = Math.min(Math.floor(performance.now() - this.startMs), latestMs);
    this.serial?.write(encodeFrame({ speaker: "tool", sequence, atMs, text: encodeCommand(command) }));
    return sequence;
  }

  private wait(matches: (event: ConsoleEvent) => boolean, withinMs: number): Promise<ConsoleEvent | undefined> {
    if (this.waiting !== undefined) throw new Error("service link: one question at a time");
    if (this.lost !== undefined) return Promise.reject(this.lost);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        if (this.waiting !== undefined) this.end(this.waiting).resolve(undefined);
      }, withinMs);
      this.waiting = { matches, resolve, reject, timer };
      this.settle();
    });
  }

  private hear(event: ConsoleEvent): void {
    this.heard.push(event);
    if (this.heard.length > heardLimit) this.heard.shift();
    this.settle();
  }

  private settle(): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    const at = this.heard.findIndex((event) => waiting.matches(event));
    if (at < 0) return;
    const [found] = this.heard.splice(at, 1);
    this.end(waiting).resolve(found);
  }

  private end(waiting: Waiting): Waiting {
    clearTimeout(waiting.timer);
    this.waiting = undefined;
    return waiting;
  }

  private silent(what: string): UserError {
    return new UserError(
      `${this.path}: nobody answers to ${what}`,
      "is it the unit's service line, and is the unit on? Another program may hold the line; livlina devices lists the lines",
      3,
    );
  }
}

/** Opens the line at `path` and its lock. Rejects with UserError: 3 where line or unit cannot be had, 4 where the key does not fit. */
export async function openServiceLink(path: string, key: Uint8Array): Promise<ServiceLink> {
  const link = new ServiceLink(path, key);
  const serial: SerialLink = await openSerialLink({
    path,
    baud,
    onReadable: () => link.drain(),
    onLost: (why) => link.lose(why),
  });
  link.connect(serial);
  link.drain();
  try {
    await link.unlock();
    return link;
  } catch (thrown) {
    link.close();
    throw thrown;
  }
}

function lockedError(path: string, event: ConsoleEvent): UserError {
  const why = event.type === "locked" ? event.why : "command";
  const tries = event.type === "locked" ? event.tries : 0;
  switch (why) {
    case "no-key":
      return new UserError(
        `${path}: the unit has no service key and stays locked`,
        "it was delivered without one: flash it with its keys at the bench",
        4,
      );
    case "wait":
      return new UserError(
        `${path}: after wrong keys the unit lets nobody try for up to a minute (${tries} tries so far)`,
        "wait a minute, then try with the right key",
        4,
      );
    case "proof":
      return new UserError(
        `${path}: the key does not fit this unit (${tries} tries so far, each is in its log)`,
        "--unit SERIAL as on its label, and the keys' file of its owner",
        4,
      );
    default:
      return new UserError(`${path}: the line is locked`, "give the command again", 4);
  }
}
