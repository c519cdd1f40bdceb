/** Opens the bench that a file describes, or the virtual one where none is named. */
import { UserError } from "../../tools/user-error.ts";
import { openVirtualBench, type VirtualBenchOptions } from "../virtual/virtual-bench.ts";
import type { Bench } from "./bench.ts";
import { openRealBench, type RealBenchOptions } from "./real-bench.ts";

export type BenchOptions = VirtualBenchOptions & RealBenchOptions;

/** Rejects with UserError (2, 3) and RigError. */
export async function openBench(file: string | undefined, options: BenchOptions = {}): Promise<Bench> {
  if (file === undefined) return openVirtualBench(options);
  if ((options.speed ?? 1) !== 1 || (options.misbehave ?? []).length > 0)
    throw new UserError(
      `${file} is a bench of hardware: it runs at the speed of the world, and misbehaves by itself`,
      "leave the bench file out: the virtual bench does both",
      2,
    );
  return openRealBench(file, options);
}
