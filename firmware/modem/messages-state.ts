/** What the machine of a modem's short messages keeps, hears and orders: the values of `messages-machine.ts`. */
import type { SmsHeader, SmsMemory } from "../../protocol/at/sms.ts";
import type { SmsDeliver } from "../../protocol/at/sms-pdu.ts";

/** A text somebody wants sent. */
export interface MessageOrder {
  /** The owner's own name for it. */
  readonly id: number;
  readonly to: string;
  /** One message's worth: 160 letters of the GSM alphabet, 70 of others. */
  readonly text: string;
  /** Monotonic ms after which it is of no use any more. */
  readonly untilMs: number;
}

export interface WaitingOrder {
  readonly order: MessageOrder;
  readonly tries: number;
  /** Not tried before then. */
  readonly notBeforeMs: number;
}

/** A stored message that is to be read, or read again. */
export interface Stored {
  readonly index: number;
  readonly tries: number;
}

/** What the line is wanted for. */
export type MessagesWork =
  | { readonly kind: "pdu-mode" | "list" }
  | { readonly kind: "tell-stored"; readonly plainly: boolean }
  | { readonly kind: "memory"; readonly memory: SmsMemory }
  | { readonly kind: "read" | "delete"; readonly index: number }
  | { readonly kind: "send"; readonly order: MessageOrder };

/** Why a message was not sent: the network or the modem refused it for good, or all tries and its time are over. */
export type SendFault = "refused" | "in-vain";

export interface MessagesState {
  /** `away`: no line; `settling`: before the modem was told how messages are handled; `ready`. */
  readonly at: "away" | "settling" | "ready";
  /** Monotonic ms of the newest event. */
  readonly nowMs: number;
  /** The job on the line. */
  readonly working: MessagesWork | undefined;
  /** The next step of `settling`, and how often settling has failed since the line came. */
  readonly step: number;
  readonly settlings: number;
  /** Settling goes on from then on. */
  readonly settleMs: number;
  readonly outbox: readonly WaitingOrder[];
  readonly toRead: readonly Stored[];
  readonly toDelete: readonly number[];
  /** All that is stored is to be listed: something may have been missed. */
  readonly mustList: boolean;
  /** The header whose message comes in the next line of the running answer. */
  readonly header: SmsHeader | undefined;
  /** The line that comes next is a message told directly, or a delivery report that is passed over. */
  readonly follows: "none" | "message" | "report";
  /** How often the stored messages were listed since the last one that was sent or told. */
  readonly lists: number;
  /** What the timer is set to, or -1. */
  readonly wakeMs: number;
}

export type MessagesEvent =
  /** The line can be lent from now on, or no more. */
  | { readonly type: "began" | "ended"; readonly nowMs: number }
  | { readonly type: "ordered"; readonly nowMs: number; readonly order: MessageOrder }
  /** Of an order that still waits; one that is on the line goes on. */
  | { readonly type: "cancelled"; readonly nowMs: number; readonly id: number }
  /** The job that was wanted is on the line. */
  | { readonly type: "started"; readonly nowMs: number; readonly work: MessagesWork }
  | { readonly type: "heard"; readonly nowMs: number; readonly line: string }
  /** `error` is the number of a +CMS ERROR, 0 without one. */
  | { readonly type: "answered"; readonly nowMs: number; readonly ok: boolean; readonly error: number }
  | { readonly type: "unanswered"; readonly nowMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type MessagesEffect =
  /** The line is wanted: see `wantedWork`. */
  | { readonly type: "want" }
  | { readonly type: "received"; readonly message: SmsDeliver }
  | { readonly type: "sent"; readonly id: number }
  | { readonly type: "not-sent"; readonly id: number; readonly fault: SendFault }
  | { readonly type: "wake"; readonly atMs: number };

export const messagesAway: MessagesState = {
  at: "away",
  nowMs: 0,
  working: undefined,
  step: 0,
  settlings: 0,
  settleMs: 0,
  outbox: [],
  toRead: [],
  toDelete: [],
  mustList: false,
  header: undefined,
  follows: "none",
  lists: 0,
  wakeMs: -1,
};

/** Orders that wait; a further one is refused. */
export const outboxLimit = 4;
/** Stored messages that are known to wait; of further ones a list is asked for. */
export const toReadLimit = 16;
export const toDeleteLimit = 32;
/** Tries of one order. */
export const sendLimit = 3;
/** The wait after the first failed try of an order; doubled after each further one. */
export const sendAgainMs = 10_000;
/** Settling that was refused is tried again: a SIM is slow to show its messages after a start. Then at the next order. */
export const settleLimit = 6;
export const settleAgainMs = 5_000;
/** A message that cannot be read is tried so often before it is deleted. */
export const readLimit = 2;
/** Lists in a row, so that what cannot be deleted is not listed for ever. */
export const listLimit = 8;
