/** What commands print with `--json` is what `livlina schema` says of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { outageReportOf } from "../../simulator/outage/outage-report.ts";
import { judgeRun } from "../../simulator/report/expectations.ts";
import { resultJsonSchema } from "../../simulator/report/result-schema.ts";
import { sampleRun } from "../../simulator/report/sample-run.ts";
import { main } from "../cli.ts";
import { commandTree } from "../help/command-tree.ts";
import { summaryOf } from "../run-summary.ts";
import { allAnswers } from "./schema.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-schema-"));
afterAll(() => rmSync(place, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
const file = (name: string, text: string): string => {
  writeFileSync(join(place, name), text);
  return join(place, name);
};

async function printed(...args: string[]): Promise<string> {
  const out: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  await main(args);
  vi.restoreAllMocks();
  return out.join("");
}

const run = judgeRun({ expectations: [] } as never, sampleRun());
file("report.json", JSON.stringify(run));
file("outages.json", JSON.stringify(outageReportOf(run)));
const pass = file("pass", "a passphrase that is long\n");
const keys = join(place, "keys.json");
const units = file("units.csv", "unit,cid\nU-000001,4600100012\n");
const bad = file("bad.yaml", "name: x\nduration: ten\n");
const sealed = ["--into", keys, "--passphrase-file", pass];

/** In this order: the keys are made before they are listed. */
const asked: readonly (readonly [command: string, args: readonly string[]])[] = [
  ["sim check", ["mobile-out"]],
  ["sim check", [bad]],
  ["trace list", ["--run", place]],
  ["trace show", ["K7Q2M0000001", "--run", place]],
  ["fleet outages", [place]],
  ["fleet drill", [place, "--month", "2026-01"]],
  ["explain", ["404"]],
  ["devices", []],
  ["keys make", [...sealed, "--units", "1", "--buttons", "1"]],
  ["keys labels", sealed],
  ["keys list", sealed],
  ["registry check", [units]],
  ["registry list", [units]],
  ["registry diff", [units, units]],
];

test.each(asked)("what %s prints holds to its schema", async (command, args) => {
  const answer = (await allAnswers())[command];
  const text = await printed(...command.split(" "), ...args, "--json");
  const value: unknown = JSON.parse(text);
  expect(answer?.safeParse(value).error?.message).toBeUndefined();
});

test("the summary of a run holds to its schema, and a key more does not", async () => {
  const answer = (await allAnswers())["sim run"];
  const summary = JSON.parse(JSON.stringify(summaryOf(run, "out/x"))) as object;
  expect(answer?.safeParse(summary).error?.message).toBeUndefined();
  expect(answer?.safeParse({ ...summary, more: 1 }).success).toBe(false);
});

test("the schema that is printed is JSON Schema with the command in its title, and without a command all are named", async () => {
  const schema = JSON.parse(await printed("schema", "sim", "run")) as object;
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "livlina sim run --json",
    additionalProperties: false,
    required: expect.arrayContaining(["verdict", "digest", "expectations"]),
  });
  expect((await printed("schema")).trimEnd().split("\n")).toEqual([...Object.keys(await allAnswers()), "report.json"]);
  expect(JSON.parse(await printed("schema", "report.json"))).toEqual(resultJsonSchema());
});

/** Those whose JSON is published elsewhere, is another file's format, or is for people who look into a device. */
const elsewhere: Readonly<Record<string, string>> = {
  "config get": "config schema",
  provision: "config schema --of record",
  bench: "figures of one machine, other in every bench",
  diagnose: "the examination as it stands in an export",
  "keys secret": "prints nothing",
  logs: "an event of the log, other in every kind",
  pair: "facts of the step, as in the record",
  "ota keys": "a file of keys",
  "ota sign": "the release's head",
  "ota show": "the release's head",
  "ota plan": "the rings' file",
  "ota run": "as ota status, or a simulated figure",
  dashboard: "where it listens",
};

test("every command with --json has a schema, or says where its shape stands; and no other has one", async () => {
  const tree = await commandTree();
  const withJson = tree.filter(({ flags }) => flags.some(({ name }) => name === "--json"));
  const answers = Object.keys(await allAnswers());
  const decoded = (path: string): boolean => path.startsWith("decode ");
  const missing = withJson.map(({ path }) => path).filter((path) => !answers.includes(path) && !decoded(path));
  expect(missing.filter((path) => !(path in elsewhere))).toEqual([]);
  expect(answers.filter((path) => !withJson.some((node) => node.path === path))).toEqual([]);
});
