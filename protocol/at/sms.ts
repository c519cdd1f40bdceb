/** Short messages as AT exchanges in PDU mode (3GPP 27.005): what is said, and what answers and news tell. */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { fieldsOf, numberOf } from "./answers.ts";
import type { Exchange } from "./commands.ts";
import { exchange, order, query, refine, wish } from "./commands.ts";
import { lengthForModem } from "./sms-pdu.ts";

export type SmsMemory = "SM" | "ME" | "MT";

export type SmsNews =
  /** A message was stored (+CMTI, 3.4.1). */
  | { readonly type: "sms-stored"; readonly memory: string; readonly index: number }
  /** A message, or a delivery report, is told in the next line (+CMT, +CDS, 3.4.1); `length` counts octets without the service centre. */
  | { readonly type: "sms-follows"; readonly report: boolean; readonly length: number };

export type SmsStatus = "unread" | "read" | "unsent" | "sent";

/** The line before a stored message's own (+CMGR 4.2, +CMGL 4.1). */
export interface SmsHeader {
  /** Below 0 where the line does not tell it. */
  readonly index: number;
  readonly status: SmsStatus;
  /** Octets of the message without the service centre. */
  readonly length: number;
}

const hexDigits = "0123456789ABCDEF";
/**
 * What no second try mends (+CMS ERROR, 27.005 3.2.5 with the causes of 24.011 E-2): a number, a subscription or a SIM that
 * cannot, or a message that is none.
 */
const hopelessErrors: readonly number[] = [
  1, 8, 10, 21, 28, 29, 30, 50, 69, 96, 302, 303, 304, 305, 310, 311, 312, 313, 315, 316, 317, 318, 330,
];
const statuses: readonly SmsStatus[] = ["unread", "read", "unsent", "sent"];
/** Octets of the longest message with its service centre. */
const longestPdu = 176;
const endOfMessage = 26;

/** PDU mode (3.2.3): every modem has it, and it says the same in each. */
export const pduMode = order("AT+CMGF=0", 2_000);
/** A stored message is told of by +CMTI (3.4.1). */
export const tellStored = wish("AT+CNMI=2,1,0,0,0", 2_000);
/** The same for modems that keep no news back, and refuse the form above. */
export const tellStoredPlainly = wish("AT+CNMI=1,1", 2_000);
/** All stored messages (4.1); each answers a header line and a line of its own. */
export const listMessages = exchange("AT+CMGL=4", "", 20_000, true);

/** Where messages are read, sent and received from (3.2.2); a memory the modem has not is refused. */
export function useMemory(memory: SmsMemory): Exchange {
  const quoted = '"' + memory + '"';
  return order("AT+CPMS=" + quoted + "," + quoted + "," + quoted, 5_000);
}

export function readMessage(index: number): Exchange {
  return query("AT+CMGR=" + index, "+CMGR:", 5_000);
}

/** `index` of one message (3.5.4). */
export function deleteMessage(index: number): Exchange {
  return wish("AT+CMGD=" + index, 25_000);
}

/** Answers +CMGS: <reference> (3.5.1); its payload is `smsPayload`. */
export function sendMessage(pdu: Uint8Array): Exchange {
  return refine(query("AT+CMGS=" + lengthForModem(pdu), "+CMGS:", 60_000), { prompt: ">" });
}

/** A message as it is said at the prompt: hexadecimal, ended by Ctrl-Z. */
export function smsPayload(pdu: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(pdu.length * 2 + 1);
  for (let i = 0; i < pdu.length; i++) {
    const byte = pdu[i] as number;
    bytes[2 * i] = hexDigits.charCodeAt(byte >> 4);
    bytes[2 * i + 1] = hexDigits.charCodeAt(byte & 15);
  }
  bytes[bytes.length - 1] = endOfMessage;
  return bytes;
}

/** The bytes of a message's own line. */
export function pduOf(line: string): Result<Uint8Array> {
  const text = line.trim();
  if (text.length > longestPdu * 2) return bad({ kind: "too-long", at: 0, what: "message", limit: longestPdu });
  if (text.length % 2 !== 0) return bad({ kind: "truncated", at: text.length });
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < text.length; i++) {
    const digit = hexDigits.indexOf(text.charAt(i).toUpperCase());
    if (digit < 0) return bad({ kind: "malformed", at: i, what: "the message is not hexadecimal" });
    bytes[i >> 1] = ((bytes[i >> 1] as number) << 4) | digit;
  }
  return ok(bytes);
}

/** The modem's reference of a message that was sent, from +CMGS: <reference>; below 0 where there is none. */
export function sentReferenceOf(line: string): number {
  return line.startsWith("+CMGS:") ? numberOf(fieldsOf(line)[0]) : -1;
}

/** The number of +CMS ERROR: <n> (27.005 3.2.5); 0 where the line is another, such as +CME ERROR, whose numbers mean other things. */
export function messageErrorOf(line: string): number {
  return line.startsWith("+CMS ERROR:") ? Math.max(0, numberOf(line.substring(11).trim())) : 0;
}

/** Whether that number of a +CMS ERROR says that the same message will be refused again. */
export function isSendHopeless(error: number): boolean {
  return hopelessErrors.indexOf(error) >= 0;
}

/** Whether the modem says that its memory is full, and the network keeps what more there is. Each vendor has its own words. */
export function isFullNews(line: string): boolean {
  return line.startsWith('+QIND: "smsfull"') || line.startsWith("+SMS FULL") || line.startsWith("+CMS ERROR: 322");
}

/** +CMGR: <stat>,[<alpha>],<length> or +CMGL: <index>,<stat>,[<alpha>],<length>; undefined where it is neither. */
export function smsHeaderOf(line: string): SmsHeader | undefined {
  const listed = line.startsWith("+CMGL:");
  if (!listed && !line.startsWith("+CMGR:")) return undefined;
  const fields = fieldsOf(line);
  const from = listed ? 1 : 0;
  const status = statuses[numberOf(fields[from])];
  const length = numberOf(fields[from + 2]);
  const index = listed ? numberOf(fields[0]) : -1;
  if (status === undefined || length < 0 || (listed && index < 0)) return undefined;
  return { index, status, length };
}

/** +CMTI: "SM",3 | +CMT: [<alpha>],<length> | +CDS: <length>. */
export function smsNewsOf(line: string): SmsNews | undefined {
  const fields = fieldsOf(line);
  if (line.startsWith("+CMTI:")) {
    const index = numberOf(fields[1]);
    return index < 0 ? undefined : { type: "sms-stored", memory: fields[0] as string, index };
  }
  const report = line.startsWith("+CDS:");
  if (!report && !line.startsWith("+CMT:")) return undefined;
  const length = numberOf(fields[fields.length - 1]);
  return length < 0 ? undefined : { type: "sms-follows", report, length };
}
