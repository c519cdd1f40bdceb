/**
 * Reads what receivers put down: lines of `livlina receiver --json`, with or without signs, and the receivers' lines in the
 * `events.jsonl` of a run. Where a log has no signs they are made from its events.
 */
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import type { ControlRoom } from "./control-room.ts";

/** A line that means something to a monitor. */
export type LogLine =
  | { readonly kind: "event"; readonly receiver: string; readonly t: number; readonly event: ReceiverEvent }
  | { readonly kind: "sign"; readonly receiver: string; readonly t: number; readonly sign: ReceiverSign }
  /** Of something else: calls, units, the world. */
  | { readonly kind: "other" }
  /** Of nothing that we know. */
  | { readonly kind: "bad"; readonly why: string };

const eventTypes: readonly string[] = ["alarm", "update", "reset", "heartbeat", "registered", "rejected"];
const signTypes: readonly string[] = ["heard", "carried", "refused", "answered", "probed"];
const lanePrefix = "receiver ";
/** Longer lines are no events. */
const lineLimit = 20_000;
const isoYear3000 = 32_503_680_000_000;

/** `receiver`: the name where the line says none. */
export function readLogLine(line: string, receiver: string): LogLine {
  if (line.trim() === "") return { kind: "other" };
  if (line.length > lineLimit) return { kind: "bad", why: `longer than ${lineLimit} characters` };
  const value = parsed(line);
  if (value === undefined) return { kind: "bad", why: "no JSON object" };
  const { type, t, lane } = value;
  if (typeof lane === "string" && !lane.startsWith(lanePrefix)) return { kind: "other" };
  if (typeof type !== "string") return { kind: "bad", why: "no type" };
  const isEvent = eventTypes.includes(type);
  const isSign = signTypes.includes(type);
  if (!isEvent && !isSign) return { kind: "other" };
  if (typeof t !== "number" || !Number.isSafeInteger(t) || t < 0 || t > isoYear3000)
    return { kind: "bad", why: "t is no instant in ms since 1970" };
  const name = typeof lane === "string" ? lane.slice(lanePrefix.length) : nameIn(value, receiver);
  const why = (isEvent ? eventTexts : (signTexts[type] ?? [])).find((key) => typeof value[key] !== "string");
  if (why !== undefined) return { kind: "bad", why: `${why} is no text` };
  const number = isSign ? (signNumbers[type] ?? []).find((key) => typeof value[key] !== "number") : undefined;
  if (number !== undefined) return { kind: "bad", why: `${number} is no number` };
  if (isSign) return { kind: "sign", receiver: name, t, sign: value as unknown as ReceiverSign };
  return { kind: "event", receiver: name, t, event: value as unknown as ReceiverEvent };
}

const eventTexts: readonly string[] = ["cid", "ref", "mty", "answer"];
const signTexts: Readonly<Record<string, readonly string[]>> = {
  heard: ["cid"],
  carried: ["cid", "ref"],
  answered: ["cid", "ref"],
  probed: ["cid"],
};
const signNumbers: Readonly<Record<string, readonly string[]>> = {
  heard: ["id"],
  carried: ["id"],
  refused: ["id", "status"],
  answered: ["id", "snu"],
};

/** Feeds a control room from lines, with signs of its own where a receiver tells none. */
export class LogFeed {
  private readonly room: ControlRoom;
  /** Receivers that tell signs themselves. */
  private readonly signing: Set<string>;
  private lastId: number;

  constructor(room: ControlRoom) {
    this.room = room;
    this.signing = new Set();
    this.lastId = 0;
  }

  /** `atMs`: the instant on the room's clock. */
  take(line: Extract<LogLine, { readonly receiver: string }>, atMs: number): void {
    const { receiver } = line;
    if (line.kind === "sign") {
      this.signing.add(receiver);
      this.room.hear(receiver, line.sign, atMs);
      return;
    }
    if (!this.signing.has(receiver)) for (const sign of this.signsOf(line.event)) this.room.hear(receiver, sign, atMs);
    this.room.read(receiver, line.event, atMs);
    // An alarm must be on file before it is accepted.
    if (!this.signing.has(receiver))
      for (const sign of this.answersOf(line.event)) this.room.hear(receiver, sign, atMs);
  }

  private signsOf({ type, cid, ref, mty, answer }: ReceiverEvent): readonly ReceiverSign[] {
    if (type === "registered" || answer === "closed") return [];
    if (type === "heartbeat" && mty === "") return [{ type: "probed", cid }];
    this.lastId++;
    const id = this.lastId;
    const heard: ReceiverSign = { type: "heard", id, cid };
    const isCarried = answer.startsWith("snu ") || answer === "sip 200";
    return isCarried ? [heard, { type: "carried", id, cid, ref }] : [heard];
  }

  private answersOf({ type, cid, ref, mty, answer }: ReceiverEvent): readonly ReceiverSign[] {
    if (type === "registered" || (type === "heartbeat" && mty === "")) return [];
    const id = this.lastId;
    const number = Number(answer.slice(4));
    if (answer.startsWith("snu ")) return [{ type: "answered", id, cid, ref, snu: number }];
    return answer.startsWith("sip ") && number >= 300 ? [{ type: "refused", id, status: number }] : [];
  }
}

function nameIn({ receiver }: Readonly<Record<string, unknown>>, otherwise: string): string {
  return typeof receiver === "string" ? receiver : otherwise;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
