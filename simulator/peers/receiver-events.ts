/** What a receiver says about itself: events for people and programs, and signs for a monitor that watches from outside. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { CallEnd } from "../../firmware/ports/voice.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { hostPortText } from "../../protocol/sip/uri.ts";
import type { ReceiverTransport } from "./receiver-transactions.ts";

/** One thing that a receiver heard and how it answers; printed by `livlina receiver --json`, one line each. */
export interface ReceiverEvent {
  /** `alarm` ME, `update` IN, `reset` RE, `heartbeat` PI or OPTIONS; `registered` REGISTER; `rejected`: refused, whatever it was. */
  readonly type: "alarm" | "update" | "reset" | "heartbeat" | "registered" | "rejected";
  /** When it was heard, in ms since 1970. */
  readonly t: number;
  /** Account number; for SIP alone the user of From. */
  readonly cid: string;
  /** "" where there is none. */
  readonly ref: string;
  readonly mty: string;
  readonly dty: number | undefined;
  readonly stc: number | undefined;
  /** The device that it is about (`did`), and its information text (`ite`), with the time of a press. */
  readonly did: string | undefined;
  readonly ite: string | undefined;
  /** Address and port that it came from. */
  readonly from: string;
  readonly transport: ReceiverTransport;
  /**
   * `snu N` where an `mrs` follows, otherwise `sip N`: a silent application leaves it at `sip 200`. `closed`: the connection
   * was ended for what came over it.
   */
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

export type EventPart = Pick<ReceiverEvent, "type" | "cid" | "ref" | "mty" | "answer"> & Partial<ReceiverEvent>;

/** The whole of an event that was heard at `t` from there. */
export function receiverEvent(what: EventPart, t: number, from: Endpoint, transport: ReceiverTransport): ReceiverEvent {
  return {
    type: what.type,
    t,
    cid: what.cid,
    ref: what.ref,
    mty: what.mty,
    dty: what.dty,
    stc: what.stc,
    did: what.did,
    ite: what.ite,
    case: what.case,
    again: what.again ?? false,
    reused: what.reused ?? false,
    why: what.why,
    answer: what.answer,
    from: hostPortText(from.host, from.port),
    transport,
  };
}

/** What a request says of what happened. */
export function saidOf({ dty, stc, did, ite }: ScaipRequest): Pick<ReceiverEvent, "dty" | "stc" | "did" | "ite"> {
  return { dty, stc, did, ite };
}

/** One step of a call between a unit and an operator; printed by `livlina receiver --json` too. */
export interface CallNews {
  readonly type: "call";
  /** In ms since 1970. */
  readonly t: number;
  /**
   * `rung`: the unit calls; `engaged`: it calls and hears busy; `called`: the operator calls the unit; `answered`: they talk;
   * `key-sent`, `key-heard`; `hung-up` by the operator; `ended` otherwise, or never begun.
   */
  readonly what: "rung" | "engaged" | "called" | "answered" | "key-sent" | "key-heard" | "hung-up" | "ended";
  /** 1, 2, 3 ...; 0 where none was free. */
  readonly operator: number;
  /** User of the unit's address. */
  readonly cid: string;
  /** The unit's address and port. */
  readonly from: string;
  readonly transport: ReceiverTransport;
  readonly key: string | undefined;
  /** How it ended. */
  readonly why: CallEnd | undefined;
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
