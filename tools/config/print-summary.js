/**
 * Prints the skipped tests with their reasons, and "N passed, N failed" as the last line. Plain JavaScript, since it must
 * also speak when the install itself has failed. Usage: node print-summary.js SUMMARY.json EXIT-CODE-OF-THE-RUN
 */
import { readFileSync } from "node:fs";

const path = process.argv[2] ?? "";
const runFailed = process.argv[3] !== "0";

function read() {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

const summary = read();
if (summary === undefined) {
  console.log("No test was run: what came before the tests (install, types or lint) has failed.");
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
} else {
  for (const each of summary.skipped) console.log(`skipped: ${each.title}: ${each.reason || "no reason given"}`);
  // A run that ends badly though every test passed has failed all the same.
  const failed = runFailed && summary.failed === 0 ? 1 : summary.failed;
  console.log(`${summary.passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
