/** The files that other programs read keep their published shape, and tell of nobody. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { receiverEvent } from "../peers/receiver-events.ts";
import { playSmall } from "../play-bench.ts";
import { eventJsonSchema, eventSchema } from "./events-schema.ts";
import { statisticsCsv } from "./monthly.ts";
import { resultJsonSchema, runResultSchema } from "./result-schema.ts";
import { RunLog } from "./run-log.ts";
import { sampleRun } from "./sample-run.ts";

function logPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "livlina-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "events.jsonl");
}

const linesOf = (path: string): Record<string, unknown>[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("a played run has the published shape, line by line too, and its messages are followed to their answers", async () => {
  const path = logPath();
  const log = new RunLog(path);
  const result = await playSmall({ duration: "10m" }, 1, log);
  log.close();
  expect(runResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  const lines = linesOf(path);
  for (const line of lines) eventSchema.parse(line);
  expect(lines.some(({ type }) => type === "alarm")).toBe(true);
  expect(lines.filter(({ from }) => from !== undefined && from !== "redacted")).toEqual([]);
  const taken = result.presses.filter(({ acceptedMs }) => acceptedMs !== null);
  expect(taken.length).toBeGreaterThan(0);
  for (const { unit, stem, sentMs, carriedMs } of taken) {
    const journey = result.journeys.find((each) => each.unit === unit && each.stem === stem);
    expect(journey?.beganMs).toBe(sentMs);
    const answered = journey?.tries.find(({ snu }) => snu === 0);
    expect(answered).toMatchObject({ what: "ME", status: 200 });
    const { startedMs = 0, sentMs: left, heardMs, repliedMs, answeredMs } = answered ?? {};
    const steps = [startedMs, left, heardMs, repliedMs, answeredMs];
    expect(steps).toEqual([...steps].sort((a, b) => Number(a) - Number(b)));
    expect(carriedMs).not.toBeNull();
  }
});

test("what the schemas say can be read by programs", () => {
  expect(resultJsonSchema()).toMatchObject({ type: "object", additionalProperties: false });
  expect(JSON.stringify(eventJsonSchema())).toContain("button-showed");
  expect(runResultSchema.safeParse({ ...sampleRun(), verdict: "passed", expectations: [], more: 1 }).success).toBe(
    false,
  );
});

test("network addresses and free texts stay out of the log unless they are asked for", () => {
  const said = (ite: string | undefined): object => {
    const part = {
      type: "alarm",
      cid: "1",
      ref: "R",
      mty: "ME",
      answer: "snu 0",
      ...(ite === undefined ? {} : { ite }),
    } as const;
    return receiverEvent(part, 0, { host: "192.0.2.7", port: 5060 }, "udp");
  };
  const texts = ["pressed 2026-01-14T06:30:09Z", "pressed 2026-01-14T06:30:09Z Anna in the kitchen", "Anna", undefined];
  const [path, open] = [logPath(), logPath()];
  const [log, plain] = [new RunLog(path), new RunLog(open, 1_000_000, false)];
  for (const text of texts) for (const each of [log, plain]) each.write(0, "receiver a", said(text));
  for (const each of [log, plain]) each.close();
  const lines = linesOf(path);
  expect(lines.map(({ ite }) => ite)).toEqual([
    "pressed 2026-01-14T06:30:09Z",
    "pressed 2026-01-14T06:30:09Z redacted",
    "redacted",
    undefined,
  ]);
  expect(readFileSync(path, "utf8")).not.toMatch(/192\.0\.2\.7|Anna/);
  expect(linesOf(open)[1]).toMatchObject({ from: "192.0.2.7:5060", ite: texts[1] });
  for (const line of [...lines, ...linesOf(open)]) eventSchema.parse(line);
});

test("a month of each provider is one row, and a run over midnight of the last day makes two", () => {
  const facts = sampleRun();
  const rows = (csv: string): string[][] =>
    csv
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
  const [head = [], ...body] = rows(statisticsCsv(facts));
  expect(body.map((row) => row.slice(0, 3))).toEqual([
    ["2026-01", "LSS", "110"],
    ["2026-01", "Äldreomsorg", "302"],
  ]);
  const column = (name: string, row: readonly string[] = []): number => Number(row[head.indexOf(name)]);
  expect(body.reduce((sum, row) => sum + column("alarms", row), 0)).toBe(206);
  expect(column("units_without_path", body[1])).toBe(82);
  const scenario = { ...facts.scenario, startWallMs: Date.UTC(2026, 0, 31, 20) };
  const [, ...split] = rows(statisticsCsv({ ...facts, scenario }));
  expect(split.map(([month]) => month)).toEqual(["2026-01", "2026-01", "2026-02", "2026-02"]);
  for (const name of ["alarms", "minutes_without_path"]) {
    const [whole, parts] = [body, split].map((all) => all.reduce((sum, row) => sum + column(name, row), 0));
    expect(Math.abs((whole ?? 0) - (parts ?? 0))).toBeLessThanOrEqual(2);
  }
});
