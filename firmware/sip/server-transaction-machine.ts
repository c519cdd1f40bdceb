/** The non-INVITE server transaction of RFC 3261 17.2.2, figure 8: one request, answered the same way to each of its copies. */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import { patienceMs } from "./transaction-times.ts";

/** The RFC's name: J waits for copies of an answered request. */
export type ServerTimer = "J";

export type ServerState =
  /** `isReliable` is a transport that loses nothing (TCP, TLS). */
  | { readonly at: "trying"; readonly isReliable: boolean }
  /** A provisional answer was given. */
  | { readonly at: "proceeding"; readonly isReliable: boolean }
  | { readonly at: "completed" }
  | { readonly at: "terminated" };

export type ServerEvent =
  /** The user gives an answer, and keeps its bytes for `send-answer`. */
  | { readonly type: "answered"; readonly status: number }
  /** A copy of the request has come (17.2.3). */
  | { readonly type: "heard-copy" }
  | { readonly type: "fired"; readonly timer: ServerTimer }
  | { readonly type: "transport-failed" };

export type ServerEffect =
  /** The user's newest answer; of final ones the first. */
  | { readonly type: "send-answer" }
  | { readonly type: "timer"; readonly timer: ServerTimer; readonly afterMs: number }
  | { readonly type: "stop-timer"; readonly timer: ServerTimer }
  /** No more will happen: the transaction can be dropped. */
  | { readonly type: "forget" }
  /** The transport failed. Always the last effect. */
  | { readonly type: "report-failure" };

type Transition = Next<ServerState, ServerEffect>;

/** Begins with the request in the user's hands (17.2.2, first paragraph). */
export function startServer(isReliable: boolean): ServerState {
  return { at: "trying", isReliable };
}

/** One step; what a state does not name is absorbed. */
export function stepServer(state: ServerState, event: ServerEvent): Transition {
  switch (state.at) {
    case "trying":
    case "proceeding":
      return stepUnanswered(state, event);
    case "completed":
      // 17.2.2: copies get the final answer once more; other final answers of the user are dropped
      if (event.type === "heard-copy") return go(state, [sendAnswer]);
      if (event.type === "transport-failed")
        return go(terminated, [{ type: "stop-timer", timer: "J" }, forget, reportFailure]);
      return event.type === "fired" ? go(terminated, [forget]) : stay(state);
    case "terminated":
      return stay(state);
  }
}

function stepUnanswered(state: Extract<ServerState, { at: "trying" | "proceeding" }>, event: ServerEvent): Transition {
  switch (event.type) {
    case "answered":
      if (event.status < 200) return go({ at: "proceeding", isReliable: state.isReliable }, [sendAnswer]);
      // 17.2.2: timer J is 64 * T1, over a reliable transport 0
      if (state.isReliable) return go(terminated, [sendAnswer, forget]);
      return go({ at: "completed" }, [sendAnswer, { type: "timer", timer: "J", afterMs: patienceMs }]);
    case "heard-copy":
      return state.at === "proceeding" ? go(state, [sendAnswer]) : stay(state); // in Trying a copy is dropped
    case "transport-failed":
      return go(terminated, [forget, reportFailure]); // 17.2.4
    case "fired":
      return stay(state);
  }
}

const terminated: ServerState = { at: "terminated" };
const sendAnswer: ServerEffect = { type: "send-answer" };
const forget: ServerEffect = { type: "forget" };
const reportFailure: ServerEffect = { type: "report-failure" };
