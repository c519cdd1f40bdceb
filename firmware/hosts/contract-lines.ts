/** Runs a contract on a board and tells it over a serial line, one line a check: "contract held|broken|skipped NAME", with what was seen. */

import { utf8 } from "../../protocol/text/utf8.ts";
import type { Clock } from "../ports/clock.ts";
import { Contract, type PortCheck, type Verdict } from "../ports/contract.ts";
import type { Flash } from "../ports/flash.ts";
import type { OpenSerial, Serial } from "../ports/serial.ts";
import type { SerialWiring } from "./board.ts";

interface TellingHost {
  readonly clock: Clock;
  readonly flash: Flash;
  readonly openServiceLine?: OpenSerial | undefined;
}

/** The last sector of the journal is erased and written: a contract runs before a device is given its first life. */
export function tellContract<H extends TellingHost>(
  host: H,
  checks: readonly PortCheck<H>[],
  wiring: SerialWiring | undefined,
): void {
  const open = host.openServiceLine;
  if (open === undefined || wiring === undefined) throw new Error("contract: the board has no service line");
  const line = open({ baud: wiring.baud, onReadable: () => {} });
  const bench = { host, spareSector: host.flash.sectorCount - 1, isLooped: false };
  new Contract(host.clock, checks, bench, {
    onVerdict: (name, verdict) => tell(line, lineOf(name, verdict)),
    onEnd: (broken) => tell(line, "contract end " + broken),
  });
}

function lineOf(name: string, verdict: Verdict): string {
  return "contract " + verdict.result + " " + name + (verdict.why === "" ? "" : ": " + verdict.why);
}

function tell(line: Serial, text: string): void {
  line.write(utf8(text + "\r\n"));
}
