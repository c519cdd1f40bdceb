/** Who keeps a call's session alive, and for how long it lives without that (RFC 4028 4, 7.2, 8.1 and 9). */
import { leastSessionS, parseSessionExpires, sessionExpiresText } from "../../protocol/sip/call-headers.ts";
import { hasWord, parseSeconds, tokensOf } from "../../protocol/sip/header-list.ts";
import type { Header, SipMessage, SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { headerOf } from "../../protocol/sip/message.ts";
import type { SessionTimer } from "./call-state.ts";

/** Longest session that is counted; a longer one is refreshed as if it were this long. */
export const longestSessionS = 86_400;

/** What a request for a session timer has led to: the headers of our answer, and the timer. */
export interface TimerAnswer {
  readonly headers: readonly Header[];
  readonly timer: SessionTimer | undefined;
}

/** Whether a request wants its session refreshed more often than anybody may ask for: 422 (5 and 9). */
export function isTooBrief(request: SipRequest): boolean {
  const asked = parseSessionExpires(headerOf(request, "Session-Expires") ?? "");
  return asked !== undefined && asked.intervalS < leastSessionS && supportsTimer(request);
}

export const leastSession: Header = { name: "Min-SE", value: "" + leastSessionS };

/** Answers a request for a session timer as its sender wants it; where he leaves it open, he is to refresh if he can (9). */
export function answerTimer(request: SipRequest): TimerAnswer {
  const asked = parseSessionExpires(headerOf(request, "Session-Expires") ?? "");
  if (asked === undefined) return { headers: [], timer: undefined };
  const isAble = supportsTimer(request);
  const refresher = asked.refresher ?? (isAble ? "uac" : "uas");
  const intervalS = Math.max(leastSessionS, asked.intervalS);
  const headers: Header[] = [{ name: "Session-Expires", value: sessionExpiresText({ intervalS, refresher }) }];
  if (isAble) headers.push({ name: "Require", value: "timer" });
  return { headers, timer: timerOf(intervalS, refresher === "uas") };
}

/** What the 2xx to a request of ours has settled (7.2). */
export function settledTimer(answer: SipResponse): SessionTimer | undefined {
  const settled = parseSessionExpires(headerOf(answer, "Session-Expires") ?? "");
  if (settled === undefined) return undefined;
  return timerOf(Math.max(leastSessionS, settled.intervalS), settled.refresher !== "uas");
}

/** The headers of our own refresh (7.4). */
export function refreshHeaders(timer: SessionTimer): readonly Header[] {
  const intervalS = Math.floor(timer.intervalMs / 1000);
  return [
    { name: "Supported", value: "timer" },
    { name: "Session-Expires", value: sessionExpiresText({ intervalS, refresher: "uac" }) },
  ];
}

/** Whether the sender takes a method within the call. */
export function allows(message: SipMessage, method: string): boolean {
  const allowed = tokensOf(message, "Allow");
  return allowed.ok && hasWord(allowed.value, method);
}

/** How long the caller lets it ring, in ms (RFC 3261 20.19). */
export function patienceOf(invite: SipRequest): number {
  return (parseSeconds(headerOf(invite, "Expires") ?? "") ?? longestSessionS) * 1000;
}

function supportsTimer(request: SipRequest): boolean {
  const supported = tokensOf(request, "Supported");
  if (supported.ok && hasWord(supported.value, "timer")) return true;
  const required = tokensOf(request, "Require");
  return required.ok && hasWord(required.value, "timer");
}

function timerOf(intervalS: number, weRefresh: boolean): SessionTimer {
  return { intervalMs: Math.min(intervalS, longestSessionS) * 1000, weRefresh };
}
