/** Sets the units' account of an outage's alarms against the receivers'. */
import type { AlarmFile } from "./alarm-file.ts";
import type { OutageRecord, Reconciled, ReconciledAlarm } from "./outage-record.ts";

/** What a unit knows of a press. */
export interface UnitPress {
  readonly unit: string;
  readonly cid: string;
  readonly pressedMs: number;
  /** When it learnt that somebody has accepted. */
  readonly acceptedMs: number | null;
  readonly stem: string | null;
  /** No unit could hear it. */
  readonly isUnheard: boolean;
}

/** An alarm that was accepted later than this is late. */
export const lateMs = 60_000;
/** Alarms told by name; more are counted. */
const namedLimit = 500;
/** A press before the suspicion, but after the unit's last proof, belongs to the outage too, back to so long. */
const backMs = 3_600_000;

interface Account extends ReconciledAlarm {
  readonly isDisputed: boolean;
}

/** With the units' side: `presses` are all of the run. */
export function reconcilePresses(
  outage: OutageRecord,
  presses: readonly UnitPress[],
  file: AlarmFile,
  endMs: number,
): Reconciled {
  const windows = windowsOf(outage, endMs);
  const accounts: Account[] = [];
  let unheard = 0;
  for (const press of presses) {
    if (!isWithin(windows.get(press.unit), press.pressedMs)) continue;
    if (press.isUnheard) {
      unheard++;
      continue;
    }
    const filed = press.stem === null ? undefined : file.find(press.cid, press.stem);
    const acceptedMs = filed?.acceptedMs ?? press.acceptedMs;
    accounts.push({
      unit: press.unit,
      pressedMs: press.pressedMs,
      acceptedMs,
      receiver: filed?.receiver ?? null,
      stem: press.stem,
      isDisputed: (press.acceptedMs === null) !== (filed?.acceptedMs === undefined),
    });
  }
  return sorted(accounts, unheard, true);
}

/** Without it: what the receivers have, and what the alarms say of themselves. */
export function reconcileFile(
  outage: OutageRecord,
  file: AlarmFile,
  unitOf: (cid: string) => string,
  startWallMs: number,
  endMs: number,
): Reconciled {
  const windows = windowsOf(outage, endMs);
  const accounts: Account[] = [];
  for (const { cid, stem, pressedWallMs, heardMs, acceptedMs, receiver } of file.all()) {
    const unit = unitOf(cid);
    const pressedMs = pressedWallMs === undefined ? heardMs : pressedWallMs - startWallMs;
    if (!isWithin(windows.get(unit), pressedMs)) continue;
    accounts.push({ unit, pressedMs, acceptedMs: acceptedMs ?? null, receiver, stem, isDisputed: false });
  }
  return sorted(accounts, 0, false);
}

function windowsOf(
  { units, suspectedMs, closedMs }: OutageRecord,
  endMs: number,
): Map<string, readonly [number, number]> {
  const toMs = closedMs ?? endMs;
  return new Map(units.map(({ unit, fromMs }) => [unit, [Math.max(fromMs, suspectedMs - backMs), toMs]]));
}

function isWithin(window: readonly [number, number] | undefined, atMs: number): boolean {
  return window !== undefined && atMs >= window[0] && atMs <= window[1];
}

function sorted(accounts: readonly Account[], unheard: number, hasUnitSide: boolean): Reconciled {
  const plain = ({ unit, pressedMs, acceptedMs, receiver, stem }: Account): ReconciledAlarm => ({
    unit,
    pressedMs,
    acceptedMs,
    receiver,
    stem,
  });
  const isLate = ({ pressedMs, acceptedMs }: Account): boolean => (acceptedMs ?? 0) - (pressedMs ?? 0) > lateMs;
  const accepted = accounts.filter(({ acceptedMs }) => acceptedMs !== null);
  const late = accepted.filter(isLate);
  const undelivered = accounts.filter(({ acceptedMs }) => acceptedMs === null);
  const disputed = accounts.filter(({ isDisputed }) => isDisputed);
  const lists = [late, undelivered, disputed];
  return {
    inTime: accepted.length - late.length,
    late: late.slice(0, namedLimit).map(plain),
    undelivered: undelivered.slice(0, namedLimit).map(plain),
    disputed: disputed.slice(0, namedLimit).map(plain),
    unheard,
    leftOut: lists.reduce((sum, list) => sum + Math.max(0, list.length - namedLimit), 0),
    hasUnitSide,
  };
}
