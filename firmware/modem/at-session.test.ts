import fc from "fast-check";
import { expect, test } from "vitest";
import type { Exchange } from "../../protocol/at/commands.ts";
import { attention, order, query } from "../../protocol/at/commands.ts";
import { quectel } from "../../protocol/at/quectel.ts";
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
  for (const final of ["ERROR", "+CME ERROR: 13", "+CMS ERROR: 500", "NO CARRIER", "ABORTED"]) {
    const line = new Line();
    line.ask(order("AT+X", 1_000));
    line.hear(`\r\n${final}\r\n`);
    expect(line.answers).toMatchObject([
      { ok: false, final, error: final.startsWith("+CM") ? Number(final.substring(12)) : 0 },
    ]);
  }
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

test("raw data is handed over byte for byte, however it is cut, whatever it looks like", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (data, cut) => {
      const line = new Line();
      line.ask(quectel.readFrom(0));
      const head = ascii(`AT+QIRD=0\r\r\n+QIRD: ${data.length},"192.0.2.7",5060\r\n`);
      const tail = ascii("\r\n\r\nOK\r\n");
      const all = new Uint8Array([...head, ...data, ...tail]);
      for (let at = 0; at < all.length; at += cut) line.hear(all.slice(at, at + cut));
      expect(line.answers).toHaveLength(1);
      expect(line.answers[0]?.data).toEqual(data);
      expect(line.lines).toHaveLength(1);
    }),
  );
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
