/**
 * What the lamp shows, out of all that is true at once: whatever a person waits for comes before the state of the unit. A
 * pattern differs from every other one in its blinking too, for eyes that tell no colours (EN 60601-1-8 has the same rule).
 */
import { isPending, type Report } from "../alarm/report.ts";
import type { LampSignal } from "../signals.ts";

export type AlarmFact = "none" | "sending" | "not-accepted" | "accepted";

export interface LampFacts {
  readonly alarm: AlarmFact;
  /** A call is being set up or is up. */
  readonly talking: boolean;
  readonly fault: boolean;
  readonly links: "ready" | "one-path-lost" | "no-path";
}

/** How a signal is shown: `blinks` flashes of `flashMs`, then a pause; 0 blinks is steady. The tone is heard once, when it begins. */
export interface LampPattern {
  readonly colour: "green" | "yellow" | "red" | "blue";
  readonly blinks: number;
  readonly flashMs: number;
  readonly pauseMs: number;
  readonly tone: "none" | "rising" | "falling" | "double" | "long";
}

/** An alarm that is not accepted yet outshines a call and the acceptance of another alarm: its person sees that it is on its way. */
export function lampOf(facts: LampFacts): LampSignal {
  if (facts.alarm === "not-accepted" || facts.alarm === "sending") return facts.alarm;
  if (facts.talking) return "talking";
  if (facts.alarm === "accepted") return "accepted";
  return facts.fault ? "fault" : facts.links;
}

/** What is true of all alarms of persons together: the least happy of them. */
export function alarmFactOf(reports: readonly Report[]): AlarmFact {
  let fact: AlarmFact = "none";
  for (const report of reports) {
    if (report.facts.kind !== "user-alarm") continue;
    if (isPending(report)) {
      if (report.told) return "not-accepted";
      fact = "sending";
    } else if (report.at === "open" && fact === "none" && !report.cancelled) fact = "accepted";
  }
  return fact;
}

export function lampPattern(signal: LampSignal): LampPattern {
  return patterns[signal];
}

const patterns: Record<LampSignal, LampPattern> = {
  ready: { colour: "green", blinks: 0, flashMs: 0, pauseMs: 0, tone: "none" },
  "one-path-lost": { colour: "yellow", blinks: 1, flashMs: 100, pauseMs: 4_900, tone: "none" },
  "no-path": { colour: "red", blinks: 2, flashMs: 200, pauseMs: 2_600, tone: "none" },
  fault: { colour: "red", blinks: 3, flashMs: 200, pauseMs: 2_400, tone: "none" },
  sending: { colour: "blue", blinks: 1, flashMs: 250, pauseMs: 250, tone: "rising" },
  "not-accepted": { colour: "red", blinks: 1, flashMs: 1_000, pauseMs: 1_000, tone: "falling" },
  accepted: { colour: "green", blinks: 1, flashMs: 2_000, pauseMs: 500, tone: "double" },
  talking: { colour: "blue", blinks: 2, flashMs: 500, pauseMs: 1_500, tone: "long" },
};
