/** Promises about presses: how soon, over which way, how many, and whether those who must wait were told. */
import type { ExpectationVerdict, RunFacts, RunFault, RunPress } from "../record/run-result.ts";
import type { AlarmChoice, AlarmsExpectation, HopLimits } from "../scenario/expectation.ts";
import { durationText } from "../scenario/scenario-units.ts";
import { boundsOf, isWithin, pressText, scopeText } from "./expectation-texts.ts";

const hops: readonly { readonly key: keyof HopLimits; readonly says: string }[] = [
  { key: "storedMs", says: "stand in the unit's journal" },
  { key: "sentMs", says: "have left the unit" },
  { key: "carriedMs", says: "are carried to a receiver" },
  { key: "acceptedMs", says: "are accepted" },
];

export function judgeAlarms(expectation: AlarmsExpectation, facts: RunFacts): ExpectationVerdict[] {
  const { choice, percent, within, acceptedAfterRepairWithinMs, toldWithinMs } = expectation;
  const presses = choose(choice, facts);
  const whose = choiceText(choice, facts);
  const share = percent === 100 ? `all ${whose}` : `${percent} % of ${whose}`;
  const verdicts: ExpectationVerdict[] = [];
  for (const { key, says } of hops) {
    const limitMs = within[key];
    if (limitMs === undefined) continue;
    const text = `${share} ${says} within ${durationText(limitMs)}`;
    verdicts.push(judgeDelays({ text, key, percent, limitMs, since: (press) => press.pressedMs }, presses, facts));
  }
  if (acceptedAfterRepairWithinMs !== undefined) {
    const text = `${share} are accepted within ${durationText(acceptedAfterRepairWithinMs)} after the press or the repair`;
    const since = (press: RunPress): number => repairedMs(press, facts.faults);
    const limit = { text, key: "acceptedMs", percent, limitMs: acceptedAfterRepairWithinMs, since } as const;
    verdicts.push(judgeDelays(limit, presses, facts));
  }
  if (toldWithinMs !== undefined) verdicts.push(judgeTold(whose, presses, toldWithinMs, facts));
  verdicts.push(...judgeWays(expectation, whose, presses, facts));
  for (const { text, holds } of boundsOf(expectation.count)) {
    const first = presses[0];
    const found = first === undefined ? "0" : `${presses.length}, first ${pressText(facts, first)}`;
    verdicts.push({ text: `there are ${text} ${whose}`, held: holds(presses.length), found });
  }
  return verdicts;
}

interface DelayLimit {
  readonly text: string;
  readonly key: keyof HopLimits;
  readonly percent: number;
  readonly limitMs: number;
  readonly since: (press: RunPress) => number;
}

/** Alarms whose limit lies beyond the end of the run are left out, and said so. None left is no proof, so it does not hold. */
function judgeDelays(limit: DelayLimit, presses: readonly RunPress[], facts: RunFacts): ExpectationVerdict {
  const { text, key, percent, limitMs, since } = limit;
  const due = presses.filter((press) => press[key] !== null || since(press) + limitMs <= facts.virtualMs);
  const early = presses.length - due.length;
  const beyond = early === 0 ? "" : `; ${early} were still in time when the run ended`;
  if (due.length === 0) return { text, held: false, found: `there is no such alarm${beyond}` };
  let inTime = 0;
  let firstLate: RunPress | undefined;
  let worst: RunPress | undefined;
  let worstMs = -1;
  for (const press of due) {
    const endMs = press[key];
    const delayMs = endMs === null ? Number.POSITIVE_INFINITY : Math.max(0, endMs - since(press));
    if (delayMs <= limitMs) inTime++;
    else firstLate ??= press;
    if (delayMs > worstMs) {
      worst = press;
      worstMs = delayMs;
    }
  }
  const held = inTime * 100 >= due.length * percent;
  const first = held || firstLate === undefined ? "" : `; first late ${pressText(facts, firstLate)}`;
  const slowness = worstMs === Number.POSITIVE_INFINITY ? "never" : durationText(worstMs);
  const slowest = worst === undefined ? "" : `; slowest ${slowness}, ${pressText(facts, worst)}`;
  const found = `${inTime} of ${due.length} in time${first}${slowest}${unheardText(due, facts)}${beyond}`;
  return { text, held, found };
}

const unheardWords = { "unit-off": "unit off", "button-dead": "button dead", "given-up": "button gave up" };

/** Those who pressed and could not be heard are a case of their own: no unit was slow with them. */
function unheardText(presses: readonly RunPress[], facts: RunFacts): string {
  const unheard = presses.filter((press) => press.unheard !== null);
  const first = unheard[0];
  if (first === undefined || first.unheard === null) return "";
  return `; ${unheard.length} nobody could hear, first ${pressText(facts, first)} (${unheardWords[first.unheard]})`;
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
  const first = untold[0];
  if (first !== undefined) {
    const found = `${untold.length} of ${waiting.length} were not told, first ${pressText(facts, first)}`;
    return { text, held: false, found: found + unheardText(untold, facts) };
  }
  if (waiting.length === 0) return { text, held: true, found: "nobody had to wait that long" };
  let slowestMs = 0;
  for (const press of waiting) slowestMs = Math.max(slowestMs, (press.toldNotAcceptedMs ?? 0) - press.pressedMs);
  return { text, held: true, found: `all ${waiting.length} were told, the last after ${durationText(slowestMs)}` };
}

/** Over which route and by whom: accepted alarms are meant, and some there must be. */
function judgeWays(
  expectation: AlarmsExpectation,
  whose: string,
  presses: readonly RunPress[],
  facts: RunFacts,
): ExpectationVerdict[] {
  const accepted = presses.filter((press) => press.acceptedMs !== null);
  const ways = [
    { key: "route", wanted: expectation.route, says: "are accepted over" },
    { key: "acceptedBy", wanted: expectation.receiver, says: "are accepted by" },
  ] as const;
  return ways.flatMap(({ key, wanted, says }) => {
    if (wanted === undefined) return [];
    const other = accepted.filter((press) => press[key] !== wanted);
    const first = other[0];
    const all = accepted.length === 0 ? "none was accepted" : `all ${accepted.length}`;
    const found =
      first === undefined
        ? all
        : `${other.length} of ${accepted.length} went another way, first ${pressText(facts, first)} (${first[key]})`;
    return [{ text: `${whose} ${says} ${wanted}`, held: accepted.length > 0 && other.length === 0, found }];
  });
}

/** The presses that an expectation speaks of. */
export function choose(choice: AlarmChoice, facts: RunFacts): RunPress[] {
  const units = new Map(facts.units.map((unit) => [unit.id, unit]));
  return facts.presses.filter((press) => {
    const unit = units.get(press.unit);
    if (unit === undefined) return false;
    if (choice.alarms === "with-second-receiver" && unit.receivers.length < 2) return false;
    if (choice.alarms === "without-second-receiver" && unit.receivers.length > 1) return false;
    if (choice.alarms === "heard" && press.storedMs === null) return false;
    if (choice.alarms === "unheard" && press.unheard === null) return false;
    if ((choice.group ?? unit.group) !== unit.group || (choice.unit ?? unit.id) !== unit.id) return false;
    if (!isWithin(press.pressedMs, choice.between)) return false;
    return choice.pressed === "any-time" || isDuringFault(press, facts.faults) === (choice.pressed === "during-faults");
  });
}

function isDuringFault(press: RunPress, faults: readonly RunFault[]): boolean {
  return faults.some((fault) => isMet(fault, press));
}

/** Whether the fault was on for the unit while somebody pressed. */
function isMet({ fromMs, toMs, units }: RunFault, press: RunPress): boolean {
  return press.pressedMs >= fromMs && press.pressedMs < toMs && (units === null || units.includes(press.unit));
}

/** The press, or the end of the last fault that was on while it was made. */
function repairedMs(press: RunPress, faults: readonly RunFault[]): number {
  let since = press.pressedMs;
  for (const fault of faults) if (isMet(fault, press) && fault.toMs > since) since = fault.toMs;
  return since;
}

function choiceText(choice: AlarmChoice, facts: RunFacts): string {
  const whose = {
    all: "alarms",
    heard: "alarms that a unit has heard",
    unheard: "presses that nobody could hear",
    "with-second-receiver": "alarms with a second receiver",
    "without-second-receiver": "alarms without a second receiver",
  };
  const when = {
    "any-time": "",
    "during-faults": " pressed during a fault",
    "outside-faults": " pressed outside faults",
  };
  return whose[choice.alarms] + scopeText(choice, choice.between, facts) + when[choice.pressed];
}
