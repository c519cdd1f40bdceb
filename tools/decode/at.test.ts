import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Dialect } from "../../protocol/at/commands.ts";
import { type Talk, talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import { dialectNamed, dialects, reportAt } from "./at.ts";

const quectel = dialectNamed("quectel");

interface Line {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  readonly length?: number;
}

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

/** The recorded talks of a dialect: u-blox's two share a file, and the model named in a title tells them apart. */
function talksIn({ name }: Dialect): readonly Talk[] {
  const file = name === "ublox-profile" ? "ublox" : name;
  const path = new URL(`../../protocol/vectors/at/${file}.txt`, import.meta.url);
  const talks = talksOf(readFileSync(path, "utf8"));
  if (file !== "ublox") return talks;
  return talks.filter(({ title }) => title.includes("SARA-R5") === (name === "ublox-profile"));
}

test.each(dialects)("the talks of $name are read to their end: both sides together, and each alone", (dialect) => {
  const talks = talksIn(dialect);
  expect(talks.length).toBeGreaterThan(0);
  for (const { title, steps } of talks)
    for (const sides of [["say", "hear"], ["hear"], ["say"]]) {
      const text = steps.filter(({ kind }) => sides.includes(kind)).map((step) => step.text);
      const bytes = ascii(text.join(""));
      const report = reportAt(bytes, dialect);
      if (!report.ok) throw new Error(`${title}: ${JSON.stringify(report.fault)}`);
      const { lines } = report.value.values as { readonly lines: readonly Line[] };
      for (const { at, kind, text: shown } of lines)
        if (kind !== "data") expect(Buffer.from(bytes).toString("latin1", at).startsWith(shown.slice(0, 8))).toBe(true);
      const commands = lines.filter(({ kind }) => kind === "command").map((line) => line.text);
      for (const { kind, text: said } of steps)
        if (sides.includes("say") && kind === "say" && said.startsWith("AT")) expect(commands).toContain(said.trim());
    }
});

test.each(dialects)(
  "in the talks of $name every datagram is data, in the direction of the wire and at its byte",
  (dialect) => {
    for (const { steps } of talksIn(dialect)) {
      const datagrams = steps.filter(({ kind }) => kind === "send" || kind === "arrive");
      const bytes = ascii(
        steps
          .filter(({ kind }) => kind === "say" || kind === "hear")
          .map(({ text }) => text)
          .join(""),
      );
      const report = reportAt(bytes, dialect);
      const lines = report.ok ? (report.value.values as { readonly lines: readonly Line[] }).lines : [];
      const data = lines.filter(({ kind }) => kind === "data");
      expect(data.map(({ text }) => Buffer.from(text, "hex").toString())).toEqual(datagrams.map(({ text }) => text));
      for (const { at, text, length } of data)
        expect(Buffer.from(bytes.subarray(at, at + (length ?? 0))).toString("hex")).toBe(text);
    }
  },
);

test.each([
  ["quectel", 'AT+QISEND=0,3,"192.0.2.9",5060\r\r\n> a\rb\r\nSEND OK\r\n', "SEND OK", true],
  ["quectel", 'AT+QISEND=0,3,"192.0.2.9",5060\r\r\n> a\rb\r\nSEND FAIL\r\n', "SEND FAIL", false],
  ["simcom", 'AT+CIPSEND=1,3,"192.0.2.9",5060\r\r\n>a\rb\r\nOK\r\n\r\n+CIPSEND: 1,3,3\r\n', "+CIPSEND: 1,3,3", true],
  ["simcom", 'AT+CIPSEND=1,3,"192.0.2.9",5060\r\r\n>a\rb\r\n+CIPSEND: 1,3,-1\r\n', "+CIPSEND: 1,3,-1", false],
  ["ublox", 'AT+USOST=0,"192.0.2.9",5060,3\r\r\n@a\rb\r\n+USOST: 0,3\r\n\r\nOK\r\n', "OK", true],
  ["ublox-profile", 'AT+USOST=2,"192.0.2.9",5060,3\r\r\n@a\rb\r\n+CME ERROR: 3\r\n', "+CME ERROR: 3", false],
])("what a device sends at the prompt of %s is data, and the exchange's own result is one", (name, text, end, ok) => {
  const lines = linesOf(text, dialectNamed(name)) as readonly Line[];
  expect(lines[1]).toMatchObject({ kind: "data", text: "610d62", length: 3, at: text.indexOf("a\rb") });
  expect(lines.at(-1)).toMatchObject({ kind: "result", text: end, ok });
  expect(linesOf(text.slice(0, text.indexOf("\rb")), dialectNamed(name))).toMatchObject({ kind: "truncated" });
});

test("a line that looks like a datagram's in another's words brings no data, and data inside a line that is cut off is cut off", () => {
  expect(linesOf('+CREG: 2,1,"1A2B"\r\nOK\r\n')).toMatchObject([{ kind: "fact" }, { kind: "result" }]);
  const inline = '+USORF: 0,"192.0.2.9",5060,3,"a"b"\r\nOK\r\n';
  expect(linesOf(inline, dialectNamed("ublox"))).toMatchObject([
    { at: 0, kind: "other", text: '+USORF: 0,"192.0.2.9",5060,3,""' },
    { at: inline.indexOf('a"b'), kind: "data", text: "612262" },
    { kind: "result", ok: true },
  ]);
  expect(linesOf(inline.slice(0, inline.indexOf('b"')), dialectNamed("ublox"))).toMatchObject({ kind: "truncated" });
});

test("what ends a socket or a context behind the OK is a result and a fact", () => {
  const opened = 'AT+CIPOPEN=0,"UDP",,,5060\r\r\nOK\r\n\r\n+CIPOPEN: 0,0\r\n';
  expect(linesOf(opened, dialectNamed("simcom"))).toMatchObject([
    { kind: "command" },
    { kind: "result", text: "OK", ok: true },
    { kind: "result", ok: true, fact: { type: "socket-opened", socket: 0, error: 0 } },
  ]);
  expect(linesOf(opened.replace("0,0\r", "0,4\r"), dialectNamed("simcom"))).toMatchObject([{}, {}, { ok: false }]);
  const active = 'AT+UPSD=0,0,0;+UPSD=0,100,1;+UPSDA=0,3\r\r\nOK\r\n\r\n+UUPSDA: 0,"10.1.2.3"\r\n';
  expect(linesOf(active, dialectNamed("ublox-profile"))).toMatchObject([{}, {}, { kind: "result", ok: true }]);
});

test("calls and short messages are facts, and a message's own line is data", () => {
  const pdu = "07916407058099F9040B";
  const text = `RING\r\n+CLIP: "+46700000012",145\r\n+CLCC: 1,1,4,0,0\r\n+CMTI: "SM",3\r\nAT+CMGR=3\r\n+CMGR: 0,,9\r\n${pdu}\r\nOK\r\nAT+CMGS=9\r\n> ${pdu}\u001a\r\n+CMGS: 7\r\nOK\r\n`;
  expect(linesOf(text)).toMatchObject([
    { kind: "fact", fact: { type: "ringing", voice: true } },
    { kind: "fact", fact: { type: "caller", number: "+46700000012" } },
    { kind: "fact", fact: { type: "call", index: 1, incoming: true, state: "incoming" } },
    { kind: "fact", fact: { type: "sms-stored", memory: "SM", index: 3 } },
    { kind: "command" },
    { kind: "fact", fact: { type: "sms-header", status: "unread", length: 9 } },
    { kind: "data", at: text.indexOf(pdu), text: pdu.toLowerCase(), length: 10 },
    { kind: "result", ok: true },
    { kind: "command", text: "AT+CMGS=9" },
    { kind: "data", at: text.lastIndexOf(pdu), length: 10 },
    { kind: "other", text: "+CMGS: 7" },
    { kind: "result", ok: true },
  ]);
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
  const sends = ['AT+QISEND=0,3,"192.0.2.9",5\r\n', 'AT+USOST=0,"192.0.2.9",5,3\r', "AT+CMGS=9\r", "+CMGR: 0,,9", "0F"];
  const piece = fc.constantFrom(
    "\r",
    "\n",
    "\r\n",
    "OK",
    "AT",
    '+QIRD: 3,"192.0.2.9",1',
    "+CSQ: 5,9",
    '"',
    " ",
    "\0",
    ">",
    "@",
    ...sends,
  );
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
