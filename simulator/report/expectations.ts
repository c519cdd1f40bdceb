/** Holds a run against what its scenario promises: each promise as a sentence, whether it held, and what was found. */
import {
  type ExpectationVerdict,
  falseAcceptedCheck,
  lostAlarmsCheck,
  type RunFacts,
  type RunPress,
  type RunResult,
  tallyOf,
} from "../record/run-result.ts";
import type { AlarmChoice, Expectation } from "../scenario/expectation.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { durationText } from "../scenario/scenario-units.ts";

/** The last step of a run: expectations judged, verdict given. */
export function judgeRun(scenario: Scenario, facts: RunFacts): RunResult {
  const expectations = scenario.expectations.flatMap((expectation) => judge(expectation, facts));
  const passed = expectations.every((each) => each.held) && facts.checks.every((check) => check.held);
  return { ...facts, verdict: passed ? "passed" : "failed", expectations };
}

/** One verdict per promise: an entry with several limits gives several. */
export function judge(expectation: Expectation, facts: RunFacts): ExpectationVerdict[] {
  switch (expectation.type) {
    case "alarms":
      return judgeAlarms(expectation, facts);
    case "tally":
      return [judgeTally(expectation, facts)];
    case "cases-per-alarm":
      return [judgeCases(expectation.count, facts)];
    case "suspicions-at-most":
      return [judgeSuspicions(expectation.count, facts)];
    case "noticed":
      return judgeNoticed(expectation, facts);
  }
}

type AlarmsExpectation = Extract<Expectation, { readonly type: "alarms" }>;

function judgeAlarms(expectation: AlarmsExpectation, facts: RunFacts): ExpectationVerdict[] {
  const presses = choose(expectation.choice, facts);
  const whose = choiceText(expectation.choice);
  const share = expectation.percent === 100 ? `all ${whose}` : `${expectation.percent} % of ${whose}`;
  const verdicts: ExpectationVerdict[] = [];
  const { acceptedWithinMs, acceptedAfterRepairWithinMs, toldWithinMs, route, countAtLeast, countAtMost } = expectation;
  if (acceptedWithinMs !== undefined) {
    const text = `${share} are accepted within ${durationText(acceptedWithinMs)}`;
    verdicts.push(judgeDelays(text, presses, expectation.percent, acceptedWithinMs, facts, (press) => press.pressedMs));
  }
  if (acceptedAfterRepairWithinMs !== undefined) {
    const text = `${share} are accepted within ${durationText(acceptedAfterRepairWithinMs)} after the press or the repair`;
    const since = (press: RunPress): number => repairedMs(press, facts);
    verdicts.push(judgeDelays(text, presses, expectation.percent, acceptedAfterRepairWithinMs, facts, since));
  }
  if (toldWithinMs !== undefined) verdicts.push(judgeTold(whose, presses, toldWithinMs, facts));
  if (route !== undefined) {
    const other = presses.filter((press) => press.acceptedMs !== null && press.route !== route);
    const found =
      other.length === 0 ? `all ${presses.length}` : `${other.length} went another way, first ${nameOf(other[0])}`;
    verdicts.push({ text: `${whose} are accepted over ${route}`, held: other.length === 0, found });
  }
  if (countAtLeast !== undefined)
    verdicts.push({
      text: `there are at least ${countAtLeast} ${whose}`,
      held: presses.length >= countAtLeast,
      found: String(presses.length),
    });
  if (countAtMost !== undefined)
    verdicts.push({
      text: `there are at most ${countAtMost} ${whose}`,
      held: presses.length <= countAtMost,
      found: String(presses.length),
    });
  return verdicts;
}

/** Alarms whose limit lies beyond the end of the run are left out, and said so. None left is no proof, so it does not hold. */
function judgeDelays(
  text: string,
  presses: readonly RunPress[],
  percent: number,
  limitMs: number,
  facts: RunFacts,
  since: (press: RunPress) => number,
): ExpectationVerdict {
  const due = presses.filter((press) => press.acceptedMs !== null || since(press) + limitMs <= facts.virtualMs);
  const early = presses.length - due.length;
  const beyond = early === 0 ? "" : `; ${early} were still in time when the run ended`;
  if (due.length === 0) return { text, held: false, found: `there is no such alarm${beyond}` };
  let inTime = 0;
  let worst: RunPress | undefined;
  let worstMs = -1;
  for (const press of due) {
    const delayMs = press.acceptedMs === null ? Number.POSITIVE_INFINITY : Math.max(0, press.acceptedMs - since(press));
    if (delayMs <= limitMs) inTime++;
    if (delayMs > worstMs) {
      worst = press;
      worstMs = delayMs;
    }
  }
  const slowest =
    worstMs === Number.POSITIVE_INFINITY ? `never, ${nameOf(worst)}` : `${durationText(worstMs)}, ${nameOf(worst)}`;
  const held = inTime * 100 >= due.length * percent;
  return { text, held, found: `${inTime} of ${due.length} in time; slowest ${slowest}${beyond}` };
}

function judgeTold(whose: string, presses: readonly RunPress[], limitMs: number, facts: RunFacts): ExpectationVerdict {
  const waiting = presses.filter((press) => {
    const due = press.pressedMs + limitMs;
    return due <= facts.virtualMs && (press.acceptedMs === null || press.acceptedMs > due);
  });
  const untold = waiting.filter(
    (press) => press.toldNotAcceptedMs === null || press.toldNotAcceptedMs > press.pressedMs + limitMs,
  );
  const text = `whoever must wait longer is told within ${durationText(limitMs)} (${whose})`;
  if (untold.length > 0)
    return {
      text,
      held: false,
      found: `${untold.length} of ${waiting.length} were not told, first ${nameOf(untold[0])}`,
    };
  if (waiting.length === 0) return { text, held: true, found: "nobody had to wait that long" };
  const slowest = Math.max(...waiting.map((press) => (press.toldNotAcceptedMs ?? 0) - press.pressedMs));
  return { text, held: true, found: `all ${waiting.length} were told, the last after ${durationText(slowest)}` };
}

function judgeTally(
  expectation: Extract<Expectation, { readonly type: "tally" }>,
  facts: RunFacts,
): ExpectationVerdict {
  const tally = tallyOf(facts);
  const at = {
    lost: { found: tally.lost, what: "lost", first: firstViolation(facts, lostAlarmsCheck) },
    "falsely-accepted": {
      found: tally.falseAccepted,
      what: "falsely shown as accepted",
      first: firstViolation(facts, falseAcceptedCheck),
    },
    "pending-at-end": { found: tally.pending, what: "still pending at the end", first: undefined },
  }[expectation.of];
  const most = expectation.count === 0 ? "no alarm is" : `at most ${expectation.count} alarms are`;
  const found = at.first === undefined ? String(at.found) : `${at.found}: ${at.first}`;
  return { text: `${most} ${at.what}`, held: at.found <= expectation.count, found };
}

function firstViolation(facts: RunFacts, checker: string): string | undefined {
  return facts.checks.find((check) => check.checker === checker)?.found[0];
}

function judgeCases(count: number, facts: RunFacts): ExpectationVerdict {
  const accepted = facts.presses.filter((press) => press.acceptedMs !== null);
  const wrong = accepted.filter((press) => press.cases !== count);
  const text = `each accepted alarm leaves ${count === 1 ? "one case" : `${count} cases`} at the receivers`;
  const found =
    wrong.length === 0
      ? `${accepted.length} alarms, each so`
      : `${wrong.length} differ, first ${nameOf(wrong[0])} with ${wrong[0]?.cases}`;
  return { text, held: wrong.length === 0, found };
}

function judgeSuspicions(count: number, facts: RunFacts): ExpectationVerdict {
  const suspicions = facts.notices.filter((notice) => notice.phase === "suspected");
  const text = count === 0 ? "the monitor suspects nothing" : `the monitor suspects something at most ${count} times`;
  const first = suspicions[0];
  return {
    text,
    held: suspicions.length <= count,
    found: first === undefined ? "0" : `${suspicions.length}, first ${first.cause} ${first.subject}`,
  };
}

function judgeNoticed(
  expectation: Extract<Expectation, { readonly type: "noticed" }>,
  facts: RunFacts,
): ExpectationVerdict[] {
  const faults = facts.faults.filter((fault) => fault.object === expectation.object && fault.name === expectation.name);
  const who = `${expectation.object} ${expectation.name}`;
  const limits = [
    { phase: "suspected", limitMs: expectation.suspectedWithinMs, from: "fromMs", says: "is suspected" },
    { phase: "closed", limitMs: expectation.closedWithinMs, from: "toMs", says: "'s outage is closed" },
  ] as const;
  const verdicts: ExpectationVerdict[] = [];
  for (const { phase, limitMs, from, says } of limits) {
    if (limitMs === undefined) continue;
    const text = `${who}${says.startsWith("'") ? says : ` ${says}`} within ${durationText(limitMs)}`;
    const delays = faults.map((fault) => {
      const notice = facts.notices.find(
        (each) => each.phase === phase && each.subject === expectation.name && each.atMs >= fault[from],
      );
      return notice === undefined ? Number.POSITIVE_INFINITY : notice.atMs - fault[from];
    });
    const slowest = Math.max(...delays);
    const found = slowest === Number.POSITIVE_INFINITY ? "never" : `after ${durationText(slowest)}`;
    verdicts.push({
      text,
      held: faults.length > 0 && slowest <= limitMs,
      found: faults.length === 0 ? "it had no fault" : found,
    });
  }
  return verdicts;
}

/** The presses that an expectation speaks of. */
export function choose(choice: AlarmChoice, facts: RunFacts): RunPress[] {
  const units = new Map(facts.units.map((unit) => [unit.id, unit]));
  return facts.presses.filter((press) => {
    const unit = units.get(press.unit);
    if (unit === undefined) return false;
    if (choice.alarms === "with-second-receiver" && unit.receivers.length < 2) return false;
    if (choice.alarms === "without-second-receiver" && unit.receivers.length > 1) return false;
    if (choice.group !== undefined && unit.group !== choice.group) return false;
    return choice.pressed === "any-time" || isDuringFault(press, facts) === (choice.pressed === "during-faults");
  });
}

function isDuringFault(press: RunPress, facts: RunFacts): boolean {
  return facts.faults.some((fault) => press.pressedMs >= fault.fromMs && press.pressedMs < fault.toMs);
}

/** The press, or the end of the last fault that was on while it was made. */
function repairedMs(press: RunPress, facts: RunFacts): number {
  let since = press.pressedMs;
  for (const fault of facts.faults)
    if (press.pressedMs >= fault.fromMs && press.pressedMs < fault.toMs && fault.toMs > since) since = fault.toMs;
  return since;
}

function choiceText(choice: AlarmChoice): string {
  const whose = {
    all: "alarms",
    "with-second-receiver": "alarms with a second receiver",
    "without-second-receiver": "alarms without a second receiver",
  };
  const group = choice.group === undefined ? "" : ` of ${choice.group}`;
  const when = {
    "any-time": "",
    "during-faults": " pressed during a fault",
    "outside-faults": " pressed outside faults",
  };
  return whose[choice.alarms] + group + when[choice.pressed];
}

function nameOf(press: RunPress | undefined): string {
  return press === undefined ? "?" : press.unit;
}
