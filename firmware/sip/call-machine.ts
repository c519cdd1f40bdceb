/** One SIP call from its INVITE to its end, as both of its ends see it (RFC 3261 9, 13, 14 and 15; session timer: RFC 4028 7 to 10). The INVITE's own transactions stand beside it. */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import type { CallEffect, CallEvent, CallFailure, CallState, RunningSession, SessionTimer } from "./call-state.ts";

type Transition = Next<CallState, CallEffect>;

/** Longest time that a call rings which nobody takes, refuses or takes back. */
export const ringLimitMs = 60_000;
/** Least time between two tries to refresh. */
const leastPauseMs = 5_000;
/** An unrefreshed session ends this much before its time, or a third of it (RFC 4028 10). */
const guardMs = 32_000;
const busyHere = 486;
const unavailable = 480;
const terminatedByCaller = 487;

/** Whether the user still has it. */
export function isHeld(state: CallState): boolean {
  if (state.at === "inviting" || state.at === "answered") return state.wanted;
  return state.at !== "idle" && state.at !== "leaving" && state.at !== "over";
}

/** One step; what a state does not name is absorbed. */
export function stepCall(state: CallState, event: CallEvent): Transition {
  switch (state.at) {
    case "idle":
      return stepIdle(state, event);
    case "opening":
      return stepOpening(state, event);
    case "inviting":
      return stepInviting(state, event);
    case "ringing":
    case "taking":
      return stepCalled(state, event);
    case "answered":
      return stepAnswered(state, event);
    case "up":
      return stepUp(state, event);
    case "leaving":
      return event.type === "bye-over" ? go(over, []) : stay(state);
    case "over":
      return stay(state);
  }
}

function stepIdle(state: CallState, event: CallEvent): Transition {
  if (event.type === "dialled") return go({ at: "opening" }, [{ type: "open-media" }]);
  if (event.type !== "called") return stay(state);
  const untilMs = event.nowMs + Math.min(event.forMs, ringLimitMs);
  return go({ at: "ringing", untilMs, session: event.session }, [{ type: "ring" }, { type: "wake", atMs: untilMs }]);
}

function stepOpening(state: CallState, event: CallEvent): Transition {
  if (event.type === "media-ready") return go({ at: "inviting", heard: false, wanted: true }, [{ type: "invite" }]);
  if (event.type === "media-lost") return go(over, [closeMedia, ended("failed")]);
  return event.type === "hung-up" ? go(over, [closeMedia]) : stay(state);
}

function stepInviting(state: Extract<CallState, { at: "inviting" }>, event: CallEvent): Transition {
  switch (event.type) {
    case "progressed":
      if (state.heard) return stay(state);
      return go({ at: "inviting", heard: true, wanted: state.wanted }, state.wanted ? [] : [{ type: "cancel" }]);
    case "taken":
      // 15: a call that is not wanted any more, or cannot be used, is taken and ended at once.
      if (!state.wanted) return go({ at: "leaving" }, [bye]);
      if (!event.usable) return go({ at: "leaving" }, [closeMedia, bye, ended("failed")]);
      return begun({ at: "up", session: running(event.nowMs, event.session) }, [{ type: "tell-answered" }]);
    case "refused":
      return go(over, state.wanted ? [closeMedia, ended(endOf(event.status))] : []);
    case "unanswered":
      return go(over, state.wanted ? [closeMedia, ended("no-answer")] : []);
    case "hung-up":
    case "media-lost": {
      if (!state.wanted) return stay(state);
      const effects: CallEffect[] = [closeMedia];
      if (state.heard) effects.push({ type: "cancel" }); // 9.1: only after a provisional answer
      if (event.type === "media-lost") effects.push(ended("failed"));
      return go({ at: "inviting", heard: state.heard, wanted: false }, effects);
    }
    default:
      return stay(state);
  }
}

function stepCalled(state: Extract<CallState, { at: "ringing" | "taking" }>, event: CallEvent): Transition {
  switch (event.type) {
    case "took":
      if (state.at === "taking") return stay(state);
      return go({ at: "taking", session: state.session }, [{ type: "open-media" }]);
    case "media-ready":
      if (state.at === "ringing") return stay(state);
      return begun({ at: "answered", wanted: true, session: running(event.nowMs, state.session) }, [
        { type: "accept" },
      ]);
    case "media-lost":
      return go(over, [closeMedia, { type: "refuse", status: unavailable }, ended("failed")]);
    case "hung-up":
      return go(over, [closeMedia, { type: "refuse", status: busyHere }]);
    case "cancelled":
    case "left": // 15.1.2: a caller may end an early dialog with BYE too
      return go(over, [closeMedia, { type: "refuse", status: terminatedByCaller }, ended("no-answer")]);
    case "due":
      if (state.at === "taking" || event.nowMs < state.untilMs) return stay(state);
      return go(over, [{ type: "refuse", status: unavailable }, ended("no-answer")]);
    default:
      return stay(state);
  }
}

function stepAnswered(state: Extract<CallState, { at: "answered" }>, event: CallEvent): Transition {
  switch (event.type) {
    case "acknowledged":
      if (!state.wanted) return go({ at: "leaving" }, [bye]);
      if (!event.usable) return go({ at: "leaving" }, [closeMedia, bye, ended("failed")]);
      return go({ at: "up", session: state.session }, [{ type: "start-media" }]);
    case "unacknowledged":
      // 13.3.1.4
      return go({ at: "leaving" }, state.wanted ? [closeMedia, bye, ended("lost")] : [bye]);
    case "left":
      return go(over, state.wanted ? [closeMedia, ended("over")] : []);
    case "hung-up":
    case "media-lost":
      // 15: the called end may not send BYE before the ACK has come, or can come no more.
      if (!state.wanted) return stay(state);
      return go(
        { at: "answered", wanted: false, session: undefined },
        event.type === "hung-up" ? [closeMedia] : [closeMedia, ended("lost")],
      );
    default:
      return stay(state);
  }
}

function stepUp(state: Extract<CallState, { at: "up" }>, event: CallEvent): Transition {
  switch (event.type) {
    case "hung-up":
      return go({ at: "leaving" }, [closeMedia, bye]);
    case "media-lost":
      return go({ at: "leaving" }, [closeMedia, bye, ended("lost")]);
    case "unacknowledged": // the 200 to a re-INVITE (14.2)
      return go({ at: "leaving" }, [closeMedia, bye, ended("lost")]);
    case "left":
      return go(over, [closeMedia, ended("over")]);
    case "refreshed":
      return woken({ at: "up", session: running(event.nowMs, event.session) }, []);
    case "not-refreshed": {
      if (event.isGone) return go({ at: "leaving" }, [closeMedia, bye, ended("lost")]); // RFC 3261 12.2.1.2
      const session = state.session;
      if (session === undefined) return stay(state);
      const pauseMs = Math.max(leastPauseMs, Math.floor((session.endMs - event.nowMs) / 2));
      return woken({ at: "up", session: planned(session, event.nowMs + pauseMs) }, []);
    }
    case "due":
      return stepDue(state, event.nowMs);
    default:
      return stay(state);
  }
}

function stepDue(state: Extract<CallState, { at: "up" }>, nowMs: number): Transition {
  const session = state.session;
  if (session === undefined) return stay(state);
  if (nowMs >= session.endMs) return go({ at: "leaving" }, [closeMedia, bye, ended("lost")]); // RFC 4028 10
  if (session.refreshMs === undefined || nowMs < session.refreshMs) return woken(state, []);
  return woken({ at: "up", session: planned(session, undefined) }, [{ type: "refresh" }]);
}

/** Who is heard is set before anybody hears. */
function begun(state: Extract<CallState, { at: "answered" | "up" }>, effects: readonly CallEffect[]): Transition {
  const all: CallEffect[] = [{ type: "start-media" }];
  for (const effect of effects) all.push(effect);
  return woken(state, all);
}

function woken(state: Extract<CallState, { at: "answered" | "up" }>, effects: CallEffect[]): Transition {
  const session = state.session;
  if (session === undefined) return go(state, effects);
  const atMs = session.refreshMs === undefined ? session.endMs : Math.min(session.refreshMs, session.endMs);
  effects.push({ type: "wake", atMs });
  return go(state, effects);
}

function running(nowMs: number, timer: SessionTimer | undefined): RunningSession | undefined {
  if (timer === undefined) return undefined;
  const intervalMs = timer.intervalMs;
  const endMs = nowMs + intervalMs - Math.min(guardMs, Math.floor(intervalMs / 3));
  const refreshMs = timer.weRefresh ? nowMs + Math.floor(intervalMs / 2) : undefined;
  return { intervalMs, weRefresh: timer.weRefresh, refreshMs, endMs };
}

function planned(session: RunningSession, refreshMs: number | undefined): RunningSession {
  return { intervalMs: session.intervalMs, weRefresh: session.weRefresh, refreshMs, endMs: session.endMs };
}

/** What a refusal means to whoever dialled (RFC 3261 21.4 and 21.6). */
function endOf(status: number): CallFailure {
  if (status === 486 || status === 600) return "busy";
  return status === 480 || status === 408 ? "no-answer" : "failed";
}

function ended(reason: CallFailure): CallEffect {
  return { type: "tell-ended", reason };
}

/** Before its first INVITE. */
export const newCall: CallState = { at: "idle" };
const over: CallState = { at: "over" };
const closeMedia: CallEffect = { type: "close-media" };
const bye: CallEffect = { type: "bye" };
