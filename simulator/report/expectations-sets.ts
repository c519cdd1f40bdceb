/** Promises about sets of happenings: how many, from how many units, how soon; and about their order and deadlines. */
import type { ExpectationVerdict, RunFacts } from "../record/run-result.ts";
import type { Count, Expectation, SetExpectation, Step } from "../scenario/expectation.ts";
import { durationText } from "../scenario/scenario-units.ts";
import { boundsOf, instantText, isWithin, namesText, scopeText, unitsMeant } from "./expectation-texts.ts";
import { happeningText, leftOut, type Moment, momentsOf, reportsMeant } from "./happenings.ts";

/** What is held against each promise of one entry. */
interface SetFacts {
  readonly what: string;
  readonly moments: readonly Moment[];
  readonly facts: RunFacts;
  /** Happenings that were not kept: only what is shown by those that were can hold. */
  readonly left: number;
}

export function judgeSet(expectation: SetExpectation, facts: RunFacts): ExpectationVerdict[] {
  const { happening, units, between, afterMs, count, unitCount, perUnit } = expectation;
  const meant = new Set(unitsMeant(units, facts));
  const isMeant = (subject: string): boolean => happening.what === "notice" || meant.has(subject);
  const moments = momentsOf(happening, facts).filter(
    ({ atMs, subject }) => isMeant(subject) && isWithin(atMs, between) && atMs >= (afterMs ?? 0),
  );
  const since = afterMs === undefined ? "" : ` from ${instantText(facts, afterMs)} on`;
  const what = `${happeningText(happening, "s")}${scopeText(units, between, facts)}${since}`;
  const set: SetFacts = { what, moments, facts, left: leftOut(happening, facts) };
  return [
    ...judgeCount(count, set),
    ...judgeUnitCount(unitCount, set),
    ...judgePerUnit(perUnit, [...meant], set),
    ...judgeFirst(expectation, set),
    ...judgeAllWithin(expectation, meant, set),
  ];
}

function judgeCount(count: Count, set: SetFacts): ExpectationVerdict[] {
  const { moments, what, facts } = set;
  const ends = [moments[0], moments.length > 1 ? moments.at(-1) : undefined];
  const [first, last] = ends.map((moment) => (moment === undefined ? "" : momentText(moment, facts)));
  const found = first === "" ? "none" : `${moments.length}, first ${first}${last === "" ? "" : `, last ${last}`}`;
  return boundsOf(count).map(({ text, holds }) =>
    shown({ text: `${what}: ${text}`, held: holds(moments.length), found }, set, text),
  );
}

function judgeUnitCount(count: Count, set: SetFacts): ExpectationVerdict[] {
  const units = new Set(set.moments.map(({ subject }) => subject));
  return boundsOf(count).map(({ text, holds }) => {
    const found = `${units.size}: ${namesText([...units])}`;
    return shown({ text: `${set.what}: from ${text} units`, held: holds(units.size), found }, set, text);
  });
}

function judgePerUnit(count: Count, units: readonly string[], set: SetFacts): ExpectationVerdict[] {
  const own = new Map<string, Moment[]>(units.map((unit) => [unit, []]));
  for (const moment of set.moments) own.get(moment.subject)?.push(moment);
  return boundsOf(count).map(({ text, holds }) => {
    const wrong = [...own].filter(([, moments]) => !holds(moments.length));
    const [unit, moments = []] = wrong[0] ?? [];
    const times = moments.slice(0, 5).map(({ atMs }) => instantText(set.facts, atMs));
    const when = times.length === 0 ? "" : ` (${times.join(", ")})`;
    const found =
      unit === undefined
        ? `all ${own.size} units`
        : `${wrong.length} of ${own.size} units differ, first ${unit} with ${moments.length}${when}`;
    const held = wrong.length === 0 && own.size > 0;
    return shown({ text: `${set.what}: ${text} from each unit`, held, found }, set, text);
  });
}

function judgeFirst({ firstWithinMs, afterMs }: SetExpectation, set: SetFacts): ExpectationVerdict[] {
  if (firstWithinMs === undefined || afterMs === undefined) return [];
  const text = `${set.what}: the first within ${durationText(firstWithinMs)}`;
  const first = set.moments[0];
  if (first === undefined) return [shown({ text, held: false, found: "none came" }, set, "")];
  const found = `after ${durationText(first.atMs - afterMs)}, ${momentText(first, set.facts)}`;
  return [shown({ text, held: first.atMs - afterMs <= firstWithinMs, found }, set, "at least")];
}

/** With `after`, what comes at all must come in time; without, every report that was raised must be accepted in time. */
function judgeAllWithin(expectation: SetExpectation, meant: ReadonlySet<string>, set: SetFacts): ExpectationVerdict[] {
  const { withinMs, afterMs, percent } = expectation;
  if (withinMs === undefined) return [];
  const { facts } = set;
  const share = percent === 100 ? "all" : `${percent} %`;
  const waits = afterMs === undefined ? waitsOf(expectation, meant, withinMs, facts) : undefined;
  const delays =
    waits?.due ?? set.moments.map(({ atMs, subject }) => ({ unit: subject, fromMs: atMs, ms: atMs - (afterMs ?? 0) }));
  const text =
    waits === undefined
      ? `${set.what}: ${share} within ${durationText(withinMs)}`
      : `${set.what}: ${share} accepted within ${durationText(withinMs)} of being raised`;
  const beyond =
    waits === undefined || waits.early === 0 ? "" : `; ${waits.early} were still in time when the run ended`;
  if (delays.length === 0) return [shown({ text, held: false, found: `there is none${beyond}` }, set, "")];
  const late = delays.filter(({ ms }) => ms > withinMs);
  const slowest = delays.reduce((worst, each) => (each.ms > worst.ms ? each : worst));
  const inTime = delays.length - late.length;
  const held = inTime * 100 >= delays.length * percent;
  const worstFirst = held || late[0] === undefined ? "" : `; first late ${delayText(late[0], facts)}`;
  const found = `${inTime} of ${delays.length} in time${worstFirst}; slowest ${delayText(slowest, facts)}${beyond}`;
  return [shown({ text, held, found }, set, "")];
}

interface Delay {
  readonly unit: string;
  /** When it began, or where nothing else is known when it came. */
  readonly fromMs: number;
  readonly ms: number;
}

/** Reports that were raised, each until it was accepted; those taken back wait for nobody. */
function waitsOf(
  { happening, between }: SetExpectation,
  meant: ReadonlySet<string>,
  withinMs: number,
  facts: RunFacts,
): { readonly due: readonly Delay[]; readonly early: number } | undefined {
  if (happening.what !== "report") return undefined;
  const due: Delay[] = [];
  let early = 0;
  for (const { unit, raisedMs, acceptedMs, withdrawn } of reportsMeant(happening, facts)) {
    if (!meant.has(unit) || !isWithin(raisedMs, between) || withdrawn) continue;
    if (acceptedMs !== null) due.push({ unit, fromMs: raisedMs, ms: acceptedMs - raisedMs });
    else if (raisedMs + withinMs <= facts.virtualMs) due.push({ unit, fromMs: raisedMs, ms: Number.POSITIVE_INFINITY });
    else early++;
  }
  return { due, early };
}

function delayText({ unit, fromMs, ms }: Delay, facts: RunFacts): string {
  const length = ms === Number.POSITIVE_INFINITY ? "never" : durationText(ms);
  return `${length}, ${unit} at ${instantText(facts, fromMs)}`;
}

/** "u-003 at 08:10:05". */
function momentText({ subject, atMs }: Moment, facts: RunFacts): string {
  return `${subject} at ${instantText(facts, atMs)}`;
}

/** What was not kept could change every judgement but one: that there are enough. */
function shown(verdict: ExpectationVerdict, { left }: SetFacts, bound: string): ExpectationVerdict {
  if (left === 0) return verdict;
  const held = verdict.held && bound.startsWith("at least");
  return { ...verdict, held, found: `${verdict.found}; ${left} more were counted but not kept, which proves nothing` };
}

type OrderExpectation = Extract<Expectation, { readonly type: "order" }>;
type DeadlineExpectation = Extract<Expectation, { readonly type: "deadline" }>;

/** Each step is the first of its kind that is not before the step above; one row stands for one step of a kind. */
export function judgeOrder({ steps }: OrderExpectation, facts: RunFacts): ExpectationVerdict {
  const text = `in this order: ${steps.map(stepText).join(", then ")}`;
  const came: string[] = [];
  const used: { readonly row: object; readonly what: string }[] = [];
  let lastMs = 0;
  for (const [index, step] of steps.entries()) {
    const what = stepText(step);
    const moments = momentsOfStep(step, facts);
    const next = moments.find(
      ({ atMs, row }) => atMs >= lastMs && !used.some((each) => each.row === row && each.what === what),
    );
    if (next === undefined) {
      const before = moments.filter(({ atMs }) => atMs < lastMs).at(-1);
      const when =
        before === undefined ? "it never came" : `it last came at ${instantText(facts, before.atMs)}, before that`;
      const since = came.length === 0 ? "" : ` after ${came.at(-1)}`;
      return { text, held: false, found: `step ${index + 1} (${what}) did not come${since}: ${when}` };
    }
    used.push({ row: next.row, what });
    lastMs = next.atMs;
    came.push(`${what} at ${instantText(facts, next.atMs)}`);
  }
  return { text, held: true, found: came.join(", then ") };
}

export function judgeDeadline({ step, afterMs, deadlineMs }: DeadlineExpectation, facts: RunFacts): ExpectationVerdict {
  const since = afterMs === undefined ? "" : `, from ${instantText(facts, afterMs)} on`;
  const text = `by ${instantText(facts, deadlineMs)}: ${stepText(step)}${since}`;
  const moments = momentsOfStep(step, facts);
  const first = moments.find(({ atMs }) => atMs >= (afterMs ?? 0));
  if (first !== undefined) {
    const late = first.atMs <= deadlineMs ? "" : `, ${durationText(first.atMs - deadlineMs)} too late`;
    return { text, held: late === "", found: `${momentText(first, facts)}${late}` };
  }
  const before = moments.at(-1);
  const found = before === undefined ? "it never came" : `it came before that only, last ${momentText(before, facts)}`;
  return { text, held: false, found };
}

function momentsOfStep({ happening, unit }: Step, facts: RunFacts): readonly Moment[] {
  return momentsOf(happening, facts).filter(({ subject }) => (unit ?? subject) === subject);
}

/** "report mains-lost of u-001". */
function stepText({ happening, unit }: Step): string {
  return `${happeningText(happening, "")}${unit === undefined ? "" : ` of ${unit}`}`;
}
