import fc from "fast-check";
import { expect, test } from "vitest";
import { LineBuffer } from "./lines.ts";
import { ascii } from "./utf8.ts";

/** What an inline answer such as `+IN: 3,"abc"` says of its raw bytes. */
function inlineLength(head: string): number {
  return head.startsWith("+IN: ") && head.endsWith(',"') ? Number(head.substring(5, head.length - 2)) : 0;
}

/** Hears everything, and follows what the lines say: "+RAW: 3" announces raw bytes, "SEND" a prompt, "IN" inline bytes. */
function listen(lineLimit: number, rawLimit: number): { buffer: LineBuffer; heard: string[] } {
  const heard: string[] = [];
  const buffer: LineBuffer = new LineBuffer(lineLimit, rawLimit, {
    onLine: (text) => {
      heard.push("line " + text);
      if (text.startsWith("+RAW: ")) buffer.expectRaw(Number(text.substring(6)));
      if (text === "SEND") buffer.expectPrompt(">");
      if (text === "IN") buffer.expectInline(inlineLength);
    },
    onRaw: (bytes) => heard.push("raw " + Array.from(bytes).join(" ")),
    onPrompt: () => heard.push("prompt"),
  });
  return { buffer, heard };
}

function hearAll(text: string): string[] {
  const { buffer, heard } = listen(256, 64);
  buffer.push(ascii(text));
  return heard;
}

const anyPiece = fc.oneof(
  fc.constantFrom(
    "\r",
    "\n",
    "\r\n",
    "OK",
    "+RAW: 3\r\n",
    "+RAW: 3\r",
    "+RAW: 40\n",
    "SEND\r\n",
    "IN\r\n",
    '+IN: 3,"',
    '+IN: 12,"',
    '"',
    "> ",
    ">",
    " ",
    "\t",
    "\0",
  ),
  fc.string({ maxLength: 12 }),
);
const anyBytes = fc.oneof(
  fc.array(anyPiece, { maxLength: 20 }).map((pieces) => ascii(pieces.join(""))),
  fc.uint8Array(),
);

test("however the bytes are cut, the lines, prompts and raw data are the same", () => {
  fc.assert(
    fc.property(
      anyBytes,
      fc.array(fc.integer({ min: 1, max: 9 })),
      fc.integer({ min: 4, max: 20 }),
      (bytes, cuts, limit) => {
        const whole = listen(limit, 16);
        whole.buffer.push(bytes);
        const pieces = listen(limit, 16);
        let at = 0;
        for (const cut of cuts) {
          pieces.buffer.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        pieces.buffer.push(bytes.subarray(at));
        expect(pieces.heard).toEqual(whole.heard);
        expect(pieces.buffer.overlongCount).toBe(whole.buffer.overlongCount);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("no line is empty, longer than the limit, or holds a control character", () => {
  fc.assert(
    fc.property(anyBytes, fc.integer({ min: 1, max: 20 }), (bytes, limit) => {
      const { buffer, heard } = listen(limit, 16);
      buffer.push(bytes);
      for (const text of heard) {
        if (!text.startsWith("line ")) continue;
        expect(text.length).toBeGreaterThan(5);
        expect(text.length).toBeLessThanOrEqual(5 + limit);
        for (let i = 5; i < text.length; i++) expect(text.charCodeAt(i) >= 32 || text.charAt(i) === "\t").toBe(true);
      }
    }),
  );
});

test("lines end at CR LF, at LF and at CR; empty ones are nothing", () => {
  expect(hearAll("\r\nOK\r\n\r\n\r\nA\nB\rC\r\r\nD")).toEqual(["line OK", "line A", "line B", "line C"]);
});

test("raw data begins behind the whole line break, also when it begins with one itself", () => {
  expect(hearAll("+RAW: 3\r\n\n\r>\r\nOK\r\n")).toEqual(["line +RAW: 3", "raw 10 13 62", "line OK"]);
  expect(hearAll("+RAW: 2\rabOK\r\n")).toEqual(["line +RAW: 2", "raw 97 98", "line OK"]);
});

test("raw data inside a line is taken out by its length, whatever it holds, and the line goes on behind it", () => {
  expect(hearAll('IN\r\n+IN: 5,"a"\r\nb"\r\nOK\r\n')).toEqual([
    "line IN",
    "raw 97 34 13 10 98",
    'line +IN: 5,""',
    "line OK",
  ]);
  expect(hearAll('+IN: 5,"a"\r\nb"\r\n')).toEqual(['line +IN: 5,"a"', 'line b"']);
  expect(hearAll('IN\r\n+IN: 65,"a"\r\n+IN: x,"a"\r\n+X: "a"\r\n')).toEqual([
    "line IN",
    'line +IN: 65,"a"',
    'line +IN: x,"a"',
    'line +X: "a"',
  ]);
});

test("raw data of the limit is taken, one byte more or none at all is not, and lines go on", () => {
  const full = "x".repeat(64);
  expect(hearAll(`+RAW: 64\r\n${full}OK\r\n`)).toEqual(["line +RAW: 64", `raw ${ascii(full).join(" ")}`, "line OK"]);
  expect(hearAll("+RAW: 65\r\nOK\r\n")).toEqual(["line +RAW: 65", "line OK"]);
  expect(hearAll("+RAW: 0\r\nOK\r\n")).toEqual(["line +RAW: 0", "line OK"]);
});

test("a prompt counts once, only when waited for, and only at the start of a line", () => {
  expect(hearAll("> \r\n")).toEqual(["line > "]);
  expect(hearAll("SEND\r\n\r\n> \r\nSEND OK\r\n")).toEqual(["line SEND", "prompt", "line SEND OK"]);
  expect(hearAll("SEND\r\na> b\r\n>>\r\n")).toEqual(["line SEND", "line a> b", "prompt", "line >"]);
});

test("a prompt that nobody waits for any longer is the beginning of a line", () => {
  const { buffer, heard } = listen(256, 16);
  buffer.expectPrompt(">");
  buffer.expectPrompt("");
  buffer.push(ascii("> x\r\n"));
  expect(heard).toEqual(["line > x"]);
});

test("a line of the limit is kept, a longer one is dropped whole and counted", () => {
  const { buffer, heard } = listen(4, 16);
  buffer.push(ascii("1234\r\n12345\r\n123456789\n6\r\n"));
  expect(heard).toEqual(["line 1234", "line 6"]);
  expect(buffer.overlongCount).toBe(2);
});

test("noise before a line does not hide it", () => {
  expect(hearAll("\0\xff\xfe \x1bOK\r\n")).toEqual(["line OK"]);
});

test("after a reset nothing half heard is left: no text, no raw count, no prompt, no inline data", () => {
  const { buffer, heard } = listen(256, 16);
  buffer.push(ascii("SEND\r\nIN\r\n+RAW: 9\r\nab"));
  buffer.reset();
  buffer.push(ascii('+IN: 2,"\r\n'));
  buffer.push(ascii("> x\r\nOK\r\nhalf"));
  buffer.reset();
  buffer.push(ascii("RDY\r\n"));
  expect(heard).toEqual(["line SEND", "line IN", "line +RAW: 9", 'line +IN: 2,"', "line > x", "line OK", "line RDY"]);
});

test("what a quote costs is bounded by the line, so that noise without end costs no more a byte than noise that ends", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('"', '+IN: 3,"', "\r\n", "x"), { maxLength: 200 }), (pieces) => {
      const bytes = ascii(pieces.join(""));
      let asked = 0;
      const buffer = new LineBuffer(16, 16, { onLine: () => {}, onRaw: () => {}, onPrompt: () => {} });
      buffer.expectInline((head) => {
        asked++;
        expect(head.length).toBeLessThanOrEqual(16);
        return 0;
      });
      buffer.push(bytes);
      expect(asked).toBeLessThanOrEqual(bytes.filter((byte) => byte === 34).length);
    }),
  );
});
