/** `outages.json` of a run, and what `livlina fleet outages --json` prints: every outage with its texts, and whom to ring or visit. */
import type { Said } from "../monitor/said.ts";
import type { RunFacts } from "../record/run-result.ts";
import { csvRow } from "../report/csv.ts";
import { localDate, localMinute } from "../scenario/scenario-clock.ts";
import type { ControlRoom } from "./control-room.ts";
import type { OutageRecord, OutageUpdate } from "./outage-record.ts";
import { type Contacts, outageText } from "./outage-texts.ts";
import { byUrgency, pendingAfterMs, type Tick, type Visit } from "./visit-list.ts";

export const outageReportVersion = 1;

export interface OutageReport {
  readonly formatVersion: typeof outageReportVersion;
  /** Wall clock at instant 0 of all that follows, in ms since 1970. */
  readonly startWallMs: number;
  /** The instant that the list is of. */
  readonly atMs: number;
  readonly outages: readonly ToldOutage[];
  /** By urgency. */
  readonly visits: readonly Visit[];
}

export interface ToldOutage extends OutageRecord {
  readonly updates: readonly (OutageUpdate & { readonly text: Said })[];
}

/** Nobody is named unless somebody is. */
export const noContacts: Contacts = { office: "", onCall: "" };

export function outageReportOf(facts: RunFacts): OutageReport {
  return {
    formatVersion: outageReportVersion,
    startWallMs: facts.scenario.startWallMs,
    atMs: facts.virtualMs,
    outages: facts.outages.map((outage) => toldOf(outage, facts.scenario.startWallMs, noContacts)),
    visits: visitsOf(facts),
  };
}

export function roomReport(room: ControlRoom, startWallMs: number, atMs: number, contacts: Contacts): OutageReport {
  return {
    formatVersion: outageReportVersion,
    startWallMs,
    atMs,
    outages: room.outages(atMs).map((outage) => toldOf(outage, startWallMs, contacts)),
    visits: room.visits.at(atMs),
  };
}

/** With the texts that people would be sent. */
export function toldOf(outage: OutageRecord, startWallMs: number, contacts: Contacts): ToldOutage {
  const updates = outage.updates.map((update) => ({
    ...update,
    text: outageText(outage, update, startWallMs, contacts),
  }));
  return { ...outage, updates };
}

/** What people did stands with the entry, unless the unit was heard since. */
export function ticked(
  visits: readonly Visit[],
  ticks: readonly (Tick & { readonly cid: string })[],
): readonly Visit[] {
  return visits.map((visit) => {
    const sinceMs = Math.min(
      visit.silentSinceMs ?? Number.MAX_SAFE_INTEGER,
      visit.pendingSinceMs ?? Number.MAX_SAFE_INTEGER,
    );
    const own = ticks.filter(({ cid, atMs }) => (cid === visit.cid || cid === visit.unit) && atMs >= sinceMs);
    return { ...visit, ticks: [...visit.ticks, ...own.map(({ atMs, what, by }) => ({ atMs, what, by }))] };
  });
}

const header = [
  "unit",
  "larmkod",
  "provider",
  "night",
  "pending_alarm",
  "pending_since",
  "silent_since",
  "rung",
  "visited",
  "by",
];

/** RFC 4180; times are Swedish local. */
export function visitsCsv({ visits, startWallMs }: Pick<OutageReport, "visits" | "startWallMs">): string {
  const stamp = (ms: number | null | undefined): string =>
    ms === null || ms === undefined ? "" : `${localDate(startWallMs + ms)} ${localMinute(startWallMs + ms)}`;
  const rows = visits.map(({ unit, cid, provider, night, pendingSinceMs, silentSinceMs, ticks }) =>
    csvRow([
      unit,
      cid,
      provider,
      night ? "yes" : "no",
      pendingSinceMs === null ? "no" : "yes",
      stamp(pendingSinceMs),
      stamp(silentSinceMs),
      stamp(ticks.findLast(({ what }) => what === "rung")?.atMs),
      stamp(ticks.findLast(({ what }) => what === "visited")?.atMs),
      [...new Set(ticks.map(({ by }) => by))].join(" "),
    ]),
  );
  return [csvRow(header), ...rows].join("");
}

/** At the end of the run. */
function visitsOf({ registry, presses, pathless, virtualMs }: RunFacts): readonly Visit[] {
  const pending = new Map<string, number>();
  for (const { unit, pressedMs, acceptedMs, unheard } of presses) {
    if (acceptedMs !== null || unheard !== null || virtualMs - pressedMs < pendingAfterMs) continue;
    pending.set(unit, Math.min(pending.get(unit) ?? pressedMs, pressedMs));
  }
  const silent = new Map(pathless.filter(({ toMs }) => toMs === null).map((gap) => [gap.unit, gap]));
  const visits = registry.flatMap(({ unit, cid, provider, night }): Visit[] => {
    const gap = silent.get(unit);
    const pendingSinceMs = pending.get(unit) ?? null;
    if (gap === undefined && pendingSinceMs === null) return [];
    const silentSinceMs = gap === undefined ? null : (gap.lastProofMs ?? 0);
    const everProven = gap === undefined || gap.lastProofMs !== null;
    return [{ unit, cid, provider, night, pendingSinceMs, silentSinceMs, everProven, ticks: [] }];
  });
  return visits.sort(byUrgency);
}
