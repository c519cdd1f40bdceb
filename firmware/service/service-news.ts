/** What the service line tells of the unit's machines: their effects and state as the values of protocol/console. */
import type { AlarmEffect, AlarmState } from "../alarm/alarm-state.ts";
import { isPending, type Path, type Route } from "../alarm/report.ts";
import type { UnitHost } from "../ports/host.ts";
import type { EventLog } from "../storage/event-log.ts";
import { ServiceDesk, type ServiceDeskOptions } from "./service-desk.ts";
import { ServiceLine, type ServiceNews, type ServiceStatus } from "./service-line.ts";

/**
 * The board's service line, or undefined where it has none. `unit` is its name, `key` opens it; without a desk it refuses
 * every order as unsupported.
 */
export function openServiceLine(
  host: UnitHost,
  key: Uint8Array | undefined,
  unit: string,
  status: () => ServiceStatus,
  deskOptions?: ServiceDeskOptions,
): ServiceLine | undefined {
  const openLine = host.openServiceLine;
  if (openLine === undefined) return undefined;
  const line: ServiceLine = new ServiceLine({
    openLine,
    clock: host.clock,
    secrets: host.secrets,
    key,
    unit,
    onCommand: (command, to) => {
      if (command.type === "status") line.answerStatus(to, status());
      else if (desk === undefined) line.answer({ type: "refused", to, why: "unsupported" });
      else desk.obey(command, to);
    },
    onProof: (isRight, tries) => {
      if (desk !== undefined) desk.proofOffered(isRight, tries);
    },
  });
  const desk = deskOptions === undefined ? undefined : new ServiceDesk(deskOptions, (event) => line.answer(event));
  return line;
}

/** The same line in the log that outlives the power. */
export function keepNews(log: EventLog, news: Extract<ServiceNews, { readonly type: "log" }>): void {
  log.write(news.what, pathByte(news.route, news.receiver), news.number, news.part);
}

/** Route and receiver (from 1, 0 for none) as the log has them. */
export function pathByte(route: "none" | Route, receiver: number): number {
  return (route === "none" ? 0 : route === "broadband" ? 1 : 2) * 16 + Math.min(receiver, 15);
}

export function newsOfLog(effect: Extract<AlarmEffect, { readonly type: "log" }>): ServiceNews {
  return news(effect.what, effect.number, effect.part, effect.path, effect.attempt);
}

/** Undefined where no such attempt is under way. Asked before the alarm machine hears of it: it may drop the attempt. */
export function newsOfCarried(state: AlarmState, attempt: number): ServiceNews | undefined {
  for (const each of state.attempts)
    if (each.id === attempt) return news("carried", each.number, each.part, each.path, attempt);
  return undefined;
}

export function statusOf(state: AlarmState, active: Route): ServiceStatus {
  let pending = 0;
  for (const report of state.reports) if (report.facts.kind === "user-alarm" && isPending(report)) pending++;
  return { reports: state.reports.length, pending, active };
}

type LogWord = Extract<ServiceNews, { readonly type: "log" }>["what"];

function news(what: LogWord, number: number, part: number, path: Path | undefined, attempt: number): ServiceNews {
  const route = path === undefined ? "none" : path.route;
  const receiver = path === undefined ? 0 : path.receiver + 1;
  return { type: "log", what, number, part, route, receiver, attempt };
}
