#!/usr/bin/env node
/** The `livlina` command. Plain JavaScript, so that it runs right after `npm ci`; behind it TypeScript is read as it is. */
import "./read-typescript.js";

// A reader that has seen enough (`livlina sim schema | head`) is no error.
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE") process.exit();
  process.stderr.write(`the output cannot be written: ${error.code}\n  try: another place for it, or make room\n`);
  process.exit(3);
});
const { main } = await import("./cli.ts");
process.exitCode = await main(process.argv.slice(2));
