/** Carries SIP messages over one route: our MESSAGEs and REGISTERs out (RFC 3428, RFC 3261 10), a receiver's MESSAGEs in; calls have a user of their own. It decides nothing about alarms. */
import type { Contact } from "../../protocol/sip/contact.ts";
import { parseSipDate } from "../../protocol/sip/date.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { headerOf, viewSip } from "../../protocol/sip/message.ts";
import { type RegisterOutcome, registerHeaders, registerOutcome } from "../../protocol/sip/registration.ts";
import { sdpType } from "../../protocol/sip/sdp.ts";
import { hostPortText, parseUri } from "../../protocol/sip/uri.ts";
import type { Clock } from "../ports/clock.ts";
import type { Endpoint } from "../ports/socket.ts";
import { type Abilities, messageAbilities, scaipType } from "./answering.ts";
import { Authorization } from "./authorization.ts";
import { allowHeader } from "./call-line.ts";
import { isOfCalls } from "./call-methods.ts";
import { Incoming } from "./incoming.ts";
import { type FailReason, type Order, Outgoing, retryAfterS, type Talk } from "./outgoing.ts";
import { randomHex } from "./random-text.ts";
import { type Peer, peerOf, type ReceiverAddress } from "./receiver-address.ts";
import { Sources } from "./sources.ts";

export type { FailReason } from "./outgoing.ts";

export type AgentEvent =
  /** Answered 2xx. `body` is what a deviant receiver puts in there, empty as a rule and from an address that is not the receiver's. */
  | {
      readonly type: "carried";
      readonly attempt: number;
      readonly receiver: number;
      readonly status: number;
      /** The answer's Date, in ms since 1970; undefined also where it may be old. */
      readonly dateMs: number | undefined;
      readonly body: Uint8Array;
    }
  /** Ended without 2xx; `status` is 0 where no final answer came. */
  | {
      readonly type: "failed";
      readonly attempt: number;
      readonly receiver: number;
      readonly reason: FailReason;
      readonly status: number;
      readonly retryAfterS: number | undefined;
    }
  /**
   * A SCAIP message for us from an address that the receiver may use; it was answered 200 already. Where several
   * receivers share that address, `receiver` is a guess: `mayAnswer` tells whether another one may speak from `host`.
   * `foreign`: it came over a connection whose certificate is wrong, and proves nothing; absent: it did not.
   */
  | {
      readonly type: "message";
      readonly receiver: number;
      readonly host: string;
      readonly body: Uint8Array;
      readonly foreign?: boolean;
    }
  /** Any answer to one of our requests, also a provisional, a late or a refusing one: the route to the receiver is proven. */
  | { readonly type: "heard"; readonly receiver: number };

/** What has become of a REGISTER; `outcome` is undefined where no final answer came. */
export interface Registered {
  readonly receiver: number;
  readonly outcome: RegisterOutcome | undefined;
  readonly retryAfterS: number | undefined;
}

/** Who takes the messages of calls (RFC 3261 13 to 15). Keeps nothing of `message`. False where it is none of its own. */
export interface CallHearer {
  /** Whether anybody takes calls now; absent: somebody does. */
  readonly isThere?: () => boolean;
  hear(message: SipMessage, from: Peer): boolean;
}

export interface MessageAgentOptions {
  readonly clock: Clock;
  readonly random: (into: Uint8Array) => void;
  /** The unit's address of record, `sip:user@domain`: From, and the user that incoming requests must name. Throws where it is none. */
  readonly aor: string;
  /** The route's own address towards `to`, asked for each request. */
  readonly local: (to: Peer) => Endpoint;
  readonly receivers: readonly ReceiverAddress[];
  /** T1 over this route. */
  readonly roundTripMs: number;
  /** Over UDP or over the connection that `to` says. */
  readonly send: (bytes: Uint8Array, to: Peer) => void;
  /** What was given to `send`, the same array, need not leave any more. Absent where nothing waits. */
  readonly recall?: ((bytes: Uint8Array, to: Peer) => void) | undefined;
  /** Never called from inside `send`, but for an attempt that has to make room. */
  readonly onEvent: (event: AgentEvent) => void;
  /** Absent: an INVITE is answered 405. */
  readonly calls?: CallHearer | undefined;
  readonly onRegistered?: ((what: Registered) => void) | undefined;
}

/** What came in and led to nothing. */
export interface AgentCounts {
  /** Bytes that are no SIP message, or a request longer than `requestByteLimit`. */
  garbage: number;
  /** Answers to no request of ours. */
  strayAnswers: number;
  /** MESSAGEs from an address that no receiver may use. */
  foreign: number;
  /** Copies of a MESSAGE that was reported already. */
  copies: number;
}

/** Longest request that is read: the answer, which repeats much of it, cannot outgrow what `encodeSip` writes. */
export const requestByteLimit = 2048;
const noBody = new Uint8Array(0);
/** An answer that was lost is said again in the same words (RFC 3261 17.2.2): after longer its Date may be older than a press may be told wrongly. */
const dateWithinMs = 14_000;
const callAbilities: Abilities = { allow: allowHeader, accept: { name: "Accept", value: scaipType + ", " + sdpType } };

export class MessageAgent {
  readonly counts: AgentCounts;
  /** Shared with calls: a receiver's nonces are counted once. */
  readonly authorizations: readonly Authorization[];
  readonly sources: Sources;
  private readonly options: MessageAgentOptions;
  private readonly registrar: string;
  private readonly incoming: Incoming;
  private readonly outgoing: Outgoing;
  /** By receiver: all REGISTERs to one registrar share a Call-ID (RFC 3261 10.2.4). */
  private readonly registerTalks: Talk[];
  /** By receiver: what the newest REGISTER asked for. */
  private readonly contacts: (Contact | undefined)[];

  constructor(options: MessageAgentOptions) {
    const aor = parseUri(options.aor);
    if (!aor.ok || aor.value.user === undefined) throw new Error("sip: the address of record has no user");
    this.options = options;
    this.registrar = "sip:" + hostPortText(aor.value.host, undefined);
    const authorizations: Authorization[] = [];
    this.registerTalks = [];
    this.contacts = [];
    for (const receiver of options.receivers) {
      authorizations.push(new Authorization(receiver.user, receiver.password, options.random));
      this.registerTalks.push({ callId: "", cseq: 0 });
      this.contacts.push(undefined);
    }
    this.authorizations = authorizations;
    this.sources = new Sources(options.receivers);
    this.incoming = new Incoming(aor.value.user, randomHex(options.random, 8), this.sources, options.send);
    this.outgoing = new Outgoing({
      clock: options.clock,
      random: options.random,
      aor: options.aor,
      local: options.local,
      receivers: options.receivers,
      roundTripMs: options.roundTripMs,
      authorizations,
      send: options.send,
      recall: options.recall,
      onHeard: (order, from) => this.heard(order, from),
      onAnswered: (order, answer, reason, from, tookMs) => this.answered(order, answer, reason, from, tookMs),
      onFailed: (order, reason) => this.failed(order, reason, 0, undefined),
    });
    this.counts = { garbage: 0, strayAnswers: 0, foreign: 0, copies: 0 };
  }

  /**
   * Sends a SCAIP body, to `peer` where one is named, else to the receiver as it is set up. It ends in one "carried" or
   * "failed", at the latest after 32 s. `attempt` must not be under way; `body` must not change until then.
   */
  send(attempt: number, receiver: number, body: Uint8Array, peer?: Peer): void {
    this.begin(attempt, receiver, "MESSAGE", body, peer);
  }

  /** Asks with OPTIONS whether the receiver answers at all (RFC 3261 11); ends as `send` does. */
  probe(attempt: number, receiver: number, peer?: Peer): void {
    this.begin(attempt, receiver, "OPTIONS", noBody, peer);
  }

  /** Binds `contact` to the address of record (RFC 3261 10.2); ends in one `onRegistered`. One before it to that receiver is given up. */
  register(receiver: number, contact: Contact, peer: Peer): void {
    const number = registerNumber(receiver);
    const former = this.registerTalks[receiver] as Talk;
    const talk = former.callId === "" ? { callId: randomHex(this.options.random, 8), cseq: 0 } : former;
    this.registerTalks[receiver] = talk;
    this.contacts[receiver] = contact;
    this.outgoing.stop(number);
    this.outgoing.begin({
      number,
      receiver,
      to: peer,
      method: "REGISTER",
      uri: this.registrar,
      toUri: this.options.aor,
      contentType: undefined,
      headers: registerHeaders(contact),
      body: noBody,
      talk,
    });
  }

  /** Ends an attempt: nothing is sent again, and but for "heard" nothing is reported of it. */
  stop(attempt: number): void {
    this.outgoing.stop(attempt);
  }

  /** The connection to that receiver could not be had or has ended: what was under way over it is over. */
  connectionFailed(receiver: number, reason: FailReason, over?: Peer["over"]): void {
    this.outgoing.connectionFailed(receiver, over ?? "connection", reason);
  }

  /** Takes one datagram, or one message off a connection, that came in over this route. */
  hear(bytes: Uint8Array, from: Peer): void {
    if (isKeepAlive(bytes)) return;
    const message = viewSip(bytes);
    if (!message.ok) this.counts.garbage++;
    else if (message.value.kind === "response") this.hearAnswer(message.value, from);
    else this.hearRequest(message.value, bytes, from);
  }

  /** Whether the receiver may speak from `host`. */
  mayAnswer(receiver: number, host: string): boolean {
    return this.sources.allows(receiver, host);
  }

  private begin(number: number, receiver: number, method: string, body: Uint8Array, peer: Peer | undefined): void {
    const address = this.options.receivers[receiver];
    if (address === undefined) throw new Error("sip: no such receiver");
    this.outgoing.begin({
      number,
      receiver,
      to: peer ?? peerOf(address),
      method,
      uri: address.uri,
      toUri: address.uri,
      contentType: method === "MESSAGE" ? scaipType : undefined,
      headers: [],
      body,
      talk: { callId: randomHex(this.options.random, 8), cseq: 0 },
    });
  }

  private hearAnswer(answer: SipResponse, from: Peer): void {
    if (isOfCalls(answer.cseqMethod) && this.callsHear(answer, from)) return;
    if (!this.outgoing.hear(answer, from)) this.counts.strayAnswers++;
  }

  /** What a wrong certificate says proves no route. */
  private heard(order: Order, from: Peer): void {
    if (from.over === "foreign") return;
    this.sources.learn(order.receiver, from.host);
    this.options.onEvent({ type: "heard", receiver: order.receiver });
  }

  private answered(
    order: Order,
    answer: SipResponse,
    reason: FailReason | undefined,
    from: Peer,
    tookMs: number,
  ): void {
    if (order.number < 0) {
      const outcome = registerOutcome(answer, this.contacts[order.receiver] as Contact);
      this.registered(order.receiver, outcome, retryAfterS(answer));
    } else if (reason === undefined) this.carried(order, answer, from, tookMs);
    else {
      const waitS = reason === "unauthorised" ? undefined : retryAfterS(answer);
      this.failed(order, reason, answer.status, waitS);
    }
  }

  private carried(order: Order, answer: SipResponse, from: Peer, tookMs: number): void {
    const date = from.over === "foreign" || tookMs > dateWithinMs ? undefined : headerOf(answer, "Date");
    const isReceivers = from.over !== "foreign" && this.sources.allows(order.receiver, from.host);
    this.options.onEvent({
      type: "carried",
      attempt: order.number,
      receiver: order.receiver,
      status: answer.status,
      dateMs: date === undefined ? undefined : parseSipDate(date),
      body: isReceivers ? answer.body : noBody,
    });
  }

  private failed(order: Order, reason: FailReason, status: number, retryAfterS: number | undefined): void {
    if (order.number < 0) this.registered(order.receiver, undefined, undefined);
    else {
      const attempt = order.number;
      this.options.onEvent({ type: "failed", attempt, receiver: order.receiver, reason, status, retryAfterS });
    }
  }

  private registered(receiver: number, outcome: RegisterOutcome | undefined, retryAfterS: number | undefined): void {
    if (this.options.onRegistered !== undefined) this.options.onRegistered({ receiver, outcome, retryAfterS });
  }

  /** Those of calls bear more headers: their user has a limit of its own. */
  private hearRequest(request: SipRequest, bytes: Uint8Array, from: Peer): void {
    const isCall = isOfCalls(request.method) || (request.method === "OPTIONS" && request.to.tag !== undefined);
    if (isCall && this.callsHear(request, from)) return;
    if (bytes.length > requestByteLimit) {
      this.counts.garbage++;
      return;
    }
    const outcome = this.incoming.hear(request, from, this.takesCalls() ? callAbilities : messageAbilities);
    if (outcome.type === "copy") this.counts.copies++;
    else if (outcome.type === "foreign") this.counts.foreign++;
    else if (outcome.type === "message") {
      const foreign = from.over === "foreign";
      const receiver = outcome.receiver;
      this.options.onEvent({ type: "message", receiver, host: from.host, body: request.body, foreign });
    }
  }

  private takesCalls(): boolean {
    const calls = this.options.calls;
    return calls !== undefined && (calls.isThere === undefined || calls.isThere());
  }

  private callsHear(message: SipMessage, from: Peer): boolean {
    const calls = this.options.calls;
    return calls !== undefined && from.over !== "foreign" && calls.hear(message, from);
  }
}

/** A REGISTER goes under a number that no message has: one at a time for each receiver. */
function registerNumber(receiver: number): number {
  return -1 - receiver;
}

/** CR LF pairs only: what keeps a NAT binding alive (RFC 5626 3.5.1). */
function isKeepAlive(bytes: Uint8Array): boolean {
  if (bytes.length > 4) return false;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0x0d && bytes[i] !== 0x0a) return false;
  return true;
}
