import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCommand, anyEvent } from "./arbitraries.ts";
import type { ConsoleRow } from "./fields.ts";
import { encodeFrame, latestMs } from "./frame.ts";
import { commandRows, decodeCommand, decodeEvent, encodeCommand, encodeEvent, eventRows } from "./messages.ts";

const proof = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255);

test.each([
  [{ type: "hello" }, "hello"],
  [{ type: "status" }, "status"],
  [{ type: "unlock", proof: new Uint8Array(0) }, "unlock proof=-"],
  [{ type: "unlock", proof }, "unlock proof=000102030405060708090a0b0c0d0eff"],
] as const)("the command %j stands as it always stood", (command, text) => {
  expect(encodeCommand(command)).toBe(text);
  expect(decodeCommand(text)).toEqual({ ok: true, value: command });
});

test.each([
  [
    { type: "log", what: "accepted", number: 129, part: 2, route: "broadband", receiver: 1, attempt: 3 },
    "log what=accepted number=129 part=2 route=broadband receiver=1 attempt=3",
  ],
  [{ type: "boot", unit: "Q4T8A", version: "0.1.0", lock: "locked" }, "boot unit=Q4T8A version=0.1.0 lock=locked"],
  [{ type: "locked", to: 7, why: "proof", tries: 1 }, "locked to=7 why=proof tries=1"],
  [{ type: "challenge", to: 8, bytes: proof }, "challenge to=8 bytes=000102030405060708090a0b0c0d0eff"],
] as const)("the event %j stands as it always stood", (event, text) => {
  expect(encodeEvent(event)).toBe(text);
  expect(decodeEvent(text)).toEqual({ ok: true, value: event });
});

test("every command and every event is heard as it was said, and fits on a line", () => {
  const far = { sequence: 0xffffffff, atMs: latestMs };
  fc.assert(
    fc.property(anyCommand, anyEvent, (command, event) => {
      expect(decodeCommand(encodeCommand(command))).toEqual({ ok: true, value: command });
      expect(decodeEvent(encodeEvent(event))).toEqual({ ok: true, value: event });
      encodeFrame({ ...far, speaker: "tool", text: encodeCommand(command) });
      encodeFrame({ ...far, speaker: "unit", text: encodeEvent(event) });
    }),
    { numRuns: 500 },
  );
});

test("the longest message of every row fits on a line", () => {
  for (const row of [...commandRows, ...eventRows]) {
    const text = `${row.type}${row.fields.map((field) => ` ${field.name}=${"x".repeat(longest(field))}`).join("")}`;
    expect(encodeFrame({ speaker: "unit", sequence: 0xffffffff, atMs: latestMs, text }).length).toBeGreaterThan(0);
  }
});

test("a message that was cut short is never taken for the whole", () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const text = encodeEvent(event);
      for (let length = 0; length < text.length; length++) {
        const cut = decodeEvent(text.substring(0, length));
        if (cut.ok) expect(encodeEvent(cut.value)).toBe(text.substring(0, length));
      }
    }),
  );
});

test("no text makes the decoders throw, and whatever they take has one form only", () => {
  const almost = fc
    .tuple(anyCommand.map(encodeCommand), fc.nat(), fc.string({ maxLength: 3 }))
    .map(([text, at, put]) => text.substring(0, at % text.length) + put + text.substring((at % text.length) + 1));
  fc.assert(
    fc.property(fc.oneof(fc.string(), almost), (text) => {
      const command = decodeCommand(text);
      if (command.ok) expect(encodeCommand(command.value)).toBe(text);
      const event = decodeEvent(text);
      if (event.ok) expect(encodeEvent(event.value)).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["hallo", "unknown-value"],
  ["hello ", "malformed"],
  ["hello again", "malformed"],
  ["unlock", "missing"],
  ["unlock proff=-", "missing"],
  ["unlock proof=", "unknown-value"],
  ["unlock  proof=-", "missing"],
  ["unlock proof=0g", "unknown-value"],
  ["unlock proof=0F", "unknown-value"],
  ["unlock proof=000", "unknown-value"],
  [`unlock proof=${"00".repeat(17)}`, "unknown-value"],
  ["press", "unknown-value"],
] as const)("%j is refused as %s", (text, kind) => {
  const decoded = decodeCommand(text);
  expect(decoded).toMatchObject({ ok: false, fault: { kind } });
});

test("a value that its row does not have is a mistake of who says it", () => {
  expect(() => encodeCommand({ type: "unlock", proof: new Uint8Array(17) })).toThrow("cannot carry this proof");
  expect(() => encodeEvent({ type: "boot", unit: "two words", version: "", lock: "open" })).toThrow("this unit");
  expect(() => encodeEvent({ type: "unlocked", to: -1, tries: 0 })).toThrow("this to");
  expect(() => encodeCommand({ type: "press" } as never)).toThrow("no such message");
});

test("no command can raise an alarm, and only these exist", () => {
  expect(commandRows.map((row) => row.type)).toEqual([
    "hello",
    "status",
    "unlock",
    "lock",
    "log-read",
    "settings-state",
    "settings-get",
    "settings-begin",
    "settings-put",
    "settings-end",
    "test-mode",
    "life",
    "pair",
    "revoke",
    "range-walk",
    "range-end",
    "path-test",
    "self-check",
    "restart",
    "maintenance",
    "battery-replaced",
    "press-ask",
    "query",
    "state",
    "devices",
    "reasons",
    "sheet",
    "pair-end",
    "range-now",
    "flash",
  ]);
});

test("the tables of the README are those of the code", () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const tables = readme.split(/^## /m).slice(1, 3).map(cellsIn);
  expect(tables[0]).toEqual([["Command", "Field", "Value", "Means"], ...cellsOf(commandRows)]);
  expect(tables[1]).toEqual([["Event", "Field", "Value", "Means"], ...cellsOf(eventRows)]);
});

function longest(field: ConsoleRow["fields"][number]): number {
  if (field.kind === "hex") return 2 * field.most;
  if (field.kind === "word") return Math.max(...field.words.map((each) => each.length));
  return field.kind === "text" ? field.most : String(field.most).length;
}

/** Each row of the markdown table in a section, as it reads. */
function cellsIn(section: string): string[][] {
  const lines = section.split("\n").filter((line) => line.startsWith("| "));
  const cells = lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  return cells.filter((row) => !row.every((cell) => /^-+$/.test(cell)));
}

function cellsOf(rows: readonly ConsoleRow[]): string[][] {
  return rows.flatMap((row) => [
    [`\`${row.type}\``, "", "", row.means],
    ...row.fields.map((field) => ["", `\`${field.name}\``, shapeOf(field), field.means]),
  ]);
}

function shapeOf(field: ConsoleRow["fields"][number]): string {
  if (field.kind === "word") return field.words.join(", ");
  if (field.kind === "number") return `0 to ${field.most}`;
  return field.kind === "text" ? `text, at most ${field.most}` : `hex, at most ${field.most} bytes`;
}
