/** Plays lists and vectors on an engine, for their digests and for what they cost. */
import type { Engine, Session } from "./engine.ts";
import type { Input } from "./guest/list.ts";
import { type EventList, ToldDigest } from "./lists.ts";
import type { VectorQuestion } from "./vectors.ts";

/** What events of one class cost at most, and how many there were. */
export interface EventCost {
  readonly count: number;
  readonly computrons: number;
  readonly slots: number;
}

export interface ListCost {
  /** In use after the start, and at most, each after a collection and without the script itself. */
  readonly bootLive: number;
  readonly peakLive: number;
  /** The list and the line of it at which that was. */
  readonly peakAt: string;
  readonly events: ReadonlyMap<string, EventCost>;
}

const shownLength = 60;

/** The digest over everything that the device told. */
export async function digestOf(session: Session, list: EventList): Promise<string> {
  const digest = new ToldDigest();
  digest.add((await session.start(list, "whole")).told);
  for (const line of list.lines) digest.add((await session.hear(line)).told);
  return digest.value();
}

/** The first line in which two engines differ, for whoever looks for the cause; undefined where none does. */
export async function firstDifference(one: Session, other: Session, list: EventList): Promise<string | undefined> {
  const pair = async (of: (session: Session) => Promise<{ readonly told: string }>): Promise<string | undefined> => {
    const [ours, theirs] = [(await of(one)).told.split("\n"), (await of(other)).told.split("\n")];
    const at = ours.findIndex((line, index) => line !== theirs[index]);
    return at < 0 && ours.length === theirs.length ? undefined : `${ours[at]} / ${theirs[at]}`;
  };
  const atStart = await pair((session) => session.start(list, "whole"));
  if (atStart !== undefined) return `start: ${atStart}`;
  for (const line of list.lines) {
    const found = await pair((session) => session.hear(line));
    if (found !== undefined) return `${line.slice(0, 80)}: ${found}`;
  }
  return undefined;
}

/** Plays a list in a fresh engine without a word, which is what the device itself costs. */
export async function costOf(engine: Engine, script: string, list: EventList): Promise<ListCost> {
  const told = await toldBy(engine, script, list);
  const session = await engine.open(script);
  try {
    const scriptLive = await session.live();
    const events = new Map<string, EventCost>();
    const started = await session.start(list, "quiet");
    add(events, "boot", started.computrons, started.slots);
    const bootLive = (await session.live()) - scriptLive;
    let peakLive = bootLive;
    let peakAt = `${list.head.name}, start`;
    const reach = reaches(list);
    for (const [index, line] of list.lines.entries()) {
      const { computrons, slots } = await session.hear(line);
      add(events, classOf(line), computrons, slots);
      const reached = reach(line, told[index] ?? "", computrons, slots);
      if (reached !== undefined) add(events, reached.name, reached.computrons, reached.slots);
      const live = (await session.live()) - scriptLive;
      if (live <= peakLive) continue;
      peakLive = live;
      peakAt = `${list.head.name}, line ${index + 1}: ${line.slice(0, shownLength)}`;
    }
    return { bootLive, peakLive, peakAt, events };
  } finally {
    await session.close();
  }
}

/** The names of the vectors that an engine answers wrongly, and the digest over all answers. */
export async function playVectors(
  session: Session,
  questions: readonly VectorQuestion[],
): Promise<{ readonly wrong: readonly string[]; readonly digest: string }> {
  const wrong: string[] = [];
  const digest = new ToldDigest();
  for (const { name, kind, text, fits } of questions) {
    const answer = await session.vectors(kind, text);
    digest.add(`${answer}\n`);
    if (!fits(answer)) wrong.push(name);
  }
  return { wrong, digest: digest.value() };
}

async function toldBy(engine: Engine, script: string, list: EventList): Promise<string[]> {
  const session = await engine.open(script);
  try {
    await session.start(list, "orders");
    const told: string[] = [];
    for (const line of list.lines) told.push((await session.hear(line)).told);
    return told;
  } finally {
    await session.close();
  }
}

/** What an event is budgeted as: the word of its input. */
function classOf(line: string): string {
  return inputOf(line)[0];
}

function inputOf(line: string): Input {
  return (JSON.parse(line) as readonly [number, readonly number[], Input])[2];
}

interface Reached {
  readonly name: string;
  readonly computrons: number;
  readonly slots: number;
}

/** From a press to the frame that the radio is handed, in a button; from the frame to the message that a route is handed, in a unit. */
function reaches(
  list: EventList,
): (line: string, told: string, computrons: number, slots: number) => Reached | undefined {
  const isButton = list.head.device === "button";
  const name = isButton ? "press-to-radio" : "press-to-send";
  const goal = isButton ? /^radio\.send /m : /^(?:socket\.send|stream\.write|modem\.write) /m;
  let since: Reached | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  return (line, told, computrons, slots) => {
    const input = inputOf(line);
    if (isButton ? input[0] === "contact" : isPressFrame(input)) {
      const atMs = Number.parseInt(line.slice(1), 10);
      if (atMs - lastMs > bounceMs) since = { name, computrons: 0, slots: 0 };
      lastMs = atMs;
    }
    if (since === undefined) return undefined;
    since = { name, computrons: since.computrons + computrons, slots: since.slots + slots };
    if (!goal.test(told)) return undefined;
    const reached = since;
    since = undefined;
    return reached;
  };
}

/** What follows so soon is the same press: the contact bounces, and its copies come. */
const bounceMs = 1_000;
/** Radio frame type 0x21: a press. */
const pressFrame = 0x21;

function isPressFrame(input: Input): boolean {
  return input[0] === "radio" && input[1].charCodeAt(0) === pressFrame;
}

function add(events: Map<string, EventCost>, name: string, computrons: number, slots: number): void {
  const known = events.get(name) ?? { count: 0, computrons: 0, slots: 0 };
  events.set(name, {
    count: known.count + 1,
    computrons: Math.max(known.computrons, computrons),
    slots: Math.max(known.slots, slots),
  });
}
