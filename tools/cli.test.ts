/** The command as people and programs start it: exit codes, what goes to stdout, and how it answers mistakes. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { judgeRun } from "../simulator/report/expectations.ts";
import { reportFiles } from "../simulator/report/run-folder.ts";
import { sampleRun } from "../simulator/report/sample-run.ts";
import { simAnswers } from "./answers/simulate.ts";
import { main } from "./cli.ts";
import { type Play, run } from "./commands/sim.ts";
import { Progress, painter, wantsColour, wrap } from "./progress.ts";
import { folderName } from "./scenario-open.ts";
import { UserError } from "./user-error.ts";

const bin = new URL("./livlina.js", import.meta.url).pathname;
const story = new URL("../simulator/scenarios/staffanstorp-server-fault.yaml", import.meta.url).pathname;
const place = mkdtempSync(join(tmpdir(), "livlina-cli-"));
afterAll(() => rmSync(place, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** One command line inside this process: exit code and what went to the two streams. */
async function told(work: () => Promise<unknown>) {
  const out: string[] = [];
  const err: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  const code = await work();
  vi.restoreAllMocks();
  return { code, out: out.join(""), err: err.join("") };
}
const command = (...args: string[]) => told(() => main(args));

const play: Play = async (scenario, { seed, onProgress, log }) => {
  log.write(0, "unit a", { type: "pressed" });
  for (let at = 0; at <= scenario.durationMs; at += scenario.durationMs / 50) onProgress(at);
  onProgress(scenario.durationMs, "08:00 receiver primary takes alarms and hands none on");
  return judgeRun(scenario, { ...sampleRun(), seed });
};
const lossy: Play = async (scenario, options) => {
  const facts = await play(scenario, options);
  const checks = facts.checks.map((check) => ({ ...check, held: false, violations: 1, found: ["aldre-001 at 5 s"] }));
  return judgeRun(scenario, { ...facts, checks });
};

test("the bin needs no build step, and sets the exit code", () => {
  const help = execFileSync(process.execPath, [bin, "--help"], { encoding: "utf8", cwd: place });
  expect(help).toContain("livlina sim run staffanstorp-server-fault");
  const wrong = spawnSync(process.execPath, [bin, "sim", "check", "nothing.yaml"], { encoding: "utf8", cwd: place });
  expect(wrong.status).toBe(2);
  expect(wrong.stdout).toBe("");
  expect(wrong.stderr).toBe("there is no scenario file nothing.yaml\n  try: livlina sim list\n");
});

test("wrong usage is exit code 2, with what was probably meant", async () => {
  expect(await command("smi")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Did you mean sim?") });
  expect(await command("sim", "rnu", "x")).toMatchObject({
    code: 2,
    err: expect.stringContaining("Did you mean run?"),
  });
  expect(await command("sim", "run", story, "--sed", "1")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--seed"),
  });
  expect(await command("sim", "run", story, "--seed", "-1")).toMatchObject({
    code: 2,
    err: expect.stringContaining('"-1" is no seed'),
  });
  expect(await command("sim", "run", story, "--seed", "4294967296")).toMatchObject({ code: 2 });
  expect(await command("sim", "check", "stafanstorp-server-fault")).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean "staffanstorp-server-fault"?'),
  });
});

test("the version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(await command("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
});

test("a shipped scenario is found by name, listed, and checked", async () => {
  expect(await command("sim", "check", "staffanstorp-server-fault")).toMatchObject({
    code: 0,
    out: expect.stringContaining("412 units, 3 h"),
  });
  const list = await command("sim", "list", "--json");
  expect(JSON.parse(list.out)).toContainEqual(
    expect.objectContaining({ name: "staffanstorp-server-fault", units: 412 }),
  );
  expect(simAnswers["sim list"]?.safeParse(JSON.parse(list.out)).error?.message).toBeUndefined();
  const shown = await command("sim", "list");
  for (const line of shown.out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("a bad file is exit code 2 with file, line and column, and as JSON when asked", async () => {
  const path = join(place, "bad.yaml");
  writeFileSync(path, readFileSync(story, "utf8").replace("duration: 3h", "duration: ten"));
  const plain = await command("sim", "check", path);
  expect(plain.code).toBe(2);
  expect(plain.err).toMatch(/bad\.yaml:\d+:11: expected a time with its unit/);
  expect(plain.err).not.toContain("    at ");
  const json = await command("sim", "check", path, "--json");
  expect(json.code).toBe(2);
  expect(JSON.parse(json.out)).toMatchObject({ valid: false, problems: [{ column: 11 }] });
});

test("a run says its seed first and its report last, in 80 columns", async () => {
  const out = join(place, "plain");
  const { out: text, err } = await told(() => run([story], { seed: "7", out, verbose: true }, async () => play));
  expect(err.split("\n")[0]).toBe("seed 7");
  expect(err).toContain("\n10 %, 18 min of 3 h, ");
  expect(err.match(/ %, /g)).toHaveLength(9);
  expect(err).toContain("08:00 receiver primary takes alarms and hands none on\n");
  for (const line of text.split("\n")) if (!line.includes(out)) expect(line.length).toBeLessThanOrEqual(80);
  expect(text).toContain("    206 accepted");
  expect(text).toContain(`livlina trace list --late --run ${out}\n`);
  expect(text.trimEnd().endsWith(`report: ${out}/report.html`)).toBe(true);
  expect(readdirSync(out).sort()).toEqual([...reportFiles].sort());
  expect(process.exitCode).toBeUndefined();
});

test("as JSON a run prints one object on stdout with exactly the promised keys, and exit code 1 when it failed", async () => {
  const out = join(place, "json");
  const { out: text } = await told(() => run([story], { seed: "1", out, json: true, quiet: true }, async () => lossy));
  const summary = JSON.parse(text) as Record<string, unknown>;
  expect(Object.keys(summary)).toEqual(
    "verdict digest seed modem presses accepted pending lost falseAccepted duplicates unheard events virtualMs wallMs out expectations".split(
      " ",
    ),
  );
  expect(summary).toMatchObject({ verdict: "failed", seed: 1, lost: 1, out });
  expect(process.exitCode).toBe(1);
});

test("a coarse run says that it is one, on the terminal, on the first screen of the page, and in the command that repeats it", async () => {
  const out = join(place, "coarse");
  const asked: string[] = [];
  const coarse: Play = async (scenario, options) => {
    asked.push(options.modem);
    return { ...(await play(scenario, options)), modem: options.modem };
  };
  const { out: text } = await told(() => run([story], { seed: "1", out, modem: "sockets" }, async () => coarse));
  expect(asked).toEqual(["sockets"]);
  expect(text).toContain("  coarse run: modems at the socket level\n");
  const page = readFileSync(join(out, "report.html"), "utf8");
  expect(page.indexOf("coarse run, modems at the socket level")).toBeGreaterThan(0);
  expect(page.indexOf("coarse run, modems at the socket level")).toBeLessThan(page.indexOf('class="tiles"'));
  const replay = JSON.parse(readFileSync(join(out, "replay"), "utf8")) as { readonly command: string };
  expect(replay).toMatchObject({ modem: "sockets" });
  expect(replay.command).toMatch(/ --modem sockets$/);
});

test("a folder that cannot be written is exit code 3, before the run begins", async () => {
  const file = join(place, "in-the-way");
  writeFileSync(file, "");
  let played = false;
  const failing = run([story], { seed: "1", out: join(file, "out"), quiet: true }, async () => {
    played = true;
    return play;
  });
  await expect(failing).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining("cannot be written") });
  expect(played).toBe(false);
});

test("a run that breaks off leaves no log, and its error goes on", async () => {
  const out = join(place, "broken");
  const breaks: Play = async (_scenario, { log }) => {
    log.write(0, "unit a", {});
    throw new Error("a mistake of ours");
  };
  await expect(run([story], { seed: "1", out, quiet: true }, async () => breaks)).rejects.toThrow("a mistake of ours");
  expect(readdirSync(out)).toEqual([]);
});

test("names become folder names that stay in the folder", () => {
  expect(folderName("Staffanstorp server fault")).toBe("staffanstorp-server-fault");
  expect(folderName("../../Åska på Öland!")).toBe("aska-pa-oland");
  expect(folderName("…")).toBe("scenario");
});

test("on a terminal progress redraws one line at most ten times a second, with the time left", () => {
  const written: string[] = [];
  let nowMs = 0;
  const stream = { isTTY: true, columns: 60, write: (text: string) => written.push(text) };
  const progress = new Progress(
    stream,
    1_000,
    (done) => `${done} of 1000`,
    () => nowMs,
  );
  for (nowMs = 1; nowMs <= 1_000; nowMs++) progress.update(nowMs / 2);
  expect(written.length).toBeLessThanOrEqual(11);
  expect(written.at(-1)).toContain("\r\x1b[K███████████░░░░░░░░░░░░░  45 %  450.5 of 1000  2 s left");
  for (const text of written) expect(text.length).toBeLessThanOrEqual(60 + 4);
  progress.end();
  expect(written.at(-1)).toBe("\r\x1b[K");
});

test("colour is for terminals that want it", () => {
  const terminal = { isTTY: true, write: () => true };
  expect(wantsColour(terminal, {})).toBe(true);
  expect(wantsColour(terminal, { NO_COLOR: "1" })).toBe(false);
  expect(wantsColour(terminal, { TERM: "dumb" })).toBe(false);
  expect(wantsColour({ write: () => true }, {})).toBe(false);
  expect(painter({ write: () => true })("red", "text")).toBe("text");
});

test("wrapped text keeps its words and its width", () => {
  expect(wrap("one two three four", 9, "  ")).toBe("one two\n  three\n  four");
  expect(wrap("unbreakable", 4, "")).toBe("unbreakable");
});

test("builds name their board, and a wrong one is told", async () => {
  expect(await command("build")).toMatchObject({ code: 2, err: expect.stringContaining("livlina build --all") });
  expect(await command("build", "esp23")).toMatchObject({
    code: 2,
    err: expect.stringContaining("did you mean esp32?"),
  });
});

test("an error for people carries its hint and its exit code", () => {
  expect(new UserError("what", "try this", 4)).toMatchObject({ message: "what", hint: "try this", exitCode: 4 });
});
