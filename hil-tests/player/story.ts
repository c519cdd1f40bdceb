/**
 * What became of each press in a run, on a bench or in the simulator: the steps in the order in which they were seen, and beside them
 * counts of what is not followed step by step. Both are told by the same lines, so that they can be held against each other.
 */
import { alarmByHand } from "../../firmware/alarm/facts.ts";
import { personalTrigger } from "../../firmware/department.ts";

export type StepName = "pressed" | "stored" | "carried" | "accepted";

export interface StoryStep {
  readonly what: StepName;
  /** Of the scenario's own time. */
  readonly atMs: number;
  /** Such as "broadband to primary"; "" where it took none. */
  readonly path: string;
}

export interface AlarmStory {
  /** As the scenario names it. */
  readonly unit: string;
  /** The first press of this unit is 1. */
  readonly press: number;
  /** From 1. */
  readonly button: number;
  /** Each step once, when it was seen first; in the order in which they were seen. */
  readonly steps: readonly StoryStep[];
}

export interface StoryCounts {
  /** Messages about presses beyond the first of each alarm: retries, other receivers, updates. */
  readonly repeats: number;
  readonly beats: number;
  /** Reports of other kinds that a receiver heard of. */
  readonly others: number;
}

export interface RunStory {
  readonly alarms: readonly AlarmStory[];
  readonly counts: StoryCounts;
}

/** A line of a run's log, as `events.jsonl` has it. */
export type StoryLine =
  | { readonly atMs: number; readonly type: "pressed"; readonly unit: string; readonly button: number }
  /** Of a unit's alarm log: reports of people, step by step. */
  | {
      readonly atMs: number;
      readonly type: Exclude<StepName, "pressed">;
      readonly unit: string;
      readonly number: number;
      readonly path: string;
    }
  /** What a receiver heard. */
  | {
      readonly atMs: number;
      readonly type: "alarm" | "update" | "reset" | "heartbeat";
      readonly unit: string;
      readonly receiver: string;
      /** Of the report; -1 where the reference is none of the unit's. */
      readonly number: number;
      readonly dty: number;
      readonly stc: number;
    };

type NewsLine = Extract<StoryLine, { readonly number: number; readonly path: string }>;
type HeardLine = Extract<StoryLine, { readonly receiver: string }>;

interface Followed {
  readonly unit: string;
  readonly press: number;
  readonly button: number;
  readonly steps: StoryStep[];
  number: number | undefined;
}

/** The story that the lines tell, in the order in which they are given. */
export function storyOf(lines: readonly StoryLine[]): RunStory {
  const heard = lines.filter((line): line is HeardLine => "receiver" in line);
  const known = new Map(heard.map((line) => [key(line), isPress(line)]));
  // A report may first be heard of in an update of a former one: whatever once was a press is one.
  for (const line of heard) if (isPress(line)) known.set(key(line), true);
  const alarms: Followed[] = [];
  for (const line of lines) {
    if (line.type === "pressed") begin(alarms, line);
    else if ("path" in line && known.get(key(line)) !== false) goOn(alarms, line);
  }
  return { alarms: alarms.map(({ number: _number, ...alarm }) => alarm), counts: countsOf(heard, known) };
}

function begin(alarms: Followed[], line: Extract<StoryLine, { readonly type: "pressed" }>): void {
  const { unit, button, atMs } = line;
  const press = alarms.filter((alarm) => alarm.unit === unit).length + 1;
  alarms.push({ unit, press, button, steps: [{ what: "pressed", atMs, path: "" }], number: undefined });
}

/** A report that is stored belongs to the oldest press of its unit that has none yet; without such a press it is none of ours. */
function goOn(alarms: readonly Followed[], { atMs, type, unit, number, path }: NewsLine): void {
  const own = alarms.filter((alarm) => alarm.unit === unit);
  let alarm = own.find((each) => each.number === number);
  if (alarm === undefined) {
    alarm = own.find((each) => each.number === undefined);
    if (alarm !== undefined) alarm.number = number;
  }
  if (alarm === undefined || alarm.steps.some(({ what }) => what === type)) return;
  alarm.steps.push({ what: type, atMs, path });
}

function countsOf(heard: readonly HeardLine[], known: ReadonlyMap<string, boolean>): StoryCounts {
  const about = heard.filter((line) => line.type === "alarm" || line.type === "update");
  const presses = about.filter((line) => known.get(key(line)) === true);
  const others = about.filter((line) => known.get(key(line)) === false);
  return {
    repeats: presses.length - new Set(presses.map(key)).size,
    beats: heard.filter(({ type }) => type === "heartbeat").length,
    others: new Set(others.map(key)).size,
  };
}

function isPress({ type, dty, stc }: HeardLine): boolean {
  return type !== "heartbeat" && dty === personalTrigger && stc === alarmByHand;
}

function key({ unit, number }: { readonly unit: string; readonly number: number }): string {
  return `${unit} ${number}`;
}
