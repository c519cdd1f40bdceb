import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCommand, anyFrame } from "../../protocol/console/arbitraries.ts";
import { decodeFrame, encodeFrame } from "../../protocol/console/frame.ts";
import { type ConsoleCommand, type ConsoleEvent, decodeEvent, encodeCommand } from "../../protocol/console/messages.ts";
import { unlockProof } from "../../protocol/console/unlock.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import type { SerialOptions } from "../ports/serial.ts";
import {
  firmwareVersion,
  leaseMs,
  longestWaitMs,
  roomLimit,
  ServiceLine,
  type ServiceNews,
  type UnitCommand,
} from "./service-line.ts";

const key = Uint8Array.from({ length: 16 }, (_, i) => i);
const unit = "Q4T8A";
const stored: ServiceNews = {
  type: "log",
  what: "stored",
  number: 65,
  part: 0,
  route: "none",
  receiver: 0,
  attempt: 0,
};

/** A service line whose other end is this test. */
function bench(hasKey = true) {
  const said: ConsoleEvent[] = [];
  const sequences: number[] = [];
  const commands: [UnitCommand, number][] = [];
  const written: number[] = [];
  const inbox: Uint8Array[] = [];
  const time = { nowMs: 0 };
  let port: SerialOptions | undefined;
  let challenges = 0;
  let following = 0;
  const line = new ServiceLine({
    openLine: (options) => {
      port = options;
      return {
        read: () => inbox.shift(),
        write: (bytes) => {
          written.push(bytes.length);
          const frame = decodeFrame(Buffer.from(bytes).toString("latin1").trimEnd());
          if (!frame.ok) throw new Error("not a frame");
          expect(frame.value).toMatchObject({ speaker: "unit", atMs: time.nowMs });
          sequences.push(frame.value.sequence);
          const event = decodeEvent(frame.value.text);
          if (!event.ok) throw new Error(frame.value.text);
          said.push(event.value);
        },
        close: () => {},
      };
    },
    clock: { nowMs: () => time.nowMs, after: () => ({ cancel: () => {} }) },
    secrets: { random: (into) => into.fill(++challenges), aes: aesBlock },
    key: hasKey ? key : undefined,
    unit,
    onCommand: (command, to) => commands.push([command, to]),
  });
  const hear = (bytes: Uint8Array): void => {
    inbox.push(bytes);
    port?.onReadable(bytes.length);
  };
  const say = (command: ConsoleCommand): number => {
    const sequence = following++;
    hear(encodeFrame({ speaker: "tool", sequence, atMs: 0, text: encodeCommand(command) }));
    return sequence;
  };
  const unlock = (): void => {
    say({ type: "unlock", proof: new Uint8Array(0) });
    const challenge = said.at(-1);
    if (challenge?.type !== "challenge") throw new Error("no challenge");
    say({ type: "unlock", proof: unlockProof(aesBlock(key), unit, challenge.bytes) });
  };
  return { line, said, sequences, commands, written, time, hear, say, unlock };
}

test("a unit starts locked, says so in its line 0, and names its package's version", () => {
  const { said, sequences } = bench();
  expect(said).toEqual([{ type: "boot", unit, version: firmwareVersion, lock: "locked" }]);
  expect(sequences).toEqual([0]);
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(firmwareVersion).toBe(manifest.version);
});

test("while it is locked no command does anything, and nothing of an alarm is told", () => {
  const act = fc.oneof(
    anyCommand.map((command) => ({ command })),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ bytes })),
    anyFrame.map((frame) => ({ bytes: encodeFrame(frame) })),
    fc.constant({ news: stored }),
    fc.nat(2 * leaseMs).map((waitMs) => ({ waitMs })),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), fc.boolean(), (acts, hasKey) => {
      const { line, said, commands, time, hear, say } = bench(hasKey);
      for (const each of acts) {
        if ("command" in each) say(each.command);
        else if ("bytes" in each) hear(each.bytes);
        else if ("news" in each) line.tell(each.news);
        else time.nowMs += each.waitMs;
      }
      expect(commands).toEqual([]);
      const kinds = new Set(said.map((event) => event.type));
      for (const kind of kinds) expect(["boot", "identity", "challenge", "locked", "error"]).toContain(kind);
      for (const event of said) if (event.type === "identity") expect(event.lock).toBe("locked");
    }),
  );
});

test("the right proof opens the line, and commands go to the owner", () => {
  const { line, said, commands, say, unlock } = bench();
  unlock();
  expect(said.at(-1)).toEqual({ type: "unlocked", to: 1, tries: 1 });
  const to = say({ type: "status" });
  expect(commands).toEqual([[{ type: "status" }, to]]);
  line.answerStatus(to, { reports: 2, pending: 1, active: "mobile" });
  const counts = { bad: 0, tries: 1, dropped: 0 };
  expect(said.at(-1)).toEqual({
    type: "answer",
    to,
    reports: 2,
    pending: 1,
    active: "mobile",
    lamp: "dark",
    ...counts,
  });
  line.tell(stored);
  expect(said.at(-1)).toEqual(stored);
});

test("a proof is good once, for its own challenge, and every try is counted", () => {
  const { said, say } = bench();
  const none = new Uint8Array(0);
  const proofOf = (challenge: number): Uint8Array =>
    unlockProof(aesBlock(key), unit, new Uint8Array(16).fill(challenge));
  say({ type: "unlock", proof: proofOf(1) });
  expect(said.at(-1)).toMatchObject({ type: "locked", why: "proof", tries: 1 });
  say({ type: "unlock", proof: none });
  say({ type: "unlock", proof: proofOf(2) });
  expect(said.at(-1)).toMatchObject({ type: "locked", why: "proof", tries: 2 });
  say({ type: "unlock", proof: proofOf(1) });
  expect(said.at(-1)).toMatchObject({ type: "locked", why: "proof", tries: 3 });
  say({ type: "unlock", proof: none });
  say({ type: "unlock", proof: proofOf(2) });
  expect(said.at(-1)).toMatchObject({ type: "unlocked", tries: 4 });
  say({ type: "unlock", proof: proofOf(2) });
  expect(said.at(-1)).toMatchObject({ type: "locked", why: "proof", tries: 5 });
  say({ type: "hello" });
  expect(said.at(-1)).toMatchObject({ type: "identity", lock: "locked" });
});

test("the third wrong proof in a row brings a wait, doubled to a minute at most, and a right one ends the row", () => {
  const { said, say, time, unlock } = bench();
  const none = new Uint8Array(0);
  const guess = (): string => {
    say({ type: "unlock", proof: none });
    if (said.at(-1)?.type !== "challenge") return "wait";
    say({ type: "unlock", proof: new Uint8Array(16) });
    return "guessed";
  };
  expect([guess(), guess(), guess(), guess()]).toEqual(["guessed", "guessed", "guessed", "wait"]);
  expect(said.at(-1)).toMatchObject({ type: "locked", why: "wait" });
  for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
    time.nowMs += waitMs - 1;
    say({ type: "unlock", proof: new Uint8Array(16) });
    expect(guess()).toBe("wait");
    time.nowMs += 1;
    expect(guess()).toBe("guessed");
  }
  time.nowMs += longestWaitMs;
  unlock();
  expect(said.at(-1)).toMatchObject({ type: "unlocked" });
  expect([guess(), guess(), guess(), guess()]).toEqual(["guessed", "guessed", "guessed", "wait"]);
});

test("an order to lock locks, and what comes of orders is told on an open line only", () => {
  const { line, said, say, unlock, commands } = bench();
  unlock();
  line.answer({ type: "done", to: 9 });
  expect(said.at(-1)).toEqual({ type: "done", to: 9 });
  const to = say({ type: "lock" });
  expect(said.at(-1)).toMatchObject({ type: "locked", to, why: "order" });
  const before = said.length;
  line.answer({ type: "done", to: 10 });
  expect(said).toHaveLength(before);
  say({ type: "restart" });
  expect(said.at(-1)).toMatchObject({ type: "locked", why: "command" });
  expect(commands).toEqual([]);
});

test("a unit without a key is opened by nobody", () => {
  const { said, say } = bench(false);
  for (const proof of [new Uint8Array(0), new Uint8Array(16), unlockProof(aesBlock(key), unit, new Uint8Array(16))]) {
    say({ type: "unlock", proof });
    expect(said.at(-1)).toMatchObject({ type: "locked", why: "no-key" });
  }
});

test("half an hour without a command locks the line again, a millisecond less does not", () => {
  const { line, said, commands, time, say, unlock } = bench();
  unlock();
  time.nowMs += leaseMs - 1;
  say({ type: "hello" });
  expect(said.at(-1)).toMatchObject({ type: "identity", lock: "open" });
  time.nowMs += leaseMs - 1;
  line.tell(stored);
  expect(said.at(-1)).toEqual(stored);
  time.nowMs += 1;
  line.tell(stored);
  expect(said.at(-1)).toMatchObject({ type: "locked", to: 0, why: "silence" });
  line.tell(stored);
  expect(said.at(-1)).toMatchObject({ type: "locked", why: "silence" });
  say({ type: "status" });
  expect(said.at(-1)).toMatchObject({ type: "locked", why: "command" });
  expect(commands).toEqual([]);
});

test("a bad line is counted and answered, and a unit's own echo is not", () => {
  const { said, hear, say, unlock, line, commands } = bench();
  hear(Buffer.from("noise\r\n"));
  expect(said.at(-1)).toEqual({ type: "error", why: "truncated", bad: 1 });
  hear(encodeFrame({ speaker: "tool", sequence: 0, atMs: 0, text: "press" }));
  expect(said.at(-1)).toEqual({ type: "error", why: "unknown-value", bad: 2 });
  hear(Buffer.from(`${"x".repeat(500)}\r\n`));
  expect(said.at(-1)).toEqual({ type: "error", why: "too-long", bad: 3 });
  const before = said.length;
  hear(encodeFrame({ speaker: "unit", sequence: 0, atMs: 0, text: "hello" }));
  hear(Buffer.from("!3 4 broken echo\r\n"));
  expect(said).toHaveLength(before);
  unlock();
  line.answerStatus(say({ type: "status" }), { reports: 0, pending: 0, active: "broadband" });
  expect(commands).toHaveLength(1);
  expect(said.at(-1)).toMatchObject({ type: "answer", bad: 3 });
});

test("the lamp that was shown while nobody listened stands in the status", () => {
  const { line, said, say, unlock } = bench();
  line.tell({ type: "lamp", signal: "no-path" });
  unlock();
  expect(said.some((event) => event.type === "lamp")).toBe(false);
  line.answerStatus(say({ type: "status" }), { reports: 0, pending: 0, active: "broadband" });
  expect(said.at(-1)).toMatchObject({ type: "answer", lamp: "no-path" });
});

test("no more is written than the port has room for, and what is dropped leaves a gap in the numbers", () => {
  const { line, said, sequences, written, time, unlock } = bench();
  unlock();
  for (let i = 0; i < 100; i++) line.tell(stored);
  const burst = written.reduce((sum, length) => sum + length, 0);
  expect(burst).toBeLessThanOrEqual(roomLimit);
  expect(burst).toBeGreaterThan(roomLimit - 160);
  expect(sequences).toEqual(sequences.map((_, i) => i));
  const heard = sequences.length;
  time.nowMs += 20;
  line.tell(stored);
  expect(sequences).toHaveLength(heard + 1);
  const dropped = 3 + 100 - heard;
  expect(sequences.at(-1)).toBe(heard + dropped);
  time.nowMs += 1_000;
  line.answerStatus(0, { reports: 0, pending: 0, active: "broadband" });
  expect(said.at(-1)).toMatchObject({ type: "answer", dropped });
});
