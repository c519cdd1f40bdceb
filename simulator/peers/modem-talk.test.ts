import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Talk, TalkStep } from "../../protocol/at/recorded-talk.ts";
import { talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { argumentsOf, commandsOf } from "./modem-line.ts";
import { Stand } from "./modem-stand.ts";

function talksWith(name: string): Talk[] {
  return talksOf(readFileSync(new URL(`../../protocol/vectors/at/${name}.txt`, import.meta.url), "utf8"));
}

/** The model a recorded modem named itself. */
function modelIn(talk: Talk): string {
  const at = talk.steps.findIndex((step) => step.text === "AT+CGMM\r");
  return (talk.steps[at + 1] as TalkStep).text.split("\r\n")[1] as string;
}

for (const talk of talksWith("quectel").concat(talksWith("simcom"), talksWith("ublox"))) {
  test(`the stand-in says what the recorded modem said: ${modelIn(talk)}, ${talk.title}`, () => {
    const stand = new Stand({ model: modelIn(talk) });
    let expected = "";
    for (const step of talk.steps) {
      if (step.kind === "hear") expected += step.text;
      if (step.kind === "hear" || step.kind === "send") continue;
      expect(stand.saidAfter(5_000)).toBe(expected);
      expected = "";
      if (step.kind === "say") stand.peer.receive(ascii(step.text));
      else stand.bearer.receive?.(ascii(step.text), { host: step.host, port: step.port }, 5060);
    }
    expect(stand.saidAfter(5_000)).toBe(expected);
    const sent = talk.steps.filter((step) => step.kind === "send").map((step) => step.text);
    expect(stand.bearer.sent.map((one) => textOf(one.bytes, 0, one.bytes.length))).toEqual(sent);
  });
}

test("garbage before AT, a following line feed, small letters and several commands on a line are taken", () => {
  const stand = new Stand();
  stand.saidAfter(0);
  expect(stand.ask("\x1b\x04\r\n\r\nATE0\r\n")).toBe("ATE0\r\r\nOK\r\n");
  expect(stand.ask("at+cmee=1;+creg=2;+creg?\r\n")).toContain('+CREG: 2,1,"1A2B"');
  expect(stand.ask("ATQ0 V1 E0 S0=0\r")).toBe("\r\nOK\r\n");
  expect(stand.ask("AT+COPS=3,2;+COPS?\r")).toBe('\r\n+COPS: 0,2,"24001",7\r\n\r\nOK\r\n');
});

test("an unknown command is refused, never met with silence", () => {
  const stand = new Stand();
  stand.saidAfter(0);
  stand.ask("ATE0\r");
  expect(stand.ask("AT+MODE=2\r")).toBe("\r\nERROR\r\n");
  stand.ask("AT+CMEE=1\r");
  expect(stand.ask("AT$TSSPCSW=?\r")).toBe("\r\n+CME ERROR: 100\r\n");
  stand.ask("AT+CMEE=2\r");
  expect(stand.ask("AT+SYNCML=?\r")).toBe("\r\n+CME ERROR: unknown\r\n");
});

test("news never stands inside a running answer", () => {
  const stand = new Stand();
  stand.ask("ATE0;+CEREG=1;+CREG=1\r");
  stand.peer.receive(ascii("AT+CSQ\r"));
  stand.bearer.change({ registered: "searching" });
  expect(stand.saidAfter(1_000)).toBe("\r\n+CSQ: 17,99\r\n\r\nOK\r\n\r\n+CEREG: 2\r\n\r\n+CREG: 2\r\n");
});

test("a lost network takes the context and its sockets away, and says so", () => {
  const stand = new Stand();
  stand.ask("ATE0\r");
  stand.ask("AT+QIACT=1\r");
  stand.ask('AT+QIOPEN=1,0,"UDP SERVICE","127.0.0.1",0,5060,0\r');
  stand.saidAfter(0);
  stand.bearer.change({ registered: "searching" });
  expect(stand.saidAfter(1_000)).toBe('\r\n+QIURC: "pdpdeact",1\r\n');
  expect(stand.ask("AT+QIRD=0\r")).toBe("\r\nERROR\r\n");
  expect(stand.ask("AT+QIACT=1\r")).toBe("\r\nERROR\r\n");
});

test("an old radio network registers on the circuit side alone", () => {
  const stand = new Stand();
  stand.bearer.change({ generation: "2g" });
  stand.ask("ATE0\r");
  expect(stand.ask("AT+CEREG?;+CREG?\r")).toBe("\r\n+CEREG: 0,0\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n");
});

test("three wrong PINs lock the SIM, the right one opens it", () => {
  const stand = new Stand({ pin: "1234" });
  stand.ask("ATE0;+CMEE=1\r");
  expect(stand.ask("AT+CPIN?\r")).toBe("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
  for (let turn = 0; turn < 3; turn++) expect(stand.ask('AT+CPIN="9999"\r')).toBe("\r\n+CME ERROR: 16\r\n");
  expect(stand.ask("AT+CPIN?\r")).toBe("\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n");
  const other = new Stand({ pin: "1234" });
  other.ask("ATE0\r");
  expect(other.ask('AT+CPIN="1234"\r')).toBe("\r\nOK\r\n\r\n+CPIN: READY\r\n");
});

test("a restart comes in the middle of anything and forgets all settings", () => {
  const stand = new Stand();
  stand.ask("ATE0\r");
  stand.peer.receive(ascii("AT+CSQ\r"));
  stand.peer.restart();
  expect(stand.saidAfter(10_000)).toBe("\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n");
  expect(stand.ask("AT\r")).toBe("AT\r\r\nOK\r\n");
});

test("no bytes make the stand-in throw, and it answers afterwards", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc
      .constantFrom("AT", "\r", "AT+QISEND=0,4,", "AT+COPS=0\r", "AT+QIOPEN=1,0,", "AT+CFUN=1,1\r", ";", '"')
      .map(ascii),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const stand = new Stand();
      for (const bytes of pieces) {
        stand.peer.receive(bytes);
        stand.saidAfter(200);
      }
      stand.saidAfter(20_000);
      stand.peer.receive(ascii("\r"));
      stand.saidAfter(20_000);
      expect(stand.ask("AT\r")).toContain("\r\nOK\r\n");
    }),
  );
});

test("a command line falls into its commands; quotes keep semicolons and commas", () => {
  expect(commandsOf('AT+X="a;b",1;+Y?')).toEqual([
    { name: "+X", form: "set", text: '"a;b",1' },
    { name: "+Y", form: "read", text: "" },
  ]);
  expect(commandsOf("AT&FE0")).toEqual([
    { name: "&F", form: "run", text: "" },
    { name: "E", form: "set", text: "0" },
  ]);
  expect(commandsOf("ATD+4670;")).toEqual([{ name: "D", form: "set", text: "+4670;" }]);
  expect(commandsOf("hello")).toBeUndefined();
  expect(argumentsOf('1,"a,b",,2')).toEqual(["1", "a,b", "", "2"]);
});
