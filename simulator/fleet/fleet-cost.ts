/** What a fleet cost to play, and who played it: beside its result, never in it. */
import type { ShardCost } from "./shard-result.ts";

export interface FleetCost {
  /** Of the command, from its start to its report; of the last one where it was resumed. */
  readonly wallMs: number;
  /** Of the processes that played towns. */
  readonly cpuMs: number;
  /** The most that one process has had. */
  readonly peakBytes: number;
  /** Towns by machine and process. */
  readonly processes: readonly { readonly by: string; readonly towns: number; readonly cpuMs: number }[];
}

/** Processes that are told one by one. */
const mostProcesses = 1_000;

export class CostBook {
  private cpuMs: number;
  private peakBytes: number;
  private readonly processes: Map<string, { towns: number; cpuMs: number }>;

  constructor() {
    this.cpuMs = 0;
    this.peakBytes = 0;
    this.processes = new Map();
  }

  add({ cpuMs, peakBytes, by }: ShardCost): void {
    this.cpuMs += cpuMs;
    this.peakBytes = Math.max(this.peakBytes, peakBytes);
    const name = this.processes.has(by) || this.processes.size < mostProcesses ? by : "others";
    const before = this.processes.get(name) ?? { towns: 0, cpuMs: 0 };
    this.processes.set(name, { towns: before.towns + 1, cpuMs: before.cpuMs + cpuMs });
  }

  value(wallMs: number): FleetCost {
    const processes = [...this.processes].map(([by, { towns, cpuMs }]) => ({ by, towns, cpuMs }));
    return { wallMs, cpuMs: this.cpuMs, peakBytes: this.peakBytes, processes };
  }
}
