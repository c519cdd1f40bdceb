/**
 * Lost routes, of homes that prove their routes seldom, as agreed: a route over which a call for help went in vain is told as lost within
 * minutes, and one that is back after a loss is asked each three minutes until it has been steady for ten. Homes that prove
 * them each three minutes find all of that out anyway.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { lookAt } from "../record/message-look.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { seldomMs } from "../scenario/fleet.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

const lostRoutesCheck = "lost-routes";

const minuteMs = 60_000;
/** Three questions, the last of them a minute after the first, and what each waits. */
const lostWithinMs = 4 * minuteMs;
/** Reports of what many have in common are spread. */
const toldWithinMs = 20 * minuteMs;
/** Three minutes, a tenth of them, and the way. */
const askedEachMs = 4 * minuteMs;
const unsteadyMs = 9 * minuteMs;
const localUnit = 2;
const instantText = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;

const anyResponse = Buffer.from("SIP/2.0 ");

const routes = ["broadband", "mobile"] as const;
type Route = (typeof routes)[number];
const lostCodes: Readonly<Record<Route, number>> = { broadband: 23, mobile: 24 };

/** What was seen of one route of a home. */
interface Seen {
  readonly askedMs: number[];
  readonly heardMs: number[];
  /** Since when it is lost, as the reports say. */
  readonly lostMs: Set<number>;
}

interface Row {
  readonly of: Readonly<Record<Route, Seen>>;
  /** When its power came or went. */
  readonly powerMs: number[];
}

export class LostRoutes implements Checker {
  private readonly startWallMs: number;
  private readonly residents: readonly Resident[];
  private readonly sight: AlarmSight;
  private readonly hindrances: Hindrances;
  /** By unit; undefined where nothing is asked. */
  private readonly rows: readonly (Row | undefined)[];

  constructor(scenario: Scenario, residents: readonly Resident[], sight: AlarmSight, hindrances: Hindrances) {
    this.startWallMs = scenario.startWallMs;
    this.residents = residents;
    this.sight = sight;
    this.hindrances = hindrances;
    this.rows = residents.map(({ group }) => {
      const isAsked = seldomMs(group) > 0 && group.telephone === undefined && group.home.life === "in-service";
      return isAsked ? { of: { broadband: nothing(), mobile: nothing() }, powerMs: [] } : undefined;
    });
    sight.listen((_atMs, unit, request) => this.requested(unit, request));
  }

  started(atMs: number, unit: number): void {
    this.rows[unit]?.powerMs.push(atMs);
  }

  stopped(atMs: number, unit: number): void {
    this.rows[unit]?.powerMs.push(atMs);
  }

  datagram(atMs: number, unit: number, route: Route, direction: "sent" | "received", bytes: Uint8Array): void {
    const seen = this.rows[unit]?.of[route];
    if (seen === undefined) return;
    if (direction === "received") seen.heardMs.push(atMs);
    else if (!lookAt(bytes).begins(anyResponse)) seen.askedMs.push(atMs);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    for (const resident of this.residents) {
      const row = this.rows[resident.index];
      if (row === undefined || this.hindrances.clockErrorsMs(resident, endMs).length > 0) continue;
      for (const route of routes) {
        this.lookForVain(resident, row, route, endMs, findings);
        this.lookForRest(resident, row, route, endMs, findings);
      }
    }
    return findings.verdict(
      lostRoutesCheck,
      "a route over which a call went in vain is told as lost, and one that is back is asked often at first",
    );
  }

  private requested(unit: number, { mty, dty, stc, ite = "" }: ScaipRequest): void {
    if (mty === "RE" || mty === "IN" || dty !== localUnit) return;
    const lostMs = Date.parse(instantText.exec(ite)?.[0] ?? "") - this.startWallMs;
    for (const route of routes)
      if (stc === lostCodes[route] && !Number.isNaN(lostMs)) this.rows[unit]?.of[route].lostMs.add(lostMs);
  }

  /** A call left over a dead route too, and was accepted over another one. */
  private lookForVain({ index, name }: Resident, row: Row, route: Route, endMs: number, findings: Findings): void {
    const { askedMs, heardMs, lostMs } = row.of[route];
    for (const { firstSentMs, acceptedMs } of this.sight.alarms[index] ?? []) {
      const acceptedAtMs = acceptedMs[0];
      const dueMs = (acceptedAtMs ?? 0) + lostWithinMs;
      if (acceptedAtMs === undefined || dueMs + toldWithinMs > endMs) continue;
      const wasAsked = askedMs.some((atMs) => atMs >= firstSentMs && atMs <= acceptedAtMs);
      if (!wasAsked || within(heardMs, firstSentMs, dueMs) || within(row.powerMs, firstSentMs, dueMs + toldWithinMs))
        continue;
      const heardBeforeMs = heardMs.findLast((atMs) => atMs < firstSentMs) ?? 0;
      if (within([...lostMs], heardBeforeMs - minuteMs, dueMs) || !this.isOtherClear(index, route, firstSentMs, dueMs))
        continue;
      const since = `a call went over ${route} in vain at ${instant(firstSentMs)}`;
      findings.add(`${name}: ${since}, and it is not told as lost by ${instant(dueMs)}`);
      return;
    }
  }

  /** The report must have found a way. */
  private isOtherClear(index: number, route: Route, fromMs: number, dueMs: number): boolean {
    const other = route === "mobile" ? "broadband" : "mobile";
    const resident = this.residents[index];
    return resident !== undefined && this.hindrances.isClear(resident, other, 0, fromMs, dueMs + toldWithinMs);
  }

  private lookForRest({ name }: Resident, row: Row, route: Route, endMs: number, findings: Findings): void {
    const { askedMs, heardMs, lostMs } = row.of[route];
    for (const sinceMs of lostMs) {
      const backMs = heardMs.find((atMs) => atMs > sinceMs + 1_000);
      const untilMs = (backMs ?? 0) + unsteadyMs;
      if (backMs === undefined || untilMs > endMs || within(row.powerMs, sinceMs, untilMs)) continue;
      const asked = [backMs, ...askedMs.filter((atMs) => atMs > backMs && atMs < untilMs), untilMs];
      const rest = asked.findIndex((atMs, at) => atMs - (asked[at - 1] ?? atMs) > askedEachMs);
      if (rest < 0) continue;
      const restMs = asked[rest - 1] ?? 0;
      findings.add(
        `${name}: ${route} is back at ${instant(backMs)}, and nothing goes over it from ${instant(restMs)} on`,
      );
      return;
    }
  }
}

function nothing(): Seen {
  return { askedMs: [], heardMs: [], lostMs: new Set() };
}

function within(instantsMs: readonly number[], fromMs: number, toMs: number): boolean {
  return instantsMs.some((atMs) => atMs >= fromMs && atMs <= toMs);
}
