/** The files of a ring run: fleet, state, and what receivers heard; and what a state says to people. */
import { existsSync, rmSync } from "node:fs";
import { z } from "zod";
import type { RegistryUnit } from "../../simulator/monitor/registry.ts";
import { readLogLine } from "../../simulator/outage/receiver-log.ts";
import { registryIn } from "../fleet-input.ts";
import { jsonText, readJson, writeWhole } from "../provision/files.ts";
import { UserError } from "../user-error.ts";
import { newRun, type RingRun, type RunState, runSchema } from "./ring-run.ts";
import type { FleetUnit, RingPlan } from "./rings.ts";

const stateHint = "a file that `livlina ota run` has written";
/** SS 91100 annexes A and C: the unit itself, not as it should be, or at fault: it starts over and over, or its self-check has found something. */
const localUnit = 2;
const troubleCodes: readonly (number | undefined)[] = [67, 68];

/** Throws UserError (2). */
export function fleetIn(path: string): FleetUnit[] {
  const units = registryIn(path);
  if (units.length === 0) throw new UserError(`${path}: no units`, "a registry with a line for each unit", 2);
  return units.map(fleetUnit);
}

function fleetUnit({ cid, receivers, operator, broadband, power }: RegistryUnit): FleetUnit {
  const shares = [
    receivers[0] === undefined ? "" : `receiver ${receivers[0]}`,
    operator === "" ? "" : `operator ${operator}`,
    broadband === "" ? "" : `broadband ${broadband}`,
    power === "" ? "" : `power ${power}`,
  ];
  return { cid, shares: shares.filter((share) => share !== "") };
}

/** The state in the file, where it is of this release; else a new one. Throws UserError: 2 for another release or another fleet. */
export function stateFor(path: string, version: string, sha256: string, plan: readonly RingPlan[]): RunState {
  if (!existsSync(path)) return newRun(version, sha256, plan);
  const state = readState(path);
  if (state.sha256 !== sha256)
    throw new UserError(`${path} is of release ${state.version}`, "another --state for another release", 2);
  const known = new Set(state.units.map(({ cid }) => cid));
  const fresh = newRun(version, sha256, plan).units.filter(({ cid }) => !known.has(cid));
  // Who has come since belongs to the last ring: it is the one that everybody is in.
  return { ...state, units: [...state.units, ...fresh.map((unit) => ({ ...unit, ring: state.rings.length - 1 }))] };
}

/** Throws UserError (2). */
export function readState(path: string): RunState {
  return readJson(path, runSchema, stateHint);
}

const orderSchema = z.discriminatedUnion("order", [
  z.strictObject({ order: z.literal("stop"), why: z.string() }),
  z.strictObject({ order: z.literal("go-on") }),
]);
export type RunOrder = z.infer<typeof orderSchema>;

/** For the process that runs the rings, in a file beside its state: it obeys within seconds, or when it is started again. Throws UserError (3). */
export function giveOrder(path: string, order: RunOrder): void {
  writeWhole(`${path}.order`, jsonText(order));
}

/** What was ordered since, once. Throws UserError (2). */
export function takeOrder(path: string): RunOrder | undefined {
  const place = `${path}.order`;
  if (!existsSync(place)) return undefined;
  const order = readJson(place, orderSchema, "what `livlina ota stop` has written");
  rmSync(place);
  return order;
}

/** Throws UserError (3). */
export function writeState(path: string, state: RunState): void {
  writeWhole(path, jsonText(state));
}

/** A line of `livlina receiver --json --signs`: what it says of a unit of the run. Anything else says nothing. */
export function hearLine(run: RingRun, text: string, nowMs: number): void {
  const line = readLogLine(text, "receiver");
  if (line.kind === "sign" && "cid" in line.sign) run.sign(line.sign.cid, nowMs, undefined);
  if (line.kind !== "event") return;
  const { cid, dty, stc } = line.event;
  run.sign(cid, nowMs, dty === localUnit && troubleCodes.includes(stc) ? `told of fault ${dty}/${stc}` : undefined);
}

export interface RingCounts {
  readonly name: string;
  readonly units: number;
  readonly waiting: number;
  readonly offered: number;
  readonly kept: number;
  readonly failed: number;
  readonly opened: string | null;
  readonly through: string | null;
}

export interface StateSummary {
  readonly version: string;
  readonly verdict: "under way" | "stopped" | "done";
  readonly why: string;
  readonly rings: readonly RingCounts[];
  readonly failed: readonly { readonly cid: string; readonly why: string }[];
}

export function summaryOf(state: RunState): StateSummary {
  const rings = state.rings.map(({ name, openedMs, throughMs }, at) => {
    const own = state.units.filter(({ ring }) => ring === at);
    const count = (where: string): number => own.filter((unit) => unit.at === where).length;
    return {
      name,
      units: own.length,
      waiting: count("waiting"),
      offered: count("offered"),
      kept: count("kept"),
      failed: count("failed"),
      opened: instant(openedMs),
      through: instant(throughMs),
    };
  });
  const isDone = state.rings.every(({ throughMs }) => throughMs > 0);
  return {
    version: state.version,
    verdict: state.stopped !== "" ? "stopped" : isDone ? "done" : "under way",
    why: state.stopped,
    rings,
    failed: state.units.filter(({ at }) => at === "failed").map(({ cid, why }) => ({ cid, why })),
  };
}

/** For people, a line for each ring. */
export function summaryText(summary: StateSummary): string {
  const lines = summary.rings.map(
    ({ name, units, waiting, offered, kept, failed }) =>
      `${name}: ${units} units, ${kept} kept, ${offered} under way, ${failed} failed, ${waiting} waiting`,
  );
  const why = summary.why === "" ? "" : `: ${summary.why}`;
  const failed = summary.failed.slice(0, 20).map(({ cid, why }) => `  ${cid}: ${why}`);
  return [`release ${summary.version}: ${summary.verdict}${why}`, ...lines, ...failed].join("\n");
}

function instant(atMs: number): string | null {
  return atMs === 0 ? null : new Date(atMs).toISOString();
}
