/** A fleet played by processes of this machine: one result however many there are, whatever dies, and however often it is taken up again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { smallPlan } from "../../simulator/fleet/fleet-bench.ts";
import { type FleetPlan, seedOfTown, storyOf } from "../../simulator/fleet/fleet-plan.ts";
import { Lane } from "../../simulator/fleet/live-lane.ts";
import { playTowns } from "../../simulator/fleet/live-towns.ts";
import { shardsName } from "../../simulator/fleet/shard-log.ts";
import { playScenario } from "../../simulator/play.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { readsTypeScript } from "../swarm-run.ts";
import { type CannedFaults, cannedLanes } from "./canned-bench.ts";
import { type FleetEnd, runFleet } from "./fleet-run.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-fleet-"));
afterAll(() => rmSync(place, { recursive: true }));
const patient = { timeout: 120_000 };
const plan = smallPlan(5);

interface Asked {
  readonly lanes: readonly Lane[];
  readonly resume?: boolean;
  readonly plan?: FleetPlan;
  /** Stopped after so many towns. */
  readonly stopAfter?: number;
}

async function run(out: string, asked: Asked): Promise<FleetEnd & { readonly news: readonly string[] }> {
  const { lanes, resume = false, stopAfter } = asked;
  onTestFinished(() => {
    for (const lane of lanes) lane.close();
  });
  const stopping = new AbortController();
  const news: string[] = [];
  const end = await runFleet({
    plan: asked.plan ?? plan,
    out: join(place, out),
    resume,
    play: (order) => playTowns({ ...order, lanes }),
    stop: stopping.signal,
    onBegin: () => {},
    onProgress: (towns, _virtualMs, line) => {
      if (line !== undefined) news.push(line);
      if (towns === stopAfter) stopping.abort();
    },
  });
  return { ...end, news };
}

const realLanes = (count: number): readonly Lane[] =>
  Array.from({ length: count }, () => new Lane({ execArgv: readsTypeScript, silentMs: 60_000 }));

const canned = (faults: CannedFaults = {}): readonly Lane[] => cannedLanes(place, plan, faults);
const report = (out: string): string => readFileSync(join(place, out, "report.json"), "utf8");

test(
  "one process and two give one digest and one report, to the byte, and each town is the run of its story with its seed",
  patient,
  async () => {
    const one = await run("one", { lanes: realLanes(1) });
    const two = await run("two", { lanes: realLanes(2) });
    expect(one.result).toMatchObject({ verdict: "passed", towns: 5, units: 10, presses: 5, accepted: 5, broken: [] });
    expect(report("two")).toBe(report("one"));
    expect(two.cost.processes).toHaveLength(2);
    const junit = (out: string): string => readFileSync(join(place, out, "junit.xml"), "utf8");
    expect(junit("two")).toBe(junit("one"));
    expect(readdirSync(join(place, "one")).sort()).toEqual([
      "fleet.json",
      "junit.xml",
      "played.json",
      "report.html",
      "report.json",
      "report.schema.json",
      "shards.jsonl",
    ]);
    const alone = await playScenario(storyOf(plan), {
      seed: seedOfTown(plan, 2),
      log: new RunLog(undefined),
      onProgress: () => {},
    });
    const lines = readFileSync(join(place, "one", shardsName), "utf8")
      .trimEnd()
      .split("\n");
    const second = lines.map((line) => JSON.parse(line).result).find(({ town }) => town === 2);
    expect(second).toMatchObject({ digest: alone.digest, events: alone.events, presses: 1, accepted: 1 });
  },
);

test("a fleet that was stopped goes on from the towns that are finished, also after half a line", async () => {
  const whole = await run("whole", { lanes: canned() });
  expect(whole.result?.verdict).toBe("passed");
  const stopped = await run("stopped", { lanes: canned(), stopAfter: 3 });
  expect(stopped).toMatchObject({ result: undefined, played: 3 });
  expect(readdirSync(join(place, "stopped")).sort()).toEqual(["fleet.json", "shards.jsonl"]);
  const shards = join(place, "stopped", shardsName);
  truncateSync(shards, statSync(shards).size - 10);
  // The processes that go on would die at the towns that are there.
  const there = readFileSync(shards, "utf8").split("\n").slice(0, 2);
  const dies = there.map((line) => JSON.parse(line).result.town);
  const resumed = await run("stopped", { lanes: canned({ dies }), resume: true });
  expect(resumed).toMatchObject({ news: [], played: 5 });
  expect(report("stopped")).toBe(report("whole"));
  const towns = readFileSync(shards, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).result.town);
  expect(towns.sort()).toEqual([1, 2, 3, 4, 5]);
});

test("finished towns are worth hours: nothing but --resume takes them up, and only for the same fleet and code", async () => {
  await run("kept", { lanes: canned(), stopAfter: 1 });
  await expect(run("kept", { lanes: [] })).rejects.toMatchObject({
    exitCode: 4,
    hint: expect.stringContaining("--resume"),
  });
  const other = (more: Partial<FleetPlan>) => run("kept", { lanes: [], resume: true, plan: { ...plan, ...more } });
  await expect(other({ seed: 8 })).rejects.toThrow("its seed is 7, not 8");
  await expect(other({ towns: 6 })).rejects.toThrow("it has 5 towns, not 6");
  await expect(other({ story: plan.story.replace("5m", "6m") })).rejects.toThrow("the story of its towns is another");
  await expect(other({ promises: [] })).rejects.toThrow("its promises are others");
  const head = join(place, "kept", "fleet.json");
  writeFileSync(head, readFileSync(head, "utf8").replace(/"code":"[^"]*"/, '"code":"1-0000000000000000"'));
  await expect(other({})).rejects.toThrow("was played by other code (1-0000000000000000");
  await expect(run("nothing-here", { lanes: [], resume: true })).rejects.toThrow("holds no fleet to resume");
});

test("a town that kills its process three times is named, and all others are played", async () => {
  const { result, news } = await run("poison", { lanes: canned({ dies: [3], diesOnce: [2] }) });
  expect(news).toEqual(["town 3 cannot be played: its process ended with SIGKILL"]);
  expect(result).toMatchObject({
    verdict: "failed",
    towns: 4,
    broken: [{ town: 3, why: "its process ended with SIGKILL" }],
  });
  expect(readFileSync(join(place, "poison", "junit.xml"), "utf8")).toContain('name="town 3 is played to its end"');
});

test("a process that says nothing is ended, and says no more of that town", async () => {
  const [lane] = canned({ silent: [5] });
  onTestFinished(() => lane?.close());
  expect(await lane?.play(plan, 5, () => {})).toEqual({ type: "gone", why: "its process said nothing for 1 s" });
});
