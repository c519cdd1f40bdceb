/** The INVITE server transaction of RFC 3261 17.2.1, figure 7, with the Accepted state of RFC 6026 7.1: one incoming call, until its answer is acknowledged. */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import { lingerMs, longestPauseMs, patienceMs, roundTripMs, tryingAfterMs } from "./transaction-times.ts";

/** Timers by their RFC names: G sends a refusal again, H gives up waiting for its ACK, I absorbs late ACKs, L waits for copies after a 2xx; "trying" is the 200 ms before a 100. */
export type InviteServerTimer = "trying" | "G" | "H" | "I" | "L";

export type InviteServerState =
  /** `said`: the newest provisional answer is none, our own 100, or the user's. */
  | { readonly at: "proceeding"; readonly isReliable: boolean; readonly said: "nothing" | "trying" | "answer" }
  /** Refused, the ACK is awaited; timer G was last set to `resendAfterMs` (0: never, the transport is reliable). */
  | { readonly at: "completed"; readonly resendAfterMs: number }
  /** The refusal is acknowledged. */
  | { readonly at: "confirmed" }
  /** Answered 2xx: the user sends its copies until the ACK has come (13.3.1.4). */
  | { readonly at: "accepted" }
  | { readonly at: "terminated" };

export type InviteServerEvent =
  /** The user gives an answer, and keeps its bytes for `send-answer`. */
  | { readonly type: "answered"; readonly status: number }
  /** A copy of the INVITE has come (17.2.3). */
  | { readonly type: "heard-copy" }
  /** An ACK that matches (17.2.3). */
  | { readonly type: "heard-ack" }
  | { readonly type: "fired"; readonly timer: InviteServerTimer }
  | { readonly type: "transport-failed" };

export type InviteServerEffect =
  /** The user's newest answer. */
  | { readonly type: "send-answer" }
  /** 100 Trying, without a tag of ours (8.2.6.1). */
  | { readonly type: "send-trying" }
  /** Replaces the timer of that name. */
  | { readonly type: "timer"; readonly timer: InviteServerTimer; readonly afterMs: number }
  | { readonly type: "stop-timer"; readonly timer: InviteServerTimer }
  /** No more will happen: the transaction can be dropped. */
  | { readonly type: "forget" }
  /** The ACK of a 2xx is for the user. Always the last effect. */
  | { readonly type: "report-ack" }
  /** A refusal was never acknowledged, or the transport failed. Always the last effect. */
  | { readonly type: "report-failure" };

type Transition = Next<InviteServerState, InviteServerEffect>;

/** Begins with the INVITE in the user's hands; what it does not answer within 200 ms gets a 100 (17.2.1, first paragraph). */
export function startInviteServer(isReliable: boolean): Transition {
  return go({ at: "proceeding", isReliable, said: "nothing" }, [
    { type: "timer", timer: "trying", afterMs: tryingAfterMs },
  ]);
}

/** One step; what a state does not name is absorbed. */
export function stepInviteServer(state: InviteServerState, event: InviteServerEvent): Transition {
  switch (state.at) {
    case "proceeding":
      return stepProceeding(state, event);
    case "completed":
      return stepCompleted(state, event);
    case "confirmed":
      // 17.2.1: timer I absorbs further ACKs
      return event.type === "fired" && event.timer === "I" ? go(terminated, [forget]) : stay(state);
    case "accepted":
      return stepAccepted(state, event);
    case "terminated":
      return stay(state);
  }
}

function stepProceeding(state: Extract<InviteServerState, { at: "proceeding" }>, event: InviteServerEvent): Transition {
  switch (event.type) {
    case "answered":
      return answer(state.isReliable, event.status);
    case "heard-copy":
      // 17.2.1: a copy of the INVITE gets the newest provisional answer once more
      if (state.said === "nothing") return stay(state);
      return go(state, [state.said === "trying" ? sendTrying : sendAnswer]);
    case "fired":
      if (event.timer !== "trying" || state.said !== "nothing") return stay(state);
      return go({ at: "proceeding", isReliable: state.isReliable, said: "trying" }, [sendTrying]);
    case "transport-failed":
      return go(terminated, [{ type: "stop-timer", timer: "trying" }, forget, reportFailure]); // 17.2.4
    case "heard-ack":
      return stay(state);
  }
}

function answer(isReliable: boolean, status: number): Transition {
  const effects: InviteServerEffect[] = [{ type: "stop-timer", timer: "trying" }, sendAnswer];
  if (status < 200) return go({ at: "proceeding", isReliable, said: "answer" }, effects);
  if (status < 300) {
    effects.push({ type: "timer", timer: "L", afterMs: patienceMs }); // RFC 6026 7.1
    return go({ at: "accepted" }, effects);
  }
  effects.push({ type: "timer", timer: "H", afterMs: patienceMs });
  if (isReliable) return go({ at: "completed", resendAfterMs: 0 }, effects);
  effects.push({ type: "timer", timer: "G", afterMs: roundTripMs });
  return go({ at: "completed", resendAfterMs: roundTripMs }, effects);
}

function stepCompleted(state: Extract<InviteServerState, { at: "completed" }>, event: InviteServerEvent): Transition {
  const isReliable = state.resendAfterMs === 0;
  switch (event.type) {
    case "heard-copy":
      return go(state, [sendAnswer]); // 17.2.1
    case "heard-ack":
      // 17.2.1: the sending ends; timer I is T4, over a reliable transport 0
      if (isReliable) return go(terminated, [{ type: "stop-timer", timer: "H" }, forget]);
      return go({ at: "confirmed" }, [
        { type: "stop-timer", timer: "G" },
        { type: "stop-timer", timer: "H" },
        { type: "timer", timer: "I", afterMs: lingerMs },
      ]);
    case "fired":
      if (event.timer === "H") return go(terminated, [{ type: "stop-timer", timer: "G" }, forget, reportFailure]);
      return event.timer === "G" && !isReliable ? sendAgain(state.resendAfterMs) : stay(state);
    case "transport-failed":
      return go(terminated, [
        { type: "stop-timer", timer: "G" },
        { type: "stop-timer", timer: "H" },
        forget,
        reportFailure,
      ]); // 17.2.4
    case "answered":
      return stay(state); // a final answer has been given
  }
}

function stepAccepted(state: InviteServerState, event: InviteServerEvent): Transition {
  switch (event.type) {
    case "answered":
      return event.status >= 200 && event.status < 300 ? go(state, [sendAnswer]) : stay(state); // RFC 6026 7.1
    case "heard-ack":
      return go(state, [reportAck]); // RFC 6026 7.1
    case "fired":
      return event.timer === "L" ? go(terminated, [forget]) : stay(state);
    case "transport-failed":
      return go(state, [reportFailure]); // RFC 6026 7.1: the user is told, and the state stays
    case "heard-copy":
      return stay(state); // RFC 6026 7.1: absorbed, the user sends its copies by its own clock
  }
}

/** Timer G fired: doubled up to T2 (17.2.1). */
function sendAgain(lastMs: number): Transition {
  const afterMs = Math.min(2 * lastMs, longestPauseMs);
  return go({ at: "completed", resendAfterMs: afterMs }, [sendAnswer, { type: "timer", timer: "G", afterMs }]);
}

const terminated: InviteServerState = { at: "terminated" };
const sendAnswer: InviteServerEffect = { type: "send-answer" };
const sendTrying: InviteServerEffect = { type: "send-trying" };
const forget: InviteServerEffect = { type: "forget" };
const reportAck: InviteServerEffect = { type: "report-ack" };
const reportFailure: InviteServerEffect = { type: "report-failure" };
