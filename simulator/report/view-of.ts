/** A run made into what the page shows: chosen, thinned to what a screen can show, and bounded so that the file stays small. */
import { isCoarse } from "../coarse/modem-level.ts";
import { type RunResult, tallyOf } from "../record/run-result.ts";
import { callList } from "./calls.ts";
import { intakesOf, pendingOf, ticksOf, waitsOf } from "./figures.ts";
import { type Ladder, Ladders, lanes } from "./ladder.ts";
import type { Answer, HourView, LateView, PackedHop, Promised, ReportView, RouteUse } from "./page/view.ts";
import { noticedAfterMs, pathFiguresOf } from "./path-figures.ts";
import { replayCommand } from "./replay.ts";
import { delayMs, delayRows, latePresses, spreadOf } from "./statistics.ts";
import { unitStateOf } from "./unit-state.ts";

const mostLate = 300;
/** Hops of all ladders together, and names of all hours: what the page's size hangs on. */
const mostHops = 8_000;
const mostHourNames = 1_500;
const mostFaults = 60;
const mostNotices = 100;
const mostHours = 100;
const mostNames = 200;
const mostProviders = 6;
const fates = ["arrived", "lost", "refused"] as const;

export function viewOf(result: RunResult): ReportView {
  const { scenario, faults, notices } = result;
  const { name, question, source, startWallMs, durationMs } = scenario;
  const { virtualMs, wallMs, events, seed, digest } = result;
  const late = latePresses(result);
  const { rows, details } = lateRows(result, late);
  return {
    verdict: result.verdict,
    scenario: { name, question, source, startWallMs, durationMs },
    run: { virtualMs, wallMs, events, seed, isCoarse: isCoarse(result), digest, command: replayCommand(result) },
    answer: answerOf(result),
    promises: promisesOf(result).filter(({ checker }) => checker === ""),
    checks: promisesOf(result).filter(({ checker }) => checker !== ""),
    delays: delayRows(result),
    spread: spreadOf(result.presses),
    waits: waitsOf(result),
    ticks: ticksOf(result),
    faults: faults.slice(0, mostFaults).map((fault) => ({
      fromMs: fault.fromMs,
      toMs: fault.toMs,
      object: fault.object,
      name: fault.name,
      fault: fault.fault,
      units: fault.units?.length ?? null,
      noticedAfterMs: noticedAfterMs(fault, notices) ?? null,
    })),
    faultsLeftOut: Math.max(0, faults.length - mostFaults),
    pending: pendingOf(result),
    notices: notices.slice(0, mostNotices).map(({ atMs, phase, cause, subject, units, evidence }) => {
      return { atMs, phase, cause, subject, units, evidence };
    }),
    noticesLeftOut: Math.max(0, notices.length - mostNotices),
    late: rows,
    lateLeftOut: late.length - rows.length,
    details,
    routes: routesOf(result),
    intakes: intakesOf(result),
    ...hoursOf(result),
    state: unitStateOf(result),
    path: pathFiguresOf(result),
  };
}

/** What must hold in every run, then what the scenario promises. */
export function promisesOf({ checks, expectations }: RunResult): readonly Promised[] {
  return [
    ...checks.map(({ checker, rule, held, violations, found }) => {
      const what = held ? "" : found.join("; ") || String(violations);
      return { checker, text: rule, held, found: what };
    }),
    ...expectations.map(({ text, held, found }) => ({ checker: "", text, held, found })),
  ];
}

export function answerOf(result: RunResult): Answer {
  const { presses, accepted, pending, lost, falseAccepted, duplicates, unheard } = tallyOf(result);
  const untrue = result.checks.find(({ checker }) => checker === "told-the-truth")?.violations ?? 0;
  let slowestMs: number | null = null;
  for (const press of result.presses) {
    const took = delayMs(press);
    if (took !== undefined) slowestMs = Math.max(slowestMs ?? 0, took);
  }
  let longestPathlessMs = 0;
  for (const { fromMs, toMs } of result.pathless)
    longestPathlessMs = Math.max(longestPathlessMs, (toMs ?? result.virtualMs) - fromMs);
  return {
    units: result.units.length,
    presses,
    accepted,
    pending,
    unheard,
    lost,
    duplicates,
    late: latePresses(result).length,
    slowestMs,
    toldWrongly: falseAccepted + untrue,
    pathless: new Set(result.pathless.map(({ unit }) => unit)).size,
    longestPathlessMs,
    interruptedMs: result.interruptedMs,
  };
}

/** Longest wait first, each with its ladder; texts that many hops share stand once. */
function lateRows(
  result: RunResult,
  late: ReturnType<typeof latePresses>,
): { readonly rows: readonly LateView[]; readonly details: readonly string[] } {
  const providers = new Map(result.units.map(({ id, provider }) => [id, provider]));
  const ladders = new Ladders(result);
  const details = new Map<string, number>();
  const waited = (press: (typeof late)[number]): number => delayMs(press) ?? result.virtualMs - press.pressedMs;
  const shown = [...late].sort((a, b) => waited(b) - waited(a)).slice(0, mostLate);
  const rows: LateView[] = [];
  let hops = 0;
  for (const press of shown) {
    const ladder = ladders.of(press);
    hops += ladder.hops.length;
    if (hops > mostHops) break;
    const { unit, button, pressedMs, acceptedMs, toldNotAcceptedMs, acceptedBy, attempts } = press;
    rows.push({
      unit,
      provider: providers.get(unit) ?? "",
      button,
      pressedMs,
      acceptedMs,
      waitedMs: waited(press),
      toldMs: toldNotAcceptedMs,
      receiver: acceptedBy,
      attempts,
      lanes: ladder.lanes,
      hops: packed(ladder, details),
    });
  }
  return { rows, details: [...details.keys()] };
}

function packed({ press, hops }: Ladder, details: Map<string, number>): readonly PackedHop[] {
  return hops.map(({ atMs, tookMs, from, to, what, detail, fate }) => {
    const place = details.get(detail) ?? details.size;
    details.set(detail, place);
    const way = [lanes.indexOf(from), lanes.indexOf(to)] as const;
    return [atMs - press.pressedMs, tookMs, ...way, what, place, fates.indexOf(fate) as 0 | 1 | 2];
  });
}

function routesOf({ presses, reports }: RunResult): readonly RouteUse[] {
  const uses = new Map<string, { route: RouteUse["route"]; receiver: string; alarms: number; others: number }>();
  const count = (route: RouteUse["route"] | null, receiver: string | null, what: "alarms" | "others"): void => {
    if (route === null || receiver === null) return;
    const use = uses.get(`${route} ${receiver}`) ?? { route, receiver, alarms: 0, others: 0 };
    uses.set(`${route} ${receiver}`, use);
    use[what]++;
  };
  for (const { route, acceptedBy } of presses) count(route, acceptedBy, "alarms");
  for (const { route, acceptedBy } of reports) count(route, acceptedBy, "others");
  return [...uses.values()].sort((a, b) => b.alarms - a.alarms || b.others - a.others);
}

function hoursOf(result: RunResult): Pick<ReportView, "providers" | "hours"> {
  const providers = [...new Set(result.units.map((unit) => unit.provider))].slice(0, mostProviders);
  const byHour = new Map<number, ReturnType<typeof callList>["calls"][number][]>();
  for (const call of callList(result).calls) {
    const known = byHour.get(call.hourMs);
    if (known === undefined) byHour.set(call.hourMs, [call]);
    else known.push(call);
  }
  const shownHours = [...byHour].slice(0, mostHours);
  const most = Math.min(mostNames, Math.floor(mostHourNames / Math.max(1, shownHours.length)));
  const hours = shownHours.map(([atMs, calls]): HourView => {
    const shown = calls.slice(0, most);
    return {
      atMs,
      units: calls.length,
      byProvider: providers.map((name) => calls.filter(({ unit }) => unit.provider === name).length),
      pending: calls.filter(({ pendingSinceMs }) => pendingSinceMs !== null).length,
      names: shown.map(({ unit, pendingSinceMs }) => (pendingSinceMs === null ? unit.id : `● ${unit.id}`)),
      namesLeftOut: calls.length - shown.length,
    };
  });
  return { providers, hours };
}
