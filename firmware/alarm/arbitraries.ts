/** Random lives of the alarm machine: presses, answers true and false, failures, time, restarts and power cuts. */
import fc from "fast-check";
import type { RaiseOrder } from "../unit-context.ts";
import { stepOfPress } from "./calls.ts";
import type { ReportKind, Route } from "./report.ts";
import { AlarmBench, type BenchOptions } from "./test-bench.ts";

/** Freezes a plain value all the way down, so that whoever writes to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** Two receivers over mobile and broadband, unless said otherwise. */
export function alarmBench(options: Partial<BenchOptions> = {}): AlarmBench {
  return new AlarmBench({
    receiverCount: 2,
    routes: ["mobile", "broadband"],
    staggerMs: 5_000,
    preAlarmMs: 0,
    fallDelayMs: 0,
    testReceiver: -1,
    dice: 7,
    freeze: deepFreeze,
    ...options,
  });
}

const snus = [0, 0, 0, 1, 3, 4, 4, 5, 6, 6, 7, 10, 42, 99];
const kinds: ReportKind[] = ["fire-and-gas", "life-safety", "technical", "test", "statistics"];
const routes: Route[] = ["mobile", "broadband"];

export type AlarmCommand = (bench: AlarmBench) => void;

const press = fc
  .record({
    bond: fc.nat(3),
    again: fc.nat(9),
    presses: fc.constantFrom(1, 1, 1, 2, 5, 255),
    reason: fc.constantFrom("call", "call", "call", "call", "fall", "cancel", "fall-withdrawn"),
  })
  .map(({ bond, again, presses, reason }): AlarmCommand => {
    return (bench) => {
      // A name is one press; now and then an older frame of it comes with a new counter.
      const known = bench.state.reports.filter((each) => each.facts.bond === bond && each.presses.length > 0).at(-1);
      const name = known?.presses.at(-1)?.name;
      if (again === 0 && known !== undefined && name !== undefined)
        bench.press(bond, name, { presses, reason: known.facts.dty === 5 ? "fall" : "call" });
      else bench.press(bond, bench.newName(), { presses, reason });
    };
  });

function ofAttempt(then: (bench: AlarmBench, pick: number) => void): fc.Arbitrary<AlarmCommand> {
  return fc.nat(40).map((pick) => (bench: AlarmBench) => {
    if (bench.state.attempts.length > 0) then(bench, pick);
  });
}

const carried = ofAttempt((bench, pick) => {
  const attempt = bench.state.attempts[pick % bench.state.attempts.length];
  if (attempt !== undefined) bench.carry(attempt);
});

const failed = fc
  .record({ pick: fc.nat(40), reason: fc.constantFrom("no-link", "no-answer", "refused", "busy", "unauthorised") })
  .map(({ pick, reason }): AlarmCommand => {
    return (bench) => {
      const attempt = bench.state.attempts[pick % Math.max(bench.state.attempts.length, 1)];
      if (attempt !== undefined) bench.fail(attempt, reason, pick % 3 === 0 ? pick * 7 : undefined);
    };
  });

/** An answer to something that was sent, under way or long over. */
const answered = fc
  .record({ pick: fc.nat(1000), snu: fc.constantFrom(...snus), overOther: fc.boolean() })
  .map(({ pick, snu, overOther }): AlarmCommand => {
    return (bench) => {
      const report = bench.state.reports[pick % Math.max(bench.state.reports.length, 1)];
      const session = report?.sessions[(pick >> 3) % Math.max(report.sessions.length, 1)];
      if (report === undefined || session === undefined) return;
      bench.answerRef(session.receiver, routes[overOther ? 1 : 0] as Route, report.number, session.part, snu);
    };
  });

/** Of a receiver that was never asked under that reference, or under one that never was. */
const lied = fc
  .record({ receiver: fc.nat(4), number: fc.nat(60), part: fc.nat(9), snu: fc.constantFrom(...snus) })
  .map(({ receiver, number, part, snu }): AlarmCommand => {
    return (bench) => bench.answerRef(receiver, "mobile", number, part, snu);
  });

const moment = fc.constantFrom(1, 40, 500, 3_000, 5_001, 9_000, 20_001, 61_000).map(passing);
const longTime = fc.constantFrom(190_000, 600_000, 2_000_000).map(passing);

function passing(ms: number): AlarmCommand {
  return (bench) => bench.run(ms);
}

const other = fc.constantFrom<AlarmCommand>(
  (bench) => bench.pathBack(),
  (bench) => bench.useRoute("broadband"),
  (bench) => bench.useRoute("mobile"),
);

const raised = fc.record({ kind: fc.constantFrom(...kinds), spreadMs: fc.constantFrom(0, 600_000) }).map(
  ({ kind, spreadMs }): AlarmCommand =>
    (bench) => {
      bench.raise(kind, spreadMs);
    },
);

const key = fc.nat(1).map(
  (which): AlarmCommand =>
    (bench) => {
      bench.key(which);
    },
);

/** A cause of an accessory: its alarm, or a loss and its return, under a name of its own or of an older call. */
const causes: Partial<RaiseOrder>[] = [
  { kind: "fire-and-gas", dty: 23, stc: 9 },
  { kind: "life-safety", dty: 14, stc: 76 },
  { kind: "technical", dty: 14, stc: 16 },
  { kind: "technical", dty: 14, stc: 15, restores: 16 },
];

const accessory = fc
  .record({ which: fc.nat(1), cause: fc.constantFrom(...causes), again: fc.nat(4), times: fc.constantFrom(1, 1, 3) })
  .map(({ which, cause, again, times }): AlarmCommand => {
    return (bench) => {
      const bond = 10 + which;
      const known = bench.state.reports
        .filter((each) => each.facts.bond === bond && each.facts.stc === cause.stc)
        .at(-1);
      const name = again === 0 ? known?.presses.at(-1)?.name : undefined;
      bench.raiseOrder({ ...cause, bond, did: `A${which}` }, { name: name ?? bench.newName(), times });
    };
  });

/** A loss of the unit's own, or its return; now and then so often that it is unstable. */
const ownCause = fc
  .record({
    what: fc.nat(1),
    lost: fc.boolean(),
    spreadMs: fc.constantFrom(0, 600_000),
    often: fc.constantFrom(1, 1, 1, 9),
  })
  .map(({ what, lost, spreadMs, often }): AlarmCommand => {
    return (bench) => {
      const stc = what === 0 ? 85 : 23;
      const back = what === 0 ? 86 : 112;
      for (let i = 0; i < often; i++) {
        const isLoss = lost !== (i % 2 === 1);
        bench.raiseOrder({ stc: isLoss ? stc : back, restores: isLoss ? -1 : stc }, { spreadMs });
      }
    };
  });

const news = fc.constantFrom<AlarmCommand>(
  (bench) => bench.cancelKey(),
  (bench) => bench.cancelKey(),
  (bench) => bench.learnClock(),
  (bench) => bench.mark({ testMode: true }),
  (bench) => bench.mark({ suspended: true }),
  (bench) => bench.learn(bench.state.reports[0]?.number ?? 0, "no speech"),
  (bench) => bench.restart(),
);

/** The power goes between two effects of the next step, whichever that is. */
const cut = fc.nat(6).map((effects): AlarmCommand => {
  return (bench) => {
    bench.cutAfter = effects;
  };
});

/** A step of a life in which anything may happen. */
const alarmCommand: fc.Arbitrary<AlarmCommand> = fc.oneof(
  { weight: 5, arbitrary: press },
  { weight: 8, arbitrary: carried },
  { weight: 4, arbitrary: failed },
  { weight: 8, arbitrary: answered },
  { weight: 2, arbitrary: lied },
  { weight: 12, arbitrary: moment },
  { weight: 1, arbitrary: longTime },
  { weight: 2, arbitrary: other },
  { weight: 2, arbitrary: raised },
  { weight: 2, arbitrary: key },
  { weight: 3, arbitrary: accessory },
  { weight: 3, arbitrary: ownCause },
  { weight: 3, arbitrary: news },
  { weight: 1, arbitrary: cut },
);

/** A life of up to `length` steps. */
export function alarmLife(length: number): fc.Arbitrary<AlarmCommand[]> {
  return fc.array(alarmCommand, { minLength: 1, maxLength: length, size: "max" });
}

/** Whether every press of that bench that is not over has been accepted. */
export function allAccepted(bench: AlarmBench): boolean {
  return bench.state.reports.every(
    (report) =>
      report.facts.kind !== "user-alarm" ||
      report.cancelled ||
      report.presses.every((each) => stepOfPress(bench.state.reports, report.facts.bond, each.name) === "accepted"),
  );
}
