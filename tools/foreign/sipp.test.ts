/** SIPp, a SIP program that nobody here wrote, as receiver and as sender, over UDP and TCP. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, type TestContext, test } from "vitest";
import { needs } from "../config/requires.ts";
import { freePort, type Running, runUnit, start, startReceiver, typesOfPresses, until } from "../live-bench.ts";

type Transport = "udp" | "tcp";

interface Sipp {
  readonly running: Running;
  readonly port: number;
  readonly folder: string;
}

const transports: readonly Transport[] = ["udp", "tcp"];
const usual = ["--press-after", "0.1", "--exit-after-accept", "0.2"];
const digest = ["--user", "unit", "--password", "hemligt"];

/** SIPp with one of our scenarios. It writes files where it runs: a folder of its own takes them. */
async function startSipp(
  context: TestContext,
  scenario: string,
  transport: Transport,
  more: readonly string[],
  fill: Readonly<Record<string, string>> = {},
): Promise<Sipp> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "livlina-sipp-"));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let text = readFileSync(scenarioPath(scenario), "utf8");
  for (const [word, value] of Object.entries(fill))
    text = text.replace(new RegExp(`^(.*)\\b${word}$`, "m"), `$1${value}`);
  const path = join(folder, "scenario.xml");
  writeFileSync(path, text);
  const own = ["-sf", path, "-i", "127.0.0.1", "-p", String(port), "-t", transport === "udp" ? "u1" : "t1"];
  const args = [...own, "-nostdin", "-timeout", "60s", "-deadcall_wait", "0", ...more];
  return { running: start(context.onTestFinished, "sipp", args, { TERM: "dumb" }, folder), port, folder };
}

function scenarioPath(name: string): string {
  return fileURLToPath(new URL(`./sipp/${name}.xml`, import.meta.url));
}

interface Row {
  readonly what: string;
  readonly scenario: string;
  /** Words of the scenario, and what stands there in this row. */
  readonly fill?: Readonly<Record<string, string>>;
  /** More for SIPp, and for the unit. */
  readonly more?: readonly string[];
  readonly flags?: readonly string[];
  /** What becomes of the press, with the receiver (1 is SIPp, 2 ours): one receiver alone, or both. */
  readonly press: readonly string[];
  readonly alone?: boolean;
}

const stored = ["pressed", "stored"];
const second = [...stored, "gave-up-path 1", "carried 2", "accepted 2"];
const secondAfterWait = [...stored, "carried 1", "carried 2", "accepted 2"];
const accepted = [...stored, "carried 1", "accepted 1"];
const refusal = (status: string, more = "Server: sipp"): Pick<Row, "scenario" | "fill" | "press"> => ({
  scenario: "refuses",
  fill: { STATUS: status, MORE: more },
  press: second,
});

const rows: readonly Row[] = [
  {
    what: "200, then the mrs",
    scenario: "answers-and-accepts",
    press: accepted,
    alone: true,
  },
  { what: "401, then 200 for the right password", scenario: "asks-who", flags: digest, press: accepted, alone: true },
  {
    what: "401, and the password is wrong",
    scenario: "asks-who",
    flags: [...digest, "--password", "fel"],
    press: second,
  },
  { what: "302", ...refusal("302 Moved Temporarily", "Contact: <sip:larm@127.0.0.1:9>") },
  { what: "408", ...refusal("408 Request Timeout") },
  { what: "480", ...refusal("480 Temporarily Unavailable") },
  { what: "486", ...refusal("486 Busy Here") },
  { what: "500", ...refusal("500 Server Internal Error") },
  { what: "503 with Retry-After", ...refusal("503 Service Unavailable", "Retry-After: 3600") },
  { what: "600", ...refusal("600 Busy Everywhere") },
  { what: "no answer at all", scenario: "is-silent", press: [...stored, "carried 2", "accepted 2"] },
  {
    what: "200 and the mrs after 9 s",
    scenario: "answers-late",
    more: ["-d", "6000"],
    press: accepted,
    alone: true,
  },
  {
    what: "the mrs after 12 s",
    scenario: "answers-and-accepts",
    more: ["-d", "12000"],
    press: accepted,
    alone: true,
  },
  { what: "the mrs never", scenario: "answers-and-accepts", more: ["-d", "50000"], press: secondAfterWait },
  { what: "the mrs twice", scenario: "accepts-twice", press: accepted, alone: true },
  { what: "an mrs with another ref", scenario: "accepts-something-else", press: secondAfterWait },
];

/** The press's events; where the receiver matters it stands behind. */
function pressOf(events: Awaited<ReturnType<typeof runUnit>>["events"]): string[] {
  const own = events.filter(({ type }) => !type.startsWith("report-"));
  return own.map(({ type, receiver }) => (receiver === null || type === "stored" ? type : `${type} ${receiver}`));
}

describe.each(transports)("SIPp as the receiver, over %s", (transport) => {
  test.concurrent.for(rows)("$what", { timeout: 60_000 }, async (row, context) => {
    needs(context, "sipp");
    const sipp = await startSipp(context, row.scenario, transport, row.more ?? [], row.fill);
    const flags = [
      "--via",
      `${transport}:127.0.0.1:${sipp.port}`,
      ...usual,
      "--give-up-after",
      "45",
      ...(row.flags ?? []),
    ];
    if (row.alone !== true) {
      const receiver = await startReceiver(context.onTestFinished);
      flags.push("--second-via", `udp:127.0.0.1:${receiver.port}`);
    }
    const unit = await runUnit(context.onTestFinished, sipp.port, flags);
    const seen = pressOf(unit.events);
    // A late answer may start a path to the same receiver once more: the same steps, not another outcome.
    expect(
      seen.filter((type, at) => seen.indexOf(type) === at),
      unit.stderr,
    ).toEqual(row.press);
    expect(unit.code, unit.stderr).toBe(0);
  });
});

describe.each(transports)("SIPp as the sender, over %s", (transport) => {
  test.concurrent("fifty alarms are answered 200, each with an mrs of its own", {
    timeout: 60_000,
  }, async (context) => {
    needs(context, "sipp");
    const receiver = await startReceiver(context.onTestFinished, "--listen", `${transport}:127.0.0.1:0`);
    const port = receiver.ports[transport];
    const calls = ["-m", "50", "-r", "50", "-oocsf", scenarioPath("hears-the-mrs"), "-trace_logs", `127.0.0.1:${port}`];
    const sipp = await startSipp(context, "sends-an-alarm", transport, calls);
    const ended = await sipp.running.ended;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    // Each has its mrs by now; the last line may still be on its way to us.
    await until(() => new Set(receiver.events().map((event) => event["ref"])).size === 50);
  });
});

test.concurrent("SIPp answers only 200 and there is nobody else: the unit ends with 1 and says what is missing", async (context) => {
  needs(context, "sipp");
  const sipp = await startSipp(context, "answers-and-accepts", "udp", ["-d", "50000"]);
  const unit = await runUnit(context.onTestFinished, sipp.port, ["--press-after", "0.1", "--give-up-after", "2"]);
  expect(typesOfPresses(unit.events)).toEqual(["pressed", "stored", "carried"]);
  expect(unit.code, unit.stderr).toBe(1);
  expect(unit.stderr).toContain("the receiver must also send an mrs");
});
