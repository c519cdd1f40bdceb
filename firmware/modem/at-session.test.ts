import fc from "fast-check";
import { expect, test } from "vitest";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import { attention, order, query, refine } from "../../protocol/at/commands.ts";
import { quectel } from "../../protocol/at/quectel.ts";
import { simcom } from "../../protocol/at/simcom.ts";
import { ublox } from "../../protocol/at/ublox.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { Answer } from "./at-session.ts";
import { AtSession } from "./at-session.ts";

class Line {
  readonly answers: Answer[] = [];
  readonly lines: string[] = [];
  written = "";
  readonly session: AtSession;
  private waiting: Uint8Array | undefined;
  private readable: (count: number) => void = () => {};

  constructor() {
    this.session = new AtSession(
      (options) => {
        this.readable = options.onReadable;
        return {
          read: () => {
            const bytes = this.waiting;
            this.waiting = undefined;
            return bytes;
          },
          write: (bytes) => {
            this.written += textOf(bytes, 0, bytes.length);
          },
          close: () => {},
        };
      },
      {
        onAnswer: (answer) => this.answers.push(answer),
        onLine: (line) => this.lines.push(line),
        onPrompt: () => this.session.sayPayload(),
      },
    );
  }

  ask(exchange: Exchange, payload?: string): void {
    this.session.start(exchange, payload === undefined ? undefined : ascii(payload));
  }

  hear(bytes: string | Uint8Array): void {
    this.waiting = typeof bytes === "string" ? ascii(bytes) : bytes;
    this.readable(this.waiting.length);
  }
}

test("an exchange is said with a carriage return and ends with its result code", () => {
  const line = new Line();
  line.ask(attention);
  expect(line.written).toBe("AT\r");
  line.hear("AT\r\r\nOK\r\n");
  expect(line.answers).toEqual([{ ok: true, tried: false, error: -1, final: "OK", line: "", data: undefined }]);
  expect(line.lines).toEqual([]);
});

test("a second exchange before the first has ended is a mistake of the caller", () => {
  const line = new Line();
  line.ask(attention);
  expect(() => line.ask(attention)).toThrow("one exchange at a time");
});

test("news inside an answer stays news, and the answer stays whole", () => {
  const line = new Line();
  line.ask(query("AT+CSQ", "+CSQ:", 1_000));
  line.hear('\r\n+QIURC: "recv",0\r\n\r\n+CSQ: 20,99\r\n\r\n+CREG: 2\r\n\r\nOK\r\n');
  expect(line.answers).toMatchObject([{ ok: true, line: "+CSQ: 20,99" }]);
  expect(line.lines).toEqual(['+QIURC: "recv",0', "+CSQ: 20,99", "+CREG: 2"]);
});

test("an OK before the promised line is an older command's and ends nothing", () => {
  const line = new Line();
  line.ask(query("AT+CSQ", "+CSQ:", 1_000));
  line.hear("\r\nOK\r\n");
  expect(line.answers).toEqual([]);
  expect(line.session.strayCount).toBe(1);
  line.hear("\r\n+CSQ: 9,99\r\n\r\nOK\r\n");
  expect(line.answers).toMatchObject([{ ok: true, line: "+CSQ: 9,99" }]);
});

test("a late answer to nobody is counted and dropped", () => {
  const line = new Line();
  line.ask(attention);
  line.session.abandon();
  line.hear("\r\nOK\r\n");
  expect(line.answers).toEqual([]);
  expect(line.session.strayCount).toBe(1);
});

test("every aborting result code ends an exchange, with its number where it has one", () => {
  for (const final of ["ERROR", "+CME ERROR: 13", "+CMS ERROR: 500", "ABORTED"]) {
    const line = new Line();
    line.ask(order("AT+X", 1_000));
    line.hear(`\r\n${final}\r\n`);
    expect(line.answers).toMatchObject([
      { ok: false, final, error: final.startsWith("+CM") ? Number(final.substring(12)) : 0 },
    ]);
  }
});

test("the end of a call ends what dials or answers; beside anything else it is news", () => {
  for (const text of ["ATD+46701234567;", "ATA", "AT+QIRD=0"]) {
    const line = new Line();
    line.ask(order(text, 1_000));
    line.hear("\r\nNO CARRIER\r\n");
    expect(line.lines).toEqual(["NO CARRIER"]);
    expect(line.answers).toHaveLength(text === "AT+QIRD=0" ? 0 : 1);
  }
});

test("a short message that is given up at the prompt is called off; the longest one's line is heard whole", () => {
  const line = new Line();
  line.ask(refine(query("AT+CMGS=20", "+CMGS:", 1_000), { prompt: ">" }), "0011\x1a");
  line.written = "";
  line.session.abandon();
  expect(line.written).toBe("\x1b");
  const longest = "A".repeat(352);
  line.hear(`\r\n${longest}\r\n`);
  expect(line.lines).toEqual([longest]);
});

test("the payload goes out at the prompt, once, and SEND OK ends it, not OK", () => {
  const line = new Line();
  line.ask(quectel.sendTo(0, "192.0.2.7", 5060, 4), "a>b\r");
  expect(line.written).toBe('AT+QISEND=0,4,"192.0.2.7",5060\r');
  line.written = "";
  line.hear("\r\nOK\r\n\r\n> > ");
  expect(line.written).toBe("a>b\r");
  expect(line.answers).toEqual([]);
  line.hear("\r\nSEND OK\r\n");
  expect(line.answers).toMatchObject([{ ok: true, final: "SEND OK" }]);
});

test("a payload nobody asked for before the patience ended is replaced by as many blanks", () => {
  const line = new Line();
  line.ask(quectel.sendTo(0, "192.0.2.7", 5060, 4), "ATD1");
  line.written = "";
  line.session.abandon();
  expect(line.written).toBe("    \r");
  line.hear("\r\n> ");
  expect(line.written).toBe("    \r");
});

test("a modem that was silent is given them again with each exchange that it does not answer, until it does", () => {
  const line = new Line();
  const blanks = "    \r";
  line.ask(quectel.sendTo(0, "192.0.2.7", 5060, 4), "ATD1");
  line.session.abandon();
  line.written = "";
  for (let i = 0; i < 2; i++) {
    line.ask(attention);
    line.session.abandon();
  }
  expect(line.written).toBe(`AT\r${blanks}AT\r${blanks}`);
  line.ask(attention);
  line.hear("\r\nOK\r\n");
  line.written = "";
  line.ask(attention);
  line.session.abandon();
  line.session.abandon();
  expect(line.written).toBe("AT\r");
});

/** How each dialect answers a read of these bytes. */
const readings: readonly { dialect: Dialect; say: string; head: (length: number) => string; tail: string }[] = [
  { dialect: quectel, say: "AT+QIRD=0", head: (n) => `+QIRD: ${n},"192.0.2.7",5060\r\n`, tail: "" },
  { dialect: simcom, say: "AT+CIPRXGET=2,0,1460", head: (n) => `+CIPRXGET: 2,0,${n},0\r\n`, tail: "" },
  { dialect: ublox, say: "AT+USORF=0,1024", head: (n) => `+USORF: 0,"192.0.2.7",5060,${n},"`, tail: '"' },
];
const anyTrickyData = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  fc
    .array(
      fc.constantFrom("\r\nOK\r\n", '"', ',"', "\r", "\n", "> ", "@", "ERROR", '+USORF: 0,"1.2.3.4",5,3,"', "AT"),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((pieces) => ascii(pieces.join(""))),
);
const anyNews = fc.constantFrom(
  "",
  "+CREG: 2",
  '+CREG: 1,"1A2B","01C4D201",7',
  "+UUSORF: 0,5",
  "+CIPRXGET: 1,0",
  '+QIURC: "recv",0',
  "RING",
  '+CLIP: "+46701234567",145',
);

test.each(readings)(
  "raw data is handed over byte for byte, however it is cut, with echo, news and noise around it: $dialect.name",
  ({ dialect, say, head, tail }) => {
    const around = fc.record({
      echo: fc.boolean(),
      before: anyNews,
      behind: anyNews,
      noise: fc.constantFrom("", "\0", "\xff\xfe", " "),
    });
    fc.assert(
      fc.property(
        anyTrickyData,
        fc.integer({ min: 1, max: 50 }),
        around,
        (data, cut, { echo, before, behind, noise }) => {
          const line = new Line();
          line.ask(dialect.readFrom(0));
          expect(line.written).toBe(say + "\r");
          const news = (text: string): string => (text === "" ? "" : `\r\n${text}\r\n`);
          const start = ascii(`${echo ? say + "\r" : ""}${news(before)}\r\n${noise}${head(data.length)}`);
          const end = ascii(`${tail}\r\n${news(behind)}\r\nOK\r\n`);
          const all = new Uint8Array([...start, ...data, ...end]);
          for (let at = 0; at < all.length; at += cut) line.hear(all.slice(at, at + cut));
          expect(line.answers).toHaveLength(1);
          expect(line.answers[0]?.data).toEqual(data);
          expect(dialect.datagramOf(line.answers[0]?.line ?? "")?.length).toBe(data.length);
          expect(line.lines.filter((text) => !text.startsWith(head(0).substring(0, 6)))).toEqual(
            [before, behind].filter((text) => text !== "" && !text.startsWith(head(0).substring(0, 6))),
          );
        },
      ),
    );
  },
);

test("a result that is told behind the OK ends its exchange, and the OK does not", () => {
  const line = new Line();
  line.ask(simcom.activate);
  line.hear("\r\nOK\r\n");
  expect(line.answers).toEqual([]);
  line.hear("\r\n+NETOPEN: 0\r\n");
  expect(line.answers).toMatchObject([{ ok: true, tried: false }]);
  line.ask(simcom.activate);
  line.hear("\r\nOK\r\n\r\n+NETOPEN: 1\r\n");
  expect(line.answers[1]).toMatchObject({ ok: false, tried: true, final: "+NETOPEN: 1" });
  line.ask(simcom.openUdp(3, 5060));
  line.hear("\r\n+CIPOPEN: 2,0\r\n");
  expect(line.answers).toHaveLength(2);
  line.hear("\r\n+CIPOPEN: 3,0\r\n");
  expect(line.answers[2]).toMatchObject({ ok: true });
  expect(line.lines).toContain("+CIPOPEN: 3,0");
});

test("a failure of another exchange is news, not the end of this one", () => {
  const line = new Line();
  line.ask(order("AT+X", 1_000));
  line.hear("\r\nSEND FAIL\r\n\r\n+CIPSEND: 0,9,0\r\n");
  expect(line.answers).toEqual([]);
  line.hear("\r\nOK\r\n");
  expect(line.answers).toMatchObject([{ ok: true }]);
});

test("a payload that nobody waits for any longer is never said", () => {
  const line = new Line();
  line.ask(ublox.sendTo(0, "192.0.2.7", 5060, 4), "data");
  line.written = "";
  line.session.sayPayload();
  expect(line.written).toBe("");
  line.hear("\r\n@");
  expect(line.written).toBe("data");
  line.session.sayPayload();
  expect(line.written).toBe("data");
});

test("the result of a payload that was not said yet is a late one, and ends nothing", () => {
  const line = new Line();
  line.ask(quectel.sendTo(0, "192.0.2.7", 5060, 4), "data");
  line.hear("\r\nSEND OK\r\n\r\nSEND FAIL\r\n");
  expect([line.answers, line.session.strayCount]).toEqual([[], 2]);
  line.hear("\r\n> ");
  line.hear("\r\nSEND OK\r\n");
  expect(line.answers).toMatchObject([{ ok: true }]);
  const other = new Line();
  other.ask(ublox.sendTo(0, "192.0.2.7", 5060, 4), "data");
  other.hear("\r\n+USOST: 0,3\r\n\r\nOK\r\n");
  expect(other.answers).toEqual([]);
  other.hear("\r\n@");
  other.hear("\r\n+USOST: 0,4\r\n\r\nOK\r\n");
  expect(other.answers).toMatchObject([{ ok: true, line: "+USOST: 0,4" }]);
});

test("a refusal before the payload may be a late one: the modem is given blanks for the payload it may wait for", () => {
  const line = new Line();
  line.ask(quectel.sendTo(0, "192.0.2.7", 5060, 4), "data");
  line.written = "";
  line.hear("\r\nERROR\r\n");
  expect(line.written).toBe("    \r");
  line.ask(quectel.sendTo(0, "192.0.2.7", 5060, 4), "data");
  line.hear("\r\n> ");
  line.written = "";
  line.hear("\r\nERROR\r\n");
  expect(line.written).toBe("");
});

test("a length beyond 1,500 bytes is not believed", () => {
  const line = new Line();
  line.ask(quectel.readFrom(0));
  line.hear('\r\n+QIRD: 1501,"192.0.2.7",5060\r\nOK\r\n');
  expect(line.answers).toMatchObject([{ ok: true, data: undefined }]);
});

test("no bytes make it throw, and it never ends an exchange twice", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc
      .constantFrom("\r\nOK\r\n", "\r\nERROR\r\n", "> ", '+QIRD: 9,"1.2.3.4",5\r\n', "SEND OK\r\n", "SEND FAIL\r\n")
      .map(ascii),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const line = new Line();
      line.ask(quectel.readFrom(0));
      for (const bytes of pieces) line.hear(bytes);
      expect(line.answers.length).toBeLessThanOrEqual(1);
    }),
  );
});
