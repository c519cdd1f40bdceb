/**
 * One run on a virtual bench that misbehaves, with what is known of it beforehand: its seed says what goes wrong and when, and the
 * receivers' own books say whether a pass was one. What the run says of itself is only compared, never believed.
 */
import { join } from "node:path";
import { Stream } from "../../simulator/core/prng.ts";
import { openBench } from "../bench/open-bench.ts";
import type { Subject } from "../strategy/subject.ts";
import { unitCase } from "../suites/unit-case.ts";
import { type Misbehaviour, misbehaviours } from "../virtual/misbehaviour.ts";
import { BenchRig } from "./bench-rig.ts";
import type { HilCase } from "./case.ts";
import type { RunRecord, RunVerdict } from "./results.ts";
import { RunFolder } from "./run-folder.ts";
import { runCases } from "./runner.ts";
import { LateError, messageOf, within } from "./within.ts";

/** `well`: nothing is wrong with the bench. `deaf`: nothing is wrong with it but that no receiver accepts, so that the device's way fails. */
export const kinds = [...misbehaviours, "well", "deaf"] as const;
export type Kind = (typeof kinds)[number];

export interface Judged {
  readonly seed: number;
  readonly kind: Kind;
  /** Undefined where the run did not end. */
  readonly verdict: RunVerdict | undefined;
  readonly cases: readonly string[];
  readonly ends: RunRecord["ends"] | undefined;
  readonly ms: number;
  /** What is not as it must be; none for a run that told the truth. */
  readonly wrong: readonly string[];
}

/** Verdicts that a run on such a bench may have. What comes now and then may come when nobody looks. */
const possible: Readonly<Record<Kind, readonly RunVerdict[]>> = {
  well: ["passed"],
  deaf: ["failed"],
  reboots: ["passed", "failed", "blocked"],
  noise: ["passed", "failed", "blocked"],
  "half-lines": ["passed", "failed", "blocked"],
  renumbered: ["passed", "failed", "blocked"],
  "dead-hub": ["blocked"],
  "full-disk": ["blocked"],
  hanging: ["failed", "blocked"],
  "foreign-receiver": ["refused"],
};
/** From its moment on nothing can be right any more. */
const forGood: readonly Kind[] = ["dead-hub", "full-disk", "hanging"];
/** Nothing more goes wrong after the run; elsewhere a restored unit may be disturbed again before it is looked at. */
const steady: readonly Kind[] = ["well", "deaf", "renumbered"];
const latestMs = 20_000;
const acceptedMs = 12_000;
const storedMs = 5_000;
const helloMs = 2_000;
/** Real time; a run that takes longer hangs. */
const longestRunMs = 240_000;

/** `folder` is of this run alone. Never rejects for what goes wrong on the bench. */
export async function misbehavingRun(seed: number, speed: number, folder: string): Promise<Judged> {
  const chance = new Stream(seed, "misbehaving run", 0);
  const kind = kinds[seed % kinds.length] as Kind;
  const afterMs = chance.between(0, latestMs);
  const startMs = performance.now();
  const truth = new Truth();
  try {
    const record = await within({ limitMs: longestRunMs, graceMs: 1_000 }, undefined, (signal) =>
      played({ seed, kind, afterMs, speed, folder, truth, signal }),
    );
    const cases = record.cases.map(({ verdict }) => verdict);
    const wrong = [
      ...truth.lies(record, forGood.includes(kind) ? afterMs : undefined),
      ...unexpected(kind, record, truth),
    ];
    return { seed, kind, verdict: record.verdict, cases, ends: record.ends, ms: performance.now() - startMs, wrong };
  } catch (thrown) {
    const what = thrown instanceof LateError ? "hangs" : `throws: ${messageOf(thrown)}`;
    return {
      seed,
      kind,
      verdict: undefined,
      cases: [],
      ends: undefined,
      ms: performance.now() - startMs,
      wrong: [what],
    };
  }
}

function unexpected(kind: Kind, { verdict, ends }: RunRecord, { presses, contradiction }: Truth): string[] {
  const wrong = contradiction === "" ? [] : [contradiction];
  if (!possible[kind].includes(verdict)) wrong.push(`${verdict}, and only ${possible[kind].join(" or ")} can be`);
  // What switches a unit is dead with the hub; nowhere else is a unit left in a state that nobody knows.
  if (ends === "unknown" && kind !== "dead-hub") wrong.push("left in an unknown state");
  if (ends === "unknown" && verdict === "passed") wrong.push("passed, and left in an unknown state");
  if (kind === "foreign-receiver" && presses > 0) wrong.push("pressed towards a foreign receiver");
  return wrong;
}

interface Play {
  readonly seed: number;
  readonly kind: Kind;
  readonly afterMs: number;
  readonly speed: number;
  readonly folder: string;
  readonly truth: Truth;
  readonly signal: AbortSignal;
}

async function played({ seed, kind, afterMs, speed, folder, truth, signal }: Play): Promise<RunRecord> {
  const planned: readonly Misbehaviour[] = kind === "well" || kind === "deaf" ? [] : [{ kind, afterMs }];
  const bench = await openBench(undefined, { seed, speed, misbehave: planned });
  truth.openMs = bench.nowMs();
  const rig = new BenchRig(bench, folder);
  try {
    const record = await runCases(
      rig,
      {
        cases: [accepted(kind === "deaf", truth), answers(truth)],
        isNightly: false,
        isDry: false,
        retries: 1,
        seed,
        commit: "",
        quarantine: [],
        patience: { checkMs: 10_000, restoreMs: 20_000, flashMs: 1_000, graceMs: 5_000 },
        now: () => new Date(),
        repeatOf: () => `npx tsx hil-tests/run/misbehaving-night.ts --runs 1 --from ${seed}`,
        approve: async () => {},
        onEvent: () => {},
      },
      new RunFolder(folder, "run"),
      signal,
    );
    if (record.ends === "off" || steady.includes(kind))
      await truth.look(record.ends, () => rig.begin(join(folder, "end"), signal));
    return record;
  } finally {
    // A dead hub refuses to come to rest; that is told in the record.
    await rig.close().catch(() => undefined);
  }
}

function accepted(isDeaf: boolean, truth: Truth): HilCase<Subject> {
  return unitCase({
    suite: "press",
    name: "accepted",
    proves: "a press is accepted",
    needs: ["press", "receiver"],
    start: "online",
    run: async (subject) => {
      const { receivers } = subject.bench;
      if (isDeaf) for (const receiver of receivers) await receiver.setMode("reject");
      truth.presses++;
      const sinceMs = await subject.press();
      const stored = await subject.unit.expect("log", { what: "stored" }, storedMs);
      await subject.unit.expect("log", { what: "accepted", number: stored.event.number }, acceptedMs);
      const isTrue = receivers.some(({ events }) =>
        events.some((event) => event.type === "alarm" && event.answer === "snu 0" && event.hostMs >= sinceMs),
      );
      truth.believe("press/accepted", subject, isTrue);
    },
  });
}

function answers(truth: Truth): HilCase<Subject> {
  return unitCase({
    suite: "line",
    name: "answers",
    proves: "the unit answers, and no alarm waits in it",
    needs: [],
    start: "online",
    run: async (subject) => {
      const { pending } = await subject.unit.ask({ type: "status" }, "answer", storedMs);
      if (pending > 0) throw new Error(`${pending} alarms wait`);
      truth.believe("line/answers", subject, true);
    },
  });
}

/** What happened, by the receivers' books and the bench's clock. */
class Truth {
  presses = 0;
  /** By when the bench was open, in its time; its misbehaviour is planned from a little before. */
  openMs = 0;
  /** What the unit itself says against how it is said to be left; "" where it does not. */
  contradiction = "";
  /** By case: when its last attempt to pass ended, and whether a receiver had taken an alarm in it. */
  private readonly believed = new Map<string, { readonly atMs: number; readonly isTrue: boolean }>();

  believe(id: string, { bench }: Subject, isTrue: boolean): void {
    this.believed.set(id, { atMs: bench.nowMs(), isTrue });
  }

  /** Asks the unit itself how it was left. A bench that goes on misbehaving may hide it, and then contradicts nothing. */
  async look(ends: RunRecord["ends"], open: () => Promise<Subject>): Promise<void> {
    if (ends === "unknown") return;
    try {
      const { unit } = await open();
      await unit.resync(helloMs);
      if (ends === "off") {
        this.contradiction = "said to be without power, and answers";
        return;
      }
      await unit.unlock(helloMs);
      const { pending } = await unit.ask({ type: "status" }, "answer", helloMs);
      const { life } = await unit.ask({ type: "state" }, "state", helloMs);
      if (pending > 0 || life !== "in-service")
        this.contradiction = `said to be restored, and is ${life} with ${pending} alarms that wait`;
    } catch {
      // It says nothing.
    }
  }

  /** Passes that were none. `fromMs`: from then on nothing can pass. */
  lies(record: RunRecord, fromMs: number | undefined): string[] {
    return record.cases.flatMap(({ id, verdict }) => {
      if (verdict !== "pass" && verdict !== "flaky") return [];
      const found = this.believed.get(id);
      if (found === undefined || !found.isTrue) return [`false pass: ${id}, and no receiver took an alarm`];
      return fromMs !== undefined && found.atMs > this.openMs + fromMs ? [`false pass: ${id}, after all was over`] : [];
    });
  }
}
