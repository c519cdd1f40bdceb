/** Headers that a voice call needs: Session-Expires (RFC 4028 4) and Reason (RFC 3326 2). */
import { parseSeconds } from "./header-list.ts";
import { paramsText } from "./header-text.ts";
import type { Param } from "./scan.ts";
import { decimal, quoted, quotedEnd, readParams, sameText, skipBlanks, tokenEnd, unquoted } from "./scan.ts";

/** How long a call lives without being refreshed, and who refreshes it. */
export interface SessionExpires {
  readonly intervalS: number;
  /** The caller or the called end of the request at hand; undefined where it is left open. */
  readonly refresher: "uac" | "uas" | undefined;
}

/** Why a request such as BYE or CANCEL was sent. */
export interface Reason {
  /** "SIP" or "Q.850" ... as written. */
  readonly protocol: string;
  /** The SIP status or Q.850 cause. */
  readonly cause: number | undefined;
  readonly text: string | undefined;
}

/** Shortest interval that anybody may ask for, and what 422 is measured against where Min-SE is missing (RFC 4028 4 and 5). */
export const leastSessionS = 90;
const causeLimit = 999;

/** Reads Session-Expires; parameters it does not know are passed over. Undefined where it is malformed. */
export function parseSessionExpires(text: string): SessionExpires | undefined {
  const end = tokenEnd(text, 0);
  const intervalS = parseSeconds(text.substring(0, end));
  const params: Param[] = [];
  if (intervalS === undefined || !readParams(text, end, params)) return undefined;
  let refresher: "uac" | "uas" | undefined;
  for (const param of params) {
    if (!sameText(param.name, "refresher")) continue;
    const value = (param.value ?? "").toLowerCase();
    if (refresher !== undefined || (value !== "uac" && value !== "uas")) return undefined;
    refresher = value;
  }
  return { intervalS, refresher };
}

/** Session-Expires as it is written. */
export function sessionExpiresText(value: SessionExpires): string {
  return value.refresher === undefined ? "" + value.intervalS : value.intervalS + ";refresher=" + value.refresher;
}

/** Reads one item of Reason; parameters it does not know are passed over. Undefined where it is malformed. */
export function parseReason(item: string): Reason | undefined {
  const end = tokenEnd(item, skipBlanks(item, 0));
  const protocol = item.substring(skipBlanks(item, 0), end);
  const params: Param[] = [];
  if (protocol === "" || !readParams(item, end, params)) return undefined;
  let cause: number | undefined;
  let text: string | undefined;
  for (const param of params) {
    const value = param.value ?? "";
    if (sameText(param.name, "cause")) {
      if (cause !== undefined) return undefined;
      cause = decimal(value, 0, value.length, causeLimit);
      if (cause < 0) return undefined;
    } else if (sameText(param.name, "text")) {
      if (text !== undefined || value.charCodeAt(0) !== 0x22 || quotedEnd(value, 0) !== value.length) return undefined;
      text = unquoted(value, 0, value.length);
    }
  }
  return { protocol, cause, text };
}

/** One item of Reason as it is written. */
export function reasonText(reason: Reason): string {
  const params: Param[] = [];
  if (reason.cause !== undefined) params.push({ name: "cause", value: "" + reason.cause });
  if (reason.text !== undefined) params.push({ name: "text", value: quoted(reason.text) });
  return reason.protocol + paramsText(params);
}
