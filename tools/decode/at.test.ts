import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import { dialectNamed, dialects, reportAt } from "./at.ts";

const quectel = dialectNamed("quectel");

function linesOf(text: string, dialect = quectel): unknown {
  const report = reportAt(ascii(text), dialect);
  if (!report.ok) return report.fault;
  return (report.value.values as { readonly lines: unknown }).lines;
}

test("commands, results, facts and all else, each at its first byte", () => {
  expect(linesOf("AT+CSQ\r\r\n+CSQ: 17,99\r\n\r\nOK\r\n\r\n+CME ERROR: 10\r\nEG95\r\n")).toEqual([
    { at: 0, kind: "command", text: "AT+CSQ" },
    { at: 9, kind: "fact", text: "+CSQ: 17,99", fact: { type: "signal", signal: 17 } },
    { at: 24, kind: "result", text: "OK", ok: true },
    { at: 30, kind: "result", text: "+CME ERROR: 10", ok: false },
    { at: 46, kind: "other", text: "EG95" },
  ]);
});

test("a talk whose lines end in a return alone keeps its offsets", () => {
  expect(linesOf("AT\rATE0\rOK\r")).toMatchObject([
    { at: 0, text: "AT" },
    { at: 3, text: "ATE0" },
    { at: 8, text: "OK" },
  ]);
});

test("a datagram behind its line is data, whatever bytes it holds", () => {
  const text = '+QIRD: 8,"192.0.2.9",5060\r\n\r\nOK\r\n> \r\n\r\nOK\r\n';
  expect(linesOf(text)).toMatchObject([
    { at: 0, kind: "other" },
    { at: 27, kind: "data", text: Buffer.from("\r\nOK\r\n> ").toString("hex"), length: 8 },
    { at: 39, kind: "result", ok: true },
  ]);
  expect(linesOf('+QIRD: 8,"192.0.2.9",5060\r\n\r\nOK')).toMatchObject({ kind: "truncated", at: 31 });
});

test("the recorded talks of every dialect are read to their end", () => {
  for (const dialect of dialects) {
    const path = new URL(`../../protocol/vectors/at/${dialect.name}.txt`, import.meta.url);
    let file = "";
    try {
      file = readFileSync(path, "utf8");
    } catch {
      continue;
    }
    for (const talk of talksOf(file)) {
      const heard = talk.steps.filter(({ kind }) => kind === "hear").map(({ text }) => text);
      const report = reportAt(ascii(heard.join("")), dialect);
      expect(report, talk.title).toMatchObject({ ok: true });
    }
  }
});

test("nothing at all, and a line beyond what a unit takes, are not valid", () => {
  expect(linesOf("")).toMatchObject({ kind: "truncated", at: 0 });
  expect(linesOf(`\r\n+${"x".repeat(255)}\r\n`)).toMatchObject([{ at: 2, kind: "other" }]);
  expect(linesOf(`\r\n+${"x".repeat(256)}\r\n`)).toMatchObject({ kind: "too-long", at: 2, limit: 256 });
});

test("data behind a line that a lone CR ends begins where it begins, and data cut off is cut off", () => {
  expect(linesOf('+QIRD: 3,"192.0.2.9",1\rab')).toMatchObject({ kind: "truncated" });
  const lines = linesOf('+QIRD: 3,"192.0.2.9",1\rabc\r\nOK\r\n');
  expect(lines).toMatchObject([
    { at: 0, kind: "other" },
    { at: 23, kind: "data" },
    { at: 28, text: "OK" },
  ]);
});

test("no bytes make it throw, and offsets never fall", () => {
  const piece = fc.constantFrom("\r", "\n", "\r\n", "OK", "AT", '+QIRD: 3,"192.0.2.9",1', "+CSQ: 5,9", '"', " ", "\0");
  const talk = fc.array(piece, { maxLength: 30 }).map((pieces) => ascii(pieces.join("")));
  fc.assert(
    fc.property(fc.oneof(talk, fc.uint8Array({ maxLength: 100 })), fc.constantFrom(...dialects), (bytes, dialect) => {
      const report = reportAt(bytes, dialect);
      if (!report.ok) return;
      let before = -1;
      for (const { at } of report.value.lines) {
        expect(at).toBeGreaterThan(before);
        before = at ?? -1;
      }
    }),
  );
});
