/** What a fault of a link does to its datagrams and to the time that it tells: each key only where it means something. */
import type { FaultEntry } from "./scenario-faults.ts";
import type { Complain, FilePath } from "./scenario-names.ts";
import { parseClockErrorMs, parseDurationMs, parseSharePpm } from "./scenario-units.ts";

type LinkEntry = Extract<FaultEntry, { readonly delay?: string | undefined }>;

export interface LinkEffect {
  readonly extraDelayMs: number;
  readonly lossPpm: number;
  readonly clockErrorMs?: number;
}

const usualDelay: { readonly [fault: string]: string } = { slow: "2s", congested: "3s" };
const usualLoss: { readonly [fault: string]: string } = { lossy: "30 %", congested: "20 %" };
const usualClock: { readonly [fault: string]: string } = { "wrong-time": "1h ahead" };

export function linkEffect(entry: LinkEntry, at: FilePath, complain: Complain): LinkEffect {
  const { fault, delay, loss } = entry;
  const clock = "clock" in entry ? entry.clock : undefined;
  if (fault === "gone" && entry.to !== undefined)
    complain([...at, "to"], "what is gone does not come back", 'leave out "to", or write "fault: down"');
  belongs("delay", delay, usualDelay);
  belongs("loss", loss, usualLoss);
  belongs("clock", clock, usualClock);
  if ("generation" in entry && entry.generation !== undefined && fault === "wrong-time")
    complain([...at, "generation"], "an operator tells one time in all its generations");
  const lossText = usualLoss[fault] && (loss ?? usualLoss[fault]);
  const lossPpm = lossText === undefined ? 0 : parseSharePpm(lossText);
  if (lossPpm === undefined) complain([...at, "loss"], "expected a share from 0 % to 100 %");
  const delayText = usualDelay[fault] && (delay ?? usualDelay[fault]);
  const clockText = usualClock[fault] && (clock ?? usualClock[fault]);
  const effect = {
    extraDelayMs: delayText === undefined ? 0 : (parseDurationMs(delayText) ?? 0),
    lossPpm: lossPpm ?? 0,
  };
  return clockText === undefined ? effect : { ...effect, clockErrorMs: parseClockErrorMs(clockText) ?? 0 };

  function belongs(key: string, value: string | undefined, usual: { readonly [fault: string]: string }): void {
    if (value === undefined || usual[fault] !== undefined) return;
    const words = Object.keys(usual).map((word) => `"fault: ${word}"`);
    complain([...at, key], `"${key}" belongs to ${words.join(" or ")}`);
  }
}
