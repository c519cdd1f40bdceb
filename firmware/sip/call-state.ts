/** One SIP call as a value: what it is in, what happens to it, and what is then to be done (RFC 3261 13 to 15). `call-machine.ts` decides. */
import type { CallEnd } from "../ports/voice.ts";

/** How a call ended, as the telephone says it; it does not know who spoke. */
export type CallFailure = Exclude<CallEnd, "silent">;

/** What both ends have agreed on in Session-Expires. */
export interface SessionTimer {
  readonly intervalMs: number;
  readonly weRefresh: boolean;
}

export interface RunningSession extends SessionTimer {
  /** When it is to be refreshed; undefined where that is not ours, or under way. */
  readonly refreshMs: number | undefined;
  /** When the call ends that nobody has refreshed. */
  readonly endMs: number;
}

export type CallState =
  | { readonly at: "idle" }
  /** We call; our end of the sound is being made, nothing was sent. */
  | { readonly at: "opening" }
  /** `heard`: a provisional answer has come. Not `wanted`: hung up; it is cancelled as soon as that is allowed. */
  | { readonly at: "inviting"; readonly heard: boolean; readonly wanted: boolean }
  /** We are called, and the user is to say something until `untilMs`. */
  | { readonly at: "ringing"; readonly untilMs: number; readonly session: SessionTimer | undefined }
  /** The user has taken it; our end of the sound is being made. */
  | { readonly at: "taking"; readonly session: SessionTimer | undefined }
  /** Our 200 waits for its ACK. Not `wanted`: it ends as soon as that has come. */
  | { readonly at: "answered"; readonly wanted: boolean; readonly session: RunningSession | undefined }
  | { readonly at: "up"; readonly session: RunningSession | undefined }
  /** Our BYE is under way. */
  | { readonly at: "leaving" }
  | { readonly at: "over" };

export type CallEvent =
  /** The user calls. */
  | { readonly type: "dialled" }
  /** An INVITE has come that could be taken; `forMs`: how long the caller waits at most. */
  | {
      readonly type: "called";
      readonly nowMs: number;
      readonly forMs: number;
      readonly session: SessionTimer | undefined;
    }
  /** Our end of the sound can be described. */
  | { readonly type: "media-ready"; readonly nowMs: number }
  | { readonly type: "media-lost" }
  /** 1xx to our INVITE. */
  | { readonly type: "progressed" }
  /** 2xx to our INVITE; its ACK has gone out. `usable`: its session description fits. */
  | {
      readonly type: "taken";
      readonly nowMs: number;
      readonly usable: boolean;
      readonly session: SessionTimer | undefined;
    }
  /** 3xx to 6xx to our INVITE, none that is asked again. */
  | { readonly type: "refused"; readonly status: number }
  /** No final answer at all. */
  | { readonly type: "unanswered" }
  /** The user takes the call that rings. */
  | { readonly type: "took" }
  /** The user ends the call, or refuses it. */
  | { readonly type: "hung-up" }
  /** The caller's CANCEL. */
  | { readonly type: "cancelled" }
  /** The ACK of our 200; `usable`: what it says of the session fits, or was agreed before. */
  | { readonly type: "acknowledged"; readonly usable: boolean }
  | { readonly type: "unacknowledged" }
  /** The other end's BYE. */
  | { readonly type: "left" }
  /** The session was refreshed by either end, with what is agreed now. */
  | { readonly type: "refreshed"; readonly nowMs: number; readonly session: SessionTimer | undefined }
  /** Our refresh was refused; `isGone`: the other end knows the call no more, or says nothing. */
  | { readonly type: "not-refreshed"; readonly nowMs: number; readonly isGone: boolean }
  /** Our BYE was answered, or never will be. */
  | { readonly type: "bye-over" }
  | { readonly type: "due"; readonly nowMs: number };

export type CallEffect =
  | { readonly type: "open-media" }
  /** At the latest now nobody hears anybody; also where it was closed before. */
  | { readonly type: "close-media" }
  /** Sound flows as was agreed. */
  | { readonly type: "start-media" }
  | { readonly type: "invite" }
  | { readonly type: "cancel" }
  | { readonly type: "ring" }
  /** 200 with our session description, until its ACK has come. */
  | { readonly type: "accept" }
  | { readonly type: "refuse"; readonly status: number }
  | { readonly type: "bye" }
  | { readonly type: "refresh" }
  | { readonly type: "tell-answered" }
  | { readonly type: "tell-ended"; readonly reason: CallFailure }
  /** The one deadline; replaces its former self. */
  | { readonly type: "wake"; readonly atMs: number };
