/** What a receiver says about itself: events for people and programs, and signs for a monitor that watches from outside. */
import type { ReceiverTransport } from "./receiver-transactions.ts";

/** One thing that a receiver heard and how it answers; printed by `livlina receiver --json`, one line each. */
export interface ReceiverEvent {
  /** `alarm` ME, `update` IN, `reset` RE, `heartbeat` PI or OPTIONS; `rejected`: refused, whatever it was. */
  readonly type: "alarm" | "update" | "reset" | "heartbeat" | "rejected";
  /** When it was heard, in ms since 1970. */
  readonly t: number;
  /** Account number; for SIP alone the user of From. */
  readonly cid: string;
  /** "" where there is none. */
  readonly ref: string;
  readonly mty: string;
  readonly dty: number | undefined;
  readonly stc: number | undefined;
  /** Address and port that it came from. */
  readonly from: string;
  readonly transport: ReceiverTransport;
  /** `snu N` where an `mrs` follows, otherwise `sip N`: a silent application leaves it at `sip 200`. */
  readonly answer: string;
  /** Number of the case in the receiver's book. */
  readonly case: number | undefined;
  /** Another message of a case that was open already: a poll, a retry, another route. */
  readonly again: boolean;
  /** The ref stood for another content before. */
  readonly reused: boolean;
  /** Why it was refused. */
  readonly why: string | undefined;
}

/** What a message of this type is told as (SS 91100 table 1, `mty`); one without a type is an alarm. */
export function eventTypeOf(mty: string): "alarm" | "update" | "reset" | "heartbeat" {
  if (mty === "PI") return "heartbeat";
  if (mty === "RE") return "reset";
  return mty === "IN" ? "update" : "alarm";
}

/**
 * What can be seen of a receiver from outside, at its SIP front and at its application. `id` ties what belongs to one
 * message; repeated packets of one transaction give no sign.
 */
export type ReceiverSign =
  /** A new MESSAGE; `cid` is the user of From, not yet proven. */
  | { readonly type: "heard"; readonly id: number; readonly cid: string }
  /** The front said 200. */
  | { readonly type: "carried"; readonly id: number; readonly cid: string; readonly ref: string }
  /** The front said no. */
  | { readonly type: "refused"; readonly id: number; readonly status: number }
  /** The application has sent its `mrs`. */
  | {
      readonly type: "answered";
      readonly id: number;
      readonly cid: string;
      readonly ref: string;
      readonly snu: number;
    }
  /** An OPTIONS was answered: its sender is alive, no application was asked. */
  | { readonly type: "probed"; readonly cid: string };
