/** `livlina fleet`: many towns in one run (`fleet-run.ts`); and what the receivers' side knows of a fleet, from a run or from logs: outages, whom to ring or visit, and the monthly drill. */
import { type Command, InvalidArgumentError } from "commander";
import { causeNames } from "../../simulator/monitor/monitor.ts";
import type { RegistryUnit } from "../../simulator/monitor/registry.ts";
import { type AcceptedPress, type Drill, type DrillState, drillOf } from "../../simulator/outage/drill.ts";
import { dayText, localDay } from "../../simulator/outage/duty-calendar.ts";
import { type OutageReport, roomReport, ticked, toldOf, visitsCsv } from "../../simulator/outage/outage-report.ts";
import type { Contacts } from "../../simulator/outage/outage-texts.ts";
import type { Visit } from "../../simulator/outage/visit-list.ts";
import type { RunResult } from "../../simulator/record/run-result.ts";
import { csvRow } from "../../simulator/report/csv.ts";
import { localDate, localMinute } from "../../simulator/scenario/scenario-clock.ts";
import { inFolder, isRunFolder, jsonIn, readLogs, registryIn, ticksIn } from "../fleet-input.ts";
import { registerFleetRun } from "./fleet-run.ts";
import { registerFleetWorker } from "./fleet-worker.ts";

export interface OutageFlags {
  readonly registry?: string;
  readonly ticks?: string;
  readonly office?: string;
  readonly onCall?: string;
  readonly language?: "sv" | "en";
  readonly texts?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export interface DrillFlags {
  readonly month?: Month;
  readonly registry?: string;
  readonly today?: number;
  readonly json?: boolean;
  readonly csv?: boolean;
}

interface Month {
  readonly year: number;
  readonly month: number;
}

const dayMs = 86_400_000;
const namedUnits = 40;

export function register(program: Command): void {
  const fleet = program
    .command("fleet")
    .description("many towns in one run; what the receivers' side knows: outages, whom to ring or visit, the drill");
  fleet.addHelpText("after", "\nExample:\n  livlina fleet outages out/staffanstorp-server-fault\n");
  registerFleetRun(fleet);
  registerFleetWorker(fleet);
  fleet
    .command("outages <from...>")
    .description("outages with cause and evidence, late and undelivered alarms, and whom to ring or visit")
    .option(
      "--registry <file>",
      "CSV of the units: cid, unit, provider, receivers, operator, cell, broadband, power, night",
    )
    .option("--ticks <file>", "CSV of what people have done: cid, rung or visited, who, time")
    .option("--office <contact>", "who answers for technical events in office hours, for the texts")
    .option("--on-call <contact>", "who does at other times")
    .option("--texts", "also the messages that people are sent as each outage opens, goes on and closes")
    .option("--language <sv|en>", "of those messages", languageOf, "sv")
    .option("--json", "one JSON object on stdout")
    .option("--csv", "the call-and-visit list as CSV on stdout")
    .addHelpText("after", "\nExample:\n  livlina fleet outages receiver.jsonl --registry units.csv --csv > ring.csv\n")
    .action((from: readonly string[], flags: OutageFlags) => outages(from, flags));
  fleet
    .command("drill <from...>")
    .description("who has pressed in the monthly drill, who is to be reminded, and whom to ring")
    .option("--month <year-month>", "the drill of this month; unless said that of the last line", monthOf)
    .option("--today <date>", "the day to judge on; unless said that of the last line", dateOf)
    .option("--registry <file>", "CSV of the units")
    .option("--json", "one JSON object on stdout")
    .option("--csv", "one line per unit as CSV on stdout")
    .addHelpText(
      "after",
      "\nExample:\n  livlina fleet drill --month 2026-12 receiver-1.jsonl receiver-2.jsonl --registry units.csv\n",
    )
    .action((from: readonly string[], flags: DrillFlags) => drill(from, flags));
}

export function outages(from: readonly string[], flags: OutageFlags): void {
  const contacts = { office: flags.office ?? "", onCall: flags.onCall ?? "" };
  const report = withTicks(reportOf(from, flags, contacts), flags.ticks);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  else if (flags.csv === true) process.stdout.write(visitsCsv(report));
  else process.stdout.write(outagesText(report, flags));
}

/** Sets exit code 1 where somebody stands on the phone list. */
export function drill(from: readonly string[], flags: DrillFlags): void {
  const { units, presses, endWallMs } = pressesOf(from, flags.registry);
  const today = flags.today ?? localDay(endWallMs);
  const { year, month } = flags.month ?? monthAt(today);
  const held = drillOf(year, month, units, presses, today);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(datesOf(held))}\n`);
  else if (flags.csv === true) process.stdout.write(drillCsv(held));
  else process.stdout.write(drillText(held));
  if (held.rows.some(({ state }) => state === "phone-list")) process.exitCode = 1;
}

function reportOf(from: readonly string[], flags: OutageFlags, contacts: Contacts): OutageReport {
  const [folder] = from;
  if (from.length === 1 && folder !== undefined && isRunFolder(folder)) {
    const report = jsonIn<OutageReport>(folder, "outages.json");
    return { ...report, outages: report.outages.map((outage) => toldOf(outage, report.startWallMs, contacts)) };
  }
  const registry = flags.registry === undefined ? undefined : registryIn(flags.registry);
  const { room, endMs } = readLogs(from.map(logOf), registry);
  return roomReport(room, 0, endMs, contacts);
}

function withTicks(report: OutageReport, path: string | undefined): OutageReport {
  if (path === undefined) return report;
  return { ...report, visits: ticked(report.visits, ticksIn(path, report.startWallMs)) };
}

/** A folder stands for the log in it. */
function logOf(path: string): string {
  return isRunFolder(path) ? inFolder(path, "events.jsonl") : path;
}

interface Presses {
  readonly units: readonly RegistryUnit[];
  readonly presses: readonly AcceptedPress[];
  readonly endWallMs: number;
}

function pressesOf(from: readonly string[], registryPath: string | undefined): Presses {
  const [folder] = from;
  if (from.length === 1 && folder !== undefined && isRunFolder(folder)) {
    const run = jsonIn<RunResult>(folder, "report.json");
    const cids = new Map(run.units.map(({ id, cid }) => [id, cid]));
    const { startWallMs } = run.scenario;
    const presses = run.presses.flatMap(({ unit, acceptedMs }) =>
      acceptedMs === null ? [] : [accepted(cids.get(unit) ?? "", startWallMs + acceptedMs)],
    );
    return { units: run.registry, presses, endWallMs: startWallMs + run.virtualMs };
  }
  const { room, units, endMs } = readLogs(
    from.map(logOf),
    registryPath === undefined ? undefined : registryIn(registryPath),
  );
  const presses = [...room.alarms()].flatMap(({ cid, acceptedMs, isByHand }) =>
    acceptedMs === undefined || !isByHand ? [] : [accepted(cid, acceptedMs)],
  );
  return { units, presses, endWallMs: endMs };
}

function accepted(cid: string, acceptedWallMs: number): AcceptedPress {
  return { cid, acceptedWallMs, day: localDay(acceptedWallMs) };
}

function outagesText(report: OutageReport, { texts, language = "sv" }: OutageFlags): string {
  const { outages: all, visits, startWallMs, atMs } = report;
  const stamp = (ms: number | null): string => (ms === null ? "–" : stampOf(startWallMs + ms));
  const open = all.filter(({ closedMs }) => closedMs === null).length;
  const lines = [all.length === 0 ? "No outages." : `${counted(all.length, "outage")}, ${open} of them open`];
  for (const outage of all) {
    const { number, cause, subject, suspectedMs, confirmedMs, closedMs, units, alarms } = outage;
    lines.push(
      "",
      `${number}  ${causeNames[cause].en} ${subject}: ${counted(units.length + outage.unitsLeftOut, "unit")}`,
      `   suspected ${stamp(suspectedMs)}, confirmed ${stamp(confirmedMs)}, closed ${stamp(closedMs)}`,
      `   alarms in time ${alarms.inTime}, late ${alarms.late.length}, not delivered ${alarms.undelivered.length}` +
        (alarms.disputed.length > 0 ? `, told differently by unit and receiver ${alarms.disputed.length}` : ""),
    );
    for (const { atMs: ms, phase, evidence, to, text } of outage.updates)
      lines.push(
        texts === true ? `   ${stamp(ms)} ${text[language]}` : `   ${stamp(ms)} ${phase} (${to}): ${evidence}`,
      );
    for (const { unit, pressedMs, acceptedMs } of [...alarms.late, ...alarms.undelivered].slice(0, namedUnits))
      lines.push(
        `   ${unit}: pressed ${stamp(pressedMs)}, ${acceptedMs === null ? "not accepted" : `accepted ${stamp(acceptedMs)}`}`,
      );
  }
  lines.push(
    "",
    visits.length === 0
      ? "Nobody is to be rung or visited."
      : `To ring or to visit at ${stamp(atMs)}: ${visits.length}`,
  );
  for (const visit of visits) lines.push(`   ${visitText(visit, stamp)}`);
  return `${lines.join("\n")}\n`;
}

function visitText(visit: Visit, stamp: (ms: number | null) => string): string {
  const { unit, cid, provider, night, pendingSinceMs, silentSinceMs, everProven, ticks } = visit;
  const why = [
    ...(pendingSinceMs === null ? [] : [`alarm waits since ${stamp(pendingSinceMs)}`]),
    ...(silentSinceMs === null ? [] : [everProven ? `no proven path since ${stamp(silentSinceMs)}` : "never proven"]),
    ...ticks.map(({ what, by, atMs }) => `${what} ${stamp(atMs)} by ${by}`),
  ];
  return `${unit} (${cid}${provider === "" ? "" : `, ${provider}`}${night ? ", night" : ""}): ${why.join(", ")}`;
}

const stateTexts: Readonly<Record<DrillState, string>> = {
  "phone-list": "to ring",
  "reminded-again": "reminded twice",
  reminded: "reminded",
  waiting: "not yet",
  "not-due": "not due",
  confirmed: "pressed",
};

function drillText(held: Drill): string {
  const { year, month, rows } = held;
  const { drill: day, reminder, secondReminder, phoneList, today } = datesOf(held);
  const count = (state: DrillState): number => rows.filter((row) => row.state === state).length;
  const states = (Object.keys(stateTexts) as DrillState[]).filter((state) => count(state) > 0);
  const lines = [
    `Drill of ${year}-${String(month).padStart(2, "0")} on ${day}, seen on ${today}: ${count("confirmed")} of ${rows.length} have pressed`,
    `reminder ${reminder}, again ${secondReminder}, phone list ${phoneList}`,
    ...states.map((state) => `${stateTexts[state]}: ${count(state)}`),
    ...rows
      .filter(({ state }) => state !== "confirmed" && state !== "not-due")
      .map(
        ({ unit, cid, provider, state }) =>
          `   ${unit} (${cid}${provider === "" ? "" : `, ${provider}`}): ${stateTexts[state]}`,
      ),
  ];
  return `${lines.join("\n")}\n`;
}

function drillCsv({ rows }: Drill): string {
  const head = csvRow(["unit", "larmkod", "provider", "state", "pressed"]);
  const cells = rows.map(({ unit, cid, provider, state, confirmedWallMs }) =>
    csvRow([unit, cid, provider, state, confirmedWallMs === null ? "" : stampOf(confirmedWallMs)]),
  );
  return [head, ...cells].join("");
}

/** With dates for people in place of days. */
function datesOf({ year, month, days, today, rows }: Drill) {
  return {
    year,
    month,
    drill: dayText(days.drill),
    reminder: dayText(days.reminder),
    secondReminder: dayText(days.secondReminder),
    phoneList: dayText(days.phoneList),
    today: dayText(today),
    rows,
  };
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

function stampOf(wallMs: number): string {
  return `${localDate(wallMs)} ${localMinute(wallMs)}`;
}

function monthAt(day: number): Month {
  const [year, month] = dayText(day).split("-").map(Number) as [number, number, number];
  return { year, month };
}

function monthOf(text: string): Month {
  const parts = /^(\d{4})-(\d\d)$/.exec(text);
  const [year, month] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts === null || year < 1970 || month < 1 || month > 12)
    throw new InvalidArgumentError("a month is written as 2026-12.");
  return { year, month };
}

function dateOf(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || dayText(ms / dayMs) !== text)
    throw new InvalidArgumentError("a date is written as 2026-12-05.");
  return ms / dayMs;
}

/** The language of messages. */
export function languageOf(text: string): "sv" | "en" {
  if (text === "sv" || text === "en") return text;
  throw new InvalidArgumentError("one of sv, en.");
}
