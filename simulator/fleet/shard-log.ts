/**
 * The towns of a fleet that are finished, kept in its folder as they come: one line each, on the disk before the next, so that
 * whatever ends the run, those are there. A line that was cut off is none.
 */
import * as node from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type FileSystem, openFolder, UnwritableError, writeWhole } from "../report/files.ts";
import { codeVersion } from "./code-version.ts";
import { type FleetPlan, fleetPlan, idOf } from "./fleet-plan.ts";
import { type PlayedShard, playedShard } from "./shard-result.ts";

export const planName = "fleet.json";
export const shardsName = "shards.jsonl";
const lineBreak = 0x0a;
const chunkBytes = 64 * 1_024;
/** A town's line is a few kilobytes; what is longer was not written by us. */
const longestLine = 16 * 1_024 * 1_024;

const head = z.strictObject({ code: z.string(), id: z.string(), plan: fleetPlan });
/** What stands in the folder of a fleet that was begun. */
export type FleetHead = z.infer<typeof head>;

/** Undefined where no fleet was begun, or by a version that wrote it otherwise. */
export function headIn(folder: string): FleetHead | undefined {
  try {
    return head.safeParse(JSON.parse(node.readFileSync(join(folder, planName), "utf8"))).data;
  } catch {
    // No such file, or half of one from elsewhere: neither is a fleet of ours.
    return undefined;
  }
}

export class ShardLog {
  private readonly path: string;
  private readonly files: FileSystem;
  private handle: number;

  private constructor(path: string, handle: number, files: FileSystem) {
    this.path = path;
    this.handle = handle;
    this.files = files;
  }

  /** A fleet is begun: towns of another are gone. Throws UnwritableError. */
  static begin(folder: string, plan: FleetPlan, files: FileSystem = node): ShardLog {
    openFolder(folder, files);
    const path = join(folder, shardsName);
    // The plan goes first and comes last, so that no towns stand under a plan that is not theirs.
    return guarded(path, () => {
      files.rmSync(join(folder, planName), { force: true });
      const log = new ShardLog(path, files.openSync(path, "w"), files);
      const told: FleetHead = { code: codeVersion(), id: idOf(plan), plan };
      writeWhole(join(folder, planName), `${JSON.stringify(told)}\n`, files);
      return log;
    });
  }

  /** Goes on where a run was ended, and tells each town that is there. Throws UnwritableError. */
  static goOn(folder: string, onShard: (played: PlayedShard) => void): ShardLog {
    const path = join(folder, shardsName);
    return guarded(path, () => {
      const whole = node.existsSync(path) ? readShards(path, onShard) : 0;
      const handle = node.openSync(path, "a");
      node.ftruncateSync(handle, whole);
      return new ShardLog(path, handle, node);
    });
  }

  /** On the disk when this returns. Throws UnwritableError. */
  append(played: PlayedShard): void {
    const bytes = Buffer.from(`${JSON.stringify(played)}\n`, "utf8");
    guarded(this.path, () => {
      for (let at = 0; at < bytes.length; ) at += this.files.writeSync(this.handle, bytes, at);
      this.files.fsyncSync(this.handle);
    });
  }

  close(): void {
    this.files.closeSync(this.handle);
  }
}

/** Tells each whole line that is a town's, and answers how many bytes they take; reading ends at the first that is none. */
export function readShards(path: string, onShard: (played: PlayedShard) => void): number {
  const handle = node.openSync(path, "r");
  const chunk = Buffer.alloc(chunkBytes);
  let rest = Buffer.alloc(0);
  let whole = 0;
  try {
    for (let got = node.readSync(handle, chunk); got > 0; got = node.readSync(handle, chunk)) {
      rest = Buffer.concat([rest, chunk.subarray(0, got)]);
      for (let end = rest.indexOf(lineBreak); end >= 0; end = rest.indexOf(lineBreak)) {
        const played = shardIn(rest.subarray(0, end).toString("utf8"));
        if (played === undefined) return whole;
        onShard(played);
        whole += end + 1;
        rest = rest.subarray(end + 1);
      }
      if (rest.length > longestLine) return whole;
    }
    return whole;
  } finally {
    node.closeSync(handle);
  }
}

function shardIn(line: string): PlayedShard | undefined {
  try {
    return playedShard.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof UnwritableError || (thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
    throw new UnwritableError(path, thrown);
  }
}
