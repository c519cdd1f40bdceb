/** One unit of a played town, as whoever opens it on the page sees it; its ladders grow while it is looked at. */
import { faultRows } from "../record/fault-rows.ts";
import type { RunPress } from "../record/run-result.ts";
import { type Ladder, type LadderFacts, Ladders } from "../report/ladder.ts";
import type { Mark, OpenedUnit } from "./messages.ts";
import type { Session } from "./session.ts";

/** Ladders of the last presses. */
const mostLadders = 3;

/** `index`: its place in the fleet. */
export function openedUnit(session: Session, index: number, mark: Mark): OpenedUnit | null {
  const resident = session.run.world.residents[index];
  if (resident === undefined) return null;
  const { name, cid } = resident;
  const view = session.town.unit(index);
  const supply = session.run.world.home(name)?.house.supply;
  return {
    id: name,
    cid,
    mark,
    lamp: view.lamp,
    mains: supply?.mains ?? null,
    batteryPermille: supply?.batteryPermille ?? null,
    routes: view.routeViews(),
    journal: view.journal(),
    notes: [...view.notes].reverse(),
    ladders: laddersOf(session, name),
  };
}

function laddersOf(session: Session, unit: string): readonly Ladder[] {
  const { recorder, journeys, signals } = session.run.books;
  const presses = recorder.presses.filter(({ row }) => row.unit === unit).slice(-mostLadders);
  if (presses.length === 0) return [];
  const { residents } = session.run.world;
  const faults = session.scenario.faults.filter(({ fromMs }) => fromMs <= session.atMs);
  const facts: LadderFacts = {
    journeys: journeys.rows.filter((journey) => journey.unit === unit),
    signals: signals.rows.filter((signal) => signal.unit === unit),
    faults: faultRows(faults, residents, session.seed, session.scenario.durationMs).filter(({ name, units }) =>
      units === null ? onWhich(session, unit).has(name) : units.includes(unit),
    ),
    virtualMs: session.atMs,
  };
  const ladders = new Ladders(facts);
  return presses.reverse().map(({ row }) => {
    const ladder = ladders.of(withStem(row, facts));
    return { ...ladder, hops: ladder.hops.filter(({ atMs }) => atMs <= session.atMs) };
  });
}

/** A press bears the name of its alarm only when the run is over; until then it is the first that began after it, or the one it joined. */
function withStem(row: RunPress, { journeys }: LadderFacts): RunPress {
  const { storedMs } = row;
  if (storedMs === null) return row;
  const journey = journeys.find(({ beganMs }) => beganMs >= storedMs) ?? journeys.at(-1);
  return { ...row, stem: journey?.stem ?? null };
}

/** The names of all that the unit shares with others. */
function onWhich({ scenario }: Session, unit: string): ReadonlySet<string> {
  const group = scenario.fleet.find(({ units }) => units.includes(unit));
  const { mobile, broadband, power, receivers } = group ?? {};
  return new Set(
    [mobile?.cell, mobile?.operator, broadband, power, ...(receivers ?? [])].filter((each) => each !== undefined),
  );
}
