/** Where `livlina hil` comes in: `tools` may not import from here, so it starts this file with what was asked for as JSON. */
import { exitCodeOf } from "../../tools/cli.ts";
import type { HilOrder } from "../../tools/commands/hil.ts";
import { UserError } from "../../tools/user-error.ts";
import { RigError } from "../bench/rig-error.ts";

/** What hangs beyond its limit must not keep the process. */
const lingerMs = 3_000;

/** Each loads only what it needs: the suites bring much with them. */
async function obey(order: HilOrder): Promise<number> {
  switch (order.what) {
    case "run":
      return (await import("./hil-run.ts")).hilRun(order.flags);
    case "benches":
      return (await import("./hil-benches.ts")).hilBenches(order.files, order.flags);
    case "scan":
      return (await import("./hil-benches.ts")).hilScan(order.flags);
    case "history":
      return (await import("./hil-history.ts")).hilHistory(order.flags);
  }
}

// Whoever has stopped reading must not leave the bench in the middle of something.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
try {
  process.exitCode = await obey(JSON.parse(process.argv[2] ?? "") as HilOrder);
} catch (thrown) {
  process.exitCode = exitCodeOf(thrown instanceof RigError ? new UserError(thrown.message, thrown.hint, 3) : thrown);
}
setTimeout(() => process.exit(), lingerMs).unref();
