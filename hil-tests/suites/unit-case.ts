/** What all cases of a unit have in common: they begin in a named state, end with a look whether the unit is still there, and know their own place. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { CaseContext, HilCase, Place } from "../run/case.ts";
import type { Need } from "../strategy/needs.ts";
import type { UnitState, Wanted } from "../strategy/strategy.ts";
import type { Subject } from "../strategy/subject.ts";

interface UnitCase extends Omit<HilCase<Subject>, "at" | "needs" | "run" | "limitMs"> {
  readonly needs: readonly Need[];
  /** Of the strategy; the case itself finds the unit so. */
  readonly start: UnitState;
  readonly wanted?: Wanted;
  /** Of one attempt with its way to the start; two minutes unless said. */
  readonly limitMs?: number;
  run(subject: Subject, context: CaseContext<Subject>): Promise<void>;
}

const usualLimitMs = 120_000;
const helloMs = 5_000;
const root = fileURLToPath(new URL("../../", import.meta.url));

/** The case as the runner knows it. Its place is where this is called. */
export function unitCase({
  start,
  wanted = {},
  needs,
  limitMs = usualLimitMs,
  run,
  ...same
}: UnitCase): HilCase<Subject> {
  return {
    ...same,
    needs: ["unit", ...needs],
    limitMs,
    at: placeOfCaller(),
    run: async (context) => {
      await context.bench.strategy.to(start, wanted);
      context.signal.throwIfAborted();
      try {
        await run(context.bench, context);
      } finally {
        // A receiver that is deaf on purpose would be taken for a rig that is broken.
        for (const receiver of context.bench.bench.receivers) await receiver.setMode("normal");
      }
      if (start !== "off" || context.bench.strategy.isPowered) await context.bench.unit.confirm(helloMs);
    },
  };
}

/** Of the call of `unitCase`. */
function placeOfCaller(): Place {
  const line = new Error().stack?.split("\n")[3] ?? "";
  const found = /(file:\/\/\/[^:)]+|\/[^:)]+):(\d+):\d+/.exec(line);
  if (found === null) return { file: "hil-tests/suites", line: 1 };
  const [, path = "", number] = found;
  return { file: relative(root, path.startsWith("file:") ? fileURLToPath(path) : path), line: Number(number) };
}
