/**
 * Withdrawals (SS 91100 table 1, `RE`): none but the wearer's own cancel (status 0019) takes back what a receiver has
 * accepted, that takes it back from each of them, nobody's call is cancelled who did not ask for it, and what was withdrawn is
 * not raised again under its reference.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { AlarmSight, SeenAlarm } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

export const withdrawalsCheck = "withdrawals";

/** SCAIP status code (SS 91100 annex C). */
const cancelled = 19;
const stemLength = 12;
/** What a modem was being given may leave after what went another way. */
const handedOverMs = 1_000;
/** What a unit has heard so short before its power went may be in no memory of it. */
const tornMs = 2_000;
/** Device type of a fall detector (SS 91100 annex A). */
const fallDetector = 5;
/** For so long after its acceptance an alarm without a call is open; the gesture needs a moment to get to the unit. */
const openMs = 110_000;
/** A withdrawal is tried again for a day, at times that grow to ten minutes. */
const debtMs = 11 * 60_000;

/** A fall that its wearer has taken back by a gesture that the unit has acknowledged. */
interface TakenBack {
  readonly atMs: number;
  readonly unit: number;
  readonly button: number;
  /** Nothing else was done with that button for as long as an alarm is open: a press after a fall asks for help, whatever follows. */
  readonly isPlain: boolean;
  isHeard: boolean;
}

export class Withdrawals implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  private readonly gestures: TakenBack[];
  /** Instants at which a button was pressed, felt a fall or got a battery, without which it forgets the fall; by unit and button. */
  private readonly touches: Map<string, number[]>;
  /** By unit: whether somebody there has taken anything back: the cancel key, or the gesture after a fall. */
  private readonly tookBack: boolean[];
  /** By unit: instants at which it lost power. */
  private readonly cuts: number[][];
  /** By unit: references that were withdrawn, with the instant at which that first left, and those that were blamed already. */
  private readonly withdrawn: Map<string, number>[];
  private readonly blamed: Set<string>[];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[], hindrances: Hindrances) {
    this.sight = sight;
    this.residents = residents;
    this.hindrances = hindrances;
    this.gestures = [];
    this.touches = new Map();
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

  fell(atMs: number, unit: number, button: number, taken: "felt" | "taken-back"): void {
    if (taken === "felt") {
      this.touched(atMs, unit, button);
      return;
    }
    this.tookBack[unit] = true;
    const lately = this.touches.get(`${unit} ${button}`)?.filter((each) => each > atMs - openMs) ?? [];
    this.gestures.push({ atMs, unit, button, isPlain: lately.length <= 1, isHeard: false });
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.touched(atMs, unit, button);
  }

  batteryFitted(atMs: number, unit: number, button: number): void {
    this.touched(atMs, unit, button);
  }

  private touched(atMs: number, unit: number, button: number): void {
    const key = `${unit} ${button}`;
    const touches = this.touches.get(key);
    if (touches === undefined) this.touches.set(key, [atMs]);
    else touches.push(atMs);
  }

  buttonShowed(_atMs: number, unit: number, button: number, signal: string): void {
    if (signal !== "received") return;
    for (const gesture of this.gestures) if (gesture.unit === unit && gesture.button === button) gesture.isHeard = true;
  }

  stopped(atMs: number, unit: number): void {
    this.cuts[unit]?.push(atMs);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    for (const gesture of this.gestures) if (gesture.isHeard && gesture.isPlain) this.judge(gesture, endMs);
    return this.findings.verdict(
      withdrawalsCheck,
      "nothing that was accepted is withdrawn but by the wearer, that from everybody, and nothing comes back under a withdrawn reference",
    );
  }

  /** Who had accepted the fall when it was taken back, a moment ago or two, is told so. */
  private judge({ atMs, unit, button }: TakenBack, endMs: number): void {
    const resident = this.residents[unit];
    if (resident === undefined || this.hindrances.isCutOff(resident, Math.max(atMs, endMs - debtMs), endMs)) return;
    for (const alarm of this.sight.alarms[unit] ?? []) {
      const isOpen = alarm.acceptedMs.every((each) => each < atMs - tornMs && each > atMs - openMs);
      if (alarm.button !== button || !isFall(alarm) || !isOpen || this.isTorn(unit, alarm)) continue;
      for (const ref of alarm.knownRefs)
        if (alarm.sessions.get(ref) === "open")
          this.blame(atMs, unit, ref, "taken back by its wearer, and whoever has accepted it never heard of that");
    }
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

function isFall({ source }: SeenAlarm): boolean {
  return source.split(" ")[1] === String(fallDetector);
}
