/** What goes wrong in a modem's ears and mouth: each planted fault does what its name says. */
import { expect, test } from "vitest";
import { ascii } from "../../protocol/text/utf8.ts";
import { ModemInput } from "./modem-input.ts";
import { Stand } from "./modem-stand.ts";

/** A Quectel modem with a socket of number 0 that stands. */
function stand(): Stand {
  const made = new Stand();
  made.openContext("EG95");
  made.ask('AT+QIOPEN=1,0,"UDP SERVICE","127.0.0.1",0,5060,0\r');
  return made;
}

test("a wrong length is told so many times, and the data stays as it is", () => {
  const modem = stand();
  modem.peer.faults.wrongLengths = { by: -2, count: 1 };
  for (let turn = 0; turn < 2; turn++) modem.bearer.receive?.(ascii("hello"), { host: "192.0.2.9", port: 7 }, 5060);
  modem.saidAfter(100);
  expect(modem.ask("AT+QIRD=0\r")).toBe('\r\n+QIRD: 3,"192.0.2.9",7\r\nhello\r\n\r\nOK\r\n');
  expect(modem.ask("AT+QIRD=0\r")).toBe('\r\n+QIRD: 5,"192.0.2.9",7\r\nhello\r\n\r\nOK\r\n');
});

test("news inside data stands in its middle, and the length does not count it", () => {
  const modem = stand();
  modem.peer.faults.newsInData = { line: "RING", count: 1 };
  modem.bearer.receive?.(ascii("hello"), { host: "192.0.2.9", port: 7 }, 5060);
  modem.saidAfter(100);
  expect(modem.ask("AT+QIRD=0\r")).toBe('\r\n+QIRD: 5,"192.0.2.9",7\r\nhe\r\nRING\r\nllo\r\n\r\nOK\r\n');
});

test("a late answer comes behind the next command, before that one's own", () => {
  const modem = stand();
  modem.peer.faults.lateAnswers = 1;
  expect(modem.ask("AT+CREG?\r")).toBe("");
  expect(modem.ask("AT+CSQ\r")).toBe("\r\n+CREG: 0,1\r\n\r\nOK\r\n\r\n+CSQ: 17,99\r\n\r\nOK\r\n");
  expect(modem.ask("AT\r")).toBe("\r\nOK\r\n");
});

test("an answer in pieces takes its time, and what is said next waits for it", () => {
  const modem = stand();
  modem.peer.faults.pieceBytes = 5;
  modem.peer.faults.pieceGapMs = 1_000;
  modem.peer.receive(ascii("AT+CSQ\r"));
  expect(modem.saidAfter(1_400)).toBe("\r\n+CS");
  modem.peer.faults.pieceBytes = 0;
  modem.peer.receive(ascii("AT\r"));
  expect(modem.saidAfter(20_000)).toBe("Q: 17,99\r\n\r\nOK\r\n\r\nOK\r\n");
});

test("what was not said before a restart never is", () => {
  const modem = stand();
  modem.peer.faults.pieceBytes = 5;
  modem.peer.faults.pieceGapMs = 1_000;
  modem.peer.faults.lateAnswers = 1;
  modem.ask("AT+CREG?\r");
  modem.peer.receive(ascii("AT+CSQ\r"));
  modem.saidAfter(400);
  modem.peer.faults.pieceBytes = 0;
  modem.peer.restart();
  expect(modem.saidAfter(20_000)).toBe("\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n");
});

function feed(input: ModemInput, text: string): void {
  const bytes = ascii(text);
  for (let at = 0; at < bytes.length; ) at = input.take(bytes, at);
}

test("text ends with Ctrl-Z or is taken back by Escape; line ends before it are no part of it, those inside are", () => {
  const lines: string[] = [];
  const texts: (string | undefined)[] = [];
  const input = new ModemInput((line) => lines.push(line));
  for (const said of ["\n\r\nab\r\ncd\x1a", "ef\x1b", "\x1a"]) {
    input.expectText((text) => texts.push(text));
    feed(input, said);
  }
  expect(texts).toEqual(["ab\r\ncd", undefined, ""]);
  feed(input, "AT\r");
  expect(lines).toEqual(["AT"]);
});

test("a line and a text are kept up to their limits, and what is beyond is dropped", () => {
  const lines: string[] = [];
  const texts: (string | undefined)[] = [];
  const input = new ModemInput((line) => lines.push(line));
  feed(input, `${"A".repeat(3_000)}\r`);
  expect(lines.map(({ length }) => length)).toEqual([2_048]);
  input.expectText((text) => texts.push(text));
  feed(input, `${"B".repeat(3_000)}\x1a`);
  expect(texts.map((text) => text?.length)).toEqual([2_048]);
});
