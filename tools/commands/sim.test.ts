/** `livlina sim` as people start it: bad files, several files, parameters, Ctrl-C, and places that cannot be written. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunResult } from "../../simulator/record/run-result.ts";
import { scenarioJsonSchema } from "../../simulator/scenario/scenario-schema.ts";
import { mistakesOf } from "../../simulator/scenario/schema-mistakes-bench.ts";

// Each test starts several processes, and a busy machine takes seconds for each.
vi.setConfig({ testTimeout: 180_000 });
const bin = new URL("../livlina.js", import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), "livlina-sim-"));
afterAll(() => rmSync(root, { recursive: true }));
let place: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  place = mkdtempSync(join(root, "at-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Two homes and one press; the news of a fault on stderr says that the third minute is being played. */
const town = `name: Small town
duration: \${minutes}m
parameters: { homes: 2, minutes: 6 }
world:
  receivers: { primary: { latency: 300ms } }
  operators: { alfa: {} }
fleet:
  - name: town
    count: \${homes}
    mobile: alfa
    receivers: [primary]
timeline:
  - { at: 2m, press: town-001 }
faults:
  - { operator: alfa, fault: down, from: 3m, to: 4m }
expect:
  - { alarms: all, accepted-within: 10s }
`;

function file(name: string, text: string): string {
  writeFileSync(join(place, name), text);
  return name;
}

function livlina(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: place,
    encoding: "utf8",
    maxBuffer: 64_000_000,
  });
  return { code: status, out: stdout, err: stderr };
}

/** How the checker itself would say it, to whom nobody has told what is expected. */
const checkersOwn = /Too (?:big|small)|Invalid (?:input|string|option)|Unrecognized/;

const resultIn = (folder: string): RunResult => JSON.parse(readFileSync(join(place, folder, "report.json"), "utf8"));
const bytesIn = (folder: string) =>
  readdirSync(join(place, folder)).map((name) => [name, readFileSync(join(place, folder, name), "base64")]);

test("each key of the schema wrong once is exit code 2 with file, line and what was expected", () => {
  const mistakes = mistakesOf(scenarioJsonSchema());
  expect(mistakes.length).toBeGreaterThan(1_000);
  const names = mistakes.map(({ text }, index) => file(`m${index}.yaml`, text));
  const { code, out, err } = livlina("sim", "check", ...names);
  expect([code, out]).toEqual([2, ""]);
  const said = err.split("\n");
  const untold = mistakes.filter(({ line, says }, index) => {
    const start = new RegExp(`^m${index}\\.yaml:${line}:\\d+: `);
    return !said.some(
      (each) => start.test(each) && each.replace(start, "").startsWith(says) && !checkersOwn.test(each),
    );
  });
  expect(untold.map(({ what }) => what)).toEqual([]);
});

test("several files are checked at once: the good ones are told, and the bad ones make it exit code 2", () => {
  const names = [file("good.yaml", town), file("bad.yaml", town.replace("homes: 2", "homes: 0")), "none.yaml"];
  const { code, out, err } = livlina("sim", "check", ...names);
  expect(code).toBe(2);
  expect(out).toBe("valid: Small town: 2 units, 6 min, 1 fault, 1 expectation\n");
  expect(err.split("\n")).toEqual([
    expect.stringContaining("bad.yaml:9:12: expected a whole number from 1 to 100000, found 0"),
    "there is no scenario file none.yaml",
    expect.stringContaining("  try: "),
    "",
  ]);
  const json = livlina("sim", "check", "good.yaml", "bad.yaml", "--json");
  expect(json.code).toBe(2);
  expect(
    json.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { valid: true, path: "good.yaml", problems: [] },
    { valid: false, path: "bad.yaml", problems: [{ path: "bad.yaml", line: 9 }] },
  ]);
});

test("parameters are set for a run, which says so in its report and in the command that repeats it", () => {
  file("town.yaml", town);
  const { code, out } = livlina("sim", "run", "town.yaml", "--set", "homes=3", "--set", "minutes=5", "--quiet");
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^passed, seed 1, digest \w+, out\/small-town\/report\.html\n$/),
  ]);
  const result = resultIn("out/small-town");
  expect(result.units).toHaveLength(3);
  expect(result.virtualMs).toBe(300_000);
  expect(result.scenario).toMatchObject({ set: ["homes=3", "minutes=5"], files: ["town.yaml"] });
  expect(readFileSync(join(place, "out/small-town/replay"), "utf8")).toContain("--set homes=3 --set minutes=5");
  const wrong = livlina("sim", "run", "town.yaml", "--set", "house=3");
  expect(wrong).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining('--set house=3: there is no parameter "house"'),
  });
});

test("several files are played one after the other, each into its folder, and the worst gives the exit code", () => {
  file("good.yaml", town);
  file("bad.yaml", town.replace("Small town", "Bad town").replace("within: 10s", "within: 1ms"));
  const { code, out } = livlina(
    "sim",
    "run",
    "bad.yaml",
    "good.yaml",
    "good.yaml",
    "--out",
    "all",
    "--json",
    "--quiet",
  );
  expect(code).toBe(1);
  const told = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { verdict: string; out: string });
  expect(told.map(({ verdict, out }) => [verdict, out])).toEqual([
    ["failed", "all/bad-town"],
    ["passed", "all/small-town"],
    ["passed", "all/small-town-2"],
  ]);
  expect(readdirSync(join(place, "all")).sort()).toEqual(["bad-town", "small-town", "small-town-2"]);
  file("worse.yaml", "name: [");
  const none = livlina("sim", "run", "good.yaml", "worse.yaml", "--out", "none");
  expect([none.code, existsSync(join(place, "none"))]).toEqual([2, false]);
});

/** Starts a run of over a year and waits until it is playing. */
async function longRun(...args: readonly string[]): Promise<{ child: ChildProcess; said: () => string }> {
  file("town.yaml", town.replace("minutes: 6", "minutes: 500000"));
  const child = spawn(process.execPath, [bin, "sim", "run", "town.yaml", "--out", "run", "--verbose", ...args], {
    cwd: place,
  });
  children.push(child);
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => {
    said += bytes;
  });
  await new Promise<void>((resolve, reject) => {
    child.on("exit", () => reject(new Error(said)));
    child.stderr.on("data", (bytes: Buffer) => {
      said += bytes;
      if (said.includes("alfa: down begins")) resolve();
    });
  });
  return { child, said: () => said };
}

const ended = (child: ChildProcess): Promise<readonly [number | null, NodeJS.Signals | null]> =>
  new Promise((resolve) => child.on("close", (code, signal) => resolve([code, signal])));

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("a run that %s interrupts says what it had and leaves a whole report of it", async (signal, code) => {
  const { child, said } = await longRun();
  const end = ended(child);
  child.kill(signal);
  expect(await end).toEqual([code, null]);
  expect(said()).toContain("stops at the next minute of the run and writes its report");
  expect(said()).toMatch(
    /No answer: the run was interrupted after [\w ]+ of 347 d [\w ]+, and no promise is\s+judged\./,
  );
  expect(said()).toMatch(/So far 1 of 1\s+presses were accepted/);
  expect(readdirSync(join(place, "run")).filter((name) => name.startsWith("."))).toEqual([]);
  const result = resultIn("run");
  expect(result).toMatchObject({ verdict: "interrupted", expectations: [], interruptedMs: result.virtualMs });
  expect(result.virtualMs % 60_000).toBe(0);
  expect(result.presses.map(({ acceptedMs }) => acceptedMs)).toEqual([expect.any(Number)]);
  for (const fault of result.faults) expect(fault.toMs).toBeLessThanOrEqual(result.virtualMs);
  const junit = new XMLParser({ ignoreAttributes: false }).parse(readFileSync(join(place, "run/junit.xml"), "utf8"));
  expect(junit.testsuites["@_failures"]).toBe("1");
  expect(junit.testsuites.testsuite.testcase[0]["@_name"]).toBe("the run was played to its end");
  expect(readFileSync(join(place, "run/report.html"), "utf8")).toContain("■ Interrupted");
  const lastLine = readFileSync(join(place, "run/events.jsonl"), "utf8").trimEnd().split("\n").at(-1) ?? "";
  expect(JSON.parse(lastLine)).toHaveProperty("atMs");
  if (signal !== "SIGINT") return;
  const again = livlina("sim", "replay", "run", "--json", "--quiet");
  expect(JSON.parse(again.out)).toMatchObject({ same: true, is: result.digest });
});

test("of several files those after an interrupted one are not played, and are named", async () => {
  file("next.yaml", town.replace("Small town", "Next town"));
  const { child, said } = await longRun("next.yaml");
  const end = ended(child);
  child.kill("SIGINT");
  expect(await end).toEqual([130, null]);
  expect(said()).toContain("not played: Next town\n");
  expect(readdirSync(join(place, "run"))).toEqual(["small-town"]);
});

test("a second Ctrl-C ends at once, and the older report stays", async () => {
  const folder = JSON.stringify(new URL("../report-folder.ts", import.meta.url).href);
  const interrupt = JSON.stringify(new URL("../interrupt.ts", import.meta.url).href);
  mkdirSync(join(place, "run"));
  for (const name of ["report.html", "replay"]) file(`run/${name}`, "old");
  const before = bytesIn("run");
  const work = `
    import { ReportFolder } from ${folder};
    import { Interrupt } from ${interrupt};
    const report = new ReportFolder("run");
    new Interrupt(() => console.log("asked"), () => report.abandon());
    setInterval(() => {}, 1000);
    report.log.write(0, "unit a", {});
    console.log("works");`;
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", work], {
    cwd: place,
  });
  children.push(child);
  const heard = (text: string): Promise<void> =>
    new Promise((resolve) => child.stdout.on("data", (bytes: Buffer) => String(bytes).includes(text) && resolve()));
  await heard("works");
  child.kill("SIGINT");
  await heard("asked");
  const end = ended(child);
  child.kill("SIGINT");
  expect(await end).toEqual([null, "SIGINT"]);
  expect(bytesIn("run")).toEqual(before);
});

test("an older report is replaced whole, or on a disk that takes no more stays as it was, with exit code 3", () => {
  file("town.yaml", town);
  mkdirSync(join(place, "run"));
  for (const name of ["notes.txt", "report.html", "junit.xml.old", "replay"]) file(`run/${name}`, "old");
  expect(livlina("sim", "run", "town.yaml", "--out", "run", "--quiet").code).toBe(0);
  const before = bytesIn("run");
  const old = Buffer.from("old").toString("base64");
  expect(before.filter(([, bytes]) => bytes === old).map(([name]) => name)).toEqual(["junit.xml.old", "notes.txt"]);
  // A limit on the size of files stands for the end of the disk: it needs no rights, and fails in the middle of a write.
  const limited = `ulimit -f 8; exec "${process.execPath}" "${bin}" sim run town.yaml --out run --seed 2 --quiet`;
  const env = { ...process.env, TSX_DISABLE_CACHE: "1" };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", limited], { cwd: place, env, encoding: "utf8" });
  expect([status, stdout]).toEqual([3, ""]);
  expect(stderr).toMatch(
    /^run\/[\w.]+ cannot be written: a file may not grow so large here \(EFBIG\)\n {2}try: another folder/,
  );
  expect(bytesIn("run")).toEqual(before);
});

test("a place that is a file is exit code 3 before anything is played", () => {
  file("town.yaml", town);
  file("taken", "kept");
  const { code, out, err } = livlina("sim", "run", "town.yaml", "--out", "taken/under", "--quiet");
  expect([code, out]).toEqual([3, ""]);
  expect(err).toMatch(/^taken\/under cannot be written: a file is in the way \(ENOTDIR\)\n {2}try: another folder/);
  expect(readFileSync(join(place, "taken"), "utf8")).toBe("kept");
});

test("an output that takes nothing is exit code 3 without a stack", (context) => {
  context.skip(!existsSync("/dev/full"), "this machine has no /dev/full");
  const full = spawnSync("sh", ["-c", `"${process.execPath}" "${bin}" sim schema > /dev/full`], { encoding: "utf8" });
  expect([full.status, full.stderr]).toEqual([
    3,
    "the output cannot be written: ENOSPC\n  try: another place for it, or make room\n",
  ]);
});

test("the list tells of each scenario what it asks, where it comes from and how long it lasts", () => {
  const { code, out } = livlina("sim", "list", "--json");
  expect(code).toBe(0);
  const listed = JSON.parse(out) as Record<string, unknown>[];
  expect(listed.length).toBeGreaterThan(0);
  for (const each of listed) {
    expect(each["question"]).toMatch(/./);
    expect(each["source"]).toMatch(/./);
    expect(each["durationMs"]).toBeGreaterThan(0);
  }
  const plain = livlina("sim", "list").out.replace(/\s+/g, " ");
  for (const each of listed) {
    expect(plain).toContain(String(each["question"]));
    expect(plain).toContain(`Source: ${each["source"]}`);
  }
  expect(plain).toContain("staffanstorp-server-fault 412 units, 3 h");
});

test("both schemas are printed for editors", () => {
  const schema = JSON.parse(livlina("sim", "schema").out) as { readonly properties: object };
  const part = JSON.parse(livlina("sim", "schema", "--part").out) as { readonly properties: object };
  const names = Object.keys(schema.properties);
  for (const name of Object.keys(part.properties)) expect(names).toContain(name);
  expect(Object.keys(part.properties)).not.toContain("duration");
});
