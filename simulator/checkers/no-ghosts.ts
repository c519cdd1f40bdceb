/**
 * No ghosts: whoever calls for help has done something to call it. Frames and messages that are foreign, forged or played
 * again raise nothing, nor does a button that was taken out of use, so a unit never tells of more calls than people have made.
 */
import type { ButtonSignal } from "../../firmware/signals.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { VisitNews } from "../house/service-visits.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { TimelineStep } from "../scenario/timeline.ts";
import { type AlarmSight, isCallForHelp, type SeenAlarm } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";

export const noGhostsCheck = "no-ghosts";

const stemLength = 12;
const localUnit = 2;
const fixedTrigger = 4;
const fallDetector = 5;
const counted = /^pressed (\d+) times(;|$)/;

export class NoGhosts implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  private readonly timeline: readonly TimelineStep[];
  /** Acts that people have done, and alarms that came of such acts; by unit and source. */
  private readonly acts: Map<string, number>;
  private readonly alarms: Map<string, number>;
  /** Buttons that service people have taken out of use, as unit and place: whoever presses one calls nobody. */
  private readonly outOfUse: Set<string>;
  private readonly seen: Set<string>[];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[], timeline: readonly TimelineStep[] = []) {
    this.sight = sight;
    this.timeline = timeline;
    this.residents = residents;
    this.acts = new Map();
    this.alarms = new Map();
    this.outOfUse = new Set();
    this.seen = residents.map(() => new Set<string>());
    this.findings = new Findings();
    sight.listen((atMs, unit, request) => this.requested(atMs, unit, request));
  }

  happened(_atMs: number, unit: number, what: Partial<VisitNews>): void {
    if (what.type !== "visit" || what.outcome !== "done") return;
    if (what.act?.type === "revoke") this.outOfUse.add(`${unit} ${what.act.place}`);
    else if (what.act?.type === "pair") this.outOfUse.delete(`${unit} ${what.act.place}`);
  }

  pressed(_atMs: number, unit: number, button: number): void {
    if (this.outOfUse.has(`${unit} ${button}`)) return;
    bump(this.acts, `${unit} press ${button}`);
    bump(this.acts, `${unit} any`);
  }

  fell(_atMs: number, unit: number, button: number, taken: "felt" | "taken-back"): void {
    if (taken === "taken-back" || this.outOfUse.has(`${unit} ${button}`)) return;
    bump(this.acts, `${unit} fall ${button}`);
    bump(this.acts, `${unit} any`);
  }

  keyTouched(_atMs: number, unit: number): void {
    bump(this.acts, `${unit} keys`);
    bump(this.acts, `${unit} any`);
  }

  accessoryActed(_atMs: number, unit: number, did: string): void {
    bump(this.acts, `${unit} device ${did}`);
    bump(this.acts, `${unit} any`);
  }

  /** Whoever is told that a button is of no use looks for another one. */
  buttonShowed(atMs: number, unit: number, button: number, signal: ButtonSignal): void {
    if (signal !== "of-no-use" || this.mayBeOfNoUse(atMs, unit, button)) return;
    const name = this.residents[unit]?.name ?? "";
    this.findings.add(`${name}, ${instant(atMs)}: button ${button} says that it is of no use, and nobody took it out`);
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(noGhostsCheck, "no unit tells of a call for help that nobody has made");
  }

  private requested(atMs: number, unit: number, { mty, ref, dty, stc, ite, did }: ScaipRequest): void {
    const stem = ref.slice(0, stemLength);
    if (mty === "IN") this.updated(atMs, unit, stem, ite);
    const seen = this.seen[unit];
    if (mty === "IN" || mty === "RE" || seen === undefined || seen.has(stem) || !isCallForHelp(dty, stc)) return;
    seen.add(stem);
    const alarm = this.sight.alarms[unit]?.find((one) => one.stem === stem);
    if (alarm === undefined || this.isKnown(unit, alarm)) return;
    const source = this.sourceOf(unit, alarm, dty, did);
    bump(this.alarms, source.key);
    const made = this.acts.get(source.key) ?? 0;
    const told = this.alarms.get(source.key) ?? 0;
    if (told > made)
      this.findings.add(
        `${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${stem} is call ${told} of ${source.name}, which was used ${times(made)}`,
      );
  }

  /** It stays in use until somebody takes it out, or until a call of the one that replaces it was accepted. */
  private mayBeOfNoUse(atMs: number, unit: number, place: number): boolean {
    const { name, bonds = [], delivered = [] } = this.residents[unit] ?? {};
    const bond = bonds[place - 1];
    if (bond === undefined || !delivered.includes(bond)) return true;
    const isReplaced = this.sight.alarms[unit]?.some(
      ({ button = 0, acceptedMs }) =>
        button !== place && bonds[button - 1]?.person === bond.person && acceptedMs.length > 0,
    );
    return (
      isReplaced === true ||
      this.timeline.some(
        (step) =>
          "visit" in step &&
          step.atMs <= atMs &&
          step.visit.unit === name &&
          step.visit.acts.some((act) => act.type === "life" || (act.type === "revoke" && act.place === place)),
      )
    );
  }

  /** How often was pressed is told to the one who answers: never more than it was. */
  private updated(atMs: number, unit: number, stem: string, ite: string | undefined): void {
    const match = ite === undefined ? null : counted.exec(ite);
    const alarm = this.sight.alarms[unit]?.find((one) => one.stem === stem);
    if (match === null || alarm?.button === undefined || alarm.button === 0) return;
    const told = Number(match[1]);
    const did = alarm.source.slice(0, alarm.source.indexOf(" "));
    let made = 0;
    for (const act of [`press ${alarm.button}`, `fall ${alarm.button}`, `device ${did}`])
      made += this.acts.get(`${unit} ${act}`) ?? 0;
    if (told > made)
      this.findings.add(
        `${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${stem} tells of ${told} presses of button ${alarm.button}, pressed ${times(made)}`,
      );
  }

  /** One press of one button is one call, under however many names it is told. */
  private isKnown(unit: number, alarm: SeenAlarm): boolean {
    if (alarm.pressedMs === undefined) return false;
    return (this.sight.alarms[unit] ?? []).some(
      (one) => one !== alarm && one.source === alarm.source && one.pressedMs === alarm.pressedMs,
    );
  }

  private sourceOf(
    unit: number,
    { button }: SeenAlarm,
    dty: number | undefined,
    did: string | undefined,
  ): { readonly key: string; readonly name: string } {
    if (button === undefined) return { key: `${unit} any`, name: "this home" };
    if (dty === localUnit) return { key: `${unit} keys`, name: "the unit's keys" };
    // A fall detector may be an accessory, which takes a place among the buttons.
    const isDevice = dty === fixedTrigger || this.acts.has(`${unit} device ${did ?? ""}`);
    if (isDevice) return { key: `${unit} device ${did ?? ""}`, name: `device ${did ?? ""}` };
    const what = dty === fallDetector ? "fall" : "press";
    if (button === 0) return { key: `${unit} strange`, name: `a device that is none of this home's (${did ?? ""})` };
    return { key: `${unit} ${what} ${button}`, name: `button ${button}` };
  }
}

function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
