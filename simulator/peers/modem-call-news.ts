/** How each vendor's modem tells of its calls unasked: the lines and their order, as the public manuals and clients' talks have them. */
import type { CallEnd } from "../../firmware/ports/voice.ts";

export type CallVendor = "quectel" | "simcom" | "ublox";

/** <stat> of +CLCC (27.007 7.18); u-blox tells the same numbers in +UCALLSTAT. */
export const stats = { active: 0, held: 1, dialing: 2, alerting: 3, incoming: 4, waiting: 5 } as const;
export type Stat = keyof typeof stats;
const overStat = 6;

/** V.250 5.7.1: the result codes of a call that could not be made, or is over. */
function resultOf(reason: CallEnd): string {
  if (reason === "busy") return "BUSY";
  return reason === "no-answer" ? "NO ANSWER" : "NO CARRIER";
}

/** A call is this far; `tells`: +UCALLSTAT=1 was ordered. */
export function moveLines(vendor: CallVendor, index: number, stat: Stat, tells: boolean): string[] {
  if (vendor === "ublox") return tells ? [`+UCALLSTAT: ${index},${stats[stat]}`] : [];
  return vendor === "simcom" && stat === "active" ? ["VOICE CALL: BEGIN"] : [];
}

/** A call is over, and the far side or the network ended it; `talkedS`: -1 where nobody spoke. */
export function endLines(
  vendor: CallVendor,
  call: { readonly index: number; readonly outgoing: boolean; readonly number: string; readonly talkedS: number },
  reason: CallEnd,
  tells: boolean,
): string[] {
  const result = call.outgoing || call.talkedS >= 0 ? resultOf(reason) : "NO CARRIER";
  if (vendor === "quectel") return [result];
  if (vendor === "simcom") {
    if (call.talkedS >= 0) return [`VOICE CALL: END: ${String(call.talkedS).padStart(6, "0")}`, "NO CARRIER"];
    return call.outgoing ? [result, "VOICE CALL: END"] : ["NO CARRIER", `MISSED_CALL: 08:48AM ${call.number}`];
  }
  if (!tells) return [result];
  // Of a call that was up some firmware tells no result code.
  return call.talkedS >= 0
    ? [`+UCALLSTAT: ${call.index},${overStat}`]
    : [`+UCALLSTAT: ${call.index},${overStat}`, result];
}

/** The unit hung up by itself. */
export function hungUpLines(vendor: CallVendor, index: number, talkedS: number, tells: boolean): string[] {
  if (vendor === "ublox") return tells ? [`+UCALLSTAT: ${index},${overStat}`] : [];
  return vendor === "simcom" && talkedS >= 0 ? [`VOICE CALL: END: ${String(talkedS).padStart(6, "0")}`] : [];
}

/** 145 is a number with its country's (24.008 10.5.4.7); a withheld one is empty, and says so (27.007 7.6). */
export function callerLine(name: "+CLIP" | "+CCWA", number: string): string {
  const type = number.startsWith("+") ? 145 : number === "" ? 128 : 129;
  if (name === "+CCWA") return `+CCWA: "${number}",${type},1`;
  return `+CLIP: "${number}",${type},,,,${number === "" ? 1 : 0}`;
}

export function keyLine(vendor: CallVendor, key: string): string {
  if (vendor === "quectel") return `+QTONEDET: ${key.charCodeAt(0)}`;
  return (vendor === "simcom" ? "+RXDTMF: " : "+UUDTMFD: ") + key;
}
