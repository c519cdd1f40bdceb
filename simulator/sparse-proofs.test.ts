/** Units that prove their route once a day, as agreed: what becomes of a press when the route has died in the meantime and nobody knows. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { playScenario } from "./play.ts";
import type { RunResult } from "./record/run-result.ts";
import { RunLog } from "./report/run-log.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { parseScenario } from "./scenario/scenario-file.ts";

const diesMs = 4 * 3_600_000;
const pressedMs = diesMs + 3_600_000;

/** Broadband first; it dies without a word an hour before the press, or is well. */
function played(provenWithin: string, faults: string): Promise<RunResult> {
  const story = `name: sparse proofs
starts: 2026-01-14 07:00
duration: 6h
world:
  radio: { loss: 0 % }
  receivers: { primary: { latency: 300ms, heartbeat: 24h } }
  operators: { alfa: { loss: 0 % } }
  broadband: { fibre: { loss: 0 % } }
fleet:
  - { name: hem, count: 4, policy: broadband-first, proven-within: ${provenWithin}, mobile: alfa, broadband: fibre, receivers: [primary] }
faults: ${faults}
timeline: [{ at: 12:00, press: hem-001 }]
expect: [{ lost: 0 }]
`;
  const scenario = parseScenario(story, "sparse-proofs.yaml");
  return playScenario(scenario, { seed: 1, onProgress: () => {}, log: new RunLog(undefined) });
}

const silent = "[{ broadband: fibre, fault: no-data, from: 11:00 }]";

test("a press on a unit whose first route died silently an hour ago is accepted over the second one at once", async () => {
  const { presses, reports, verdict } = await played("25h", silent);
  const lost = reports.filter(({ name }) => name === "broadband-lost");
  expect(verdict).toBe("passed");
  expect(presses).toHaveLength(1);
  const [press] = presses;
  expect(press).toMatchObject({ route: "mobile" });
  // The second route starts five seconds after the first.
  expect((press?.acceptedMs ?? 0) - pressedMs).toBeLessThan(12_000);
  // What the press has found is told; homes that had nothing to say know nothing yet.
  expect(lost.map(({ unit }) => unit)).toEqual(["hem-001"]);
  expect(lost[0]?.raisedMs).toBeGreaterThan(pressedMs);
});

test("units that prove their route each three minutes know of it long before, and each says so", async () => {
  const { reports, presses } = await played("3m", silent);
  const lost = reports.filter(({ name }) => name === "broadband-lost");
  expect(lost.map(({ unit }) => unit).sort()).toEqual(["hem-001", "hem-002", "hem-003", "hem-004"]);
  for (const { raisedMs } of lost) expect(raisedMs).toBeLessThan(diesMs + 600_000);
  expect(presses[0]).toMatchObject({ route: "mobile" });
});

test("homes that say a word a day are missed by nobody, and cost next to nothing in between", async () => {
  const { verdict, notices, pathless, beats, events } = await playScenario(quietHomes(), {
    seed: 1,
    onProgress: () => {},
    log: new RunLog(undefined),
  });
  expect(verdict).toBe("passed");
  expect(notices).toEqual([]);
  expect(pathless).toEqual([]);
  // One at the start of each, and one a day.
  expect(beats).toMatchObject({ sent: 16, missed: 0 });
  expect(events).toBeLessThan(4 * 250);
});

function quietHomes(): Scenario {
  const story = `name: quiet homes
starts: 2026-01-14 07:00
duration: 3d
include: [parts/sparse.yaml]
parameters: { homes: 4 }
expect: [{ lost: 0 }]
`;
  return parseScenario(story, fileURLToPath(new URL("scenarios/quiet-homes.yaml", import.meta.url)));
}
