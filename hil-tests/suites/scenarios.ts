/** Scenario files as cases: those made for benches, and at night those of the simulator that a bench can play; the others say why not. */
import { readdirSync } from "node:fs";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readScenario } from "../../simulator/scenario/scenario-file.ts";
import { shippedScenarios } from "../../tools/shipped-scenarios.ts";
import { playScenarioOn } from "../player/play-scenario.ts";
import type { HilCase } from "../run/case.ts";
import type { Need } from "../strategy/needs.ts";
import type { Subject } from "../strategy/subject.ts";
import { unitCase } from "./unit-case.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = fileURLToPath(new URL("../scenarios/", import.meta.url));
/** Played at night only: others show the same faster. */
const nightly: readonly string[] = ["cable-out", "receiver-silent", "two-at-once"];
const longestMs = 30 * 60_000;
const aroundMs = 300_000;

interface StoryFile {
  readonly name: string;
  readonly path: string;
  readonly isNightly: boolean;
}

function storyCase({ name, path, isNightly }: StoryFile): HilCase<Subject> {
  const needs: readonly Need[] = ["button", "receiver"];
  return {
    ...unitCase({
      suite: "scenario",
      name,
      proves: `the bench tells the same story as the simulator of the scenario ${name}`,
      needs,
      start: "online",
      limitMs: longestMs + aroundMs,
      isNightly,
      run: (_subject, context) => playScenarioOn(readScenario(path), context, { durationMs: longestMs }),
    }),
    at: { file: relative(root, resolve(path)), line: 1 },
  };
}

const forBenches = readdirSync(folder)
  .filter((file) => file.endsWith(".yaml"))
  .sort()
  .map((file) => file.slice(0, -".yaml".length))
  .map((name) => ({ name, path: `${folder}${name}.yaml`, isNightly: nightly.includes(name) }));

export const scenarioCases: readonly HilCase<Subject>[] = [
  ...forBenches,
  ...shippedScenarios().map((each) => ({ ...each, isNightly: true })),
].map(storyCase);
