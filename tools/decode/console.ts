/** Shows recorded lines of the service line, in both directions (`protocol/console`). */
import { decodeFrame } from "../../protocol/console/frame.ts";
import { decodeCommand, decodeEvent } from "../../protocol/console/messages.ts";
import { bad, ok, type Result } from "../../protocol/result.ts";
import { narrowText } from "../../protocol/text/utf8.ts";
import { hexText, type Report, type ReportLine, shifted } from "./report.ts";

/** The values are the lines in order: who speaks, number, time since its start, and the message. The first bad line is the fault. */
export function reportConsole(bytes: Uint8Array): Result<Report> {
  const values: object[] = [];
  const lines: ReportLine[] = [];
  let at = 0;
  for (const line of narrowText(bytes, 0, bytes.length).split("\n")) {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (text !== "") {
      const frame = decodeFrame(text);
      if (!frame.ok) return bad(shifted(frame.fault, at));
      const { speaker, sequence, atMs } = frame.value;
      const message = speaker === "tool" ? decodeCommand(frame.value.text) : decodeEvent(frame.value.text);
      if (!message.ok) return bad(shifted(message.fault, at + text.indexOf(frame.value.text)));
      values.push({ at, speaker, sequence, atMs, message: withHex(message.value) });
      lines.push({ at, depth: 0, label: `${speaker} ${sequence}`, text: `${atMs} ms  ${frame.value.text}` });
    }
    at += line.length + 1;
  }
  if (lines.length === 0) return bad({ kind: "truncated", at: bytes.length });
  return ok({ values: { lines: values }, lines });
}

function withHex(message: object): object {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => [name, value instanceof Uint8Array ? hexText(value) : value]),
  );
}
