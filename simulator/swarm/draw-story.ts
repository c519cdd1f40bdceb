/** From a seed to a story: features first, then the world and its homes, then what goes wrong and what people do. */
import { fromSwedish, localMinute } from "../scenario/scenario-clock.ts";
import { Draft } from "./draft.ts";
import { Draw } from "./draw.ts";
import { drawDays } from "./draw-days.ts";
import { drawDevices } from "./draw-devices.ts";
import { drawFleet } from "./draw-fleet.ts";
import { lieInMemory, tearWrites } from "./draw-memory.ts";
import { drawRarest } from "./draw-rarest.ts";
import { drawCertificates, drawWorld } from "./draw-world.ts";
import { faultWords, oddModes } from "./fault-words.ts";
import { drawFeatures, type FeatureSet } from "./features.ts";
import { stepFeatures, stepWords } from "./step-words.ts";
import { healedS, quietS, type Story, seconds, withoutContradictions, withPromises } from "./story.ts";

/** Which objects fail, and how many kinds of fault they have at most: a story may have none of a family. */
const families = [
  ["receivers", ["receiver"], 4],
  ["networks", ["operator", "cell", "broadband"], 4],
  ["surroundings", ["power", "building", "strangers"], 2],
  ["units", ["unit", "group"], 2],
] as const satisfies readonly (readonly [string, readonly string[], number])[];
const mostFaultsOfKind = 3;
const borrowedKind = "strangers borrowed";
const oddKinds: readonly string[] = oddModes.map((mode) => `receiver ${mode}`);

export function drawStory(seed: number): Story {
  const has = drawFeatures(seed);
  if (has.has("long-stories")) return drawDays(seed, has);
  const times = new Draw(seed, "times");
  const drawnS = times.between(5, has.has("bursts") ? 20 : 60) * 60;
  // Units do not look at a room in their first hour.
  const hurtS = has.has("cool-rooms") ? 3_600 : drawnS;
  const endS = hurtS + healedS;
  const draft = new Draft(has, hurtS);
  drawWorld(seed, draft);
  drawFleet(seed, draft);
  drawCertificates(draft);
  drawFaults(seed, draft);
  drawSteps(seed, draft, endS - quietS);
  if (has.has("aimed-cuts")) aimCuts(seed, draft);
  if (has.has("cuts-before-calls")) cutBeforeCalls(seed, draft);
  if (has.has("torn-writes")) tearWrites(seed, draft);
  if (has.has("memory-that-lies")) lieInMemory(seed, draft);
  if (has.has("short-lives")) shortenLives(seed, draft);
  drawDevices(seed, draft, endS - quietS);
  drawRarest(seed, draft, endS - quietS);
  const starts = drawStart(seed, has);
  const story = withoutContradictions({
    seed,
    file: {
      name: `Swarm ${seed}`,
      question: "Is nothing lost while it hurts, and is all well again 20 minutes after?",
      source: `livlina sim swarm, seed ${seed}`,
      starts,
      duration: seconds(endS),
      world: draft.world,
      fleet: draft.fleet,
      ...drawWearers(seed, has, starts, endS - quietS),
      faults: draft.faults,
      timeline: draft.timeline,
    },
  });
  return withPromises(story);
}

/** Which kinds exist at all, family by family, then how many of each. What finds no room is left out. */
function drawFaults(seed: number, draft: Draft): void {
  for (const [family, objects, most] of families) {
    const draw = new Draw(seed, `fault kinds of ${family}`);
    if (draw.percent(35)) continue;
    const kinds = [...faultWords.keys()].filter(
      (kind) =>
        kind !== borrowedKind &&
        !oddKinds.includes(kind) &&
        (objects as readonly string[]).includes(kind.split(" ")[0] ?? ""),
    );
    drawKinds(seed, draft, draw.some(kinds, draw.between(1, most)));
  }
  if (draft.has.has("forged-addresses")) drawKinds(seed, draft, [borrowedKind]);
  if (!draft.has.has("odd-receivers")) return;
  const draw = new Draw(seed, "odd receivers");
  drawKinds(seed, draft, draw.some(oddKinds, draw.between(1, 2)));
}

function drawKinds(seed: number, draft: Draft, kinds: readonly string[]): void {
  for (const kind of kinds) {
    const own = new Draw(seed, `fault ${kind}`);
    const count = own.between(1, mostFaultsOfKind);
    for (let each = 0; each < count; each++) {
      const entry = faultWords.get(kind)?.(draft, own);
      if (entry !== undefined) draft.faults.push(entry);
    }
  }
}

function drawSteps(seed: number, draft: Draft, lastS: number): void {
  for (const [word, generate] of stepWords) {
    const draw = new Draw(seed, `steps ${word}`);
    const feature = stepFeatures[word];
    if (feature !== undefined && !draft.has.has(feature)) continue;
    if (word !== "press" && !draw.percent(feature === undefined ? 20 : 60)) continue;
    const count = word === "press" ? draw.between(1, 8) : draw.between(1, 3);
    for (let each = 0; each < count; each++) draft.timeline.push(...generate(draft, draw, lastS));
    if (word === "press" && draft.has.has("bursts")) drawBurst(draft, draw, lastS);
  }
}

/** Somebody who presses again and again within a minute. */
function drawBurst(draft: Draft, draw: Draw, lastS: number): void {
  const { name } = draw.pick(draft.units());
  let atS = draw.between(65, lastS - 60);
  const count = draw.between(2, 5);
  for (let each = 0; each < count; each++) {
    draft.timeline.push({ at: draft.free(atS), press: name });
    atS += draw.between(1, 12);
  }
}

/** The power goes when it hurts most: in the seconds after somebody called for help, between what the unit does about it. */
function aimCuts(seed: number, draft: Draft): void {
  const draw = new Draw(seed, "aimed cuts");
  for (const step of draft.timeline) {
    const unit = "press" in step ? step.press : "fall" in step ? step.fall : "key" in step ? step.unit : undefined;
    const atS = Number.parseInt(step.at, 10);
    if (unit === undefined || draw.percent(40)) continue;
    const window = { from: seconds(atS), to: seconds(atS + draw.pick([1, 3, 15])) };
    if (atS + 15 > draft.hurtS) continue;
    draft.faults.push({ unit, fault: "power-cuts", "per-day": 50_000, "off-for": "1s to 20s", ...window });
  }
}

/** The power goes while a call is owed: after somebody has accepted, and mostly before anybody has called. */
function cutBeforeCalls(seed: number, draft: Draft): void {
  const draw = new Draw(seed, "cuts before calls");
  const telephones = new Set(draft.units().flatMap(({ name, group }) => (group.telephone === undefined ? [] : [name])));
  if (!draft.has.has("calls-asked-for")) return;
  for (const step of draft.timeline) {
    const atS = Number.parseInt(step.at, 10) + draw.between(5, 45);
    if (!("press" in step) || !telephones.has(step.press) || atS + 5 > draft.hurtS) continue;
    const window = { from: seconds(atS), to: seconds(atS + 2) };
    draft.faults.push({ unit: step.press, fault: "power-cuts", "per-day": 100_000, "off-for": "1s to 20s", ...window });
  }
}

/** The power of one home comes and goes so often that many lives in a row end before they are five minutes old. */
function shortenLives(seed: number, draft: Draft): void {
  const draw = new Draw(seed, "short lives");
  const unit = draw.pick(draft.units()).name;
  const window = { from: "30s", to: seconds(Math.min(draft.hurtS, 900)) };
  draft.faults.push({
    unit,
    fault: "power-cuts",
    "per-day": draw.between(1_000, 2_000),
    "off-for": "2s to 30s",
    ...window,
  });
}

const usualStarts = ["2026-01-14 06:00", "2026-02-27 23:40", "2026-06-30 12:00", "2026-11-01 03:10"];
/** Spring forward, fall back, a leap day and the last minutes of a year. */
const changes = ["2026-03-29 01:30", "2026-10-25 01:20", "2028-02-28 23:30", "2026-12-31 23:35"];

function drawStart(seed: number, has: FeatureSet): string {
  if (has.has("doors-at-clock-change")) return "2026-03-29 01:05";
  return new Draw(seed, "start").pick(has.has("clock-change") ? changes : usualStarts);
}

/** People who press of their own accord, until the quiet at the end; not where that crosses midnight or a change of clocks. */
function drawWearers(
  seed: number,
  has: FeatureSet,
  starts: string,
  untilS: number,
): { wearers?: NonNullable<Story["file"]["wearers"]> } {
  if (!has.has("wearers") || starts !== usualStarts[0]) return {};
  const startMs = fromSwedish(2026, 1, 14, 6, 0) ?? 0;
  const hours = `${localMinute(startMs)}-${localMinute(startMs + untilS * 1_000)}`;
  return { wearers: { "presses-per-unit-and-day": new Draw(seed, "wearers").between(1, 5), hours } };
}
