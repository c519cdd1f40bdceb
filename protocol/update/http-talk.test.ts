import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii, textOf } from "../text/utf8.ts";
import { decodeAnswer, getRequest, headLimit } from "./http-talk.ts";

const partial =
  "HTTP/1.1 206 Partial Content\r\nContent-Type: application/octet-stream\r\ncontent-length: 5\r\nContent-Range: bytes 4096-4100/70000\r\n\r\nhello";

function faultOf(text: string, limit = 100): string {
  const result = decodeAnswer(ascii(text), limit);
  return result.ok ? "none" : result.fault.kind;
}

test("a request names its host, and a range where one is asked for", () => {
  const whole = getRequest("ota.example", "/v1/offer", 0, -1);
  expect(textOf(whole, 0, whole.length)).toBe(
    "GET /v1/offer HTTP/1.1\r\nHost: ota.example\r\nAccept-Encoding: identity\r\n\r\n",
  );
  const part = getRequest("ota.example", "/v1/image/ab", 4_096, 8_191);
  expect(textOf(part, 0, part.length)).toContain("\r\nRange: bytes=4096-8191\r\n\r\n");
});

test("an answer is whole at its last byte and no sooner, and what follows is left alone", () => {
  const bytes = ascii(`${partial}HTTP/1.1 204`);
  const whole = partial.length;
  for (let length = 0; length < whole; length++)
    expect(decodeAnswer(bytes.subarray(0, length), 100)).toMatchObject({ fault: { kind: "truncated" } });
  const answer = decodeAnswer(bytes, 5);
  expect(answer).toMatchObject({ ok: true, value: { status: 206, from: 4_096, length: whole, closes: false } });
  if (answer.ok) expect(textOf(answer.value.body, 0, 5)).toBe("hello");
});

test("an answer without content, or whose server hangs up, says so", () => {
  expect(decodeAnswer(ascii("HTTP/1.1 204 No Content\r\nConnection: Close\r\n\r\n"), 10)).toMatchObject({
    value: { status: 204, closes: true, from: 0 },
  });
  expect(decodeAnswer(ascii("HTTP/1.0 304\r\n\r\n"), 10)).toMatchObject({ value: { status: 304, closes: false } });
});

test("what is no answer of known length is refused", () => {
  expect(faultOf("HTTP/1.1 200 OK\r\n\r\n")).toBe("missing");
  expect(faultOf("HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n")).toBe("missing");
  expect(faultOf("HTTP/1.1 200 OK\r\nContent-Length: 123456789\r\n\r\n")).toBe("missing");
  expect(faultOf("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n")).toBe("missing");
  expect(faultOf("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n")).toBe("too-long");
  expect(faultOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")).toBe("malformed");
  for (const range of ["items 1-2/3", "bytes */7", "bytes x-2/3", "bytes -2/3"])
    expect(faultOf(`HTTP/1.1 206 P\r\nContent-Length: 1\r\nContent-Range: ${range}\r\n\r\n`)).toBe("malformed");
  for (const line of [
    "ICY 200 OK",
    "HTTP/1.1-200 OK",
    "HTTP/1.1 099 X",
    "HTTP/1.1 600 X",
    "HTTP/1.1 2000 X",
    "HTTP/1.1 20",
    "",
  ])
    expect(faultOf(`${line}\r\nContent-Length: 0\r\n\r\n`)).toBe("malformed");
});

test("a head is 1,024 bytes long at most", () => {
  const head = (length: number) => {
    const start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
    return `${start}${"x".repeat(length - start.length - 4)}\r\n\r\n`;
  };
  expect(faultOf(head(headLimit))).toBe("none");
  expect(faultOf(head(headLimit + 1))).toBe("too-long");
});

test("no bytes make the reader throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(), (bytes, place) => {
      decodeAnswer(bytes, 10);
      const broken = ascii(partial);
      broken.set(bytes.subarray(0, 3), place % (broken.length - 3));
      decodeAnswer(broken, 10);
    }),
  );
});
