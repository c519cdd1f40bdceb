/** All lists and vectors on one engine, and what came of it: digests that differ, vectors that are answered wrongly, what everything cost. */
import type { Engine } from "./engine.ts";
import { type EventList, readDigests } from "./lists.ts";
import { costOf, digestOf, type EventCost, firstDifference, type ListCost, playVectors } from "./playing.ts";
import type { VectorQuestion } from "./vectors.ts";

export type Device = EventList["head"]["device"];

/** Each device's script, and the one that answers vectors. */
export type Scripts = Readonly<Record<Device | "vector", string>>;

export interface Differing {
  readonly list: string;
  readonly wanted: string;
  readonly reached: string;
}

/** Plays each list for its digest, one engine for each device. Answers those that do not reach the recorded one. */
export async function differingLists(
  engine: Engine,
  scripts: Scripts,
  lists: readonly EventList[],
  folder: string,
): Promise<Differing[]> {
  const wanted = readDigests(folder);
  const differing: Differing[] = [];
  for (const device of ["unit", "button"] as const) {
    const own = lists.filter(({ head }) => head.device === device);
    if (own.length === 0) continue;
    const session = await engine.open(scripts[device]);
    try {
      for (const list of own) {
        const { name } = list.head;
        const reached = await digestOf(session, list);
        if (reached !== wanted[name]) differing.push({ list: name, wanted: wanted[name] ?? "none", reached });
      }
    } finally {
      await session.close();
    }
  }
  return differing;
}

/** Where an engine leaves the path of another, in words. */
export async function whereTheyDiffer(
  one: readonly [Engine, string],
  other: readonly [Engine, string],
  list: EventList,
): Promise<string> {
  const [ours, theirs] = [await one[0].open(one[1]), await other[0].open(other[1])];
  try {
    return (await firstDifference(ours, theirs, list)) ?? "nowhere: the list is older than the firmware";
  } finally {
    await ours.close();
    await theirs.close();
  }
}

/** The digest over all answers to vectors; `wrong` names those that are not as the vector has them. */
export async function vectorsOn(
  engine: Engine,
  script: string,
  questions: readonly VectorQuestion[],
): Promise<{ readonly wrong: readonly string[]; readonly digest: string }> {
  const session = await engine.open(script);
  try {
    return await playVectors(session, questions);
  } finally {
    await session.close();
  }
}

/** The dearest of all lists of one device, each in an engine of its own. */
export async function dearest(engine: Engine, script: string, lists: readonly EventList[]): Promise<ListCost> {
  const events = new Map<string, EventCost>();
  let bootLive = 0;
  let peakLive = 0;
  let peakAt = "";
  for (const list of lists) {
    const cost = await costOf(engine, script, list);
    bootLive = Math.max(bootLive, cost.bootLive);
    if (cost.peakLive > peakLive) {
      peakLive = cost.peakLive;
      peakAt = cost.peakAt;
    }
    for (const [name, { count, computrons, slots }] of cost.events) {
      const known = events.get(name) ?? { count: 0, computrons: 0, slots: 0 };
      events.set(name, {
        count: known.count + count,
        computrons: Math.max(known.computrons, computrons),
        slots: Math.max(known.slots, slots),
      });
    }
  }
  return { bootLive, peakLive, peakAt, events };
}
