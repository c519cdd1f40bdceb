/**
 * The test runner while mutants run (`npm run mutants`): the tests of protocol alone, on the fixed seed, and each law with
 * few runs: a mutant that lives through few might die in many, so the score is never better than the tests are. For this a
 * test that counts what its law met compares shares, not numbers. Files share one worker, since what runs while a module is
 * loaded is not mutated.
 */
import { defineConfig } from "vitest/config";
import { fixedSeed, root, setupFiles } from "./vitest.config.ts";

const runs = "50";

export default defineConfig({
  plugins: [
    {
      name: "few-runs",
      enforce: "pre",
      transform: (code, id) => (id.endsWith(".test.ts") ? code.replace(/numRuns: [\d_]+/g, `numRuns: ${runs}`) : code),
    },
  ],
  test: {
    root,
    isolate: false,
    testTimeout: 60_000,
    include: ["protocol/**/*.test.ts"],
    env: { LIVLINA_SEED: String(fixedSeed), LIVLINA_RUNS: runs },
    setupFiles,
  },
});
