/** Voice calls as AT exchanges (V.250 6.3, 3GPP 27.007 6 and 7): dial, answer, hang up, keys, and what news and lists tell. */
import { fieldsOf, numberOf } from "./answers.ts";
import type { Exchange } from "./commands.ts";
import { exchange, query, refine, wish } from "./commands.ts";

export type CallNews =
  /** It rings; again every few seconds (V.250 6.3.4, +CRING 27.007 6.11). */
  | { readonly type: "ringing"; readonly voice: boolean }
  /** Who calls (+CLIP 27.007 7.6); "" where the caller withholds it. */
  | { readonly type: "caller"; readonly number: string }
  /** SIMCom's word that the two can hear each other, and that the call is over. */
  | { readonly type: "call-begun" }
  | { readonly type: "call-ended"; readonly reason: "no-carrier" | "busy" | "no-answer" | "no-dialtone" };

/** <stat> of +CLCC (27.007 7.18). */
export type CallState = "active" | "held" | "dialing" | "alerting" | "incoming" | "waiting";

export interface Call {
  readonly index: number;
  readonly incoming: boolean;
  readonly state: CallState;
  readonly voice: boolean;
  readonly number: string;
}

const states: readonly CallState[] = ["active", "held", "dialing", "alerting", "incoming", "waiting"];
const keys = "0123456789*#ABCD";
const dialSigns = "0123456789*#+";
const numberLimit = 21;

/** Who calls is told with each ring. */
export const tellCaller = wish("AT+CLIP=1", 15_000);
/** +CRING: VOICE in place of RING. */
export const tellKind = wish("AT+CRC=1", 2_000);
export const listCalls = exchange("AT+CLCC", "", 5_000, true);
export const answerCall = refine(wish("ATA", 90_000), { abortable: true });
/** Ends all calls (27.007 6.5); +CHUP does it where ATH is kept for data. */
export const hangUp = wish("AT+CHUP", 30_000);
export const hangUpBasic = wish("ATH", 30_000);

/** A voice call: the semicolon (V.250 6.3.1). undefined where the number is none; it ends no command line of its own. */
export function dial(number: string): Exchange | undefined {
  if (!holdsOnly(number, dialSigns, numberLimit)) return undefined;
  return refine(query("ATD" + number + ";", "", 90_000), { abortable: true });
}

/** One key of the keypad as a tone (27.007 C.2.11); undefined where it is none. */
export function tone(key: string): Exchange | undefined {
  return holdsOnly(key, keys, 1) ? wish("AT+VTS=" + key, 5_000) : undefined;
}

function holdsOnly(text: string, signs: string, limit: number): boolean {
  for (let i = 0; i < text.length; i++) if (signs.indexOf(text.charAt(i)) < 0) return false;
  return text.length > 0 && text.length <= limit;
}

/** What a line says of a call; undefined where it says nothing. Of an ended call it may also be the result of ATD. */
export function callNewsOf(line: string): CallNews | undefined {
  switch (line) {
    case "RING":
      return { type: "ringing", voice: true };
    case "NO CARRIER":
      return { type: "call-ended", reason: "no-carrier" };
    case "BUSY":
      return { type: "call-ended", reason: "busy" };
    case "NO ANSWER":
      return { type: "call-ended", reason: "no-answer" };
    case "NO DIALTONE":
    case "NO DIAL TONE":
      return { type: "call-ended", reason: "no-dialtone" };
  }
  if (line.startsWith("+CRING:")) return { type: "ringing", voice: fieldsOf(line)[0] === "VOICE" };
  if (line.startsWith("+CLIP:")) return { type: "caller", number: fieldsOf(line)[0] as string };
  if (line.startsWith("VOICE CALL: BEGIN")) return { type: "call-begun" };
  if (line.startsWith("VOICE CALL: END")) return { type: "call-ended", reason: "no-carrier" };
  return undefined;
}

/** +CLCC: <id>,<dir>,<stat>,<mode>,<mpty>[,"<number>",<type>]; undefined where it is none. */
export function callOf(line: string): Call | undefined {
  if (!line.startsWith("+CLCC:")) return undefined;
  const fields = fieldsOf(line);
  const index = numberOf(fields[0]);
  const direction = numberOf(fields[1]);
  const state = states[numberOf(fields[2])];
  if (index < 1 || direction < 0 || direction > 1 || state === undefined) return undefined;
  const number = fields[5] === undefined ? "" : fields[5];
  return { index, incoming: direction === 1, state, voice: fields[3] === "0", number };
}
