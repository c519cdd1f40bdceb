/** What the packets of a capture are called in our own words: SIP and SCAIP by what they do, frames of the radio by their type. */
import { eventTypeOf } from "../peers/receiver-events.ts";

/** By type code; protocol/radio/README.md 2.1 and 7.1. */
const frameNames: Readonly<Record<number, string>> = {
  33: "press",
  34: "report",
  35: "status-request",
  36: "fall",
  37: "accessory-event",
  38: "accessory-check-in",
  39: "bond-told",
  49: "pairing-request",
  50: "pairing-confirm",
  51: "pairing-cancel",
  161: "acknowledge",
  163: "status",
  164: "bond-order",
  177: "pairing-offer",
  178: "pairing-reject",
};

/** A ref has 15 characters; who speaks may send more than a comment may hold. */
const mostElement = 40;

export function frameName(bytes: Uint8Array): string {
  return frameNames[bytes[0] ?? 0] ?? "frame";
}

/**
 * "alarm GM23T0000002000", "answered snu 0 GM23T0000002000", "carried", "refused 503"; "" for what only ends a transaction. Whoever
 * speaks may be anybody: what is missing in a message is missing in its name.
 */
export function sipName(bytes: Uint8Array, byReceiver: boolean): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  if (text.startsWith("SIP/2.0 ")) return answerName(text, byReceiver);
  const method = text.slice(0, Math.max(0, text.indexOf(" ")));
  if (method !== "MESSAGE") return method.toLowerCase();
  const ref = element(text, "ref");
  if (text.includes("<mrs>")) return `answered snu ${element(text, "snu")} ${ref}`;
  return text.includes("<mrq>") ? `${eventTypeOf(element(text, "mty"))} ${ref}` : "message";
}

function answerName(text: string, byReceiver: boolean): string {
  const status = Number(text.slice(8, 11));
  const line = text.indexOf("\r\nCSeq:");
  const isMessage = text.slice(line, text.indexOf("\r\n", line + 2)).endsWith("MESSAGE");
  if (!byReceiver || !isMessage) return "";
  if (status >= 300) return `refused ${status}`;
  return status >= 200 ? "carried" : "";
}

function element(text: string, name: string): string {
  const at = text.indexOf(`<${name}>`) + name.length + 2;
  const end = text.indexOf(`</${name}>`, at);
  return at < name.length + 2 || end < at ? "" : text.slice(at, Math.min(end, at + mostElement));
}
