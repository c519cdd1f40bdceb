import { XMLParser } from "fast-xml-parser";
import { SaxesParser } from "saxes";
import { expect, onTestFinished, test } from "vitest";
import { CaseBlocked } from "./case.ts";
import { hilJunit } from "./junit.ts";
import type { RunRecord } from "./results.ts";
import { planned, runScripted, ScriptedRig, sick, temporary } from "./scripted-rig.ts";
import { annotations, headline, runText, summaryMarkdown } from "./summary.ts";

const passes = (): void => {};
const fails = (): void => {
  throw new Error('expected <log> & "ack"\nlast lines: none, 100 %');
};
const blocks = (): void => {
  throw new CaseBlocked("port gone");
};
const entry = { case: "press/known", owner: "anna", reason: "issue 12: late ack", until: "2026-12-24" };

async function ran(rig = new ScriptedRig()): Promise<RunRecord> {
  const { path, close } = temporary();
  onTestFinished(close);
  const cases = [
    planned("passes", ({ measure }) => measure({ name: "boot", value: 3, unit: "ms" })),
    planned("fails", fails),
    planned("flaky", fails, passes),
    planned("blocked", blocks),
    planned("wobbly", blocks, passes),
    planned("twice", fails, blocks),
    planned("known", fails),
    { ...planned("night", passes), isNightly: true },
  ];
  return (await runScripted(rig, cases, path, { quarantine: [entry] })).record;
}

function parsed(xml: string) {
  // A strict reader first: fast-xml-parser takes much that is no XML.
  const strict = new SaxesParser();
  strict.on("error", (error) => {
    throw error;
  });
  strict.write(xml).close();
  const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === "testcase" });
  return parser.parse(xml).testsuites;
}

test("JUnit tells failures, errors, flaky runs and skips apart, and its counts are those of its cases", async () => {
  const suites = parsed(hilJunit(await ran()));
  const suite = suites.testsuite;
  const of = (name: string) =>
    suite.testcase.find((each: Record<string, string>) => each["@_name"]?.startsWith(`${name}:`));
  expect(of("passes")).not.toHaveProperty("failure");
  expect(of("passes").properties.property["@_value"]).toBe("boot 3 ms");
  expect(of("fails").failure["@_message"]).toBe('expected <log> & "ack"');
  expect(of("fails").failure["#text"]).toContain("repeat: livlina hil run --case press/fails --seed 7");
  expect(of("fails")).toHaveProperty("rerunFailure");
  expect(of("flaky")).toHaveProperty("flakyFailure");
  expect(of("flaky")).not.toHaveProperty("failure");
  expect(of("blocked")).toMatchObject({ error: { "@_message": "port gone" }, rerunError: {} });
  expect(of("wobbly")).toHaveProperty("flakyError");
  expect(of("twice")).toMatchObject({ failure: {}, rerunError: {} });
  expect(of("known").skipped["@_message"]).toContain("fail, in quarantine until 2026-12-24 (anna: issue 12: late ack)");
  expect(of("night").skipped["@_message"]).toBe("only with --nightly");
  expect(suites).toMatchObject({ "@_tests": "9", "@_failures": "2", "@_errors": "1", "@_skipped": "2" });
  expect(suite.testcase).toHaveLength(9);
  expect(suite.testcase.filter((each: object) => "failure" in each)).toHaveLength(2);
  expect(suite.testcase.filter((each: object) => "error" in each)).toHaveLength(1);
  expect(suite.testcase.filter((each: object) => "skipped" in each)).toHaveLength(2);
});

test("a sick rig is an error of its own in JUnit, so that no run is green on it", async () => {
  const rig = new ScriptedRig();
  rig.onCheck = () => sick;
  const { testsuite } = parsed(hilJunit(await ran(rig)));
  expect(testsuite.testcase.at(-1)).toMatchObject({
    "@_classname": "rig",
    error: { "@_message": expect.stringContaining("no hub") },
  });
});

test("annotations stand at the cases' lines, and no text of a failure can end or fake one", async () => {
  const lines = annotations(await ran());
  expect(lines).toHaveLength(6);
  expect(lines[0]).toBe(
    '::error file=hil-tests/suites/press.ts,line=7,title=hil press/fails%3A fail::expected <log> & "ack"%0Alast lines: none, 100 %25%0Arepeat: livlina hil run --case press/fails --seed 7',
  );
  expect(lines.filter((line) => line.startsWith("::warning")).map((line) => /press\/\w+/.exec(line)?.[0])).toEqual([
    ...["press/flaky", "press/wobbly", "press/known"],
  ]);
  for (const line of lines) expect(line).not.toMatch(/\n/);
});

test("the summary has a row a case, with every attempt, and no text breaks its table", async () => {
  const record = await ran();
  const [first] = record.cases;
  const piped = {
    ...record,
    cases: [{ ...(first as NonNullable<typeof first>), why: "a | b <script>" }, ...record.cases.slice(1)],
  };
  const rows = summaryMarkdown(piped, [{ ...entry, case: "press/old", until: "2026-01-01" }]).split("\n");
  expect(rows.filter((row) => row.startsWith("| ") && row.includes(" press/"))).toHaveLength(record.cases.length);
  expect(rows.find((row) => row.includes("press/passes"))).toContain("a \\| b &lt;script>");
  expect(rows.find((row) => row.includes("press/wobbly"))).toContain("blocked (port gone), then pass");
  expect(rows.join("\n")).toContain("The quarantine of press/old (anna) ended 2026-01-01");
});

test("the last line says verdict, counts, rig, and how the devices were left", async () => {
  const record = await ran();
  expect(headline({ ...record, wallMs: 1_500 })).toBe(
    "failed: 3 fail, 1 blocked, 2 flaky, 1 pass, 1 skipped on scripted (puck-js), 1.5 s, devices left in the known state",
  );
  const text = runText({ ...record, cases: record.cases.filter(({ id }) => id === "press/flaky") }, []);
  expect(text).toContain('attempts: fail (expected <log> & "ack"), then pass\n');
});
