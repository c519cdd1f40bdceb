/** The monitor in played worlds: what it says of networks and receivers that fail, and that it says nothing on a calm day. */
import { expect, test } from "vitest";
import { playScenario } from "../play.ts";
import type { RunResult } from "../record/run-result.ts";
import { RunLog } from "../report/run-log.ts";
import { parseScenario } from "../scenario/scenario-file.ts";

const minuteMs = 60_000;

/** Eleven homes from 07:30; nothing but these faults. */
function play(duration: string, faults: string): Promise<RunResult> {
  const story = `
name: desk
starts: 2026-01-14 07:30
duration: ${duration}
world:
  receivers: { primary: { host: 192.0.2.10 }, secondary: { host: 198.51.100.20 } }
  operators: { alfa: { loss: 2 % }, beta: { loss: 2 % } }
  broadband: { fibre: {} }
  power: { town: }
fleet:
  - { name: a, count: 4, mobile: alfa, receivers: [primary], policy: mobile-only }
  - { name: b, count: 3, mobile: beta, receivers: [primary, secondary], policy: mobile-only }
  - { name: c, count: 4, mobile: beta, broadband: fibre, power: town, receivers: [primary], policy: broadband-first }
${faults}`;
  const log = new RunLog(undefined);
  return playScenario(parseScenario(story, "desk.yaml"), { seed: 3, onProgress: () => {}, log });
}

const told = ({ notices }: RunResult) => notices.map(({ phase, cause, subject }) => `${phase} ${cause} ${subject}`);
const slow = { timeout: 60_000 };

test("an operator that falls is named within six minutes, and closed with its late alarm on record", slow, async () => {
  const result = await play(
    "70m",
    "faults: [{ from: 07:45, to: 08:10, operator: alfa, fault: down }]\ntimeline: [{ at: 07:50, press: a-001 }]",
  );
  expect(new Set(told(result).filter((text) => !text.startsWith("updated")))).toEqual(
    new Set(["suspected operator alfa", "confirmed operator alfa", "closed operator alfa"]),
  );
  expect((result.notices[0]?.atMs ?? 0) - 15 * minuteMs).toBeLessThan(6 * minuteMs);
  const [record] = result.outages;
  expect(record?.units.map(({ unit }) => unit).sort()).toEqual(["a-001", "a-002", "a-003", "a-004"]);
  expect(record?.units.every(({ backMs }) => backMs !== null)).toBe(true);
  expect(record?.alarms.late.map(({ unit, pressedMs }) => [unit, pressedMs])).toEqual([["a-001", 20 * minuteMs]]);
  expect(record?.alarms.disputed).toEqual([]);
});

test("a dead receiver is named before any of its units, and no network is blamed", slow, async () => {
  const result = await play("50m", "faults: [{ from: 07:45, receiver: primary, fault: refuse-connect }]");
  expect(told(result)).toEqual(["suspected server primary", "confirmed server primary"]);
  expect((result.notices[0]?.atMs ?? 0) - 15 * minuteMs).toBeLessThan(5 * minuteMs);
});

test("a unit that dies is silent after ten minutes, and the registry of the run says what it had", slow, async () => {
  const result = await play("40m", "faults: [{ from: 07:45, unit: c-002, fault: dead }]");
  expect(told(result)[0]).toBe("suspected single-unit c-002");
  expect((result.notices[0]?.atMs ?? 0) - 15 * minuteMs).toBeLessThanOrEqual(10 * minuteMs);
  expect(result.registry.find(({ unit }) => unit === "c-002")).toMatchObject({
    cid: "4600100009",
    operator: "beta",
    broadband: "fibre",
    power: "town",
    receivers: ["primary"],
    routerBackup: false,
  });
});

test("in calm hours there is nothing to tell", slow, async () => {
  const result = await play("2h", "");
  expect(result.notices).toEqual([]);
  expect(result.outages).toEqual([]);
});
