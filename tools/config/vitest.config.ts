/** The test runner: one worker per core, no globals, every test file beside what it tests. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["{protocol,firmware,simulator,tools,hil-tests}/**/*.test.ts"],
    testTimeout: 60_000,
    reporters: ["default", new URL("summary-reporter.ts", import.meta.url).pathname],
  },
});
