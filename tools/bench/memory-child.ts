/** One world of the memory bench in a process of its own, which is started with `--expose-gc`; prints what it holds as JSON. */
import { text } from "node:stream/consumers";
import { getHeapSnapshot } from "node:v8";
import { Run } from "../../simulator/play.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { profiles, worldOf } from "./profiles.ts";

/** Bytes. */
export interface Held {
  /** Of V8's heap, and of buffers beside it. */
  readonly heap: number;
  readonly buffers: number;
  /** Of what stands in the heap, by kind as V8 names them. */
  readonly kinds: Readonly<Record<string, number>>;
}

interface Snapshot {
  readonly snapshot: { readonly meta: { readonly node_fields: string[]; readonly node_types: [string[]] } };
  readonly nodes: number[];
}

const [profileName = "", units = "", hours = ""] = process.argv.slice(2);
const profile = profiles.find(({ name }) => name === profileName);
if (profile === undefined) throw new Error(`there is no profile ${profileName}`);
const scenario = worldOf(profile, Number(units), Number(hours));
const run = new Run(scenario, { seed: 1, onProgress: () => {}, log: new RunLog(undefined) });
run.playUntil(scenario.durationMs);
const { gc } = globalThis as { gc?: () => void };
// Buffers are let go by a thread beside the first collection.
gc?.();
gc?.();
const { heapUsed, arrayBuffers } = process.memoryUsage();
const held: Held = { heap: heapUsed, buffers: arrayBuffers, kinds: kindsOf(JSON.parse(await text(getHeapSnapshot()))) };
process.stdout.write(JSON.stringify(held));
if (run.world.queue.nowMs < scenario.durationMs) throw new Error("the world ended early");

function kindsOf({ snapshot, nodes }: Snapshot): Held["kinds"] {
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const typeAt = fields.indexOf("type");
  const sizeAt = fields.indexOf("self_size");
  const kinds: Record<string, number> = {};
  for (let i = 0; i < nodes.length; i += fields.length) {
    const kind = types[0][nodes[i + typeAt] as number] as string;
    kinds[kind] = (kinds[kind] ?? 0) + (nodes[i + sizeAt] as number);
  }
  return kinds;
}
