/** A small town for the tests of the dashboard: two masts, two operators, shared broadband and mains, two receivers. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { playScenario } from "../play.ts";
import type { RunResult } from "../record/run-result.ts";
import { RunLog } from "../report/run-log.ts";
import { parseScenario, readEntries } from "../scenario/scenario-file.ts";
import { Session } from "./session.ts";

export const seed = 7;

/** `more`: entries of the file beside its world and fleet. */
export function townText(more = ""): string {
  return `name: small town
duration: 30m
parameters: { homes: 3 }
world:
  receivers: { primary: { latency: 300ms }, secondary: { host: 198.51.100.20, latency: 300ms } }
  operators: { alfa: , beta: }
  cells: { north: { operator: alfa }, south: { operator: beta } }
  broadband: { fibre: , copper: { router-start: 2m } }
  power: { north-side: , south-side: }
fleet:
  - { name: up, count: "\${homes}", mobile: north, roams-to: [south], broadband: fibre, power: north-side, receivers: [primary, secondary] }
  - { name: down, count: "\${homes}", mobile: south, policy: broadband-first, broadband: copper, power: south-side, receivers: [secondary] }
wearers: { presses-per-unit-and-day: 24 }
${more}`;
}

/** The town's file in a folder of its own; `leave` takes both away. */
export function townFile(more = ""): { readonly path: string; readonly leave: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "livlina-town-"));
  const path = join(folder, "town.yaml");
  writeFileSync(path, townText(more));
  return { path, leave: () => rmSync(folder, { recursive: true, force: true }) };
}

export function townSession(more = ""): Session {
  const { path, leave } = townFile(more);
  try {
    return new Session({ file: readEntries(path), path: "town.yaml", seed });
  } finally {
    leave();
  }
}

/** A story as `livlina sim run` plays it. */
export function played(text: string): Promise<RunResult> {
  const scenario = parseScenario(text, "saved.yaml");
  return playScenario(scenario, { seed, onProgress: () => {}, log: new RunLog(undefined) });
}

/** On to the end; answers the digest. */
export function toTheEnd(session: Session): string {
  session.playUntil(session.scenario.durationMs);
  return session.run.world.digest.value();
}
