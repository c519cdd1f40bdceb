/**
 * Steady reports: what happens at an accessory is told, also while another of its kind flaps, and what the air lost is told when the
 * accessory says how it stands; a door is watched in all of its hours. A mains that is told as back has stayed, a cold room is
 * told though it wavers at the border, and last words are said once. A unit whose power comes and goes, or that starts because
 * somebody wants it, is in no boot loop: nothing of it fails.
 */
import { hexWord } from "../../protocol/bytes/hex.ts";
import { type AccessoryType, type Happening, meaningOf } from "../../protocol/radio/accessory-types.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { GroupAccessory } from "../scenario/fleet.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { swedishOffsetMs } from "../scenario/scenario-clock.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { CalmHomes } from "./calm-homes.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";
import { SteadyHouse } from "./steady-house.ts";

export const steadyReportsCheck = "steady-reports";

const minuteMs = 60_000;
const minutesADay = 1_440;
/** Calls go first, and what has failed once waits for its next round. */
const withinMs = 10 * minuteMs;
/** To either side of a door's hours: clocks of homes are not so exact. */
const doorSlackMs = 2 * minuteMs;
/** A device that has changed more often than that within the hour may be told as unstable. */
const mostChanges = 4;
const hourMs = 60 * minuteMs;
/** A mains that has come back for so long has stayed, but for a clock that drifts. */
const stableMs = 280_000;
const localUnit = 2;
const mainsRestored = 86;
const malfunction = 67;
/** A self-check that fails bears the same status code. */
const loopText = "minimal alarm mode";
const stemLength = 12;
const instantText = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;
const told: readonly Happening[] = [
  "alarm",
  "alarm-low",
  "alarm-too-long",
  "restored",
  "tamper",
  "tamper-restored",
  "fault",
  "fault-gone",
];
const alarming: readonly Happening[] = ["alarm", "alarm-low", "alarm-too-long"];

interface Act {
  readonly atMs: number;
  readonly happening: Happening;
}

/** What a home was seen to go through. */
interface Row {
  /** By device identity. */
  readonly acts: Map<string, Act[]>;
  readonly fittedMs: Map<string, number[]>;
  /** When a report first left: by device identity, device type and status code. */
  readonly reportsMs: Map<string, number[]>;
  /** When each message first left, by its stem. */
  readonly firstMs: Map<string, number>;
  /** Times in which it still had to tell of something older. */
  readonly busy: { readonly fromMs: number; readonly toMs: number }[];
  /** When the mains came back last; -1: it has not gone yet, or is away. */
  mainsBackMs: number;
  /** How often it has stayed, and how often that was told; each start may tell it once more. */
  returns: number;
  returnsTold: number;
  starts: number;
}

export class SteadyReports implements Checker {
  private readonly scenario: Scenario;
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  private readonly calm: CalmHomes;
  private readonly house: SteadyHouse;
  private readonly rows: readonly Row[];
  /** Units with flash or a release that may end a life by itself. */
  private readonly unsound: ReadonlySet<string>;
  private readonly findings: Findings;

  constructor(scenario: Scenario, residents: readonly Resident[], sight: AlarmSight, hindrances: Hindrances) {
    this.scenario = scenario;
    this.residents = residents;
    this.hindrances = hindrances;
    this.calm = new CalmHomes(scenario, residents, hindrances);
    this.house = new SteadyHouse(scenario, residents);
    this.unsound = new Set(
      scenario.faults.flatMap((fault) =>
        "units" in fault && (fault.fault === "worn-flash" || fault.fault === "bad-release") ? fault.units : [],
      ),
    );
    this.rows = residents.map(() => ({
      acts: new Map(),
      fittedMs: new Map(),
      reportsMs: new Map(),
      firstMs: new Map(),
      busy: [],
      mainsBackMs: -1,
      returns: 0,
      returnsTold: 0,
      starts: 0,
    }));
    this.findings = new Findings();
    sight.listen((atMs, unit, request) => this.requested(atMs, unit, request));
  }

  started(atMs: number, unit: number): void {
    this.calm.started(atMs, unit);
    this.house.started(atMs, unit);
    const row = this.rows[unit];
    if (row !== undefined) row.starts++;
  }

  stopped(atMs: number, unit: number): void {
    this.calm.stopped(atMs, unit);
  }

  mains(atMs: number, unit: number, present: boolean): void {
    this.house.mains(unit, present);
    const row = this.rows[unit];
    if (row === undefined) return;
    if (present) row.mainsBackMs = atMs;
    else if (row.mainsBackMs >= 0) {
      if (atMs - row.mainsBackMs >= stableMs) row.returns++;
      row.mainsBackMs = -1;
    }
  }

  accessoryActed(atMs: number, unit: number, did: string, happening: Happening): void {
    put(this.rows[unit]?.acts, did, { atMs, happening });
  }

  batteryFitted(atMs: number, unit: number, place: number): void {
    const bond = this.residents[unit]?.bonds[place - 1];
    if (bond !== undefined) put(this.rows[unit]?.fittedMs, hexWord(bond.address).toUpperCase(), atMs);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    for (const resident of this.residents)
      for (const [at, accessory] of resident.group.home.accessories.entries()) {
        const bond = resident.bonds[resident.group.buttons + at];
        if (bond !== undefined) this.look(resident, accessory, hexWord(bond.address).toUpperCase(), endMs);
      }
    for (const { index } of this.residents) this.lookAtRoom(index, endMs);
    return this.findings.verdict(
      steadyReportsCheck,
      "what happens at an accessory and in a cold room is told, and no mains is told as back that has not stayed",
    );
  }

  private requested(atMs: number, unit: number, { mty, ref, dty, did, stc, stt, ite = "" }: ScaipRequest): void {
    const row = this.rows[unit];
    const stem = ref.slice(0, stemLength);
    if (row === undefined || mty === "RE" || mty === "IN") return;
    const raisedMs = Date.parse(instantText.exec(ite)?.[0] ?? "") - this.scenario.startWallMs;
    const firstMs = row.firstMs.get(stem);
    row.busy.push({ fromMs: raisedMs < atMs ? raisedMs : (firstMs ?? atMs), toMs: atMs });
    if (firstMs !== undefined) return;
    row.firstMs.set(stem, atMs);
    if (did !== undefined) put(row.reportsMs, `${did} ${dty} ${stc}`, atMs);
    if (dty === localUnit && stc === mainsRestored) this.mainsTold(atMs, unit, row);
    if (dty === localUnit && stc === malfunction && stt === loopText) this.loopTold(atMs, unit);
    const wrong = this.house.wrongWith(unit, dty, stc);
    if (wrong !== undefined) this.blame(unit, atMs, wrong);
  }

  private loopTold(atMs: number, unit: number): void {
    if (this.unsound.has(this.residents[unit]?.name ?? "")) return;
    this.blame(unit, atMs, "is told as starting again and again, and nothing but its power failed");
  }

  private mainsTold(atMs: number, unit: number, row: Row): void {
    row.returnsTold++;
    const isBack = row.mainsBackMs >= 0 && atMs - row.mainsBackMs >= stableMs;
    if (row.returnsTold > row.returns + (isBack ? 1 : 0) + Math.max(0, row.starts - 1))
      this.blame(unit, atMs, "its mains is told as back, and has not stayed for five minutes");
  }

  private lookAtRoom(unit: number, endMs: number): void {
    const coldMs = this.house.untoldColdMs(unit, endMs);
    if (coldMs === undefined || coldMs + withinMs > endMs) return;
    if (this.calm.isCalm(unit, coldMs, coldMs + withinMs))
      this.blame(unit, coldMs, "its room is cold, and nobody is told");
  }

  private look(resident: Resident, accessory: GroupAccessory, did: string, endMs: number): void {
    const acts = this.rows[resident.index]?.acts.get(did) ?? [];
    for (const [at, act] of acts.entries()) {
      const before = acts.slice(0, at);
      if (told.includes(act.happening)) this.lookAt(resident, accessory, did, act, before, acts[at + 1], endMs);
    }
    for (const fittedMs of this.rows[resident.index]?.fittedMs.get(did) ?? [])
      this.lookAfter(resident, accessory, did, acts, fittedMs, endMs);
  }

  /** Whether that act was told, where it is the first of its kind: a second one may be told with the first. */
  private lookAt(
    resident: Resident,
    { kind, door }: GroupAccessory,
    did: string,
    act: Act,
    before: readonly Act[],
    next: Act | undefined,
    endMs: number,
  ): void {
    const { atMs, happening } = act;
    const code = codeOf(kind, did, happening);
    // What comes and goes before it was told is told once, by how it stands then.
    const codes = next === undefined || door !== undefined ? [code] : [code, codeOf(kind, did, next.happening)];
    if (before.some((one) => codeOf(kind, did, one.happening) === code)) return;
    if (before.filter((one) => one.atMs > atMs - hourMs).length > mostChanges) return;
    let dueMs = atMs + withinMs;
    if (door !== undefined && (happening === "alarm" || happening === "restored")) {
      const openMs = atMs + door.preAlarmMs + doorSlackMs;
      const isWatched = [atMs - doorSlackMs, atMs, openMs].every((each) => this.isWithin(resident, door, each));
      if (happening !== "alarm" || !isWatched || (next !== undefined && next.atMs <= openMs)) return;
      dueMs = openMs + withinMs;
    }
    this.expect(resident, codes, { fromMs: atMs, calmMs: atMs, dueMs, endMs }, `"${happening}" of its ${kind}`);
  }

  /** With a new battery an accessory says how it stands: an alarm that nobody has heard of is told then. */
  private lookAfter(
    resident: Resident,
    { kind, door }: GroupAccessory,
    did: string,
    acts: readonly Act[],
    fittedMs: number,
    endMs: number,
  ): void {
    const dueMs = fittedMs + withinMs;
    const changes = acts.filter(({ happening }) => alarming.includes(happening) || happening === "restored");
    const first = changes[0];
    if (door !== undefined || first === undefined || first.happening === "restored") return;
    if (first.atMs > fittedMs || changes.some(({ atMs }) => atMs > first.atMs && atMs <= dueMs)) return;
    if (first.happening === "alarm")
      this.expect(
        resident,
        [codeOf(kind, did, "alarm")],
        { fromMs: first.atMs, calmMs: fittedMs, dueMs, endMs },
        `the alarm of its ${kind}`,
      );
  }

  private expect(
    { index }: Resident,
    codes: readonly string[],
    { fromMs, calmMs, dueMs, endMs }: { fromMs: number; calmMs: number; dueMs: number; endMs: number },
    what: string,
  ): void {
    if (dueMs > endMs || !this.calm.isCalm(index, calmMs, dueMs)) return;
    const { reportsMs, busy } = this.rows[index] as Row;
    if (busy.some((one) => one.fromMs < fromMs && one.toMs > fromMs)) return;
    const reported = codes.flatMap((code) => reportsMs.get(code) ?? []);
    if (!reported.some((atMs) => atMs >= fromMs && atMs <= dueMs))
      this.blame(index, fromMs, `${what} is not told by ${instant(dueMs)}`);
  }

  /** By the true time of day, where nobody tells the unit another one. */
  private isWithin(resident: Resident, { fromMinute, toMinute }: NonNullable<GroupAccessory["door"]>, atMs: number) {
    if (fromMinute === toMinute || this.hindrances.clockErrorsMs(resident, atMs).length > 0) return false;
    const wallMs = this.scenario.startWallMs + atMs;
    const minute = Math.floor((wallMs + swedishOffsetMs(wallMs)) / minuteMs) % minutesADay;
    return fromMinute < toMinute
      ? minute >= fromMinute && minute < toMinute
      : minute >= fromMinute || minute < toMinute;
  }

  private blame(unit: number, atMs: number, what: string): void {
    this.findings.add(`${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${what}`);
  }
}

function codeOf(kind: AccessoryType, did: string, happening: Happening): string {
  const { dty, stc } = meaningOf(kind, happening);
  return `${did} ${dty} ${stc}`;
}

function put<T>(lists: Map<string, T[]> | undefined, key: string, value: T): void {
  const list = lists?.get(key);
  if (list === undefined) lists?.set(key, [value]);
  else list.push(value);
}
