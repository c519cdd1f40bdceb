/** How many bytes a piece of work takes from the heap, typed arrays' memory outside it included. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { median } from "./measure.ts";

const samples = 101;
const runsPerSample = 16;

/**
 * Bytes for one run: the median over small samples, less what measuring itself takes. A sample that the collector
 * runs into is far off, which is why it is not a mean.
 */
export function bytesPerRun(run: (times: number) => number): number {
  collect();
  const cost = median(grown(() => 0));
  return Math.max(0, Math.round((median(grown(run)) - cost) / runsPerSample));
}

function grown(run: (times: number) => number): number[] {
  const deltas: number[] = [];
  for (let i = 0; i < samples; i++) {
    const before = inUse();
    run(runsPerSample);
    deltas.push(inUse() - before);
  }
  return deltas;
}

function inUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The collector can be called only where V8 is told to show it. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  gc();
}
