/** Outages and drills from the folder of a played run and from the log in it, through the commands' own doors. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { playScenario } from "../../simulator/play.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { writeReport } from "../../simulator/report/write-report.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";
import { UserError } from "../user-error.ts";
import { drill, outages } from "./fleet.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-fleet-"));
const folder = join(place, "run");
const registry = join(folder, "registry.csv");
const log = join(folder, "events.jsonl");
afterAll(() => rmSync(place, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
});

/** Tuesday 2026-12-01, the day of the drill: the receiver answers nothing for twenty minutes, and two people press. */
const story = `
name: drill with an outage
starts: 2026-12-01 09:00
duration: 50m
world:
  receivers: { primary: { host: 192.0.2.10 } }
  operators: { alfa: { } }
fleet:
  - { name: a, count: 3, provider: Äldreomsorg, mobile: alfa, receivers: [primary], policy: mobile-only }
  - { name: b, count: 1, provider: LSS, mobile: alfa, receivers: [primary], policy: mobile-only }
faults:
  - { from: 09:10, to: 09:30, receiver: primary, fault: silent-after-200 }
timeline:
  - { at: 09:05, press: a-001 }
  - { at: 09:15, press: b }
`;

beforeAll(async () => {
  const runLog = new RunLog(log);
  const scenario = parseScenario(story, "drill.yaml");
  const result = await playScenario(scenario, { seed: 1, onProgress: () => {}, log: runLog });
  runLog.close();
  writeReport(folder, result);
}, 60_000);

function printed(work: () => void): string {
  let text = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    work();
  } finally {
    spy.mockRestore();
  }
  return text;
}

const json = (work: () => void) => JSON.parse(printed(work)) as ReturnType<typeof JSON.parse>;

test("a run's outage is told with its cause, its evidence and the alarm that it made late", () => {
  const text = printed(() => outages([folder], {}));
  expect(text).toMatch(/^1 outage, 0 of them open\n\n1 {2}receiver primary: 4 units\n/);
  expect(text).toMatch(/suspected 2026-12-01 09:1\d, confirmed 2026-12-01 09:1\d, closed 2026-12-01 09:3\d/);
  expect(text).toMatch(/alarms in time 0, late 1, not delivered 0/);
  expect(text).toMatch(/suspected \(office\): 3 messages carried \(SIP 200\) without mrs/);
  expect(text).toMatch(/ b: pressed 2026-12-01 09:15, accepted 2026-12-01 09:3\d/);
  expect(text).toMatch(/Nobody is to be rung or visited\.\n$/);
});

test("the log of the run and its registry tell of the same outage, by the receiver's account alone", () => {
  const whole = json(() => outages([folder], { json: true }));
  const read = json(() => outages([log], { registry, json: true }));
  const heads = (report: typeof whole) =>
    report.outages.map((outage: typeof whole) => [outage.cause, outage.subject, outage.units.length]);
  expect(heads(read)).toEqual(heads(whole));
  expect([whole, read].map((report) => report.outages[0].alarms.hasUnitSide)).toEqual([true, false]);
  const late = (report: typeof whole) =>
    report.outages[0].alarms.late.map(({ unit, pressedMs }: typeof whole) => [
      unit,
      Math.floor((report.startWallMs + pressedMs) / 60_000),
    ]);
  expect(late(read)).toEqual(late(whole));
});

test("messages to people come in the language that is asked for, with the contacts that are given", () => {
  const swedish = printed(() => outages([folder], { texts: true, office: "08-123", onCall: "" }));
  expect(swedish).toMatch(/Misstänkt avbrott 1: larmmottagare primary.*kontorstid: 08-123\./);
  expect(printed(() => outages([folder], { texts: true, language: "en" }))).toMatch(
    /Suspected outage 1: receiver primary/,
  );
});

test("a log that ends in the outage has everyone on the list, with what people have ticked off", () => {
  const cut = join(place, "cut.jsonl");
  const until = Date.UTC(2026, 11, 1, 8, 28);
  const lines = readFileSync(log, "utf8").split("\n");
  writeFileSync(cut, lines.filter((line) => line !== "" && !(Number(JSON.parse(line).t) > until)).join("\n"));
  const ticks = join(place, "ticks.csv");
  writeFileSync(ticks, "cid,what,by,time\nb,visited,Anna,2026-12-01 09:25\n");
  const csv = printed(() => outages([cut], { registry, ticks, csv: true })).split("\r\n");
  expect(csv[0]).toBe("unit,larmkod,provider,night,pending_alarm,pending_since,silent_since,rung,visited,by");
  expect(csv[1]).toMatch(/^b,4600100004,LSS,no,yes,2026-12-01 09:15,2026-12-01 09:0\d,,2026-12-01 09:25,Anna$/);
  expect(csv.length).toBe(6);
});

test("the drill says who has pressed, and who is to be reminded or rung on which day", () => {
  const states = (today: string) => {
    const held = json(() => drill([folder], { json: true, today: Date.parse(`${today}T00:00:00Z`) / 86_400_000 }));
    return Object.fromEntries(held.rows.map(({ unit, state }: typeof held) => [unit, state]));
  };
  expect(states("2026-12-01")).toEqual({
    "a-001": "confirmed",
    "a-002": "waiting",
    "a-003": "waiting",
    b: "confirmed",
  });
  expect(process.exitCode).toBeUndefined();
  expect(states("2026-12-07")["a-002"]).toBe("phone-list");
  expect(process.exitCode).toBe(1);
  process.exitCode = undefined;
  const text = printed(() => drill([log], { registry, today: Date.parse("2026-12-04T00:00:00Z") / 86_400_000 }));
  expect(text).toMatch(/^Drill of 2026-12 on 2026-12-01, seen on 2026-12-04: 2 of 4 have pressed\n/);
  expect(text).toMatch(/reminder 2026-12-04, again 2026-12-05, phone list 2026-12-07\n/);
  expect(text).toMatch(/a-002 \(4600100002, Äldreomsorg\): reminded\n/);
  const other = json(() => drill([folder], { json: true, month: { year: 2026, month: 11 } }));
  expect(other.rows.every(({ state }: typeof other) => state === "phone-list")).toBe(true);
});

test("the last line of a log that is still being written may be half", () => {
  const half = join(place, "half.jsonl");
  writeFileSync(half, readFileSync(log, "utf8").slice(0, -40));
  expect(json(() => outages([half], { registry, json: true })).outages.length).toBe(1);
});

test.each([
  ["a file that is not there", () => outages([join(place, "none")], {}), /none cannot be read: ENOENT/],
  ["a folder that is no run", () => outages([place], {}), /has no outages.json/],
  ["a log with a line that is none", () => outages([registry], {}), /registry\.csv:1: no JSON object/],
  ["a registry that is none", () => outages([log], { registry: log }), /events\.jsonl:1: no column "cid"/],
  [
    "ticks that are none",
    () => outages([folder], { ticks: registry }),
    /registry\.csv:1: "cid" is not rung or visited/,
  ],
] as const)("%s is told with exit code 2", (_, work, why) => {
  let error: unknown;
  try {
    work();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(why) });
});
