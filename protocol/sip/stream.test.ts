import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../text/utf8.ts";
import { anyMessage } from "./arbitraries.ts";
import { decodeSip, encodeSip, messageByteLimit } from "./message.ts";
import { MessageStream, ping, pong } from "./stream.ts";

type Heard = string | Uint8Array | object;

function listen(isPinged: boolean): { stream: MessageStream; heard: Heard[] } {
  const heard: Heard[] = [];
  const stream = new MessageStream(isPinged, {
    onMessage: (bytes) => heard.push(bytes.slice()),
    onKeepAlive: (kind) => heard.push(kind),
    onFault: (fault) => heard.push(fault),
  });
  return { stream, heard };
}

function hear(bytes: Uint8Array | string, isPinged = false): Heard[] {
  const { stream, heard } = listen(isPinged);
  stream.push(typeof bytes === "string" ? ascii(bytes) : bytes);
  return heard;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const spice = fc
  .constantFrom(
    "\r\n",
    "\r",
    "\n",
    "A",
    "\r\n\r\n",
    "l: 3\r\n",
    "L : 1\r\n\r\n",
    "Content-Length:\r\n 2\r\n",
    ": ",
    "9",
  )
  .map(ascii);
const anyPart = fc.oneof(
  anyMessage.map(encodeSip),
  fc.constant(ping),
  fc.constant(pong),
  fc.array(spice, { maxLength: 6 }).map(joined),
);

test("however the bytes are cut, the messages, keep-alives and faults are the same", () => {
  fc.assert(
    fc.property(
      fc.array(anyPart, { maxLength: 5 }).map(joined),
      fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 30 }),
      fc.boolean(),
      (bytes, cuts, isPinged) => {
        const pieces = listen(isPinged);
        let at = 0;
        for (const cut of cuts) {
          pieces.stream.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        for (; at < bytes.length; at++) pieces.stream.push(bytes.subarray(at, at + 1));
        expect(pieces.heard).toEqual(hear(bytes, isPinged));
      },
    ),
    { numRuns: 500 },
  );
});

test("messages in a row come out one by one, byte for byte, with keep-alives between them", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyMessage.map(encodeSip), fc.boolean()), { maxLength: 6 }), (parts) => {
      const stream: Uint8Array[] = [];
      const expected: Heard[] = [];
      for (const [message, isPingNext] of parts) {
        stream.push(message);
        expected.push(message);
        if (isPingNext) {
          stream.push(ping);
          expected.push("ping");
        }
      }
      const heard = hear(joined(stream), true);
      expect(heard).toEqual(expected);
      for (const one of heard) if (one instanceof Uint8Array) expect(decodeSip(one).ok).toBe(true);
    }),
  );
});

test("no prefix of a message is a message, and no bytes make the stream throw", () => {
  fc.assert(
    fc.property(anyMessage, fc.nat(), (message, cut) => {
      const bytes = encodeSip(message);
      expect(hear(bytes.subarray(0, cut % bytes.length))).toEqual([]);
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void hear(bytes)));
});

test("on a connection that the other end opened each two empty lines are one ping; on our own each empty line is a pong", () => {
  expect(hear("\r\n\r\n\r\n\r\n\r\n", true)).toEqual(["ping", "ping"]);
  expect(hear("\r\n\r\n\r\n")).toEqual(["pong", "pong", "pong"]);
  const message = "A\r\nl:0\r\n\r\n";
  expect(hear(`\r\n${message}\r\n${message}\r\n\r\n`, true)).toEqual([ascii(message), ascii(message), "ping"]);
});

test("the length is found under both its names, in any case, with blanks and folds, and not in the value of another", () => {
  for (const line of ["Content-Length: 2", "l:2", "L : 02", "CONTENT-LENGTH\t:\r\n 2", "content-length:2 "]) {
    const message = `M x SIP/2.0\r\nX: l\r\n Content-Length: 7\r\n${line}\r\n\r\n\r\n`;
    expect(hear(message), line).toEqual([ascii(message)]);
  }
});

test("a message without a length, with two, or with one that is no number ends the stream for good", () => {
  const { stream, heard } = listen(false);
  stream.push(ascii("M x SIP/2.0\r\nX: 1\r\n\r\n"));
  expect([heard, stream.dead]).toEqual([[{ kind: "missing", at: 21, field: "Content-Length" }], true]);
  stream.push(ascii("A\r\nl:0\r\n\r\n"));
  expect(heard.length).toBe(1);
  expect(hear("A\r\nl:0\r\nContent-Length: 0\r\n\r\n")).toEqual([
    { kind: "malformed", at: 8, what: "a second Content-Length" },
  ]);
  for (const value of ["", "-1", "1x", "1 1", "99999999999999999999"])
    expect(hear(`A\r\nl:${value}\r\n\r\n`), value).toEqual([{ kind: "malformed", at: 3, what: "Content-Length" }]);
});

test("a CR or LF that stands alone in a head ends the stream; in a body it is the body's own", () => {
  expect(hear("A\nB")).toEqual([{ kind: "malformed", at: 1, what: "a line end that is not CR LF" }]);
  expect(hear("A\rB")).toEqual([{ kind: "malformed", at: 2, what: "a line end that is not CR LF" }]);
  expect(hear("\n")).toEqual([{ kind: "malformed", at: 0, what: "a line end that is not CR LF" }]);
  expect(hear("A\r\nl:4\r\n\r\n\n\r\r\n")).toEqual([ascii("A\r\nl:4\r\n\r\n\n\r\r\n")]);
});

test("a message of 8192 bytes is taken, one byte more is refused before its body comes", () => {
  const head = (length: number) => `M x SIP/2.0\r\nl: ${length}\r\n\r\n`;
  const fit = messageByteLimit - head(1000).length;
  const whole = ascii(head(fit) + "x".repeat(fit));
  expect(hear(whole)).toEqual([whole]);
  expect(hear(head(fit + 1))).toEqual([
    { kind: "too-long", at: head(fit).length, what: "a message", limit: messageByteLimit },
  ]);
});

test("a head that does not end within 8192 bytes is refused at the next one", () => {
  const start = "M x SIP/2.0\r\nl:0\r\nX: ";
  const full = start + "x".repeat(messageByteLimit - start.length - 4) + "\r\n\r\n";
  expect(hear(full)).toEqual([ascii(full)]);
  const endless = listen(false);
  endless.stream.push(ascii("x".repeat(messageByteLimit)));
  expect(endless.heard).toEqual([]);
  endless.stream.push(ascii("x"));
  expect(endless.heard).toMatchObject([
    { kind: "too-long", at: messageByteLimit, what: "the head of a message", limit: messageByteLimit },
  ]);
});

test("a message is half from its first byte until it is whole, and a keep-alive is none", () => {
  const { stream } = listen(true);
  const halves = (bytes: string): boolean => {
    stream.push(ascii(bytes));
    return stream.isHalf;
  };
  expect([halves("\r\n\r\n"), halves("O"), halves("PTIONS sip:a SIP/2.0\r\nl: 2\r\n\r\na"), halves("b")]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(halves(`${"OPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n"}OPT`)).toBe(true);
});

test("who stops within a call hears no more, not even what came in the same bytes", () => {
  let count = 0;
  const stream: MessageStream = new MessageStream(false, {
    onMessage: () => {
      count++;
      stream.stop();
    },
    onKeepAlive: () => undefined,
    onFault: () => undefined,
  });
  stream.push(ascii("A\r\nl:0\r\n\r\nA\r\nl:0\r\n\r\n"));
  expect(count).toBe(1);
});
