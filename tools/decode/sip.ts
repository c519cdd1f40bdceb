/** Shows a SIP message line by line, and its body where that is SCAIP (RFC 3261 7, RFC 3428). */
import { bad, ok, type Result } from "../../protocol/result.ts";
import { findHead, headerEnd, headText, lineText } from "../../protocol/sip/head.ts";
import { canonicalName } from "../../protocol/sip/header-names.ts";
import { decodeSip, type SipMessage } from "../../protocol/sip/message.ts";
import { isScaipType } from "../../simulator/peers/receiver-intake.ts";
import { hexText, type Report, type ReportLine } from "./report.ts";
import { reportScaip } from "./scaip.ts";

/** One datagram. The values are those of the message; `body` is text, or `bodyHex` where it is not UTF-8; `scaip` is what it says. */
export function reportSip(bytes: Uint8Array): Result<Report> {
  const decoded = decodeSip(bytes);
  if (!decoded.ok) return decoded;
  const message = decoded.value;
  const { body, ...fields } = message;
  const lines = headLines(bytes, message);
  const at = body.byteOffset - bytes.byteOffset;
  const text = utf8Text(body);
  const shown = text === undefined ? { bodyHex: hexText(body) } : { body: text };
  if (body.length > 0) lines.push({ at, depth: 0, label: "body", text: `${body.length} bytes` });
  const behind = bytes.length - at - body.length;
  if (behind > 0)
    lines.push({
      at: at + body.length,
      depth: 0,
      label: "rest",
      text: `${behind} bytes that Content-Length leaves out`,
    });
  const plain = ok({ values: { ...fields, ...shown }, lines });
  if (!isScaipType(message.contentType) || body.length === 0) return plain;
  const scaip = reportScaip(body, at, 1);
  if (!scaip.ok) return isRegisteredType(message.contentType) ? bad(scaip.fault) : plain;
  const rest = behind > 0 ? lines.splice(-1) : [];
  return ok({
    values: { ...fields, ...shown, scaip: scaip.value.values },
    lines: [...lines, ...scaip.value.lines, ...rest],
  });
}

function headLines(bytes: Uint8Array, message: SipMessage): ReportLine[] {
  const head = findHead(bytes);
  const text = headText(bytes, head);
  const firstEnd = text.indexOf("\r\n");
  const first = lineText(text, 0, firstEnd, head.wide);
  const lines: ReportLine[] = [{ at: head.start, depth: 0, label: message.kind, text: first }];
  for (let at = firstEnd + 2; at < text.length; ) {
    const end = headerEnd(text, at);
    const colon = text.indexOf(":", at);
    const label = canonicalName(text.slice(at, colon).trimEnd());
    lines.push({ at: head.start + at, depth: 1, label, text: lineText(text, colon + 1, end, head.wide) });
    at = end + 2;
  }
  return lines;
}

/** A body of the registered type must be SCAIP; plain XML, which some senders call it, may be anything. */
function isRegisteredType(contentType: string | undefined): boolean {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() === "application/scaip+xml";
}

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
