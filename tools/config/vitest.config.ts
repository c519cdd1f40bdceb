/**
 * The test runner: no globals, every test file beside what it tests. Laws run on one fixed seed, so that a red test is red
 * for everybody; where LIVLINA_FRESH names another, as in the forge's run, those of protocol and firmware run on that too.
 */
import { defineConfig } from "vitest/config";

const fixedSeed = 20_261_121;
const chosen = process.env["LIVLINA_SEED"] ?? String(fixedSeed);
const freshSeed = process.env["LIVLINA_FRESH"];
const setupFiles = [new URL("seeds.ts", import.meta.url).pathname];

const fixed = {
  extends: true as const,
  test: {
    name: "fixed",
    include: ["{protocol,firmware,simulator,tools,hil-tests}/**/*.test.ts"],
    env: { LIVLINA_SEED: chosen },
    setupFiles,
  },
};

const fresh = (seed: string) => ({
  extends: true as const,
  test: {
    name: "fresh",
    include: ["{protocol,firmware}/**/*.test.ts"],
    env: { LIVLINA_SEED: seed },
    setupFiles,
  },
});

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    testTimeout: 60_000,
    reporters: ["default", new URL("summary-reporter.ts", import.meta.url).pathname],
    projects: freshSeed === undefined ? [fixed] : [fixed, fresh(freshSeed)],
  },
});
