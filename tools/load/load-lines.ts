/** What a load shows on a terminal: a line with a bar for each second, and the sums at its end. */
import type { Found, Played } from "./play-load.ts";
import { isClean, isSenderLimited } from "./play-load.ts";
import type { LoadSecond } from "./tally.ts";
import type { WaitFigures } from "./waits.ts";

const barWidth = 20;

/** `  3 s    500 sent ██████████████████▌  200 in 0.4 ms, mrs in 151 ms, 38 open`; the bar is full at the rate asked for. */
export function secondLine(second: LoadSecond, openCount: number, rate: number): string {
  const filled = rate === 0 ? 0 : Math.min(barWidth, Math.round((second.sent * barWidth) / rate));
  const bar = "█".repeat(filled).padEnd(barWidth, "░");
  const parts = [
    second.carriedIn.count === 0 ? "" : `200 in ${msText(second.carriedIn.medianMs)}`,
    second.acceptedIn.count === 0 ? "" : `accepted in ${msText(second.acceptedIn.medianMs)}`,
    second.again === 0 ? "" : `${figure(second.again)} again`,
    second.refused === 0 ? "" : `${figure(second.refused)} refused`,
    second.lost === 0 ? "" : `${figure(second.lost)} lost`,
    second.unsent === 0 ? "" : `${figure(second.unsent)} held back`,
    openCount === 0 ? "" : `${figure(openCount)} open`,
  ].filter((part) => part !== "");
  return `${String(second.second + 1).padStart(4)} s ${figure(second.sent).padStart(8)} sent ${bar} ${parts.join(", ")}`;
}

/** The end of a steady load. */
export function playedLines(played: Played): readonly string[] {
  return [
    `${figure(played.sent)} messages in ${(played.tookMs / 1000).toFixed(1)} s, ${figure(Math.round(played.offeredRate))} a second of ${figure(Math.round(played.rate))} asked for`,
    `carried   ${figure(played.carried).padStart(9)}  ${waitText(played.carriedIn)}`,
    `accepted  ${figure(played.accepted).padStart(9)}  ${waitText(played.acceptedIn)}`,
    `sent again ${figure(played.again)}, refused ${figure(played.refused)}, lost ${figure(played.lost)}, held back ${figure(played.unsent)}`,
  ];
}

/** One rate of a search. */
export function stepLine(played: Played): string {
  const word = isClean(played)
    ? isSenderLimited(played)
      ? "clean, but this sender is at its end"
      : "clean"
    : "not clean";
  const { sent, carried, accepted, lost, again } = played;
  return `${figure(Math.round(played.rate)).padStart(9)} a second: ${word}; ${figure(sent)} sent, ${figure(carried)} carried, ${figure(accepted)} accepted, ${figure(lost)} lost, ${figure(again)} again`;
}

const limits: Readonly<Record<Found["limit"], string>> = {
  receiver: "at the next step a message was lost, refused or sent again",
  sender: "this sender could not offer more: the receiver may take more",
  "last-rate": "the last rate that was asked for: the receiver may take more",
  stopped: "interrupted",
};

export function foundLine({ cleanRate, limit }: Found): string {
  return cleanRate === 0
    ? "no rate was clean: begin lower"
    : `highest clean rate ${figure(cleanRate)} a second: ${limits[limit]}`;
}

function waitText({ count, medianMs, p90Ms, p99Ms, mostMs }: WaitFigures): string {
  if (count === 0) return "";
  return `half within ${msText(medianMs)}, 90 % ${msText(p90Ms)}, 99 % ${msText(p99Ms)}, all ${msText(mostMs)}`;
}

function msText(ms: number): string {
  return ms < 10 ? `${ms.toFixed(2)} ms` : ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function figure(value: number): string {
  return value.toLocaleString("en");
}
