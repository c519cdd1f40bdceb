/** The called end's 200 to an INVITE, sent again until the caller's ACK has come (RFC 3261 13.3.1.4): the INVITE transaction leaves this to its user. */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import { longestPauseMs, patienceMs, roundTripMs } from "./transaction-times.ts";

/** "again" sends the 200 once more, "end" gives up waiting for the ACK. */
export type CallAnswerTimer = "again" | "end";

export type CallAnswerState =
  /** The ACK is awaited; the last pause is `resendAfterMs`. */
  | { readonly at: "waiting"; readonly resendAfterMs: number }
  /** Acknowledged, ended or given up. */
  | { readonly at: "over" };

export type CallAnswerEvent =
  | { readonly type: "fired"; readonly timer: CallAnswerTimer }
  /** An ACK of this dialog with the INVITE's CSeq number. */
  | { readonly type: "heard-ack" }
  /** The call has ended otherwise, such as by the caller's BYE. */
  | { readonly type: "ended" };

export type CallAnswerEffect =
  /** The 200, through the INVITE's transaction while that lives (RFC 6026 7.1). */
  | { readonly type: "send-answer" }
  /** Replaces the timer of that name. */
  | { readonly type: "timer"; readonly timer: CallAnswerTimer; readonly afterMs: number }
  | { readonly type: "stop-timer"; readonly timer: CallAnswerTimer }
  /** No ACK within 64 * T1: the call is to be ended with a BYE. Always the last effect. */
  | { readonly type: "report-no-ack" };

type Transition = Next<CallAnswerState, CallAnswerEffect>;

/** Begins: the 200 goes out at once. Over every transport alike: the loss may be behind a proxy. */
export function startCallAnswer(): Transition {
  return go({ at: "waiting", resendAfterMs: roundTripMs }, [
    { type: "send-answer" },
    { type: "timer", timer: "end", afterMs: patienceMs },
    { type: "timer", timer: "again", afterMs: roundTripMs },
  ]);
}

/** One step; once it is over everything is absorbed. */
export function stepCallAnswer(state: CallAnswerState, event: CallAnswerEvent): Transition {
  if (state.at === "over") return stay(state);
  if (event.type === "fired" && event.timer === "again") {
    const afterMs = Math.min(2 * state.resendAfterMs, longestPauseMs);
    return go({ at: "waiting", resendAfterMs: afterMs }, [
      { type: "send-answer" },
      { type: "timer", timer: "again", afterMs },
    ]);
  }
  const stopped: CallAnswerEffect[] = [
    { type: "stop-timer", timer: "again" },
    { type: "stop-timer", timer: "end" },
  ];
  if (event.type === "fired") stopped.push({ type: "report-no-ack" });
  return go({ at: "over" }, stopped);
}
