/**
 * The test runner: no globals, every test file beside what it tests. Laws run on one fixed seed, so that a red test is red
 * for everybody; where LIVLINA_FRESH names another, as in the forge's run, those of protocol and firmware and a few stories of the swarm run on that too.
 * Files share a process, since most of the time went into starting one for each.
 * With coverage on, a branch of protocol that no test of protocol takes is a failure: what it excludes serves tests only.
 */
import { defineConfig } from "vitest/config";
import { bugPlugin } from "../planted-bugs/plugin.ts";

export const fixedSeed = 20_261_121;
const chosen = process.env["LIVLINA_SEED"] ?? String(fixedSeed);
const freshSeed = process.env["LIVLINA_FRESH"];
export const root = new URL("../..", import.meta.url).pathname;
export const setupFiles = [new URL("seeds.ts", import.meta.url).pathname];

/** They put other modules in the place of the firmware's own, which must not be seen by the next file. */
const replacing = "simulator/checkers/planted-bugs*.test.ts";
/** Real time, real processes, foreign programs: they wait more than they work, and suffer from a busy machine. */
const inRealTime = [
  "tools/{foreign,commands,device,flash}/**/*.test.ts",
  "tools/provision/{installation,pairing,service-link,unit-settings}.test.ts",
  "simulator/live/**/*.test.ts",
  "hil-tests/{bench,device,virtual}/**/*.test.ts",
];

const of = (name: string, seed: string, include: readonly string[], exclude: readonly string[] = []) => ({
  extends: true as const,
  test: {
    name,
    include: [...include],
    exclude: [...exclude],
    env: { LIVLINA_SEED: seed },
    setupFiles,
    isolate: name === "replacing",
    sequence: { groupOrder: name === "real-time" ? 1 : 0 },
    ...(name === "real-time" ? { maxWorkers: 4 } : {}),
  },
});

const projects = [
  of("fixed", chosen, ["{protocol,firmware,simulator,tools,hil-tests}/**/*.test.ts"], [replacing, ...inRealTime]),
  of("replacing", chosen, [replacing]),
  of("real-time", chosen, inRealTime),
];
if (freshSeed !== undefined)
  projects.push(of("fresh", freshSeed, ["{protocol,firmware}/**/*.test.ts", "simulator/swarm/swarm.test.ts"]));

export default defineConfig({
  plugins: [bugPlugin(process.env["LIVLINA_BUG"])],
  test: {
    root,
    testTimeout: 60_000,
    maxConcurrency: 16,
    coverage: {
      provider: "v8",
      include: ["protocol/**/*.ts"],
      exclude: ["**/*.test.ts", "**/arbitraries.ts", "protocol/sip/test-messages.ts"],
      thresholds: { branches: 100 },
      reporter: [["text", { skipFull: true }]],
      reportsDirectory: new URL("../../out/coverage", import.meta.url).pathname,
    },
    reporters: ["default", new URL("summary-reporter.ts", import.meta.url).pathname],
    projects,
  },
});
