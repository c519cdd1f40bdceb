/** One attempt at a case: its time limit, its figures against their limits, and what its error says of device and rig. */
import { UnwritableError } from "../../simulator/report/files.ts";
import { UserError } from "../../tools/user-error.ts";
import { type CaseContext, CaseSkipped, type HilCase, type Measurement } from "./case.ts";
import type { Attempt, Outcome } from "./results.ts";
import { InterruptedError, LateError, messageOf, within } from "./within.ts";

/** A case can say no more than this; the logs in its folder hold the rest. */
export const saidLimit = 200;
/** A disk that takes no logs says nothing of the device. */
const diskTroubles = ["ENOSPC", "EDQUOT", "EROFS", "EIO", "EMFILE"];

export interface AttemptEnd {
  readonly attempt: Attempt;
  /** The case still runs, and may do anything: its rig cannot be used. */
  readonly isHanging: boolean;
}

/** What the run has ready for it, and where what it says goes at once. */
export type Prepared<B> = Omit<CaseContext<B>, "signal" | "note" | "measure"> & {
  readonly onNote: (text: string) => void;
  readonly onMeasured: (measurement: Measurement) => void;
};

/** Rejects only with UserError (4), which ends the whole run, or InterruptedError. */
export async function attemptOnce<B>(
  each: HilCase<B>,
  prepare: (signal: AbortSignal) => Promise<Prepared<B>>,
  graceMs: number,
  outer: AbortSignal,
): Promise<AttemptEnd> {
  const notes: string[] = [];
  const measurements: Measurement[] = [];
  /** The first, also where no more figures are kept. */
  let broken: string | undefined;
  const startMs = performance.now();
  const end = (outcome: Outcome, message: string, isHanging = false): AttemptEnd => ({
    attempt: { outcome, message, ms: Math.round(performance.now() - startMs), measurements, notes },
    isHanging,
  });
  try {
    await within({ limitMs: each.limitMs, graceMs }, outer, async (signal) => {
      const { onNote, onMeasured, ...ready } = await prepare(signal);
      await each.run({
        ...ready,
        signal,
        note: (text) => {
          if (notes.length < saidLimit) notes.push(text);
          onNote(text);
        },
        measure: (measurement) => {
          if (!keepsLimits(measurement)) broken ??= measurementText(measurement);
          if (measurements.length >= saidLimit) return;
          measurements.push(measurement);
          onMeasured(measurement);
        },
      });
    });
  } catch (thrown) {
    if (thrown instanceof InterruptedError || isRefusal(thrown)) throw thrown;
    if (thrown instanceof LateError) return end("fail", thrown.message, thrown.isHanging);
    return end(outcomeOf(thrown), textOf(thrown));
  }
  return broken === undefined ? end("pass", "") : end("fail", broken);
}

export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof UserError && thrown.exitCode === 4;
}

function outcomeOf(thrown: unknown): Outcome {
  if (thrown instanceof CaseSkipped) return "skipped";
  const { verdict, exitCode, code } = thrown as { verdict?: unknown; exitCode?: unknown; code?: unknown };
  if (verdict === "unknown" || verdict === "blocked" || exitCode === 3 || thrown instanceof UnwritableError)
    return "blocked";
  return typeof code === "string" && diskTroubles.includes(code) ? "blocked" : "fail";
}

/** With its place where it is nobody's verdict: then it is a mistake in the case. */
function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const isMistake = [TypeError, ReferenceError, RangeError].some((kind) => thrown instanceof kind);
  return isMistake ? (thrown.stack ?? thrown.message) : messageOf(thrown);
}

export function keepsLimits({ value, least, most }: Measurement): boolean {
  // A figure that is none keeps no limit.
  return !(Number.isNaN(value) || (least !== undefined && value < least) || (most !== undefined && value > most));
}

/** Such as "press to accepted 15 ms, more than 12 ms". */
export function measurementText({ name, value, unit, least, most }: Measurement): string {
  const told = `${name} ${value} ${unit}`;
  if (Number.isNaN(value)) return `${told}: no figure`;
  if (least !== undefined && value < least) return `${told}, less than ${least} ${unit}`;
  return most !== undefined && value > most ? `${told}, more than ${most} ${unit}` : told;
}
