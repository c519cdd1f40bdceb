/** The full test of a unit that was handed back, before it goes into store: every part, path and button, and what its log tells. */
import type { LifeWord } from "../../protocol/console/orders.ts";
import { UserError } from "../user-error.ts";
import type { Desk } from "./desk.ts";
import { examineWithLog, troublesIn } from "./examination.ts";
import type { ServiceLink } from "./service-link.ts";
import { walkRoom } from "./walk.ts";

export interface TestedPart {
  readonly what: string;
  readonly passed: boolean;
  readonly found: string;
}

export interface ReturnTest {
  readonly verdict: "pass" | "repair";
  readonly life: LifeWord;
  readonly parts: readonly TestedPart[];
}

const logLimit = 20_000;
const buttonMs = 60_000;

/** Asks for a press of every button, which is no alarm. Throws UserError (4) while an alarm waits. */
export async function returnTest(link: ServiceLink, desk: Desk, patienceMs = buttonMs): Promise<ReturnTest> {
  const { examination, log } = await examineWithLog(link, false, logLimit);
  if (examination.status.pending > 0)
    throw new UserError("an alarm waits for its acceptance", "see to the alarm first", 4);
  const parts: TestedPart[] = [];
  for (const { part, result, code } of examination.checks ?? [])
    parts.push({ what: part, passed: result !== "failed", found: result === "failed" ? `fault E${code}` : result });
  for (const { route, receiver, result } of examination.paths ?? [])
    parts.push({ what: `${route} ${receiver}`, passed: result === "accepted", found: result });
  for (const { what } of examination.reasons)
    if (what.startsWith("battery-")) parts.push({ what: "battery", passed: false, found: what });
  const troubles = troublesIn(log);
  parts.push({
    what: "log",
    passed: troubles.length === 0,
    found: troubles.length === 0 ? `${log.length} events` : troubles.map(({ what }) => what).join(" "),
  });
  for (const device of examination.devices) {
    if (device.state === "revoked") continue;
    const walked = await walkRoom({
      link,
      desk,
      place: device.place,
      word: "return",
      name: device.did,
      presses: 1,
      patienceMs,
    }).catch((thrown: unknown) => {
      // What cannot be pressed has no walk.
      if (thrown instanceof UserError && thrown.exitCode === 1) return undefined;
      throw thrown;
    });
    const heard = walked === undefined || walked.presses > 0;
    const found =
      walked === undefined ? "no button" : heard ? `heard, ${walked.margin} dB above the limit` : "not heard";
    const isLow = device.lacks === "battery" || device.lacks === "both";
    parts.push({
      what: `device ${device.did}`,
      passed: heard && !isLow,
      found: isLow ? `${found}, battery low` : found,
    });
  }
  return { verdict: parts.every(({ passed }) => passed) ? "pass" : "repair", life: examination.state.life, parts };
}
