/** The INVITE client transaction of RFC 3261 17.1.1, figure 5, with the Accepted state of RFC 6026 7.2: one call attempt, sent until it is answered in any way. */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import { absorbMs, patienceMs, roundTripMs } from "./transaction-times.ts";

/** Timers by their RFC names: A sends again, B gives up, D absorbs copies of a refusal, M waits for copies of a 2xx. */
export type InviteClientTimer = "A" | "B" | "D" | "M";

export type InviteClientState =
  /** No answer yet; timer A was last set to `resendAfterMs` (0: never, the transport is reliable). */
  | { readonly at: "calling"; readonly resendAfterMs: number }
  /** A provisional answer has come: nothing is sent again, and only a cancelled call is given up. */
  | { readonly at: "proceeding"; readonly isReliable: boolean }
  /** Refused: each copy of the refusal gets its ACK. */
  | { readonly at: "completed" }
  /** Answered 2xx: its copies, and those of other ends that a proxy has tried, go to the user, who sends the ACK. */
  | { readonly at: "accepted" }
  | { readonly at: "terminated" };

export type InviteClientEvent =
  | { readonly type: "fired"; readonly timer: InviteClientTimer }
  /** A response that matches (17.1.3). */
  | { readonly type: "answered"; readonly status: number }
  /** The user has sent CANCEL, which it may only after a provisional answer (9.1). */
  | { readonly type: "cancelled" }
  | { readonly type: "transport-failed" };

export type InviteClientEffect =
  /** The INVITE. */
  | { readonly type: "send" }
  /** The ACK of the refusal that was just heard (17.1.1.3). */
  | { readonly type: "send-ack" }
  /** Replaces the timer of that name. */
  | { readonly type: "timer"; readonly timer: InviteClientTimer; readonly afterMs: number }
  | { readonly type: "stop-timer"; readonly timer: InviteClientTimer }
  /** No more will happen: the transaction can be dropped. */
  | { readonly type: "forget" }
  /** The answer that was just heard is for the user; a 2xx each time, as each copy wants an ACK (13.2.2.4). Always the last effect. */
  | { readonly type: "report-answer" }
  /** No final answer came, or the transport failed. Always the last effect. */
  | { readonly type: "report-no-answer" };

type Transition = Next<InviteClientState, InviteClientEffect>;

/** Begins: the INVITE goes out at once (17.1.1.2, second paragraph). `isReliable` is a transport that loses nothing (TCP, TLS). */
export function startInviteClient(isReliable: boolean): Transition {
  const giveUp: InviteClientEffect = { type: "timer", timer: "B", afterMs: patienceMs };
  if (isReliable) return go({ at: "calling", resendAfterMs: 0 }, [send, giveUp]);
  const again: InviteClientEffect = { type: "timer", timer: "A", afterMs: roundTripMs };
  return go({ at: "calling", resendAfterMs: roundTripMs }, [send, giveUp, again]);
}

/** One step; what a state does not name is absorbed. */
export function stepInviteClient(state: InviteClientState, event: InviteClientEvent): Transition {
  switch (state.at) {
    case "calling":
      return stepCalling(state, event);
    case "proceeding":
      return stepProceeding(state, event);
    case "completed":
      // 17.1.1.2: every copy of the refusal is acknowledged and none reported; the outcome is known, so a failing
      // transport only ends the absorbing.
      if (event.type === "answered" && event.status >= 300) return go(state, [sendAck]);
      if (event.type === "transport-failed") return go(terminated, [{ type: "stop-timer", timer: "D" }, forget]);
      return event.type === "fired" && event.timer === "D" ? go(terminated, [forget]) : stay(state);
    case "accepted":
      // RFC 6026 8.4: only 2xx are for the user; the ACK is its own, so nothing of ours can fail.
      if (event.type === "answered" && event.status >= 200 && event.status < 300) return go(state, [reportAnswer]);
      return event.type === "fired" && event.timer === "M" ? go(terminated, [forget]) : stay(state);
    case "terminated":
      return stay(state);
  }
}

function stepCalling(state: Extract<InviteClientState, { at: "calling" }>, event: InviteClientEvent): Transition {
  const isReliable = state.resendAfterMs === 0;
  switch (event.type) {
    case "fired":
      // 17.1.1.2: timer B in Calling tells the user of the timeout, and no ACK is made.
      if (event.timer === "B") return go(terminated, [{ type: "stop-timer", timer: "A" }, forget, noAnswer]);
      return event.timer === "A" && !isReliable ? sendAgain(state.resendAfterMs * 2) : stay(state);
    case "answered":
      if (event.status >= 200) return finish(event.status, isReliable);
      // 17.1.1.2: a provisional answer ends the sending; timer B counts in Calling only.
      return go({ at: "proceeding", isReliable }, [
        { type: "stop-timer", timer: "A" },
        { type: "stop-timer", timer: "B" },
        reportAnswer,
      ]);
    case "transport-failed":
      // 17.1.4
      return go(terminated, [{ type: "stop-timer", timer: "A" }, { type: "stop-timer", timer: "B" }, forget, noAnswer]);
    case "cancelled":
      return stay(state);
  }
}

function stepProceeding(state: Extract<InviteClientState, { at: "proceeding" }>, event: InviteClientEvent): Transition {
  switch (event.type) {
    case "answered":
      return event.status >= 200 ? finish(event.status, state.isReliable) : go(state, [reportAnswer]);
    case "cancelled":
      // 9.1, last paragraph: without a final answer within 64 * T1 of the CANCEL the call counts as cancelled.
      return go(state, [{ type: "timer", timer: "B", afterMs: patienceMs }]);
    case "fired":
      return event.timer === "B" ? go(terminated, [forget, noAnswer]) : stay(state);
    case "transport-failed":
      return stay(state); // nothing is sent here, and the answer may come over a new connection (18.2.2)
  }
}

/** Timer A fired: doubled each time, without a limit but timer B (17.1.1.2, fourth paragraph). */
function sendAgain(afterMs: number): Transition {
  return go({ at: "calling", resendAfterMs: afterMs }, [send, { type: "timer", timer: "A", afterMs }]);
}

function finish(status: number, isReliable: boolean): Transition {
  const effects: InviteClientEffect[] = [
    { type: "stop-timer", timer: "A" },
    { type: "stop-timer", timer: "B" },
  ];
  const isAccepted = status < 300;
  if (!isAccepted) effects.push(sendAck);
  if (isAccepted) effects.push({ type: "timer", timer: "M", afterMs: patienceMs });
  else if (isReliable) effects.push(forget);
  else effects.push({ type: "timer", timer: "D", afterMs: absorbMs });
  effects.push(reportAnswer);
  if (isAccepted) return go({ at: "accepted" }, effects);
  return go(isReliable ? terminated : { at: "completed" }, effects);
}

const terminated: InviteClientState = { at: "terminated" };
const send: InviteClientEffect = { type: "send" };
const sendAck: InviteClientEffect = { type: "send-ack" };
const forget: InviteClientEffect = { type: "forget" };
const reportAnswer: InviteClientEffect = { type: "report-answer" };
const noAnswer: InviteClientEffect = { type: "report-no-answer" };
