import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Pool } from "../../simulator/swarm/live-pool.ts";
import type { SwarmSummary } from "../../simulator/swarm/summary.ts";
import { digestOf } from "../../simulator/swarm/summary.ts";
import { longestStoryMs, readsTypeScript } from "../swarm-run.ts";

const livlina = fileURLToPath(new URL("../livlina.js", import.meta.url));
const firstSeed = 11;
const count = 3;

let place = "";
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "livlina-swarm-"));
});
afterAll(() => {
  rmSync(place, { recursive: true });
});

function command(...args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, [livlina, "sim", ...args], { encoding: "utf8", cwd: place });
}

test("three seeds have one digest each, for 1, 2 and 4 workers, two batch sizes, with and without reports", async () => {
  const digests: string[][] = [];
  for (const workers of [1, 2, 4]) {
    const pool = new Pool({ workers, execArgv: readsTypeScript, longestMs: longestStoryMs });
    try {
      for (const batch of [1, 3])
        for (const reports of [undefined, join(place, `runs-${workers}-${batch}`)]) {
          const outcomes = await pool.play({ firstSeed, count, batch, reports });
          expect(outcomes.map(({ seed }) => seed)).toEqual([11, 12, 13]);
          digests.push(outcomes.map(({ digest }) => digest));
          if (reports !== undefined) expect(existsSync(join(reports, "12", "report.html"))).toBe(true);
        }
    } finally {
      pool.close();
    }
  }
  const [first = []] = digests;
  expect(new Set(first).size).toBe(count);
  for (const digest of first) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(digests).toHaveLength(12);
  for (const one of digests) expect(one).toEqual(first);
}, 300_000);

test("the command prints what it played, and swarm.json says the same", () => {
  const { status, stdout } = command(
    "swarm",
    "--seeds",
    "2",
    "--from",
    "11",
    "--workers",
    "1",
    "--out",
    "two",
    "--json",
  );
  const summary = JSON.parse(stdout) as SwarmSummary;
  expect(status).toBe(summary.verdict === "passed" ? 0 : 1);
  expect(summary).toMatchObject({ firstSeed: 11, seeds: 2 });
  expect(summary.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.parse(readFileSync(join(place, "two", "swarm.json"), "utf8"))).toEqual(summary);
  expect(summary.pairs.length).toBeGreaterThan(0);
}, 240_000);

test("a run of the swarm's report is replayed to the same digest, and a changed story is refused", () => {
  const made = command(
    "swarm",
    "--seeds",
    "1",
    "--from",
    "12",
    "--workers",
    "1",
    "--out",
    "one",
    "--reports",
    "--json",
  );
  expect(made.stderr).toBe("");
  const folder = join("one", "runs", "12");
  const again = command("replay", folder, "--json", "--quiet");
  expect(again.status).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ same: true, seed: 12 });
  const replay = JSON.parse(readFileSync(join(place, folder, "replay"), "utf8")) as {
    digest: string;
    scenario: string;
  };
  expect(JSON.parse(again.stdout)).toMatchObject({ is: replay.digest });
  writeFileSync(join(place, folder, "replay"), JSON.stringify({ ...replay, digest: "0".repeat(64) }));
  const other = command("replay", folder, "--json", "--quiet");
  expect(other.status).toBe(1);
  expect(JSON.parse(other.stdout)).toMatchObject({ same: false, was: "0".repeat(64), is: replay.digest });
  const story = join(place, replay.scenario);
  writeFileSync(story, `${readFileSync(story, "utf8")}\n# changed\n`);
  const changed = command("replay", folder);
  expect(changed.status).toBe(2);
  expect(changed.stderr).toContain("not there as it was when the run was played");
}, 240_000);

test("numbers that are none, and folders that hold no report, are refused with exit code 2", () => {
  for (const args of [
    ["swarm", "--seeds", "0"],
    ["swarm", "--seeds", "many"],
    ["swarm", "--from", "4294967295", "--seeds", "2"],
    ["swarm", "--workers", "0"],
    ["swarm", "--batch", "1.5"],
    ["swarm", "--minutes", "-1"],
    ["replay", "nowhere"],
  ]) {
    const { status, stderr } = command(...args);
    expect(`${args.join(" ")}: ${status}`).toBe(`${args.join(" ")}: 2`);
    expect(stderr).toContain("try: ");
  }
}, 240_000);

test("the digest of a swarm is that of its runs in the order of their seeds", () => {
  const outcome = (seed: number, digest: string) => ({
    ...{ seed, digest, failures: [], events: 0, virtualMs: 0, presses: 0, accepted: 0, pairs: [] },
  });
  const one = digestOf([outcome(1, "a"), outcome(2, "b")]);
  expect(digestOf([outcome(1, "a"), outcome(2, "b")])).toBe(one);
  expect(digestOf([outcome(1, "b"), outcome(2, "a")])).not.toBe(one);
});
