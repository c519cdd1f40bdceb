import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "../../protocol/bytes/crc.ts";
import { anyCommand } from "../../protocol/console/arbitraries.ts";
import { type ConsoleCommand, commandRows, encodeEvent } from "../../protocol/console/messages.ts";
import { logReadLimit, type OrderEvent, settingsPieceLength } from "../../protocol/console/orders.ts";
import { NorFlash } from "../../simulator/flash.ts";
import type { Clock } from "../ports/clock.ts";
import type { UnitSettings } from "../settings.ts";
import { Configuration } from "../storage/configuration.ts";
import { EventLog } from "../storage/event-log.ts";
import { Journal } from "../storage/journal.ts";
import { decodeLogEntry, type LogEntry } from "../storage/log-entry.ts";
import { decodeSettings, encodeSettings } from "../storage/settings-codec.ts";
import { type OrderAnswer, ServiceDesk, type ServiceOrder } from "./service-desk.ts";

const password = "7f3a9c51e8d2b604";

function settingsOf(domain: string): UnitSettings {
  return {
    cid: "4607110231",
    domain,
    policy: "mobile-only",
    receivers: [{ uri: `sip:arc@${domain}`, host: "192.0.2.1", port: 5060, user: "u", password, answerFrom: [] }],
    localPort: 0,
    modem: { apn: "iot", user: "", password, pin: "4711" },
    staggerMs: 5_000,
    bonds: [],
    serviceKey: new Uint8Array(16).fill(0xa7),
  };
}

const one = settingsOf("one.example");
const two = settingsOf("two.example");

function bytesOf(settings: UnitSettings): Uint8Array {
  return new Uint8Array(encodeSettings(settings) ?? []);
}

function flashOf(sectorCount: number): NorFlash {
  return new NorFlash({ sectorSize: 2048, sectorCount, programUnit: 4, below: () => 0 });
}

function bench(answer: OrderAnswer = "done") {
  const time = { nowMs: 0 };
  const clock: Clock = { nowMs: () => time.nowMs, after: () => ({ cancel: () => {} }) };
  const configuration = new Configuration(new Journal(flashOf(4)));
  expect(configuration.stageSettings(bytesOf(one))).toBeUndefined();
  const logFlash = flashOf(5);
  const log = new EventLog(logFlash, clock, () => 0);
  const said: OrderEvent[] = [];
  const orders: ServiceOrder[] = [];
  const desk = new ServiceDesk(
    {
      log,
      configuration,
      settings: one,
      source: "in-force",
      onOrder: (order, to) => {
        expect(to).toBe(7);
        orders.push(order);
        return answer;
      },
    },
    (event) => {
      encodeEvent(event);
      said.push("bytes" in event ? { ...event, bytes: new Uint8Array(event.bytes) } : event);
    },
  );
  const say = (command: Exclude<ConsoleCommand, { type: "hello" | "unlock" | "lock" | "status" }>): OrderEvent[] => {
    time.nowMs += 10_000;
    said.length = 0;
    desk.obey(command, 7);
    return [...said];
  };
  const entries = (): LogEntry[] => {
    const found: LogEntry[] = [];
    log.each(0, 1_000, (_sequence, bytes) => {
      const entry = decodeLogEntry(bytes);
      if (entry.ok) found.push(entry.value);
    });
    return found;
  };
  const send = (settings: UnitSettings): OrderEvent | undefined => {
    const bytes = bytesOf(settings);
    say({ type: "settings-begin", length: bytes.length, crc: crc32(bytes, 0, bytes.length, 0) });
    for (let at = 0; at < bytes.length; at += settingsPieceLength)
      say({ type: "settings-put", at, bytes: bytes.subarray(at, at + settingsPieceLength) });
    return say({ type: "settings-end" }).at(-1);
  };
  return { desk, log, logFlash, configuration, orders, say, entries, send };
}

test("settings that come in pieces are checked, staged and handed to the owner, and the log says who did what", () => {
  const { configuration, orders, send, entries } = bench();
  expect(send(two)).toEqual({ type: "begun", to: 7 });
  expect([configuration.stage, configuration.stagedVersion]).toEqual(["staged", 2]);
  expect(orders).toEqual([{ type: "settings-staged", version: 2 }]);
  const names = entries().map((entry) => (entry.what === "order" ? commandRows[entry.detail]?.type : entry.what));
  expect(names).toEqual(["settings-begin", "settings-staged", "settings-end"]);
});

test("a piece twice is taken, one too early or too long is not, and a changed byte is found out", () => {
  const { say, send, configuration } = bench();
  const bytes = bytesOf(two);
  const put = (at: number, end: number): OrderEvent | undefined =>
    say({ type: "settings-put", at, bytes: bytes.subarray(at, end) }).at(-1);
  expect(put(0, 40)).toEqual({ type: "refused", to: 7, why: "not-now" });
  say({ type: "settings-begin", length: bytes.length, crc: 1 });
  expect(put(40, 80)).toMatchObject({ why: "not-now" });
  expect([put(0, 40), put(0, 40), put(40, 80)]).toEqual(new Array(3).fill({ type: "done", to: 7 }));
  expect(say({ type: "settings-end" }).at(-1)).toMatchObject({ why: "not-now" });
  say({ type: "settings-begin", length: 30, crc: 1 });
  expect(put(0, 31)).toMatchObject({ why: "too-long" });
  put(0, 30);
  expect(say({ type: "settings-end" }).at(-1)).toMatchObject({ why: "unreadable" });
  say({ type: "settings-begin", length: bytes.length, crc: (crc32(bytes, 0, bytes.length, 0) ^ 1) >>> 0 });
  for (let at = 0; at < bytes.length; at += 40) put(at, Math.min(at + 40, bytes.length));
  expect(say({ type: "settings-end" }).at(-1)).toMatchObject({ why: "unreadable" });
  expect(send({ ...two, cid: "x" })).toMatchObject({ type: "refused", why: "unusable" });
  expect(configuration.stage).toBe("proven");
});

test("settings on trial are not written over", () => {
  const { configuration, send, say } = bench();
  send(two);
  configuration.beginTrial();
  expect(say({ type: "settings-begin", length: 5, crc: 0 })).toEqual([{ type: "refused", to: 7, why: "on-trial" }]);
});

test("what is read of the settings is what is in force, without a secret in it", () => {
  const { say } = bench();
  const state = say({ type: "settings-state" }).at(-1);
  expect(state).toMatchObject({ type: "settings", stage: "proven", version: 1, source: "in-force" });
  if (state?.type !== "settings") throw new Error("no state");
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < state.length; at += settingsPieceLength) {
    const piece = say({ type: "settings-get", at }).at(-1);
    if (piece?.type === "settings-part") pieces.push(piece.bytes);
  }
  const whole = Buffer.concat(pieces);
  expect(decodeSettings(whole)).toMatchObject({ ok: true, value: { cid: one.cid, domain: one.domain } });
  for (const secret of [password, "4711", Buffer.alloc(4, 0xa7)]) expect(whole.includes(secret)).toBe(false);
  expect(say({ type: "settings-get", at: 1_500 }).at(-1)).toMatchObject({ bytes: new Uint8Array(0) });
});

test("no secret that passes the desk is ever in the log", () => {
  const { desk, logFlash, say, send } = bench();
  send(two);
  const label = new Uint8Array(16).fill(0xc9);
  say({ type: "pair", address: new Uint8Array(4), label, person: 1, form: "wrist", where: "kitchen" });
  desk.proofOffered(false, 1);
  const image = Buffer.alloc(logFlash.sectorSize * logFlash.sectorCount);
  logFlash.read(0, image);
  expect(image.some((byte) => byte !== 0xff)).toBe(true);
  for (const secret of [password, "4711", "kitchen", Buffer.alloc(4, 0xa7), Buffer.alloc(4, 0xc9)])
    expect(image.includes(secret)).toBe(false);
});

test("the log is read in pieces, oldest first, and the end says where to go on", () => {
  const { log, say } = bench();
  for (let i = 0; i < 20; i++) log.write("stored", 0, i, 0);
  const first = say({ type: "log-read", from: 5, count: logReadLimit });
  expect(first).toHaveLength(logReadLimit + 1);
  const numbers = first.map((event) => {
    const entry = event.type === "entry" ? decodeLogEntry(event.bytes) : undefined;
    return entry?.ok ? entry.value.sequence : -1;
  });
  expect(numbers.slice(0, -1)).toEqual(Array.from({ length: logReadLimit }, (_, i) => 5 + i));
  expect(first.at(-1)).toEqual({ type: "log-end", to: 7, first: 1, next: 21 });
});

test("reading is logged once an unlocking, every other order each time, and a refused one never", () => {
  const { desk, say, entries } = bench();
  for (let i = 0; i < 5; i++) say({ type: "log-read", from: 0, count: 1 });
  for (let i = 0; i < 3; i++) say({ type: "self-check" });
  desk.proofOffered(true, 1);
  say({ type: "log-read", from: 9, count: 1 });
  const refusing = bench("alarm");
  expect(refusing.say({ type: "restart" })).toEqual([{ type: "refused", to: 7, why: "alarm" }]);
  expect(refusing.entries()).toEqual([]);
  const names = entries().map((entry) => (entry.what === "order" ? commandRows[entry.detail]?.type : entry.what));
  expect(names).toEqual(["log-read", "self-check", "self-check", "self-check", "unlocked", "log-read"]);
});

test("a look at the state or the devices is logged once an unlocking, and planned work with the time it begins", () => {
  const { say, entries, orders, desk } = bench();
  for (let i = 0; i < 3; i++) say({ type: "state" });
  for (let i = 0; i < 3; i++) say({ type: "devices", from: 8 * i });
  say({ type: "maintenance", from: 1_800_000_000, to: 1_800_003_600 });
  expect(orders).toHaveLength(7);
  desk.proofOffered(true, 1);
  say({ type: "state" });
  const kept = entries().map((entry) => [commandRows[entry.detail]?.type ?? entry.what, entry.value]);
  expect(kept.filter((each) => each[0] !== "hello")).toEqual([
    ["state", 0],
    ["devices", 0],
    ["maintenance", 1_800_000_000],
    ["state", 0],
  ]);
});

test("every order of the table gets one answer that fits on a line, and the owner hears of it as it was said", () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 12 }), (commands) => {
      const { say, orders } = bench("begun");
      for (const command of commands) {
        if (["hello", "unlock", "lock", "status"].includes(command.type)) continue;
        const before = orders.length;
        const said = say(command as Parameters<typeof say>[0]);
        const ends = said.filter((event) => !["entry"].includes(event.type));
        expect(ends).toHaveLength(1);
        if (orders.length > before && !command.type.startsWith("settings")) expect(orders.at(-1)).toEqual(command);
      }
    }),
    { numRuns: 60 },
  );
});
