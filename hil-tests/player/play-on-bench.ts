/** Plays a scenario on a bench in real time: moves what has to be moved when it is due, and tells what the unit's line and the receivers said. */
import type { ConsoleEvent } from "../../protocol/console/messages.ts";
import type { FleetGroup } from "../../simulator/scenario/fleet.ts";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import type { HeardByReceiver } from "../bench/bench.ts";
import type { Stamped } from "../device/unit-lines.ts";
import { benchLarmkod } from "../strategy/bench-settings.ts";
import type { Subject } from "../strategy/subject.ts";
import { type Act, actsOf, firstMs } from "./acts.ts";
import { heardLine } from "./simulate.ts";
import type { StoryLine } from "./story.ts";

const helloMs = 5_000;

/** The unit is online. Answers the lines in the order of time, in the scenario's own. Rejects with what device and rig reject with. */
export async function playOnBench(
  scenario: Scenario,
  subject: Subject,
  signal: AbortSignal,
): Promise<readonly StoryLine[]> {
  const { bench, unit } = subject;
  const [group] = scenario.fleet;
  if (group === undefined) throw new Error("player: a scenario without homes cannot be played");
  const acts = actsOf(scenario);
  const fromMs = firstMs(acts);
  const offsetMs = bench.nowMs() - fromMs;
  const lines: StoryLine[] = [];
  for (const act of acts) {
    await bench.sleep(act.atMs + offsetMs - bench.nowMs());
    signal.throwIfAborted();
    if (act.moves === "press") {
      const atMs = (await subject.press(act.button)) - offsetMs;
      lines.push({ atMs, type: "pressed", unit: unitName(group), button: act.button });
    } else await perform(act, subject);
  }
  await bench.sleep(scenario.durationMs + offsetMs - bench.nowMs());
  signal.throwIfAborted();
  await unit.confirm(helloMs);
  return windowed([...lines, ...newsOf(unit.heard, group, offsetMs), ...heardOf(subject, group, offsetMs)], fromMs);
}

/** What belongs to the time that both have played, in its order. */
export function windowed(lines: readonly StoryLine[], fromMs: number): readonly StoryLine[] {
  return lines
    .filter(({ atMs }) => atMs >= fromMs)
    .sort((a, b) => a.atMs - b.atMs)
    .map((line) => ({ ...line, atMs: Math.round(line.atMs) }));
}

async function perform(act: Exclude<Act, { moves: "press" }>, subject: Subject): Promise<void> {
  switch (act.moves) {
    case "attenuation":
      await subject.ofButton("attenuation", act.button).set(act.db);
      return;
    case "receiver":
      await subject.receiver(act.receiver).setMode(act.mode);
      return;
    case "network":
      await subject.of("network").set(act.on);
      return;
    case "mains":
    case "battery":
      await subject.strategy.power(act.moves, act.on);
      return;
  }
}

function newsOf(heard: readonly Stamped<ConsoleEvent>[], group: FleetGroup, offsetMs: number): readonly StoryLine[] {
  return heard.flatMap(({ event, hostMs }): StoryLine[] => {
    if (event.type !== "log") return [];
    const { what, number, route, receiver } = event;
    if (what !== "stored" && what !== "carried" && what !== "accepted") return [];
    const path = receiver === 0 ? "" : `${route} to ${group.receivers[receiver - 1] ?? receiver}`;
    return [{ atMs: hostMs - offsetMs, type: what, unit: unitName(group), number, path }];
  });
}

function heardOf({ bench }: Subject, group: FleetGroup, offsetMs: number): readonly StoryLine[] {
  return group.receivers.flatMap((name, at) =>
    (bench.receivers[at]?.events ?? [])
      .filter(({ cid }: HeardByReceiver) => cid === benchLarmkod)
      .flatMap((event) => heardLine(event.hostMs - offsetMs, unitName(group), name, event) ?? []),
  );
}

function unitName(group: FleetGroup): string {
  return group.units[0] ?? group.name;
}
