import fc from "fast-check";
import { expect, test } from "vitest";
import { deepFreeze } from "../alarm/arbitraries.ts";
import type { SelfCheckPort } from "../ports/self-check.ts";
import { ContextBench } from "../time/test-bench.ts";
import { type CheckName, checks, type FaultName, type Finding, faultOf, faults } from "./faults.ts";
import { SelfCheck } from "./self-check.ts";
import { checkWithinMs, type SelfCheckState, startSelfCheck, stepSelfCheck } from "./self-check-machine.ts";

/** A board whose parts find what the test says, a second after they were asked; "mute" never answers. */
class Board implements SelfCheckPort {
  readonly finds: { [check: string]: (Finding | "mute")[] } = {};
  readonly begun: CheckName[] = [];
  stops = 0;
  private readonly bench: ContextBench;
  private running = 0;

  constructor(bench: ContextBench) {
    this.bench = bench;
  }

  begin(check: CheckName, onFound: (finding: Finding) => void): void {
    this.begun.push(check);
    const mine = ++this.running;
    const finding = this.finds[check]?.shift() ?? "passed";
    this.bench.hand.after(1_000, () => {
      if (mine === this.running && finding !== "mute") onFound(finding);
    });
  }

  stop(): void {
    this.stops++;
    this.running++;
  }
}

function unit(former?: ContextBench): { bench: ContextBench; board: Board; check: SelfCheck; faulty: boolean[] } {
  const bench = new ContextBench(former);
  const board = new Board(bench);
  const faulty: boolean[] = [];
  return { bench, board, check: new SelfCheck(bench, board, (each) => faulty.push(each)), faulty };
}

function told(bench: ContextBench): string[] {
  return bench.raised.splice(0).map((order) => `${order.did} ${order.stc}${order.restores < 0 ? "" : " restores 67"}`);
}

test("a sound unit makes each check once and tells nobody", () => {
  const { bench, board, check, faulty } = unit();
  check.start();
  bench.pass(60_000);
  expect(board.begun).toEqual(checks);
  expect(bench.raised).toEqual([]);
  expect(faulty).toEqual([false]);
});

test("a failure counts when it comes twice, and is told once until it ends", () => {
  const { bench, board, check, faulty } = unit();
  board.finds["radio"] = ["radio-deaf", "passed", "radio-deaf", "radio-deaf", "radio-deaf", "radio-deaf"];
  const rounds = [1, 2, 3, 4].map(() => {
    check.start();
    bench.pass(60_000);
    return told(bench);
  });
  expect(rounds).toEqual([[], ["E31 67"], [], ["E31 48 restores 67"]]);
  expect(faulty).toEqual([false, true, true, false]);
});

test("one fault of a check takes the place of another", () => {
  const { bench, board, check } = unit();
  board.finds["sim"] = ["sim-missing", "sim-missing", "sim-locked", "sim-locked"];
  check.start();
  bench.pass(60_000);
  check.start();
  bench.pass(60_000);
  expect(told(bench)).toEqual(["E43 67", "E43 48 restores 67", "E44 67"]);
  expect(check.known).toEqual(["sim-locked"]);
});

test("a part that never answers is given up twice, ends none of its faults, and holds nothing up", () => {
  const { bench, board, check } = unit();
  board.finds["modem"] = ["modem-silent", "modem-silent", "mute", "mute"];
  check.start();
  bench.pass(60_000);
  check.start();
  bench.pass(2 * checkWithinMs + 60_000);
  expect(told(bench)).toEqual(["E41 67", "E91 67"]);
  expect(board.stops).toBe(2);
  check.start();
  bench.pass(60_000);
  expect(told(bench)).toEqual(["E41 48 restores 67", "E91 48 restores 67"]);
});

test("faults are known over a restart, so that their end is told", () => {
  const first = unit();
  first.board.finds["battery"] = ["battery-worn", "battery-worn"];
  first.check.start();
  first.bench.pass(60_000);
  const second = unit(first.bench);
  expect(second.check.known).toEqual(["battery-worn"]);
  expect(second.faulty).toEqual([true]);
  second.check.start();
  second.bench.pass(60_000);
  expect(told(second.bench)).toEqual(["E61 48 restores 67"]);
});

test("an alarm has the unit to itself: the checks end at once and begin anew when it is over", () => {
  const { bench, board, check } = unit();
  check.start();
  bench.pass(2_500);
  check.alarmPending(true);
  expect(board.stops).toBe(1);
  check.start();
  bench.pass(600_000);
  expect(board.begun).toEqual(["program", "settings", "memory"]);
  check.alarmPending(false);
  bench.pass(60_000);
  expect(board.begun.slice(3)).toEqual(checks);
});

test("checks that fall due during an alarm wait for its end", () => {
  const { bench, board, check } = unit();
  check.alarmPending(true);
  check.start();
  bench.pass(600_000);
  expect(board.begun).toEqual([]);
  check.alarmPending(false);
  expect(board.begun).toEqual(["program"]);
});

test("each fault has a code of its own, a class, texts in both languages and room in a report", () => {
  const names = Object.keys(faults) as FaultName[];
  expect(new Set(names.map((name) => faultOf(name).code)).size).toBe(names.length);
  for (const name of names) {
    const fault = faultOf(name);
    expect(fault.code).toMatch(/^E\d\d$/);
    expect(fault.brief.length).toBeLessThanOrEqual(32);
    expect(fault.sv).toMatch(/^[A-ZÅÄÖ].*\.$/);
    expect(fault.en).toMatch(/^[A-Z].*\.$/);
    expect(/reparation\.$/.test(fault.sv)).toBe(fault.kind === "repair");
    expect(/send it for repair\.$/.test(fault.en)).toBe(fault.kind === "repair");
  }
  for (const check of checks) expect(names.some((name) => faultOf(name).check === check)).toBe(true);
  expect(new Set(names.map((name) => faultOf(name).kind))).toEqual(new Set(["field", "network", "repair"]));
});

test("in any order of findings, alarms and time no check runs during an alarm and no fault is told twice or ends untold", () => {
  const found = fc.constantFrom<Finding>("passed", "passed", "absent", "radio-deaf", "sim-locked", "battery-worn");
  const step = fc.oneof(fc.constantFrom("start", "alarm", "calm", "late"), found);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let state: SelfCheckState = deepFreeze(startSelfCheck([]));
      let running: CheckName | undefined;
      let nowMs = 0;
      const open = new Set<string>();
      const take = (event: Parameters<typeof stepSelfCheck>[1]): void => {
        const next = stepSelfCheck(state, event);
        state = deepFreeze(next.state);
        for (const effect of next.effects) {
          if (effect.type === "begin") running = effect.check;
          if (effect.type === "stop" || effect.type === "finished") running = undefined;
          if (effect.type !== "tell") continue;
          expect(open.has(effect.fault)).toBe(effect.gone);
          if (effect.gone) open.delete(effect.fault);
          else open.add(effect.fault);
        }
        expect([...open].toSorted()).toEqual(state.known.toSorted());
        if (state.alarm) expect(running).toBeUndefined();
        else if (running !== undefined) expect(running).toBe(checks[state.check]);
      };
      for (const what of steps) {
        nowMs += 1_000;
        if (what === "start") take({ type: "started", nowMs });
        else if (what === "alarm" || what === "calm") take({ type: "alarm", nowMs, pending: what === "alarm" });
        else if (what === "late") {
          nowMs += checkWithinMs;
          take({ type: "due", nowMs });
        } else if (running !== undefined) take({ type: "found", nowMs, check: running, finding: what });
      }
    }),
  );
});
