/** What foreign AT clients need of a modem: each rule here was met on the wire of one of them, or broke one. */
import { expect, test } from "vitest";
import { encodeSms, lengthForModem, type SmsSubmit } from "../../protocol/at/sms-pdu.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { Exchange } from "../house/phone-exchange.ts";
import { SmsCentre } from "../network/sms-centre.ts";
import type { ModemPeer } from "./modem.ts";
import { ModemCalls } from "./modem-calls.ts";
import { IdentityPart } from "./modem-identity.ts";
import { MessagesPart } from "./modem-messages.ts";
import { Stand } from "./modem-stand.ts";

const own = "+46700000001";
const far = "+46700000002";

/** A whole modem, with telephone, texts and a card. */
class Whole extends Stand {
  readonly centre: SmsCentre;
  readonly exchange: Exchange;
  readonly arrived: string[];

  constructor() {
    const made: { centre?: SmsCentre; exchange?: Exchange } = {};
    super({
      parts: [
        (modem: ModemPeer) => {
          made.exchange = new Exchange(modem.host);
          return new ModemCalls(modem, { exchange: made.exchange, number: own, vendor: "quectel" });
        },
        (modem: ModemPeer) => {
          made.centre = new SmsCentre(modem.host);
          return new MessagesPart(modem, { number: own, centre: made.centre });
        },
        (modem: ModemPeer) => new IdentityPart(modem, { model: "EG95", number: own, iccid: () => "8946" }),
      ],
    });
    this.centre = made.centre as SmsCentre;
    this.exchange = made.exchange as Exchange;
    this.arrived = [];
    this.centre.attach(far, { deliver: ({ text }) => this.arrived.push(text) > 0 });
    this.ask("ATE0\r");
  }

  /** Somebody sends it a text; answers what it says of it. */
  text(text: string): string {
    this.centre.take(far, { ...submit, to: own, text });
    return this.saidAfter(30_000);
  }
}

const submit: SmsSubmit = {
  kind: "submit",
  center: "",
  to: far,
  reference: 0,
  validMinutes: 60,
  reportWanted: false,
  text: "hej",
  part: undefined,
};

function pdu(): { hex: string; length: number } {
  const bytes = encodeSms(submit);
  if (!bytes.ok) throw new Error("no such text");
  return { hex: Buffer.from(bytes.value).toString("hex").toUpperCase(), length: lengthForModem(bytes.value) };
}

test("1: the line feed of a CR LF is no command, no first byte of data, and ends nothing", () => {
  const modem = new Whole();
  expect(modem.ask("AT\r\n")).toBe("\r\nOK\r\n");
  modem.ask("AT+QIACT=1\r\n");
  modem.ask('AT+QIOPEN=1,0,"UDP SERVICE","127.0.0.1",0,5060,0\r\n');
  expect(modem.ask('AT+QISEND=0,5,"192.0.2.9",5060\r\n')).toBe("\r\n> ");
  expect(modem.ask("hello")).toBe("\r\nSEND OK\r\n");
  expect(modem.bearer.sent.map(({ bytes }) => textOf(bytes, 0, bytes.length))).toEqual(["hello"]);
  // A selection of the network is ended by any byte, but not by the rest of its own line.
  modem.peer.receive(ascii("AT+COPS=0\r\n"));
  expect(modem.saidAfter(1_000)).toBe("");
  expect(modem.saidAfter(10_000)).toBe("\r\nOK\r\n");
});

test("1: also where the line feed comes by itself, while the command is at work", () => {
  const modem = new Whole();
  modem.peer.receive(ascii("AT+COPS=0\r"));
  modem.saidAfter(700);
  modem.peer.receive(ascii("\n"));
  expect(modem.saidAfter(300)).toBe("");
  modem.peer.receive(ascii("\r"));
  expect(modem.saidAfter(1)).toBe("\r\nOK\r\n");
});

test("2: line ends before the PDU are no part of it", () => {
  const modem = new Whole();
  const { hex, length } = pdu();
  expect(modem.ask(`AT+CMGS=${length}\r`)).toBe("\r\n> ");
  expect(modem.ask(`\n\r\n${hex}\x1a`)).toMatch(/^\r\n\+CMGS: \d+\r\n\r\nOK\r\n$/);
  expect(modem.arrived).toEqual(["hej"]);
});

test("2: and in data of a known length a line end is a byte like others", () => {
  const modem = new Whole();
  modem.ask("AT+QIACT=1\r");
  modem.ask('AT+QIOPEN=1,0,"UDP SERVICE","127.0.0.1",0,5060,0\r');
  modem.ask('AT+QISEND=0,4,"192.0.2.9",5060\r');
  expect(modem.ask("\r\n\r\n")).toBe("\r\nSEND OK\r\n");
  expect(modem.bearer.sent[0]?.bytes).toEqual(ascii("\r\n\r\n"));
});

test("3: Escape, EOT and empty lines before AT are taken for nothing", () => {
  const modem = new Whole();
  expect(modem.ask("\x1b\x04\r\n\r\n\x1bAT\r")).toBe("\r\nOK\r\n");
  expect(modem.ask("half a li\x1bAT+CSQ\r")).toContain("+CSQ: 17,99");
});

test("4: several commands on a line have one result", () => {
  const modem = new Whole();
  expect(modem.ask("AT+CMEE=1;+CREG=2\r")).toBe("\r\nOK\r\n");
  expect(modem.ask("AT+COPS=3,2;+COPS?\r")).toBe('\r\n+COPS: 0,2,"24001",7\r\n\r\nOK\r\n');
  expect(modem.ask("AT+CSQ;+FOO;+CREG?\r")).toBe("\r\n+CSQ: 17,99\r\n\r\n+CME ERROR: 100\r\n");
});

test("5: spaces between basic commands, and each way to dial", () => {
  const modem = new Whole();
  expect(modem.ask("ATQ0 V1 E0 S0=0\r")).toBe("\r\nOK\r\n");
  for (const line of [`ATD${far};\r`, `ATDT${far};\r`]) {
    const rung: string[] = [];
    const quiet = { onAnswered: () => {}, onEnded: () => {}, onKey: () => {} };
    modem.exchange.connect(far, {
      ring: (from) => {
        rung.push(from);
        return quiet;
      },
    });
    expect(modem.ask(line)).toContain("\r\nOK\r\n");
    expect(rung).toEqual([own]);
    expect(modem.ask("ATH\r")).toContain("\r\nOK\r\n");
  }
});

test("6: an unknown command is refused in the way that was asked for, and never met with silence", () => {
  const modem = new Whole();
  const probes = ["AT+MODE=2", "AT+CPROT=?", "AT+SYNCML=?", "AT$TSSPCSW=?", "AT+XYZ", "AT+XYZ?", "AT^SYSINFO"];
  for (const [mode, answer] of [
    [0, "ERROR"],
    [1, "+CME ERROR: 100"],
    [2, "+CME ERROR: unknown"],
  ] as const) {
    modem.ask(`AT+CMEE=${mode}\r`);
    for (const probe of probes) expect(modem.ask(`${probe}\r`)).toBe(`\r\n${answer}\r\n`);
  }
  expect(modem.ask("AT+CHUP=?\r")).toBe("\r\nOK\r\n");
});

test("7: the echo is on after power and ATZ, and off after ATE0", () => {
  const modem = new Whole();
  expect(modem.ask("AT\r")).toBe("\r\nOK\r\n");
  expect(modem.ask("ATZ\r")).toBe("\r\nOK\r\n");
  expect(modem.ask("AT\r")).toBe("AT\r\r\nOK\r\n");
  expect(modem.ask("ATE0\r")).toBe("ATE0\r\r\nOK\r\n");
  modem.peer.restart();
  modem.saidAfter(20_000);
  expect(modem.ask("AT\r")).toBe("AT\r\r\nOK\r\n");
});

test("8: the prompt of a text is ended by Ctrl-Z and taken back by Escape, and nothing of it is echoed", () => {
  const modem = new Whole();
  const { hex, length } = pdu();
  modem.ask("ATE1\r");
  expect(modem.ask(`AT+CMGS=${length}\r`)).toBe(`AT+CMGS=${length}\r\r\n> `);
  expect(modem.ask(`${hex}\x1b`)).toBe("\r\nOK\r\n");
  expect(modem.arrived).toEqual([]);
  modem.ask(`AT+CMGS=${length}\r`);
  expect(modem.ask(`${hex}\x1a`)).not.toContain(hex);
  expect(modem.arrived).toEqual(["hej"]);
});

test("9: a listed text tells its length without the number of its service centre", () => {
  const modem = new Whole();
  modem.ask("AT+CNMI=2,1,0,0,0\r");
  expect(modem.text("till dig")).toBe('\r\n+CMTI: "SM",0\r\n');
  const [, index, status, length, hex] = /\+CMGL: (\d+),(\d),,(\d+)\r\n([0-9A-F]+)\r\n/.exec(
    modem.ask("AT+CMGL=4\r"),
  ) as RegExpExecArray;
  const centreOctets = 1 + Number.parseInt((hex as string).substring(0, 2), 16);
  expect([index, status]).toEqual(["0", "0"]);
  expect(Number(length)).toBe((hex as string).length / 2 - centreOctets);
  expect(modem.ask("AT+CMGR=0\r")).toContain(`+CMGR: 1,,${length}\r\n${hex}\r\n`);
});

test("10: a character set of hexadecimal digits is refused, so that strings may stay as they are", () => {
  const modem = new Whole();
  expect(modem.ask('AT+CSCS="HEX"\r')).toBe("\r\nERROR\r\n");
  expect(modem.ask("AT+CSCS?\r")).toBe('\r\n+CSCS: "GSM"\r\n\r\nOK\r\n');
  expect(modem.ask("AT+COPS?\r")).toContain('"Nord"');
  expect(modem.ask("AT+CNUM\r")).toContain(`"${own}"`);
});

test("11: news waits for the end of a running answer, and of a prompt; ringing is told again and again", () => {
  const modem = new Whole();
  modem.ask("AT+CNMI=2,1,0,0,0\r");
  const { hex, length } = pdu();
  modem.ask(`AT+CMGS=${length}\r`);
  expect(modem.text("mitt i")).toBe("");
  expect(modem.ask(`${hex}\x1b`)).toBe('\r\nOK\r\n\r\n+CMTI: "SM",0\r\n');
  modem.exchange.call(far, own, { onAnswered: () => {}, onEnded: () => {}, onKey: () => {} });
  const rings = modem.saidAfter(10_000).split("RING").length - 1;
  expect(rings).toBeGreaterThanOrEqual(3);
  expect(rings).toBeLessThanOrEqual(5);
  modem.peer.receive(ascii("AT+CSQ\r"));
  expect(modem.saidAfter(10_000)).toMatch(/(^|\n)\+CSQ: 17,99\r\n\r\nOK\r\n/);
});

test("11: news does not cut a command line that is being typed", () => {
  const modem = new Whole();
  modem.ask("AT+CREG=1\r");
  modem.peer.receive(ascii("AT+C"));
  modem.bearer.change({ registered: "searching" });
  expect(modem.saidAfter(1_000)).toBe("");
  expect(modem.ask("SQ\r")).toBe("\r\n+CSQ: 17,99\r\n\r\nOK\r\n\r\n+CREG: 2\r\n");
});

test("12: two or three memories may be chosen, one that is not there is an error, and each has its own texts", () => {
  const modem = new Whole();
  modem.ask("AT+CNMI=2,1,0,0,0\r");
  expect(modem.ask('AT+CPMS="ME","ME"\r')).toContain("OK");
  expect(modem.ask('AT+CPMS="SM","SM","SM"\r')).toContain("OK");
  modem.text("i SM");
  expect(modem.ask('AT+CPMS="SM"\r')).toContain("+CPMS: 1,20");
  expect(modem.ask('AT+CPMS="ME"\r')).toContain("+CPMS: 0,20");
  expect(modem.ask("AT+CMGL=4\r")).toBe("\r\nOK\r\n");
  expect(modem.ask('AT+CPMS="XX"\r')).toMatch(/ERROR/);
  expect(modem.ask("AT+CPMS?\r")).toContain('+CPMS: "ME"');
});
