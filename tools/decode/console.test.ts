import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCommand, anyEvent } from "../../protocol/console/arbitraries.ts";
import { encodeFrame } from "../../protocol/console/frame.ts";
import { encodeCommand, encodeEvent } from "../../protocol/console/messages.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import { reportConsole } from "./console.ts";

const hello = encodeFrame({ speaker: "tool", sequence: 0, atMs: 0, text: encodeCommand({ type: "hello" }) });
const unlock = encodeFrame({
  speaker: "tool",
  sequence: 1,
  atMs: 5,
  text: encodeCommand({ type: "unlock", proof: new Uint8Array([1, 0xab]) }),
});

test("lines of both speakers, with offsets and bytes as hexadecimal text", () => {
  expect(reportConsole(new Uint8Array([...hello, ...unlock]))).toMatchObject({
    ok: true,
    value: {
      values: {
        lines: [
          { at: 0, speaker: "tool", sequence: 0, atMs: 0, message: { type: "hello" } },
          { at: hello.length, speaker: "tool", sequence: 1, atMs: 5, message: { type: "unlock", proof: "01ab" } },
        ],
      },
    },
  });
});

test("the first bad line is the fault, at its byte; nothing at all is truncated", () => {
  const changed = new Uint8Array([...hello, ...unlock]);
  changed[hello.length + 1] = 0x39;
  expect(reportConsole(changed)).toMatchObject({ ok: false, fault: { kind: "not-authentic" } });
  const report = reportConsole(changed);
  expect(!report.ok && report.fault.at).toBeGreaterThan(hello.length);
  expect(reportConsole(ascii("\r\n\r\n"))).toMatchObject({ ok: false, fault: { kind: "truncated", at: 4 } });
});

test("every command and event is shown, and no bytes make it throw", () => {
  fc.assert(
    fc.property(anyCommand, anyEvent, fc.uint8Array({ maxLength: 60 }), (command, event, noise) => {
      for (const [speaker, text] of [
        ["tool", encodeCommand(command)],
        ["unit", encodeEvent(event)],
      ] as const) {
        fc.pre(text.length < 120);
        expect(reportConsole(encodeFrame({ speaker, sequence: 3, atMs: 4, text }))).toMatchObject({ ok: true });
      }
      reportConsole(noise);
    }),
  );
});
