/** The live monitor: lines in, notices out, its own silence told, and its state kept over a restart. */

import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { learnedUnit, registryCsv } from "../../simulator/monitor/registry.ts";
import { alarm, ReceiverBench } from "../../simulator/peers/receiver-bench.ts";
import { MonitorSession } from "../monitor-session.ts";
import { type MonitorFlags, watch } from "./monitor.ts";
import { startReceiver } from "./receiver.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-monitor-"));
afterAll(() => rmSync(place, { recursive: true }));

const minuteMs = 60_000;
/** The account of the bench's alarm. */
const beaten = "4607110231";
const cids = ["1001", "1002", "1003", "1004", "1005", "1006"];
const registryFile = join(place, "units.csv");
writeFileSync(registryFile, registryCsv(cids.map((cid) => learnedUnit(cid, "main"))));

/** A beat of each unit in turn, one each 30 s. */
function beats(fromMs: number, minutes: number, answer: string): string[] {
  const lines: string[] = [];
  for (let i = 0; i < minutes * 2; i++) {
    const event = { type: "heartbeat", t: fromMs + i * 30_000, cid: cids[i % 6], ref: `B${i}`, mty: "PI", answer };
    lines.push(JSON.stringify(event));
  }
  return lines;
}

async function heard(lines: readonly string[], flags: Partial<MonitorFlags> = {}) {
  const out: string[] = [];
  const notes: string[] = [];
  const input = new PassThrough();
  const over = watch({ language: "sv", ...flags }, input, {
    line: (text) => out.push(text),
    note: (text) => notes.push(text),
  });
  input.end(`${lines.join("\n")}\n`);
  return { isOver: await over, out, notes };
}

test("a server that answers nothing is told as it goes, and the end of the stream too", async () => {
  const now = Date.now();
  const lines = [...beats(now - 60 * minuteMs, 20, "snu 0"), ...beats(now - 40 * minuteMs, 20, "sip 200")];
  lines.push(...beats(now - 20 * minuteMs, 20, "snu 0"));
  const { isOver, out } = await heard(lines, { registry: registryFile, json: true });
  expect(isOver).toBe(true);
  const notices = out.map((text) => JSON.parse(text));
  expect(notices.map(({ type, phase, cause, subject }) => [type, phase, cause, subject])).toEqual([
    ["notice", "suspected", "server", "main"],
    ["notice", "confirmed", "server", "main"],
    ["notice", "closed", "server", "main"],
    ["notice", "suspected", "server", "main"],
  ]);
  expect(notices[0]).toMatchObject({ units: 6, to: expect.stringMatching(/^(office|on-call)$/) });
  expect(notices[0].t).toBeLessThan(now - 38 * minuteMs);
  expect(notices[3].evidence.en).toMatch(/^its stream of events has ended/);
  const people = await heard(lines, { registry: registryFile, onCall: "070-1", office: "070-1" });
  expect(people.out[0]).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Misstänkt avbrott 1: larmmottagare main, 6 larm.*: 070-1\.$/,
  );
});

test("what was open stays open over a restart, and the list of whom to ring is written", async () => {
  const state = join(place, "state.json");
  const list = join(place, "ring.csv");
  const now = Date.now();
  const flags = { registry: registryFile, state, list, json: true };
  const first = await heard(
    [...beats(now - 60 * minuteMs, 20, "snu 0"), ...beats(now - 40 * minuteMs, 20, "sip 200")],
    flags,
  );
  expect(first.out.map((text) => JSON.parse(text).phase)).toEqual(["suspected", "confirmed"]);
  expect(readFileSync(list, "utf8").trim().split("\r\n").length).toBe(7);
  const { out, notes } = await heard(beats(now - 10 * minuteMs, 10, "snu 0"), flags);
  expect(notes[0]).toMatch(/^going on after \d+ s away$/);
  expect(out.map((text) => [JSON.parse(text).phase, JSON.parse(text).outage])).toEqual([]);
});

test("a state that is none is set aside, and the monitor starts", async () => {
  const state = join(place, "broken.json");
  writeFileSync(state, "{ half");
  const { notes } = await heard(beats(Date.now() - 5 * minuteMs, 5, "snu 0"), { state });
  expect(notes[0]).toMatch(/broken\.json is no state of a monitor/);
  expect(readFileSync(`${state}.unreadable`, "utf8")).toBe("{ half");
  expect(existsSync(state)).toBe(true);
});

test("lines that say nothing are told of, ten times at most", async () => {
  const { notes } = await heard([
    ...Array.from({ length: 30 }, () => "rubbish"),
    ...beats(Date.now() - minuteMs, 1, "snu 0"),
  ]);
  expect(notes.length).toBe(10);
  expect(notes[0]).toBe("a line that says nothing: no JSON object");
});

test("a real receiver's lines, with signs and a name, are what a monitor hears", { timeout: 20_000 }, async () => {
  const { made } = session([beaten]);
  let answered = (): void => {};
  const done = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const lines: string[] = [];
  const live = await startReceiver({ listen: ["udp:127.0.0.1:0"], json: true, signs: true, name: "main" }, undefined, {
    line: (text) => {
      lines.push(text);
      if (text.includes('"answered"')) answered();
    },
    note: () => {},
  });
  onTestFinished(() => live.close());
  const unit = createSocket("udp4");
  onTestFinished(() => {
    unit.close();
  });
  unit.send(new ReceiverBench().message(alarm("Q4T8A0000127")), live.addresses[0]?.port ?? 0, "127.0.0.1");
  await done;
  expect(lines.map((text) => JSON.parse(text).type)).toEqual(["heard", "carried", "alarm", "answered"]);
  expect(new Set(lines.map((text) => JSON.parse(text).receiver))).toEqual(new Set(["main"]));
  const now = Date.now();
  made.pass(now - 20 * minuteMs);
  made.pass(now - 1);
  expect(made.list().split("\r\n")[1]).toMatch(new RegExp(`^${beaten},`));
  for (const text of lines) made.take(text, now);
  expect(made.list().split("\r\n")[1]).toBe("");
});

function session(registry?: readonly string[]) {
  const out: string[] = [];
  const made = new MonitorSession(
    {
      registry: registry?.map((cid) => learnedUnit(cid, "main")),
      receiver: "main",
      json: true,
      language: "sv",
      contacts: { office: "", onCall: "" },
    },
    { line: (text) => out.push(text), note: () => {} },
  );
  return { made, notices: () => out.map((text) => JSON.parse(text)) };
}

const day = Date.UTC(2026, 0, 14, 6);
const beat = (cid: string, t: number): string =>
  JSON.stringify({ type: "heartbeat", t, cid, ref: "B", mty: "PI", answer: "snu 0" });

test("a stream that falls silent, and does not end, is the receiver under suspicion within five minutes", () => {
  const { made, notices } = session(cids);
  for (let i = 0; i < 120; i++) made.take(beat(cids[i % 6] as string, day + i * 30_000), day + i * 30_000);
  const quietMs = day + 119 * 30_000;
  for (let t = quietMs; t < quietMs + 6 * minuteMs; t += 1_000) made.pass(t);
  expect(notices()).toMatchObject([
    { phase: "suspected", cause: "server", subject: "main" },
    { phase: "confirmed", cause: "server", subject: "main" },
  ]);
  expect(notices()[0].t - quietMs).toBeLessThan(5 * minuteMs);
});

test("without a registry every unit that is heard is expected from then on", () => {
  const { made, notices } = session();
  for (let i = 0; i < 80; i++) {
    const t = day + i * 30_000;
    if (i % 6 !== 2 || i < 20) made.take(beat(cids[i % 6] as string, t), t);
  }
  expect(notices()).toMatchObject([
    { phase: "suspected", cause: "single-unit", subject: "1003" },
    { phase: "confirmed", cause: "single-unit", subject: "1003" },
  ]);
  expect(JSON.parse(made.alive())).toMatchObject({
    type: "alive",
    units: 6,
    silent: 1,
    open: 1,
    visits: 1,
    badLines: 0,
  });
});

test("a line from the future or a clock that goes back moves nothing", () => {
  const { made, notices } = session(cids);
  for (let i = 0; i < 40; i++) {
    const t = day + i * 30_000;
    made.take(beat(cids[i % 6] as string, i === 10 ? t + 86_400_000 : i === 20 ? t - 86_400_000 : t), t);
    made.pass(i === 30 ? t - 3_600_000 : t);
  }
  expect(notices()).toEqual([]);
});

test("what people ticked off stands in the list until the unit is heard", () => {
  const { made } = session(["1001"]);
  made.pass(day);
  made.pass(day + 20 * minuteMs);
  made.tick([{ cid: "1001", what: "rung", by: "Bo", atMs: day + 15 * minuteMs }]);
  expect(made.list().split("\r\n")[1]).toBe("1001,1001,,no,no,,2026-01-14 07:00,2026-01-14 07:15,,Bo");
  made.take(beat("1001", day + 21 * minuteMs), day + 21 * minuteMs);
  expect(made.list().split("\r\n")[1]).toBe("");
});
