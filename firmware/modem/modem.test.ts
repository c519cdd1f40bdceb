import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Talk, TalkStep } from "../../protocol/at/recorded-talk.ts";
import { talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { bringUp, Desk } from "./test-bench.ts";

function talksWith(vendor: string): Talk[] {
  return talksOf(readFileSync(new URL(`../../protocol/vectors/at/${vendor}.txt`, import.meta.url), "utf8"));
}

function play(desk: Desk, step: TalkStep): void {
  if (step.kind === "say") expect(desk.said()).toBe(step.text);
  else if (step.kind === "hear") desk.hear(step.text);
  else if (step.kind === "send") desk.socket.send(ascii(step.text), { host: step.host, port: step.port });
}

/** What the modem was asked for, of which `waiting` datagrams wait to be read. */
function served(desk: Desk, waiting: number): string[] {
  const asked: string[] = [];
  let left = waiting;
  for (let turn = 0; turn < 60; turn++) {
    const said = desk.said();
    if (said.startsWith("AT+QISEND")) desk.hear("\r\n> ");
    else if (said.startsWith("AT+QIRD")) {
      asked.push("read");
      desk.hear(left-- > 0 ? '\r\n+QIRD: 1,"192.0.2.9",5060\r\nx\r\n\r\nOK\r\n' : "\r\n+QIRD: 0\r\n\r\nOK\r\n");
    } else if (said !== "") {
      asked.push(`send ${said}`);
      desk.hear("\r\nSEND OK\r\n");
    }
  }
  return waiting === 0 ? asked.filter((what) => what !== "read") : asked;
}

for (const talk of talksWith("quectel").concat(talksWith("simcom"), talksWith("ublox"))) {
  test(`the driver follows the recorded talk: ${talk.title}`, () => {
    const desk = new Desk({});
    desk.said();
    // The driver called before the modem had started: its first call comes again after the boot's own news.
    const from = talk.steps.findIndex((step) => step.kind === "say");
    for (const step of talk.steps.slice(0, from)) desk.hear(step.text);
    while (desk.written === "") desk.clock.runFor(100);
    for (const step of talk.steps.slice(from)) play(desk, step);
    expect(desk.said()).toBe("");
    const arrived = talk.steps.filter((step) => step.kind === "arrive");
    expect(desk.heard.map((one) => textOf(one.bytes, 0, one.bytes.length))).toEqual(arrived.map((step) => step.text));
    expect(desk.modem.report).toMatchObject({ at: "ready", signal: 17, operator: "Nord", generation: "4g" });
    expect(desk.times).toEqual([1_772_431_805_000]);
  });
}

test("eight datagrams wait for the line, the ninth is dropped, and they go out in order", () => {
  const desk = new Desk({});
  bringUp(desk);
  for (let i = 0; i < 10; i++) desk.socket.send(ascii(`message ${i}`), { host: "192.0.2.9", port: 5060 });
  const sent: string[] = [];
  for (let turn = 0; turn < 40; turn++) {
    const said = desk.said();
    if (said.startsWith("AT+QISEND")) desk.hear("\r\n> ");
    else if (said.startsWith("AT+QIRD")) desk.hear("\r\n+QIRD: 0\r\n\r\nOK\r\n");
    else if (said !== "") {
      sent.push(said);
      desk.hear("\r\nSEND OK\r\n");
    }
  }
  // The first is on the line already when the ninth comes.
  expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => `message ${i}`));
});

test("what is recalled while it waits is not sent, and a repetition of what still waits is sent once", () => {
  const desk = new Desk({});
  bringUp(desk);
  const to = { host: "192.0.2.9", port: 5060 };
  const messages = ["a", "b", "c"].map(ascii);
  for (const bytes of messages.concat(messages, messages)) desk.socket.send(bytes, to);
  desk.socket.send(ascii("c"), { host: "192.0.2.9", port: 5061 });
  // The first is on the line.
  for (const bytes of messages.slice(0, 2)) desk.socket.recall?.(bytes);
  expect(served(desk, 0)).toEqual(["send a", "send c", "send c"]);
});

test("between two sends four datagrams are fetched, while there are any: what is repeated comes faster than it is answered", () => {
  const desk = new Desk({});
  bringUp(desk);
  for (const text of ["1", "2", "3"]) desk.socket.send(ascii(text), { host: "192.0.2.9", port: 5060 });
  desk.hear('\r\n+QIURC: "recv",0\r\n');
  const reads = (count: number) => Array.from({ length: count }, () => "read");
  expect(served(desk, 7)).toEqual(["send 1", ...reads(4), "send 2", ...reads(4), "send 3"]);
  expect(desk.heard).toHaveLength(7);
});

test("a host that is neither address nor name never reaches the command line", () => {
  const desk = new Desk({});
  bringUp(desk);
  for (const host of ['1.2.3.4",5060\r\nATD112;', "sip.example;", "a b", "x".repeat(254), ""])
    desk.socket.send(ascii("x"), { host, port: 5060 });
  desk.clock.runFor(1_000);
  expect(desk.said()).toBe("");
});

test("a full inbox stops the reading, and reading goes on when there is room", () => {
  const desk = new Desk({});
  const late = desk.modem.openDatagram({ localPort: 5061, onReady: () => {}, onReadable: () => {}, onFault: () => {} });
  bringUp(desk);
  desk.clock.runFor(1_000);
  bringUp(desk);
  desk.hear("\r\n+QIOPEN: 1,0\r\n");
  let reads = 0;
  for (let turn = 0; turn < 20; turn++) {
    if (desk.said() !== "AT+QIRD=1\r") break;
    reads++;
    desk.hear('\r\n+QIRD: 1,"192.0.2.9",5060\r\nx\r\n\r\nOK\r\n');
  }
  expect(reads).toBe(8);
  expect(late.read()?.bytes).toEqual(ascii("x"));
  expect(desk.said()).toBe("AT+QIRD=1\r");
});

test("the log never shows the PIN", () => {
  const desk = new Desk({ pin: "4711" });
  for (let turn = 0; turn < 60; turn++) {
    const said = desk.said();
    if (said === "") desk.clock.runFor(500);
    else if (said === "AT+CPIN?\r") desk.hear("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
    else desk.hear(said.startsWith("AT+CPIN=") ? "\r\n+CME ERROR: 16\r\n" : "\r\nOK\r\n");
  }
  expect(desk.modem.report.simFault).toBe("pin-refused");
  expect(desk.log.join("")).not.toContain("4711");
});

test("six sockets can be open, a seventh is a mistake of the caller, and a closed one gives its place back", () => {
  const desk = new Desk({});
  const options = { localPort: 0, onReady: () => {}, onReadable: () => {}, onFault: () => {} };
  const second = desk.modem.openDatagram(options);
  for (let i = 0; i < 4; i++) desk.modem.openDatagram(options);
  expect(() => desk.modem.openDatagram(options)).toThrow("too many sockets");
  second.close();
  desk.modem.openDatagram(options);
});
