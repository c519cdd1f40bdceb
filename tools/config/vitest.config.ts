/**
 * The test runner: no globals, every test file beside what it tests. Laws run on one fixed seed, so that a red test is red
 * for everybody; where LIVLINA_FRESH names another, as in the forge's run, those of protocol and firmware run on that too.
 * With coverage on, a branch of protocol that no test of protocol takes is a failure: what it excludes serves tests only.
 */
import { defineConfig } from "vitest/config";
import { bugPlugin } from "../planted-bugs/plugin.ts";

export const fixedSeed = 20_261_121;
const chosen = process.env["LIVLINA_SEED"] ?? String(fixedSeed);
const freshSeed = process.env["LIVLINA_FRESH"];
export const root = new URL("../..", import.meta.url).pathname;
export const setupFiles = [new URL("seeds.ts", import.meta.url).pathname];

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
  plugins: [bugPlugin(process.env["LIVLINA_BUG"])],
  test: {
    root,
    testTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["protocol/**/*.ts"],
      exclude: ["**/*.test.ts", "**/arbitraries.ts", "protocol/sip/test-messages.ts"],
      thresholds: { branches: 100 },
      reporter: [["text", { skipFull: true }]],
      reportsDirectory: new URL("../../out/coverage", import.meta.url).pathname,
    },
    reporters: ["default", new URL("summary-reporter.ts", import.meta.url).pathname],
    projects: freshSeed === undefined ? [fixed] : [fixed, fresh(freshSeed)],
  },
});
