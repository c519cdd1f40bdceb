/** Bench `memory`: bytes of a unit in a living world, as the difference between two sizes of it, each in a process of its own. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readsTypeScript } from "../swarm-run.ts";
import { median, type Timing } from "./measure.ts";
import type { Held } from "./memory-child.ts";
import { type Profile, profiles } from "./profiles.ts";
import { figure, type Table } from "./table.ts";

export interface MemoryBench {
  readonly bench: "memory";
  readonly smaller: number;
  readonly larger: number;
  readonly hours: number;
  readonly profiles: readonly UnitMemory[];
}

export interface UnitMemory {
  readonly name: string;
  /** Bytes of one unit: V8's heap, and buffers beside it. */
  readonly heap: number;
  readonly buffers: number;
  /** What the heap is made of, the largest first: kinds as V8 names them. */
  readonly kinds: readonly { readonly kind: string; readonly bytes: number }[];
}

export interface MemorySizes {
  readonly smaller: number;
  readonly larger: number;
  readonly hours: number;
}

const sizes: MemorySizes = { smaller: 20, larger: 100, hours: 1 };
/** Below it a kind is told with the others. */
const leastTold = 1024;

/** Both sizes of each profile in turn, so often; how long they take is of no interest. */
export function benchMemory({ rounds }: Timing, { smaller, larger, hours } = sizes, hold = heldBy): MemoryBench {
  const found = profiles.map((): UnitMemory[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, { name }] of profiles.entries())
      found[i]?.push(unitOf(name, hold(name, smaller, hours), hold(name, larger, hours), larger - smaller));
  return {
    bench: "memory",
    smaller,
    larger,
    hours,
    profiles: profiles.map((each, i) => medianOf(each, found[i] ?? [])),
  };
}

export function memoryTables({ smaller, larger, hours, profiles }: MemoryBench): Table[] {
  const title = `bytes a unit: ${larger} units less ${smaller} after ${hours} h, collected, with checkers, books and monitor`;
  return [
    {
      title,
      columns: ["", "all", "heap", "buffers"],
      rows: profiles.map(({ name, heap, buffers }) => [name, figure(heap + buffers), figure(heap), figure(buffers)]),
    },
    ...profiles.map(({ name, kinds }) => ({
      title: `${name}: what the heap is made of`,
      columns: ["", "bytes"],
      rows: kinds.map(({ kind, bytes }) => [kind, figure(bytes)]),
    })),
  ];
}

/** Each figure is the median of its own. */
function medianOf({ name }: Profile, rounds: readonly UnitMemory[]): UnitMemory {
  const middle = (pick: (each: UnitMemory) => number): number => Math.round(median(rounds.map(pick)));
  const kinds = (rounds[0]?.kinds ?? []).map(({ kind }) => ({
    kind,
    bytes: middle((each) => each.kinds.find((other) => other.kind === kind)?.bytes ?? 0),
  }));
  return { name, heap: middle(({ heap }) => heap), buffers: middle(({ buffers }) => buffers), kinds };
}

function unitOf(name: string, small: Held, large: Held, units: number): UnitMemory {
  const share = (more: number, less: number): number => Math.round((more - less) / units);
  const kinds = Object.entries(large.kinds)
    .filter(([kind]) => kind !== "native")
    .map(([kind, bytes]) => ({ kind, bytes: share(bytes, small.kinds[kind] ?? 0) }))
    .filter(({ bytes }) => bytes >= leastTold);
  kinds.sort((one, other) => other.bytes - one.bytes);
  return { name, heap: share(large.heap, small.heap), buffers: share(large.buffers, small.buffers), kinds };
}

/** What a world of so many units holds after so many hours. */
export function heldBy(profile: string, units: number, hours: number): Held {
  const child = fileURLToPath(new URL("memory-child.ts", import.meta.url));
  const args = ["--expose-gc", ...readsTypeScript, child, profile, String(units), String(hours)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Held;
}
