/** A running unit is asked before it is disturbed, and its log is read: a real one, its firmware in this process behind a pseudo-terminal. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { readBoard } from "../boards.ts";
import { main } from "../cli.ts";
import { type Loopback, openLoopback } from "../device/loopback.ts";
import { emptyKeys, writeKeys } from "../provision/keys-file.ts";
import { openServiceLink, type ServiceLink } from "../provision/service-link.ts";
import { boardPatience } from "./espruino-board.ts";
import { flashEspruino, interpreterImage } from "./flash-run.ts";
import { probe } from "./probe.ts";
import { openSerialLine } from "./serial-line.ts";
import { announce, hello, objectionOf, type Standing, standingOf } from "./standing.ts";

/** A unit whose only receiver is a port that nobody listens on: an alarm waits for ever. */
async function unit(): Promise<Loopback> {
  const receiver = {
    uri: "sip:arc@bench.example.net",
    host: "127.0.0.1",
    port: 9,
    user: "",
    password: "",
    answerFrom: [],
  };
  const home = await openLoopback({ larmkod: "4607110231", receivers: [receiver], onNews: () => {} });
  onTestFinished(() => home.close());
  return home;
}

async function linkTo(home: Loopback): Promise<ServiceLink> {
  const link = await openServiceLink(home.path, home.serviceKey);
  onTestFinished(() => link.close());
  return link;
}

async function greeted(home: Loopback) {
  const line = await openSerialLine(home.path, 115_200);
  return await hello(line).finally(() => line.close());
}

test("a unit says who it is without its key, and that alone speaks against flashing it", async () => {
  const home = await unit();
  const known = await greeted(home);
  expect(known).toMatchObject({ unit: expect.stringMatching(/^\w{5}$/), version: expect.stringMatching(/^\d+\./) });
  const standing = await standingOf(known, undefined);
  expect(standing.at).toBe("locked");
  expect(objectionOf(standing)).toContain("without its key nobody knows whether it is in service");
});

test("a unit in service refuses, one that is suspended has nothing against it, one with an alarm that waits refuses; the log has each, and what was forced", async () => {
  const home = await unit();
  const known = await greeted(home);
  const link = await linkTo(home);
  expect(objectionOf(await standingOf(known, link))).toContain("is in service");
  await expect(announce(link, false)).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining("in service"),
  });
  await link.order({ type: "life", life: "suspended" });
  expect(objectionOf(await standingOf(known, link))).toBeUndefined();
  await announce(link, false);
  home.press();
  await vi.waitUntil(async () => (await link.ask({ type: "status" }, "answer")).pending > 0, {
    timeout: 10_000,
    interval: 100,
  });
  const standing = await standingOf(known, link);
  expect(standing).toMatchObject({ at: "known", pending: 1 });
  expect(objectionOf(standing)).toContain("has an alarm that nobody has accepted yet");
  await expect(announce(link, false)).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining("an alarm waits"),
  });
  await announce(link, true);
  link.close();
  const lines = await logs(home);
  const flashes = lines.filter((line) => line.text.includes("order  flash"));
  expect(flashes.map((line) => line.value)).toEqual([0, 1]);
  expect(lines.map((line) => line.what)).toEqual(expect.arrayContaining(["started", "unlocked", "heard", "stored"]));
  expect(lines.map((line) => line.sequence)).toEqual(lines.map((_, i) => (lines[0]?.sequence ?? 0) + i));
});

test("a unit that is needed is not flashed, and nothing is written to it or down; a look at its port tells what it is", async () => {
  const home = await unit();
  const folder = mkdtempSync(join(tmpdir(), "livlina-standing-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const journal = join(folder, "journal.jsonl");
  const board = readBoard("esp32");
  const desk = { say: () => {}, ask: () => Promise.reject(new Error("not asked")), close: () => {} };
  const patience = { ...boardPatience, helloMs: 200 };
  const line = { path: home.path, found: undefined, baud: 115_200, isBaudGiven: false };
  const job = { ...line, board, key: home.serviceKey, waitMs: 0, desk, patience };
  const plan = {
    job,
    image: interpreterImage(board),
    force: undefined,
    journal,
    isDryRun: false,
    isSure: true,
    onProgress: () => {},
  };
  await expect(flashEspruino(plan)).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining("is in service; nothing was erased"),
  });
  await expect(flashEspruino({ ...plan, job: { ...job, key: undefined } })).rejects.toMatchObject({ exitCode: 4 });
  expect(existsSync(journal)).toBe(false);
  expect(await probe(home.path, 115_200)).toMatchObject({ is: "unit" });
  expect(await probe("/dev/no-such-line", 115_200)).toMatchObject({ is: "closed" });
});

test.each<[Standing, string | undefined]>([
  [{ at: "silent" }, undefined],
  [{ at: "known", unit: "A", version: "1", life: "returned", pending: 0 }, undefined],
  [{ at: "known", unit: "A", version: "1", life: "in-service", pending: 0 }, "unit A is in service"],
  [
    { at: "known", unit: "A", version: "1", life: "returned", pending: 2 },
    "unit A has 2 alarms that nobody has accepted yet",
  ],
])("%j: %s", (standing, objection) => {
  expect(objectionOf(standing)).toBe(objection);
});

interface Line {
  readonly sequence: number;
  readonly what: string;
  readonly value: number;
  readonly text: string;
}

/** `livlina logs --json`, in this process. */
async function logs(home: Loopback): Promise<readonly Line[]> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-logs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const keys = join(folder, "keys.json");
  const phrase = join(folder, "phrase");
  writeFileSync(phrase, "a long passphrase\n");
  const serviceKey = Buffer.from(home.serviceKey).toString("hex");
  writeKeys(
    keys,
    { ...emptyKeys(), units: [{ serial: "U-1", serviceKey, made: "2026-11-22T00:00:00Z" }] },
    "a long passphrase",
  );
  let out = "";
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  try {
    expect(await main(["logs", "--port", home.path, "--keys", keys, "--passphrase-file", phrase, "--json"])).toBe(0);
  } finally {
    stdout.mockRestore();
  }
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}
