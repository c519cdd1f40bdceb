import { expect, test } from "vitest";
import type { SelfCheckPort } from "../ports/self-check.ts";
import { ContextBench } from "../time/test-bench.ts";
import { type CheckName, checks, type Finding } from "./faults.ts";
import { SelfCheck } from "./self-check.ts";
import { UnitChecks } from "./unit-checks.ts";

function checksOf(bench: ContextBench, board?: SelfCheckPort, modem: Finding = "passed"): UnitChecks {
  return new UnitChecks({
    clock: bench.clock,
    wallClock: bench.wallClock,
    board,
    modem: () => modem,
    sim: () => "sim-locked",
    onFound: () => {},
  });
}

test("time, modem and SIM are answered by the unit, all else by the board", () => {
  const bench = new ContextBench(undefined);
  const asked: CheckName[] = [];
  const found: string[] = [];
  const board: SelfCheckPort = {
    begin: (check, onFound) => {
      asked.push(check);
      onFound("passed");
    },
    stop: () => {},
  };
  for (const check of checks) {
    checksOf(bench, board, "no-network").begin(check, (finding) => found.push(`${check} ${finding}`));
    bench.pass(0);
  }
  expect(asked).toEqual(checks.filter((check) => !["clock", "modem", "sim"].includes(check)));
  expect(found.filter((each) => !each.endsWith("passed"))).toEqual([
    "clock clock-unknown",
    "modem no-network",
    "sim sim-locked",
  ]);
  bench.tellTime(Date.UTC(2026, 4, 4));
  checksOf(bench, board).begin("clock", () => {});
  expect(asked.at(-1)).toBe("clock");
});

test("without a board the hardware counts as absent, and a check that was stopped is never heard of", () => {
  const bench = new ContextBench(undefined);
  const unitChecks = checksOf(bench);
  const found: Finding[] = [];
  unitChecks.begin("radio", (finding) => found.push(finding));
  unitChecks.stop();
  bench.pass(1_000);
  expect(found).toEqual([]);
  unitChecks.begin("radio", (finding) => found.push(finding));
  expect(found).toEqual([]);
  bench.pass(0);
  expect(found).toEqual(["absent"]);
});

test("a unit that was never told the time and whose SIM is locked says both, and nothing of parts it has not", () => {
  const bench = new ContextBench(undefined);
  const check = new SelfCheck(bench, checksOf(bench), () => {});
  check.start();
  bench.pass(1_000);
  expect(check.known).toEqual(["clock-unknown", "sim-locked"]);
});
