/** `modem`, `unit` and `receiver` as three processes, as a tester starts them. Nothing here asserts how long it takes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { CertificateBench } from "../../simulator/live/live-certificates-bench.ts";
import { main } from "../cli.ts";
import { foreign, needs } from "../config/requires.ts";
import type { UnitEvent } from "../live-bench.ts";

const bin = fileURLToPath(new URL("../livlina.js", import.meta.url));
const waitMs = 60_000;

type AtEnd = (end: () => void) => void;

/** A process that takes lines; ended by its own id. */
class Talker {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";

  constructor(atEnd: AtEnd, args: readonly string[]) {
    this.child = spawn(process.execPath, [bin, ...args], { stdio: "pipe" });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.child.stdin?.on("error", () => {});
    atEnd(() => {
      if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
    });
  }

  say(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  events(): readonly Record<string, unknown>[] {
    const whole = this.stdout.substring(0, this.stdout.lastIndexOf("\n") + 1);
    return whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(this.child, "close");
    this.child.kill(signal);
    return (await ended)[0] as number | null;
  }
}

/** Waits longer than the first heartbeat of a route may take, on a busy machine; throws beyond. */
async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + waitMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("waited 60 s in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** One receiver hears all units; by TLS too where there is somebody to sign its certificate. */
class Receiver {
  readonly talker: Talker;
  readonly caPath: string;

  constructor(atEnd: AtEnd) {
    const flags = ["receiver", "--listen", "udp:127.0.0.1:0", "--json"];
    this.caPath = "";
    if (foreign("openssl").here) {
      const certificates = new CertificateBench(atEnd);
      const { certPath, keyPath } = certificates.leaf({ names: "DNS:larm.example" });
      this.caPath = certificates.authority.certPath;
      flags.push("--listen", "tls:127.0.0.1:0", "--cert", certPath, "--key", keyPath);
    }
    this.talker = new Talker(atEnd, flags);
  }

  /** Such as udp:127.0.0.1:5060. */
  via(transport: "udp" | "tls"): string {
    return new RegExp(`${transport}:127\\.0\\.0\\.1:\\d+`).exec(this.talker.stderr)?.[0] ?? "";
  }

  alarm(ref: string | null): Record<string, unknown> | undefined {
    return this.talker.events().find((event) => event["type"] === "alarm" && event["ref"] === ref);
  }
}

const ends: (() => void)[] = [];
let receiver: Receiver;

beforeAll(async () => {
  receiver = new Receiver((end) => ends.unshift(end));
  await until(() => receiver.talker.stderr.includes(", mode "));
}, waitMs);

afterAll(() => {
  for (const end of ends) end();
});

function folder(atEnd: AtEnd): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-modem-"));
  atEnd(() => rmSync(path, { recursive: true }));
  return path;
}

/** A link that leads nowhere is there too. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

async function startModem(atEnd: AtEnd, dialect: string, ...flags: string[]): Promise<{ modem: Talker; link: string }> {
  const link = join(folder(atEnd), "modem");
  const modem = new Talker(atEnd, [
    "modem",
    "--dialect",
    dialect,
    "--link",
    link,
    "--json",
    "--answer-ms",
    "5-60",
    ...flags,
  ]);
  await until(() => modem.stdout.includes('"ready"') || modem.child.exitCode !== null);
  expect(modem.stderr).toContain(link);
  return { modem, link };
}

/** The receiver has accepted a heartbeat over the modem, and the unit has answered that: mobile is its route by now. */
function isProven(modem: Talker): boolean {
  const events = modem.events();
  const answer = events.findIndex(({ type, text }) => type === "said" && String(text).includes("<snu>0"));
  return answer >= 0 && events.slice(answer).some(({ type, text }) => type === "heard" && text === "SIP/2.0 200 OK");
}

async function startUnit(atEnd: AtEnd, via: string, place: string, ...more: string[]): Promise<Talker> {
  const flags = ["--receiver", "sip:larm@larm.example", "--via", via, "--json", "--modem", place];
  const unit = new Talker(atEnd, ["unit", ...flags, ...more]);
  await until(() => unit.stderr.includes("Enter presses") || unit.child.exitCode !== null);
  expect(unit.stderr).toContain("mobile-first");
  return unit;
}

/** The acceptance of a press; how long it took is for whoever reads the log. */
async function press(unit: Talker, title: string): Promise<UnitEvent> {
  const of = (type: string): UnitEvent | undefined =>
    unit.events().find((event) => event["type"] === type) as UnitEvent | undefined;
  unit.say("");
  await until(() => of("accepted") !== undefined);
  const accepted = of("accepted") as UnitEvent;
  const tookMs = accepted.t - (of("pressed")?.t ?? 0);
  console.log(`${title}: accepted over ${accepted.route} ${tookMs} ms after the press`);
  return accepted;
}

/** Modem and unit, and the unit's socket on the modem is open. */
async function startBoth(atEnd: AtEnd, dialect: string) {
  const { modem, link } = await startModem(atEnd, dialect);
  const unit = await startUnit(atEnd, receiver.via("udp"), `${dialect}:${link}`);
  await until(() => modem.stdout.includes(opened[dialect] as string));
  return { modem, link, unit };
}

/** What each modem says when the unit's socket is open. */
const opened: Readonly<Record<string, string>> = {
  quectel: "+QIOPEN: 0,0",
  simcom: "+CIPOPEN: 0,0",
  ublox: "+USOCR: 0",
};

test.concurrent.for(["quectel", "simcom", "ublox"])(
  "an alarm reaches the receiver over a virtual modem: %s",
  { timeout: 3 * waitMs },
  async (dialect, { onTestFinished }) => {
    const { modem, link, unit } = await startBoth(onTestFinished, dialect);
    await until(() => isProven(modem));
    const accepted = await press(unit, dialect);
    expect(accepted.route).toBe("mobile");
    await until(() => receiver.alarm(accepted.ref) !== undefined);
    const address = modem.events().find(({ type }) => type === "ready")?.["address"];
    const alarm = { from: `${address}:5060`, answer: "snu 0", dty: 3, stc: 10 };
    expect(receiver.alarm(accepted.ref)).toMatchObject(alarm);
    expect(await unit.end("SIGTERM")).toBe(0);
    expect(await modem.end("SIGTERM")).toBe(0);
    expect(isThere(link)).toBe(false);
  },
);

test.concurrent("an alarm goes over the modem's own TLS, and its acceptance counts because the certificate was checked", {
  timeout: 3 * waitMs,
}, async (context) => {
  needs(context, "openssl");
  const { onTestFinished } = context;
  const ca = ["--ca", receiver.caPath];
  const { modem, link } = await startModem(onTestFinished, "ublox", ...ca);
  const unit = await startUnit(
    onTestFinished,
    receiver.via("tls"),
    `ublox:${link}`,
    ...ca,
    "--server-name",
    "larm.example",
  );
  await until(() => isProven(modem));
  const accepted = await press(unit, "ublox over TLS");
  expect(accepted.route).toBe("mobile");
  await until(() => receiver.alarm(accepted.ref) !== undefined);
  const address = modem.events().find(({ type }) => type === "ready")?.["address"];
  const alarm = { transport: "tls", from: expect.stringMatching(`^${address}:`) };
  expect(receiver.alarm(accepted.ref)).toMatchObject(alarm);
});

test.concurrent.for([
  ["killed", (modem: Talker) => modem.end("SIGKILL")],
  ["silent", (modem: Talker) => modem.say("silent")],
  ["connected, and carries nothing", (modem: Talker) => modem.say("no-data")],
] as const)(
  "with a modem that is %s, the alarm goes over broadband",
  { timeout: 3 * waitMs },
  async ([title, plant], { onTestFinished }) => {
    const { modem, unit } = await startBoth(onTestFinished, "quectel");
    await plant(modem);
    const accepted = await press(unit, title);
    expect(accepted.route).toBe("broadband");
    await until(() => receiver.alarm(accepted.ref) !== undefined);
    expect(receiver.alarm(accepted.ref)).toMatchObject({ dty: 3, stc: 10 });
  },
);

async function modem(...args: string[]) {
  const err: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  const code = await main(["modem", ...args]);
  vi.restoreAllMocks();
  return { code, err: err.join("") };
}

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const right = ["--dialect", "quectel", "--link", "/nowhere/at/all"];

test.each([
  ["no dialect", ["--link", "/tmp/x"], 2, "--dialect"],
  ["no link", ["--dialect", "quectel"], 2, "--link"],
  ["an unknown dialect", ["--dialect", "hayes", "--link", "/tmp/x"], 2, "one of quectel, simcom, ublox"],
  ["a model of another dialect", [...right, "--model", "SARA-R510S"], 2, "does not speak quectel"],
  ["a number without its country's", [...right, "--number", "0701234567"], 2, "--number 0701234567"],
  ["a PIN of letters", [...right, "--pin", "abcd"], 2, "--pin abcd"],
  ["no place for a text", [...right, "--sms-memory", "0"], 2, "--sms-memory 0"],
  ["a time that runs backwards", [...right, "--answer-ms", "300-20"], 2, "--answer-ms 300-20"],
  ["an address that is none", [...right, "--address", "here"], 2, "--address here"],
  ["an address beyond loopback", [...right, "--address", "192.0.2.7"], 4, "--allow 192.0.2.7"],
  ["authorities that are not there", [...right, "--ca", "/nowhere/at/all.pem"], 2, "ENOENT"],
  ["a folder that is not there", right, 3, "--link /nowhere/at/all: ENOENT"],
])("%s is refused, and it says what to try", async (_name, args, code, text) => {
  const ended = await modem(...args);
  expect(ended).toMatchObject({ code, err: expect.stringContaining(text) });
  expect(ended.err).toContain("try: ");
});

test("what stands at the link and is no pseudo-terminal's is refused and left alone", async ({ onTestFinished }) => {
  const path = join(folder(onTestFinished), "here");
  writeFileSync(path, "kept");
  expect(await modem("--dialect", "quectel", "--link", path)).toMatchObject({
    code: 2,
    err: expect.stringContaining("something else stands there"),
  });
  const other = join(folder(onTestFinished), "link");
  symlinkSync(path, other);
  expect((await modem("--dialect", "quectel", "--link", other)).code).toBe(2);
  expect(readlinkSync(other)).toBe(path);
});

test("an unknown fault is refused at the start, and the link goes", async ({ onTestFinished }) => {
  const link = join(folder(onTestFinished), "modem");
  const ended = await modem("--dialect", "quectel", "--link", link, "--fault", "sleepy");
  expect(ended).toMatchObject({ code: 2, err: expect.stringContaining("no such fault: sleepy") });
  expect(isThere(link)).toBe(false);
});

test("a link that a killed modem has left is taken over", { timeout: waitMs }, async ({ onTestFinished }) => {
  const { modem: first, link } = await startModem(onTestFinished, "simcom");
  await first.end("SIGKILL");
  const left = readlinkSync(link);
  expect(left).toMatch(/^\/dev\//);
  const second = new Talker(onTestFinished, ["modem", "--dialect", "simcom", "--link", link, "--json"]);
  await until(() => second.stdout.includes('"ready"'));
  expect(isThere(link)).toBe(true);
  expect(await second.end("SIGINT")).toBe(0);
  expect(isThere(link)).toBe(false);
});
