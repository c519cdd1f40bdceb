/** One step of a timeline to its plain form, in the order of time: refused where what came before makes it impossible. */
import { longestMaintenanceS } from "../../firmware/uplink/maintenance.ts";
import type { Complain, FilePath } from "./scenario-names.ts";
import { nameHint } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseDurationMs, parseSharePpm } from "./scenario-units.ts";
import type { ServiceAct, TimelineStep } from "./timeline.ts";
import type { Objection, UnitStory } from "./unit-story.ts";

export type StepFile = NonNullable<ScenarioFile["timeline"]>[number];

/** A step of a unit whose story is known. */
interface Told {
  readonly unit: string;
  readonly atMs: number;
  readonly startWallMs: number;
  readonly story: UnitStory;
  readonly path: FilePath;
  readonly complain: Complain;
}

/** Homes are switched on within this time after the start: service people who came earlier would find nothing. */
export const everybodyOnMs = 60_000;

const besideUnit: readonly string[] = ["at", "button", "taken-back-after", "in", "for"];

/** The key of a step that holds its unit's name. */
export function unitKeyOf(step: StepFile): string {
  if ("unit" in step) return "unit";
  return Object.keys(step).find((key) => !besideUnit.includes(key)) ?? "at";
}

/** `complain` hears what cannot be; what is answered then is never played. */
export function resolveStep(step: StepFile, told: Told): TimelineStep | undefined {
  const { unit, atMs, story } = told;
  if ("key" in step) return { atMs, key: { unit, name: step.key, hold: step.held ?? "short" } };
  if ("handle" in step)
    return object(story.handle(step.handle), "handle", told) ?? { atMs, handle: { unit, how: step.handle } };
  if ("life" in step) return visit(story.order(step.life) ?? [{ type: "life", life: step.life }], "life", told);
  if ("install" in step) return visit(story.install(), "install", told);
  if ("announce" in step) return visit([announcement(step, told)], "announce", told);
  if ("room" in step) return { atMs, room: { unit, deciC: 10 * step.room } };
  if ("charge" in step)
    return { atMs, charge: { unit, permille: Math.floor((parseSharePpm(step.charge) ?? 0) / 1_000) } };
  if ("accessory" in step || "accessory-battery" in step) return accessoryStep(step, told);
  const place = step.button ?? 1;
  const button = { unit, button: place };
  const where = step.button === undefined ? unitKeyOf(step) : "button";
  if ("press" in step) return object(story.touch(place), where, told) ?? { atMs, press: button };
  if ("button-battery" in step) return object(story.touch(place), where, told) ?? { atMs, buttonBattery: button };
  if ("fall" in step) {
    const back = step["taken-back-after"];
    const takenBackAfterMs = back === undefined ? undefined : parseDurationMs(back);
    return object(story.touch(place), where, told) ?? { atMs, fall: button, takenBackAfterMs };
  }
  if ("range" in step) {
    const isOut = step.range === "out";
    return object(story.walk(place, isOut), where, told) ?? { atMs, range: button, isOut };
  }
  if ("revoke-button" in step) return visit(story.revoke(place) ?? [{ type: "revoke", place }], where, told);
  if ("replace-button" in step) {
    const fresh = story.replace(place);
    if ("message" in fresh) return object(fresh, where, told);
    return visit(
      [
        { type: "pair", ...fresh },
        { type: "prove", place: fresh.place },
      ],
      where,
      told,
    );
  }
  const isFound = "find-button" in step;
  return object(story.lose(place, isFound), where, told) ?? { atMs, lost: button, isFound };
}

function accessoryStep(
  step: Extract<StepFile, { accessory: string } | { "accessory-battery": string }>,
  told: Told,
): TimelineStep | undefined {
  const { unit, atMs, story, path, complain } = told;
  const key = "accessory" in step ? "accessory" : "accessory-battery";
  const name = "accessory" in step ? step.accessory : step["accessory-battery"];
  const place = story.placeOf(name);
  if (place === undefined) {
    complain([...path, key], `unit "${unit}" has no "${name}"`, () => nameHint("accessory", name, story.accessories));
    return undefined;
  }
  if (!("accessory" in step)) return { atMs, accessoryBattery: { unit, place } };
  const happened = { atMs, accessory: { unit, place }, happens: step.happens };
  return object(story.happen(place, step.happens), "happens", told) ?? happened;
}

function announcement(
  step: Extract<StepFile, { announce: string }>,
  { atMs, startWallMs, path, complain }: Told,
): ServiceAct {
  const fromMs = startWallMs + atMs + (parseDurationMs(step.in ?? "0s") ?? 0);
  const lastsMs = parseDurationMs(step.for) ?? 0;
  if (lastsMs === 0 || lastsMs > longestMaintenanceS * 1_000)
    complain([...path, "for"], "expected a time above 0 and up to 24h", "announce longer work day by day");
  return { type: "announce", fromS: Math.floor(fromMs / 1_000), toS: Math.ceil((fromMs + lastsMs) / 1_000) };
}

function visit(acts: readonly ServiceAct[] | Objection, key: string, told: Told): TimelineStep | undefined {
  const { unit, atMs, path, complain } = told;
  if ("message" in acts) return object(acts, key, told);
  if (atMs < everybodyOnMs)
    complain([...path, "at"], "nobody can be at a unit that is not switched on yet", "units are switched on within 1m");
  return { atMs, visit: { unit, acts } };
}

/** Says what speaks against it. Undefined also where nothing does. */
function object(objection: Objection | undefined, key: string, { path, complain }: Told): undefined {
  if (objection !== undefined) complain([...path, key], objection.message, objection.hint);
  return undefined;
}
