/** Holds a run against what its scenario promises: each promise as a sentence, whether it held, and what was found. */
import {
  duplicateCasesCheck,
  type ExpectationVerdict,
  falseAcceptedCheck,
  lostAlarmsCheck,
  type RunFacts,
  type RunPress,
  type RunResult,
  tallyOf,
} from "../record/run-result.ts";
import type { Expectation } from "../scenario/expectation.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { durationText } from "../scenario/scenario-units.ts";
import { instantText, pressText } from "./expectation-texts.ts";
import { judgeAlarms } from "./expectations-alarms.ts";
import { judgeDeadline, judgeOrder, judgeSet } from "./expectations-sets.ts";
import { judgeTraffic, judgeUnits } from "./expectations-units.ts";

/** The last step of a run: expectations judged, verdict given. */
export function judgeRun(scenario: Scenario, facts: RunFacts): RunResult {
  // What was promised for the whole run is neither kept nor broken by half of it.
  if (facts.interruptedMs !== null) return { ...facts, verdict: "interrupted", expectations: [] };
  const expectations = scenario.expectations.flatMap((expectation) => judge(expectation, facts));
  const passed = expectations.every((each) => each.held) && facts.checks.every((check) => check.held);
  return { ...facts, verdict: passed ? "passed" : "failed", expectations };
}

/** One verdict per promise: an entry with several limits gives several. */
export function judge(expectation: Expectation, facts: RunFacts): ExpectationVerdict[] {
  switch (expectation.type) {
    case "alarms":
      return judgeAlarms(expectation, facts);
    case "set":
      return judgeSet(expectation, facts);
    case "order":
      return [judgeOrder(expectation, facts)];
    case "deadline":
      return [judgeDeadline(expectation, facts)];
    case "units":
      return judgeUnits(expectation, facts);
    case "traffic":
      return judgeTraffic(expectation, facts);
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

function judgeTally(
  expectation: Extract<Expectation, { readonly type: "tally" }>,
  facts: RunFacts,
): ExpectationVerdict {
  const tally = tallyOf(facts);
  const pending = facts.presses.find(({ acceptedMs, unheard }) => acceptedMs === null && unheard === null);
  const at = {
    lost: { found: tally.lost, what: "lost", first: firstViolation(facts, lostAlarmsCheck) },
    "falsely-accepted": {
      found: tally.falseAccepted,
      what: "falsely shown as accepted",
      first: firstViolation(facts, falseAcceptedCheck),
    },
    "pending-at-end": { found: tally.pending, what: "still pending at the end", first: firstOf(pending, facts) },
    unheard: {
      found: tally.unheard,
      what: "pressed where no unit could hear",
      first: firstOf(
        facts.presses.find(({ unheard }) => unheard !== null),
        facts,
      ),
    },
    "duplicate-cases": {
      found: tally.duplicates,
      what: "filed as more than one case",
      first: firstViolation(facts, duplicateCasesCheck),
    },
  }[expectation.of];
  const most = expectation.count === 0 ? "no alarm is" : `at most ${expectation.count} alarms are`;
  const found = at.found === 0 || at.first === undefined ? String(at.found) : `${at.found}: ${at.first}`;
  return { text: `${most} ${at.what}`, held: at.found <= expectation.count, found };
}

function firstViolation(facts: RunFacts, checker: string): string | undefined {
  return facts.checks.find((check) => check.checker === checker)?.found[0];
}

function firstOf(press: RunPress | undefined, facts: RunFacts): string | undefined {
  if (press === undefined) return undefined;
  return `first ${pressText(facts, press)}${press.unheard === null ? "" : ` (${press.unheard})`}`;
}

function judgeCases(count: number, facts: RunFacts): ExpectationVerdict {
  const accepted = facts.presses.filter((press) => press.acceptedMs !== null);
  const wrong = accepted.filter((press) => press.cases !== count);
  const first = wrong[0];
  const text = `each accepted alarm leaves ${count === 1 ? "one case" : `${count} cases`} at the receivers`;
  const found =
    first === undefined
      ? `${accepted.length} alarms, each so`
      : `${wrong.length} of ${accepted.length} differ, first ${pressText(facts, first)} with ${first.cases}`;
  return { text, held: first === undefined, found };
}

function judgeSuspicions(count: number, facts: RunFacts): ExpectationVerdict {
  const suspicions = facts.notices.filter((notice) => notice.phase === "suspected");
  const text = count === 0 ? "the monitor suspects nothing" : `the monitor suspects something at most ${count} times`;
  const first = suspicions[0];
  return {
    text,
    held: suspicions.length <= count,
    found:
      first === undefined
        ? "0"
        : `${suspicions.length}, first ${first.cause} ${first.subject} at ${instantText(facts, first.atMs)} (${first.evidence})`,
  };
}

function judgeNoticed(
  expectation: Extract<Expectation, { readonly type: "noticed" }>,
  facts: RunFacts,
): ExpectationVerdict[] {
  const faults = facts.faults.filter((fault) => fault.object === expectation.object && fault.name === expectation.name);
  const who = `${expectation.object === "power" ? "power area" : expectation.object} ${expectation.name}`;
  // A cell and an operator may have one name; the monitor tells them apart.
  const subject = expectation.object === "cell" ? `cell ${expectation.name}` : expectation.name;
  const limits = [
    { phase: "suspected", limitMs: expectation.suspectedWithinMs, from: "fromMs", says: "is suspected" },
    { phase: "closed", limitMs: expectation.closedWithinMs, from: "toMs", says: "'s outage is closed" },
  ] as const;
  const verdicts: ExpectationVerdict[] = [];
  for (const { phase, limitMs, from, says } of limits) {
    if (limitMs === undefined) continue;
    const text = `${who}${says.startsWith("'") ? says : ` ${says}`} within ${durationText(limitMs)}`;
    let slowest: { readonly ms: number; readonly edgeMs: number } | undefined;
    for (const fault of faults) {
      const edgeMs = fault[from];
      const said = facts.notices.find(
        (each) => each.phase === phase && each.subject === subject && each.atMs >= edgeMs,
      );
      const ms = said === undefined ? Number.POSITIVE_INFINITY : said.atMs - edgeMs;
      if (slowest === undefined || ms > slowest.ms) slowest = { ms, edgeMs };
    }
    if (slowest === undefined) verdicts.push({ text, held: false, found: "it had no fault" });
    else {
      const when = slowest.ms === Number.POSITIVE_INFINITY ? "never" : `after ${durationText(slowest.ms)}`;
      const edge = `the fault ${from === "fromMs" ? "of" : "that ended at"} ${instantText(facts, slowest.edgeMs)}`;
      verdicts.push({ text, held: slowest.ms <= limitMs, found: `${when}, for ${edge}` });
    }
  }
  return verdicts;
}
