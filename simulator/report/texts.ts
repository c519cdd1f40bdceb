/** Every sentence of the report page, so that it can be put into another language in one place. */
import { type RunFault, type RunResult, tallyOf } from "../record/run-result.ts";
import { localTime } from "../scenario/scenario-clock.ts";
import { durationText } from "../scenario/scenario-units.ts";
import { type Delays, delaysOf, hasSecondReceiver } from "./statistics.ts";

export const texts = {
  language: "en",
  kind: "Livlina report",
  passed: "Passed",
  failed: "Failed",
  interrupted: "Interrupted",
  question: "Question",
  source: "Source",
  units: "alarm units",
  presses: "presses",
  accepted: "accepted",
  pending: "still waiting at the end",
  lost: "lost",
  falseAccepted: "shown as accepted without being so",
  duplicates: "duplicate cases",
  unheard: "that no unit could hear",
  promises: "What was promised, and what was found",
  promise: "Promise",
  checkedAlways: "Checked in every run",
  verdict: "Verdict",
  found: "Found",
  held: "Held",
  broken: "Broken",
  noViolation: "no exception",
  waits: "How long people waited",
  waitsLegend: "Each mark is one press: when it was made, and how long until somebody had accepted it.",
  withSecond: "with a second receiver",
  withoutSecond: "without a second receiver",
  notAccepted: "not accepted yet when the run ended",
  allPresses: "all",
  half: "Half within",
  p95: "95 % within",
  p99: "99 % within",
  slowest: "Slowest",
  whatWhen: "What happened when",
  pendingLegend: "Alarms pressed and not yet accepted, in the whole fleet. Shaded: the fault.",
  carried: "taken with a SIP 200, per minute",
  handedOn: "accepted (SCAIP status 0), per minute",
  late: "Late alarms",
  lateNone: "No alarm took longer than a minute.",
  noticesTitle: "What the monitor said",
  noticesNone: "The monitor had nothing to say.",
  pathless: "Units without a proven path, hour by hour",
  pathlessNone: "At every full hour each unit had a proven path, and no alarm was waiting.",
  pathlessLegend: "People to ring or to visit. The whole list, pending alarms first, is in calls.csv beside this page.",
  repeat: "How to repeat this run",
  faultsTitle: "Faults",
  time: "Time",
  pressedAt: "Pressed",
  acceptedAt: "Accepted",
  waited: "Waited",
  unit: "Unit",
  group: "Group",
  told: "Wearer told to wait",
  receiver: "Receiver",
  attempts: "Attempts",
  never: "not yet",
  untold: "no",
  phase: "State",
  subject: "What",
  affected: "Units",
  evidence: "Evidence",
  hour: "Hour",
  withPending: "With a waiting alarm",
  who: "Which",
  moreInJson: (count: number): string => `${count} more are in report.json.`,
  longestFirst: "Longest wait first.",
  lateIntro: (late: number, all: number): string =>
    `${late} of ${all} presses waited longer than a minute, or still wait.`,
  units_: (count: number): string => (count === 1 ? "1 unit" : `${count} units`),
};

const objects = {
  receiver: "receiver",
  operator: "operator",
  cell: "cell",
  broadband: "broadband provider",
  power: "power area",
  building: "building",
  strangers: "strangers at",
  unit: "unit",
  group: "group",
};
const faultWords: Readonly<Record<string, string>> = {
  "silent-after-200": "takes alarms and hands none on",
  "silent-open": "hears and never answers",
  "refuse-connect": "refuses connections",
  down: "is down",
  gone: "is gone for good",
  "no-data": "looks well and carries nothing",
  slow: "is slow",
  lossy: "loses datagrams",
  off: "is without mains",
};

/** "receiver primary takes alarms and hands none on". */
export function faultText(fault: RunFault): string {
  return `${objects[fault.object]} ${fault.name} ${faultWords[fault.fault] ?? `has the fault ${fault.fault}`}`;
}

/** "08:00:00–12:40:00". */
export function windowText(fault: RunFault, startWallMs: number): string {
  return `${localTime(startWallMs + fault.fromMs)}–${localTime(startWallMs + fault.toMs)}`;
}

/** The whole report in one or two sentences, beginning with yes or no, or saying that there is no answer. */
export function answerText(result: RunResult): string {
  const tally = tallyOf(result);
  if (result.verdict === "failed") return failedText(result);
  if (result.interruptedMs !== null) return interruptedText(result, result.interruptedMs);
  if (tally.presses === 0) return "Yes: everything that was promised held. Nobody pressed in this run.";
  const all =
    tally.accepted === tally.presses
      ? `all ${tally.presses} presses were accepted`
      : `${tally.accepted} of ${tally.presses} presses were accepted, ${restText(tally.pending, tally.unheard)}`;
  return `Yes: ${all}, none was lost, and none was shown as accepted without being so. ${slowestText(result)}`;
}

/** What became of those that are not accepted: nobody is told of waiting where nobody could hear. */
function restText(pending: number, unheard: number): string {
  const still = `${pending} still wait`;
  if (unheard === 0) return still;
  return `${unheard} no unit could hear${pending === 0 ? "" : `, ${still}`}`;
}

function interruptedText(result: RunResult, reachedMs: number): string {
  const tally = tallyOf(result);
  const broken = result.checks.find((check) => !check.held);
  const far = `${durationText(reachedMs)} of ${durationText(result.scenario.durationMs)}`;
  const so = `So far ${tally.accepted} of ${tally.presses} presses were accepted and ${tally.pending} waited.`;
  const found =
    broken === undefined ? "" : ` It must be that ${broken.rule}; found ${broken.found[0] ?? "exceptions"}.`;
  return `No answer: the run was interrupted after ${far}, and no promise is judged. ${so}${found}`;
}

function slowestText(result: RunResult): string {
  const second = hasSecondReceiver(result);
  const two = delaysOf("", result.presses.filter(second));
  const one = delaysOf(
    "",
    result.presses.filter((press) => !second(press)),
  );
  const said = (delays: Delays): string => durationText(delays.maxMs ?? 0);
  if (two.maxMs === null && one.maxMs === null) return "";
  if (two.maxMs === null) return `The slowest took ${said(one)}.`;
  if (one.maxMs === null) return `The slowest took ${said(two)}.`;
  return `With a second receiver the slowest took ${said(two)}; without one, ${said(one)}.`;
}

function failedText(result: RunResult): string {
  const checks = result.checks.filter((check) => !check.held);
  const promises = result.expectations.filter((each) => !each.held);
  const count = checks.length + promises.length;
  const broken = `${count} of ${result.checks.length + result.expectations.length} promises did not hold`;
  const first = checks[0];
  if (first !== undefined)
    return `No: ${broken}. First: it must be that ${first.rule}; found ${first.found[0] ?? `${first.violations} exceptions`}.`;
  const promise = promises[0];
  const tally = tallyOf(result);
  const still =
    tally.accepted === tally.presses && tally.presses > 0 ? ` All ${tally.presses} presses were accepted, though.` : "";
  return `No: ${broken}. First: ${promise?.text ?? ""}; found ${promise?.found ?? ""}.${still}`;
}
