/** Voice calls as AT exchanges (V.250 6.3, 3GPP 27.007 6 and 7): dial, answer, hang up, keys, and what news and lists tell. */
import { fieldsOf, numberOf } from "./answers.ts";
import type { Exchange } from "./commands.ts";
import { exchange, query, refine, wish } from "./commands.ts";

export type CallNews =
  /** It rings; again every few seconds (V.250 6.3.4, +CRING 27.007 6.11). */
  | { readonly type: "ringing"; readonly voice: boolean }
  /** Who calls (+CLIP 27.007 7.6); "" where the caller withholds it. */
  | { readonly type: "caller"; readonly number: string }
  /** Another one rings while there is a call (+CCWA 27.007 7.12). */
  | { readonly type: "second-caller" }
  /** SIMCom's word that the two can hear each other. */
  | { readonly type: "call-begun" }
  /** How far a call is, as u-blox modems tell unasked (+UCALLSTAT). */
  | { readonly type: "call-moved"; readonly state: CallState }
  | { readonly type: "call-ended"; readonly reason: CallEndWord }
  /** The far side pressed a key: 0-9, *, #, A-D. */
  | { readonly type: "key"; readonly key: string };

/** Why a call is over; `unsaid` where the vendor's own line tells no reason, and the result code may follow. */
export type CallEndWord = "no-carrier" | "busy" | "no-answer" | "no-dialtone" | "unsaid";

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
const digits = "0123456789";
const callerSigns = "0123456789*#+";
const numberLimit = 21;
/** <type> of a number with its country's (27.007 C.2, 24.008 10.5.4.7). */
const international = "145";
/** <stat> of +UCALLSTAT beyond those of +CLCC: disconnected, connected. */
const overStat = 6;
const connectedStat = 7;

/** Who calls is told with each ring. */
export const tellCaller = wish("AT+CLIP=1", 15_000);
/** +CRING: VOICE in place of RING. */
export const tellKind = wish("AT+CRC=1", 2_000);
/** Dialling is answered at once, not when the far side answers (27.007 7.8). */
export const dialAtOnce = wish("AT+COLP=0", 5_000);
export const listCalls = exchange("AT+CLCC", "", 5_000, true);
export const answerCall = refine(wish("ATA", 30_000), { abortable: true });
/** Refuses the second caller, who hears busy, and leaves the call as it is (22.030 6.5.5.1). */
export const refuseSecond = wish("AT+CHLD=0", 10_000);
/** The second caller is told of (27.007 7.12); whether he may wait at all stays as it is in the network. */
export const tellSecond = wish("AT+CCWA=1", 5_000);
/** Ends all calls (27.007 6.5); +CHUP does it where ATH is kept for data. */
export const hangUp = wish("AT+CHUP", 30_000);
export const hangUpBasic = wish("ATH", 30_000);

/**
 * A voice call: the semicolon (V.250 6.3.1). undefined where the number is more than digits, with "+" before them or not: the
 * codes of * and # change the subscription (22.030 6.5.2), and any other sign would be a command of its own.
 */
export function dial(number: string): Exchange | undefined {
  const bare = number.charAt(0) === "+" ? number.substring(1) : number;
  if (!holdsOnly(bare, digits, numberLimit - 1)) return undefined;
  return refine(query("ATD" + number + ";", "", 30_000), { abortable: true });
}

/** The microphone is deaf, or hears (27.007 8.24). */
export function muteMicrophone(on: boolean): Exchange {
  return wish("AT+CMUT=" + (on ? 1 : 0), 5_000);
}

/** How loud the far side is (27.007 8.23); the vendor's own steps. */
export function loudness(level: number): Exchange {
  return wish("AT+CLVL=" + level, 5_000);
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
  if (line.startsWith("+CLIP:")) return callerOf(line);
  if (line.startsWith("+CCWA:") && line.indexOf('"') > 0) return { type: "second-caller" };
  if (line.startsWith("VOICE CALL: BEGIN")) return { type: "call-begun" };
  if (line.startsWith("VOICE CALL: END") || line.startsWith("MISSED_CALL:"))
    return { type: "call-ended", reason: "unsaid" };
  if (line.startsWith("+UCALLSTAT:")) return moveOf(numberOf(fieldsOf(line)[1]));
  return keyOf(line);
}

/** +CLIP: "<number>",<type>: a number that tells its country has its "+", whether the modem says it or not. */
function callerOf(line: string): CallNews {
  const fields = fieldsOf(line);
  const number = fields[0] as string;
  const bare = fields[1] === international && number !== "" && number.charAt(0) !== "+";
  const whole = bare ? "+" + number : number;
  return { type: "caller", number: holdsOnly(whole, callerSigns, numberLimit) ? whole : "" };
}

function moveOf(stat: number): CallNews | undefined {
  if (stat === overStat) return { type: "call-ended", reason: "unsaid" };
  const state = stat === connectedStat ? "active" : states[stat];
  return state === undefined ? undefined : { type: "call-moved", state };
}

/** +QTONEDET: <code of the sign> | +RXDTMF: <sign> | +UUDTMFD: <sign>. */
function keyOf(line: string): CallNews | undefined {
  let key = "";
  if (line.startsWith("+QTONEDET:")) key = String.fromCharCode(Math.max(0, numberOf(fieldsOf(line)[0])));
  else if (line.startsWith("+RXDTMF:") || line.startsWith("+UUDTMFD:")) key = fieldsOf(line)[0] as string;
  return holdsOnly(key, keys, 1) ? { type: "key", key } : undefined;
}

/** +CLCC: <id>,<dir>,<stat>,<mode>,<mpty>[,"<number>",<type>]; undefined where it is none. */
export function callOf(line: string): Call | undefined {
  if (!line.startsWith("+CLCC:")) return undefined;
  const fields = fieldsOf(line);
  const index = numberOf(fields[0]);
  const direction = numberOf(fields[1]);
  const state = states[numberOf(fields[2])];
  if (index < 1 || direction < 0 || direction > 1 || state === undefined) return undefined;
  const number = fields[5];
  const known = number !== undefined && holdsOnly(number, callerSigns, numberLimit);
  return { index, incoming: direction === 1, state, voice: fields[3] === "0", number: known ? number : "" };
}
