/**
 * Withdrawals (SS 91100 table 1, `RE`): none but the wearer's own cancel (status 0019) takes back what a receiver has
 * accepted, nobody's call is cancelled who did not ask for it, and what was withdrawn is not raised again under its reference.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { AlarmSight, SeenAlarm } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";

export const withdrawalsCheck = "withdrawals";

/** SCAIP status code (SS 91100 annex C). */
const cancelled = 19;
const stemLength = 12;

export class Withdrawals implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  /** By unit: whether somebody there has taken anything back: the cancel key, or the gesture after a fall. */
  private readonly tookBack: boolean[];
  /** By unit: references that were withdrawn, and those that were blamed already. */
  private readonly withdrawn: Set<string>[];
  private readonly blamed: Set<string>[];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[]) {
    this.sight = sight;
    this.residents = residents;
    this.tookBack = residents.map(() => false);
    this.withdrawn = residents.map(() => new Set<string>());
    this.blamed = residents.map(() => new Set<string>());
    this.findings = new Findings();
    sight.listen((atMs, unit, request) => this.requested(atMs, unit, request));
  }

  keyTouched(_atMs: number, unit: number, key: string): void {
    if (key === "cancel") this.tookBack[unit] = true;
  }

  fell(_atMs: number, unit: number, _button: number, taken: "felt" | "taken-back"): void {
    if (taken === "taken-back") this.tookBack[unit] = true;
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(
      withdrawalsCheck,
      "nothing that was accepted is withdrawn but by the wearer, and nothing comes back under a withdrawn reference",
    );
  }

  private requested(atMs: number, unit: number, { mty, ref, stc }: ScaipRequest): void {
    const withdrawn = this.withdrawn[unit];
    if (withdrawn === undefined) return;
    if (mty === "RE") {
      withdrawn.add(ref);
      const alarm = this.alarmOf(unit, ref);
      if (stc !== cancelled && alarm?.acceptedRefs.has(ref) === true)
        this.blame(atMs, unit, ref, "withdrawn although a receiver has accepted it");
      if (stc === cancelled && this.tookBack[unit] !== true)
        this.blame(atMs, unit, ref, "cancelled, and nobody has taken anything back");
    } else if (mty !== "IN" && withdrawn.has(ref)) this.blame(atMs, unit, ref, "raised again after its withdrawal");
  }

  private alarmOf(unit: number, ref: string): SeenAlarm | undefined {
    return this.sight.alarms[unit]?.find(({ stem }) => stem === ref.slice(0, stemLength));
  }

  private blame(atMs: number, unit: number, ref: string, what: string): void {
    const blamed = this.blamed[unit];
    if (blamed === undefined || blamed.has(ref)) return;
    blamed.add(ref);
    this.findings.add(`${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${ref} was ${what}`);
  }
}
