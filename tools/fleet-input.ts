/** What `livlina fleet` and `livlina monitor` read: registries, ticks, receivers' logs and the folders of runs. Mistakes are told by line, with exit code 2. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { learnedUnit, type RegistryUnit, readRegistry } from "../simulator/monitor/registry.ts";
import { ControlRoom } from "../simulator/outage/control-room.ts";
import { LogFeed, readLogLine } from "../simulator/outage/receiver-log.ts";
import { type FiledTick, readTicks } from "../simulator/outage/ticks.ts";
import { systemReason } from "./system-reason.ts";
import { UserError } from "./user-error.ts";

const logHint = "lines of `livlina receiver --json`, or the folder of a run";
const clockStepMs = 60_000;

/** Throws UserError. */
export function registryIn(path: string): readonly RegistryUnit[] {
  const read = readRegistry(textOf(path));
  if (read.ok) return read.units;
  const faults = read.faults.map(({ line, why }) => `${path}:${line}: ${why}`).join("\n");
  throw new UserError(faults, "a CSV file with a column cid; every run writes a registry.csv to look at", 2);
}

/** Throws UserError. */
export function ticksIn(path: string, startWallMs: number): readonly FiledTick[] {
  const read = readTicks(textOf(path), startWallMs);
  if (read.ok) return read.ticks;
  throw new UserError(`${path}:${read.line}: ${read.why}`, "lines like 4607110231,rung,Anna,2026-01-14 08:30", 2);
}

/** The receiver's name for logs that say none: what most units have as their first. */
export function receiverName(units: readonly RegistryUnit[]): string {
  return units.find(({ receivers }) => receivers.length > 0)?.receivers[0] ?? "receiver";
}

export function isRunFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** What stands in that file of a run's folder. Throws UserError where it is missing, or no JSON. */
export function jsonIn<T>(folder: string, name: string): T {
  const path = inFolder(folder, name);
  try {
    return JSON.parse(textOf(path)) as T;
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(`${path} is no JSON`, "play the run anew: livlina sim run", 2);
  }
}

/** The file of a run's folder. Throws UserError where it is missing. */
export function inFolder(folder: string, name: string): string {
  const path = join(folder, name);
  if (!existsSync(path))
    throw new UserError(`${folder} has no ${name}`, "the folder that `livlina sim run --out DIR` has written", 2);
  return path;
}

export interface LogRead {
  readonly room: ControlRoom;
  readonly units: readonly RegistryUnit[];
  /** Instant of the last line, in ms since 1970. */
  readonly endMs: number;
}

/** One log after another is heard by a control room, whose clock is ms since 1970. Throws UserError. */
export function readLogs(paths: readonly string[], registry: readonly RegistryUnit[] | undefined): LogRead {
  const name = receiverName(registry ?? []);
  const lines = paths.flatMap((path) => linesOf(path, name)).sort((a, b) => a.t - b.t);
  const first = lines[0];
  if (first === undefined) throw new UserError(`${paths.join(", ")}: nothing of a receiver in it`, logHint, 2);
  const room = new ControlRoom({ startWallMs: 0, nowMs: first.t, onNotice: () => {} });
  const feed = new LogFeed(room);
  const units = new Map((registry ?? []).map((unit) => [unit.cid, unit]));
  for (const unit of units.values()) room.expect(unit, first.t);
  let endMs = first.t;
  for (const line of lines) {
    const cid = line.kind === "event" ? line.event.cid : "";
    if (registry === undefined && cid !== "" && !units.has(cid)) {
      const learned = learnedUnit(cid, line.receiver);
      units.set(cid, learned);
      room.expect(learned, line.t);
    }
    for (let atMs = endMs + clockStepMs; atMs < line.t; atMs += clockStepMs) room.pass(atMs);
    endMs = line.t;
    feed.take(line, line.t);
  }
  return { room, units: [...units.values()], endMs };
}

/** Throws UserError where it cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    throw new UserError(`${path} cannot be read: ${systemReason(thrown)}`, "an existing file", 2);
  }
}

type HeardLine = Exclude<ReturnType<typeof readLogLine>, { readonly kind: "other" | "bad" }>;

function linesOf(path: string, receiver: string): readonly HeardLine[] {
  const lines: HeardLine[] = [];
  const texts = textOf(path).split("\n");
  texts.forEach((text, index) => {
    const line = readLogLine(text, receiver);
    // What follows the last line end may still be half written.
    const isHalf = index === texts.length - 1;
    if (line.kind === "bad" && !isHalf) throw new UserError(`${path}:${index + 1}: ${line.why}`, logHint, 2);
    if (line.kind === "event" || line.kind === "sign") lines.push(line);
  });
  return lines;
}
