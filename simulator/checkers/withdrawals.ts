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
/** What a modem was being given may leave after what went another way. */
const handedOverMs = 1_000;
/** What a unit has heard so short before its power went may be in no memory of it. */
const tornMs = 2_000;

export class Withdrawals implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  /** By unit: whether somebody there has taken anything back: the cancel key, or the gesture after a fall. */
  private readonly tookBack: boolean[];
  /** By unit: instants at which it lost power. */
  private readonly cuts: number[][];
  /** By unit: references that were withdrawn, with the instant at which that first left, and those that were blamed already. */
  private readonly withdrawn: Map<string, number>[];
  private readonly blamed: Set<string>[];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[]) {
    this.sight = sight;
    this.residents = residents;
    this.tookBack = residents.map(() => false);
    this.cuts = residents.map(() => []);
    this.withdrawn = residents.map(() => new Map<string, number>());
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

  stopped(atMs: number, unit: number): void {
    this.cuts[unit]?.push(atMs);
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
      if (withdrawn.has(ref)) return;
      withdrawn.set(ref, atMs);
      const alarm = this.alarmOf(unit, ref);
      const isKnown = alarm?.knownRefs.has(ref) === true;
      if (stc !== cancelled && alarm !== undefined && isKnown && !this.isTorn(unit, alarm))
        this.blame(atMs, unit, ref, "withdrawn although a receiver has accepted it");
      if (stc === cancelled && this.tookBack[unit] !== true)
        this.blame(atMs, unit, ref, "cancelled, and nobody has taken anything back");
    } else if (mty !== "IN" && atMs > (withdrawn.get(ref) ?? atMs) + handedOverMs)
      this.blame(atMs, unit, ref, "raised again after its withdrawal");
  }

  private isTorn(unit: number, { acceptedMs }: SeenAlarm): boolean {
    return (this.cuts[unit] ?? []).some((cutMs) => acceptedMs.some((atMs) => cutMs >= atMs && cutMs - atMs <= tornMs));
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
