/** The ways to make a story smaller by one step, the largest first; not each of them leaves a scenario. */
import { parseDurationMs } from "../scenario/scenario-units.ts";
import { type FaultEntry, type Group, type StepEntry, type Story, seconds, unitsOf, withPromises } from "./story.ts";

type File = Story["file"];

export function cutsOf(story: Story): readonly Story[] {
  return [
    ...listCuts(story, "timeline"),
    ...listCuts(story, "faults"),
    ...groupCuts(story),
    ...worldCuts(story),
    ...wordCuts(story),
    ...timeCuts(story),
  ];
}

/** What is promised goes by what is left. */
function withFile(story: Story, change: Partial<File>): Story {
  return withPromises({ ...story, file: { ...story.file, ...change } });
}

/** Halves, quarters ... and single entries left out. */
function listCuts(story: Story, key: "timeline" | "faults"): Story[] {
  const list: readonly unknown[] = story.file[key] ?? [];
  const cuts: Story[] = [];
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < list.length; from += size)
      cuts.push(withFile(story, { [key]: [...list.slice(0, from), ...list.slice(from + size)] }));
  return cuts;
}

/** A group less, a home less, and each of its words left out. What people do there goes with a group, and what fails there. */
function groupCuts(story: Story): Story[] {
  const { fleet, timeline = [], faults = [] } = story.file;
  const cuts: Story[] = [];
  fleet.forEach((group, index) => {
    const others = fleet.filter((_, each) => each !== index);
    if (others.length > 0)
      cuts.push(
        withFile(story, {
          fleet: others,
          timeline: timeline.filter((step) => !isAt(group, step)),
          faults: faults.filter((fault) => !isIn(group, fault)),
        }),
      );
    if (group.count > 1) cuts.push(...countCuts(story, group, index));
    for (const key of Object.keys(group) as (keyof Group)[]) {
      if (key === "name" || key === "count" || key === "receivers" || key === "policy") continue;
      cuts.push(withGroup(story, index, without(group, [key])));
    }
    if (group.telephone !== undefined)
      cuts.push(
        withGroup(
          story,
          index,
          without(group, ["telephone", "mobile-calls", "fallback-number", "relatives", "voicemail"]),
        ),
      );
    if (group.receivers.length > 1)
      cuts.push(withGroup(story, index, { ...group, receivers: [group.receivers[0] as string] }));
  });
  return cuts;
}

/** Only one home of the group is left, and takes the group's name. */
function countCuts(story: Story, group: Group, index: number): Story[] {
  const { timeline = [], faults = [] } = story.file;
  return unitsOf(group).map((own) => {
    const steps = timeline
      .filter((step) => unitOf(step) === own || !isAt(group, step))
      .map((step) => renamed(step, own, group.name));
    const one = withGroup(story, index, { ...group, count: 1 });
    const failing = faults
      .filter((fault) => namedIn(fault) === own || !isIn(group, fault))
      .map((fault) => renamed(fault, own, group.name));
    return withFile(one, { timeline: steps, faults: failing });
  });
}

function withGroup(story: Story, index: number, group: Group): Story {
  return withFile(story, { fleet: story.file.fleet.map((each, at) => (at === index ? group : each)) });
}

function without<T extends object>(from: T, keys: readonly PropertyKey[]): T {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key))) as T;
}

/** The unit that a step names, whatever its own key is called: each step has one text that is no time. */
function unitOf(step: StepEntry): string | undefined {
  const values = step as unknown as Readonly<Record<string, unknown>>;
  if (typeof values["unit"] === "string") return values["unit"];
  const [key] = Object.keys(step).filter((each) => each !== "at");
  const value = key === undefined ? undefined : values[key];
  return typeof value === "string" ? value : undefined;
}

function isAt(group: Group, step: StepEntry): boolean {
  return [group.name, ...unitsOf(group)].includes(unitOf(step) ?? "");
}

/** The unit, group or lone home that a fault names; undefined where it names something outside. */
function namedIn(fault: FaultEntry): string | undefined {
  if ("unit" in fault) return fault.unit;
  if ("group" in fault) return fault.group;
  if ("strangers" in fault) return fault.strangers;
  return "building" in fault && typeof fault.building === "string" ? fault.building : undefined;
}

function isIn(group: Group, fault: FaultEntry): boolean {
  return [group.name, ...unitsOf(group)].includes(namedIn(fault) ?? "");
}

function renamed<T extends object>(entry: T, from: string, to: string): T {
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, value === from ? to : value])) as T;
}

/** Each object of the world and each of its words left out; where somebody needs it, no scenario is left. */
function worldCuts(story: Story): Story[] {
  const { world } = story.file;
  const cuts: Story[] = [];
  for (const kind of Object.keys(world) as (keyof typeof world)[]) {
    const objects = world[kind] as Readonly<Record<string, unknown>>;
    if (kind !== "receivers") cuts.push(withFile(story, { world: without(world, [kind]) }));
    for (const name of Object.keys(objects)) {
      cuts.push(withFile(story, { world: { ...world, [kind]: without(objects, [name]) } }));
      const object = objects[name];
      if (typeof object !== "object" || object === null) continue;
      for (const key of Object.keys(object))
        cuts.push(withFile(story, { world: { ...world, [kind]: { ...objects, [name]: without(object, [key]) } } }));
    }
  }
  return cuts;
}

/** What a fault can do without: that it flaps, that it hits only some, how hard it is. */
function wordCuts(story: Story): Story[] {
  const { faults = [] } = story.file;
  const kept = [
    "from",
    "to",
    "fault",
    "receiver",
    "operator",
    "cell",
    "broadband",
    "power",
    "building",
    "unit",
    "group",
  ];
  return faults.flatMap((fault, index) => {
    const spare = Object.keys(fault).filter((key) => !kept.includes(key) && key !== "strangers");
    const cuts = spare.includes("every") ? [["every", "on"]] : [];
    for (const key of spare) if (key !== "every" && key !== "on") cuts.push([key]);
    return cuts.map((keys) =>
      withFile(story, { faults: faults.map((each, at) => (at === index ? without(fault, keys) : each)) }),
    );
  });
}

/** Everything a while earlier; each fault half as long. */
function timeCuts(story: Story): Story[] {
  const cuts: Story[] = [];
  const { faults = [], timeline = [] } = story.file;
  const firstS = Math.min(...[...faults.map(({ from }) => from), ...timeline.map(({ at }) => at)].map(secondsOf));
  if (Number.isFinite(firstS) && firstS > 240)
    cuts.push(
      withFile(story, {
        faults: faults.map((fault) => moved(fault, firstS - 180)),
        timeline: timeline.map((step) => moved(step, firstS - 180)),
      }),
    );
  faults.forEach((fault, index) => {
    const to = "to" in fault ? fault.to : undefined;
    const longS = to === undefined ? 0 : secondsOf(to) - secondsOf(fault.from);
    if (longS < 40) return;
    const shorter = { ...fault, to: seconds(secondsOf(fault.from) + Math.ceil(longS / 2)) } as FaultEntry;
    cuts.push(withFile(story, { faults: faults.map((each, at) => (at === index ? shorter : each)) }));
  });
  return cuts;
}

function moved<T extends object>(entry: T, byS: number): T {
  const earlier = Object.entries(entry).map(([key, value]) =>
    key === "from" || key === "to" || key === "at" ? [key, seconds(secondsOf(String(value)) - byS)] : [key, value],
  );
  return Object.fromEntries(earlier) as T;
}

function secondsOf(text: string): number {
  return Math.ceil((parseDurationMs(text) ?? 0) / 1_000);
}
