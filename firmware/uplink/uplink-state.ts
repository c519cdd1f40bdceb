/** What the uplink machine keeps, hears and orders: which routes and receivers are proven, end to end. */
import type { Route } from "../alarm/report.ts";
import type { RecoveryStep } from "../modem/modem-state.ts";

/** `unproven`: nothing was heard yet; `lost`: three checks in a row brought nothing. */
export type Proof = "unproven" | "proven" | "lost";

export interface RouteState {
  readonly route: Route;
  readonly at: Proof;
  /** Whether a socket is open over it. */
  readonly linked: boolean;
  /** In a row, up to three; any SIP answer over it ends the row. */
  readonly misses: number;
  /** The receivers of that row, one bit each. */
  readonly silent: number;
  /** Since when it has answered without a miss after it was lost, or -1 where it never was. */
  readonly steadyMs: number;
  /** Last SIP answer over it, or -1. */
  readonly heardMs: number;
  readonly beatMs: number;
  /** The receiver that the next beat over a route that is not active goes to. */
  readonly receiver: number;
  /** Steps of the recovery ladder taken, and when the next is due (-1: none). */
  readonly rung: number;
  readonly rungMs: number;
  /** When the network was last chosen anew, and the modem last restarted; -1: never. */
  readonly reselectMs: number;
  readonly harshMs: number;
  /** A call takes its line: what it does not answer says nothing of it. */
  readonly inCall: boolean;
}

export interface ReceiverState {
  readonly at: Proof;
  /** Without an `mrs`, in a row, up to three. */
  readonly misses: number;
  /** The routes of that row, one bit each in the order of the policy, and when it began (-1: none). */
  readonly silentOver: number;
  readonly sinceMs: number;
  /** Its last `mrs`, or -1. */
  readonly heardMs: number;
}

/** A path that missed is asked again then. */
export interface Check {
  readonly route: Route;
  readonly receiver: number;
  readonly atMs: number;
  /** The other receivers are asked over that route too. */
  readonly wide: boolean;
}

/** A message that must bring a SIP answer, then an `mrs`. */
export interface Watch {
  readonly id: number;
  readonly route: Route;
  readonly receiver: number;
  readonly heard: boolean;
  /** An OPTIONS: any SIP answer settles it. */
  readonly probe: boolean;
  /** When it was asked: what has answered since is not missed by it. */
  readonly askedMs: number;
  readonly dueMs: number;
}

/** What went wrong with a message over a path, as far as it can be told from here. */
export type PathFault =
  | "no-link"
  | "no-address"
  | "name-not-found"
  | "connect-timeout"
  | "connection-refused"
  | "connection-lost"
  | "certificate"
  /** Sent, and not even SIP has answered; on a connection: it opens and stays silent. */
  | "no-answer"
  | "refused"
  | "unauthorised"
  | "busy"
  /** Carried, and no `mrs` came. */
  | "no-mrs"
  /** An `mrs` that names nothing of ours. */
  | "wrong-ref";

/** One path of a test that somebody asked for. */
export interface TestedPath {
  readonly route: Route;
  readonly receiver: number;
  readonly id: number;
  readonly result: "waiting" | "passed" | "failed";
}

export interface UplinkState {
  /** In the order of the policy: the first that is proven carries everything. */
  readonly routes: readonly RouteState[];
  readonly receivers: readonly ReceiverState[];
  readonly active: Route;
  readonly watches: readonly Watch[];
  readonly checks: readonly Check[];
  /** When the active route is next proven to the other receivers, in turn. */
  readonly othersMs: number;
  readonly other: number;
  /** What the first receiver asked for (SCAIP `hbi`), and when its next heartbeat is due. */
  readonly intervalMs: number;
  readonly intervalDueMs: number;
  /** The longest that the active route goes unproven while nothing is wrong; without a word of the receiver also its interval. */
  readonly provenMs: number;
  /** Off in storage and on the shelf: nothing is sent that no alarm asks for. */
  readonly supervised: boolean;
  /** Empty unless a test is under way. */
  readonly tests: readonly TestedPath[];
  /** Since when an alarm of a person is pending, or -1. */
  readonly alarmMs: number;
  readonly nextBeat: number;
  readonly shown: UplinkSignal;
  readonly dice: number;
  readonly wakeMs: number;
}

export type UplinkSignal = "ready" | "one-path-lost" | "no-path";

export type UplinkEvent =
  | { readonly type: "linked"; readonly nowMs: number; readonly route: Route; readonly up: boolean }
  /** A message left: of the alarm machine, or a beat. */
  | {
      readonly type: "asked";
      readonly nowMs: number;
      readonly id: number;
      readonly route: Route;
      readonly receiver: number;
      readonly probe: boolean;
    }
  /** Any SIP answer at all. */
  | { readonly type: "heard"; readonly nowMs: number; readonly route: Route }
  | { readonly type: "carried"; readonly nowMs: number; readonly id: number }
  /** The attempt is over without an `mrs`; `heard` where the receiver did answer SIP. */
  | {
      readonly type: "failed";
      readonly nowMs: number;
      readonly id: number;
      readonly heard: boolean;
      readonly why: PathFault;
    }
  /** An `mrs` that belongs to nothing that was asked. */
  | { readonly type: "odd-answer"; readonly nowMs: number; readonly route: Route; readonly receiver: number }
  /** The first receiver asks for a heartbeat in that many minutes, 1 to 1440 (SCAIP `hbi`). */
  | { readonly type: "interval"; readonly nowMs: number; readonly minutes: number }
  | { readonly type: "supervised"; readonly nowMs: number; readonly on: boolean }
  /** Somebody wants to know now: each path is asked once. */
  | { readonly type: "test-paths"; readonly nowMs: number }
  /** Nothing more is expected of it. */
  | { readonly type: "stopped"; readonly nowMs: number; readonly id: number }
  /** An `mrs` of any kind. */
  | { readonly type: "answered"; readonly nowMs: number; readonly route: Route; readonly receiver: number }
  | { readonly type: "alarm"; readonly nowMs: number; readonly pending: boolean }
  /** A call is made or up over that route's line, or is so no more. */
  | { readonly type: "in-call"; readonly nowMs: number; readonly route: Route; readonly on: boolean }
  | { readonly type: "due"; readonly nowMs: number };

export type UplinkEffect =
  | { readonly type: "beat"; readonly id: number; readonly route: Route; readonly receiver: number }
  | { readonly type: "probe"; readonly id: number; readonly route: Route; readonly receiver: number }
  | { readonly type: "keep-interval"; readonly minutes: number }
  | { readonly type: "path-fault"; readonly route: Route; readonly receiver: number; readonly why: PathFault }
  | { readonly type: "paths-tested"; readonly paths: readonly TestedPath[] }
  | { readonly type: "active-route"; readonly route: Route }
  | { readonly type: "path-back" }
  | { readonly type: "route-changed"; readonly route: Route; readonly lost: boolean }
  | { readonly type: "receiver-changed"; readonly receiver: number; readonly lost: boolean }
  | { readonly type: "recover"; readonly route: Route; readonly step: RecoveryStep }
  | { readonly type: "show"; readonly signal: UplinkSignal }
  | { readonly type: "wake"; readonly atMs: number };

/** Messages watched at once; beyond, the oldest is no longer waited for. */
export const watchLimit = 32;

/** Checks that wait at once: two for each path of a large unit. */
export const checkLimit = 16;

/** A turn of the machine; the state it came from is never written to. */
export interface UplinkTurn {
  readonly nowMs: number;
  routes: RouteState[];
  receivers: ReceiverState[];
  active: Route;
  watches: Watch[];
  checks: Check[];
  othersMs: number;
  other: number;
  intervalMs: number;
  intervalDueMs: number;
  readonly provenMs: number;
  supervised: boolean;
  tests: TestedPath[];
  alarmMs: number;
  nextBeat: number;
  shown: UplinkSignal;
  dice: number;
  readonly effects: UplinkEffect[];
}
