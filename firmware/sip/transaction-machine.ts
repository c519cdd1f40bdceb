/** The non-INVITE client transaction of RFC 3261 17.1.2, figure 6: one request, sent again until it is answered or given up. */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import { lingerMs, longestPauseMs } from "./transaction-times.ts";

/** Timers by their RFC 3261 names: E sends again, F gives up, K waits for late copies of the answer. */
export type TransactionTimer = "E" | "F" | "K";

export type TransactionState =
  /** No answer yet; timer E was last set to `resendAfterMs` (0: never, the transport is reliable). */
  | { readonly at: "trying"; readonly resendAfterMs: number }
  /** A provisional answer has come: sent again at T2 only. */
  | { readonly at: "proceeding"; readonly resendAfterMs: number }
  /** Answered, or stopped by its user; late answers end here. */
  | { readonly at: "completed" }
  | { readonly at: "terminated" };

export type TransactionEvent =
  | { readonly type: "fired"; readonly timer: TransactionTimer }
  /** A response that matches (17.1.3); below 200 it is provisional. */
  | { readonly type: "answered"; readonly status: number }
  /** The user wants no answer any more. RFC 3261 knows no such event for MESSAGE: it behaves as a final answer that is not reported. */
  | { readonly type: "stopped" }
  | { readonly type: "transport-failed" };

export type TransactionEffect =
  | { readonly type: "send" }
  /** Replaces the timer of that name. */
  | { readonly type: "timer"; readonly timer: TransactionTimer; readonly afterMs: number }
  | { readonly type: "stop-timer"; readonly timer: TransactionTimer }
  /** No more will happen: the transaction can be dropped. */
  | { readonly type: "forget" }
  /** The answer that was just heard is for the user. Always the last effect. */
  | { readonly type: "report-answer" }
  /** No final answer came in time, or the transport failed. Always the last effect. */
  | { readonly type: "report-no-answer" };

/**
 * Begins: the request goes out at once. `reliable` is a transport that loses nothing (TCP, TLS): it is sent once, and
 * late answers are not waited for. `lifeMs` is what timer F is set to; less than 32 s where earlier tries used some. `firstMs` is T1.
 */
export function startTransaction(
  reliable: boolean,
  lifeMs: number,
  firstMs: number,
): Next<TransactionState, TransactionEffect> {
  const giveUp: TransactionEffect = { type: "timer", timer: "F", afterMs: lifeMs };
  if (reliable) return go({ at: "trying", resendAfterMs: 0 }, [send, giveUp]);
  return go({ at: "trying", resendAfterMs: firstMs }, [send, giveUp, { type: "timer", timer: "E", afterMs: firstMs }]);
}

/** One step. In "completed" and "terminated" everything late is absorbed without a word (17.1.2.2, last paragraphs). */
export function stepTransaction(
  state: TransactionState,
  event: TransactionEvent,
): Next<TransactionState, TransactionEffect> {
  switch (state.at) {
    case "trying":
    case "proceeding":
      return stepWaiting(state, event);
    case "completed":
      if (event.type === "fired" && event.timer === "K") return go({ at: "terminated" }, [{ type: "forget" }]);
      return stay(state);
    case "terminated":
      return stay(state);
  }
}

type Waiting = Extract<TransactionState, { readonly resendAfterMs: number }>;

function stepWaiting(state: Waiting, event: TransactionEvent): Next<TransactionState, TransactionEffect> {
  const reliable = state.resendAfterMs === 0;
  switch (event.type) {
    case "fired":
      if (event.timer === "F")
        return go({ at: "terminated" }, [{ type: "stop-timer", timer: "E" }, { type: "forget" }, noAnswer]);
      if (event.timer === "K" || reliable) return stay(state);
      return sendAgain(state);
    case "answered":
      if (event.status >= 200) return finish(reliable, true);
      return go({ at: "proceeding", resendAfterMs: state.resendAfterMs }, reportAnswerOnly);
    case "stopped":
      return finish(reliable, false);
    case "transport-failed":
      return go({ at: "terminated" }, [
        { type: "stop-timer", timer: "E" },
        { type: "stop-timer", timer: "F" },
        { type: "forget" },
        noAnswer,
      ]);
  }
}

/** Timer E fired: doubled up to T2 while trying, T2 at once while proceeding. */
function sendAgain(state: Waiting): Next<TransactionState, TransactionEffect> {
  const afterMs = state.at === "proceeding" ? longestPauseMs : Math.min(2 * state.resendAfterMs, longestPauseMs);
  return go({ at: state.at, resendAfterMs: afterMs }, [send, { type: "timer", timer: "E", afterMs }]);
}

function finish(reliable: boolean, report: boolean): Next<TransactionState, TransactionEffect> {
  const effects: TransactionEffect[] = [
    { type: "stop-timer", timer: "E" },
    { type: "stop-timer", timer: "F" },
    reliable ? { type: "forget" } : { type: "timer", timer: "K", afterMs: lingerMs },
  ];
  if (report) effects.push(reportAnswer);
  return go(reliable ? { at: "terminated" } : { at: "completed" }, effects);
}

const send: TransactionEffect = { type: "send" };
const noAnswer: TransactionEffect = { type: "report-no-answer" };
const reportAnswer: TransactionEffect = { type: "report-answer" };
const reportAnswerOnly: readonly TransactionEffect[] = [reportAnswer];
