/** Requests of ours over one route, from the first try to the one outcome: transactions, challenges, what an answer means (RFC 3261 8.1.3, 17.1 and 22; RFC 3428). */
import type { Header, SipRequest, SipResponse, Via } from "../../protocol/sip/message.ts";
import { encodeSip, headerOf } from "../../protocol/sip/message.ts";
import { decimal, tokenEnd } from "../../protocol/sip/scan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { Authorization } from "./authorization.ts";
import type { TransactionOwner } from "./client-transaction.ts";
import { ClientTransaction } from "./client-transaction.ts";
import { randomHex } from "./random-text.ts";
import type { Peer, ReceiverAddress } from "./receiver-address.ts";
import { isReliable } from "./receiver-address.ts";
import type { StreamFault } from "./stream-fault.ts";
import { TransactionTable } from "./transaction-table.ts";
import { patienceMs } from "./transaction-times.ts";

/** `StreamFault`: the connection could not be had, or has ended. */
export type FailReason = "no-answer" | "refused" | "busy" | "unauthorised" | StreamFault;

/** Requests that belong together: one Call-ID, counted. */
export interface Talk {
  readonly callId: string;
  /** Of the newest request; 0 before the first. */
  cseq: number;
}

/** What is to be asked of a receiver. */
export interface Order {
  /** Not that of an order under way. */
  readonly number: number;
  readonly receiver: number;
  readonly to: Peer;
  readonly method: string;
  /** Request-URI. */
  readonly uri: string;
  /** The address in To. */
  readonly toUri: string;
  readonly contentType: string | undefined;
  /** Beside those that every request has. */
  readonly headers: readonly Header[];
  /** Must not change until the outcome is told. */
  readonly body: Uint8Array;
  readonly talk: Talk;
}

export interface OutgoingOptions {
  readonly clock: Clock;
  readonly random: (into: Uint8Array) => void;
  /** From. */
  readonly aor: string;
  readonly local: (to: Peer) => Endpoint;
  readonly receivers: readonly ReceiverAddress[];
  /** T1. */
  readonly roundTripMs: number;
  /** By receiver. */
  readonly authorizations: readonly Authorization[];
  readonly send: (bytes: Uint8Array, to: Peer) => void;
  /** What was given to `send`, the same array, is wanted no more: what has not left need not. */
  readonly recall: ((bytes: Uint8Array, to: Peer) => void) | undefined;
  /** Any answer to that order, before its outcome. */
  readonly onHeard: (order: Order, from: Peer) => void;
  /** Its final answer, which is no challenge that could be answered, `tookMs` after the order; `reason` is undefined for a 2xx. */
  readonly onAnswered: (
    order: Order,
    answer: SipResponse,
    reason: FailReason | undefined,
    from: Peer,
    tookMs: number,
  ) => void;
  /** It is over without a final answer. */
  readonly onFailed: (order: Order, reason: FailReason) => void;
}

/** Challenges that one order answers before it counts as unauthorised. */
export const challengeLimit = 4;

/** One order on its way, over all its tries. */
interface Attempt {
  readonly order: Order;
  readonly fromTag: string;
  readonly startedMs: number;
  challenges: number;
  /** Whether the newest request answered a challenge that this attempt itself was given, of the server and of a proxy. */
  serverAnswered: boolean;
  proxyAnswered: boolean;
  /** Reported or stopped: nothing more is to be said of it. */
  ended: boolean;
}

const largestRetryAfterS = 0x7fffffff;

export class Outgoing {
  private readonly options: OutgoingOptions;
  private readonly owner: TransactionOwner<Attempt>;
  private readonly live: TransactionTable<Attempt>;

  constructor(options: OutgoingOptions) {
    this.options = options;
    this.owner = {
      clock: options.clock,
      transmit: options.send,
      noAnswer: (transaction) => this.fail(transaction.user, "no-answer"),
      over: (transaction) => this.live.remove(transaction),
    };
    this.live = new TransactionTable();
  }

  /** Ends in one `onAnswered` or `onFailed`, at the latest after 32 s. Throws where its number is under way. */
  begin(order: Order): void {
    if (this.underWay(order.number) !== undefined) throw new Error("sip: attempt is under way");
    this.request({
      order,
      fromTag: randomHex(this.options.random, 4),
      startedMs: this.options.clock.nowMs(),
      challenges: 0,
      serverAnswered: false,
      proxyAnswered: false,
      ended: false,
    });
  }

  /** Ends an order: nothing is sent again, what still waits to leave does not, and but for `onHeard` nothing is told of it. */
  stop(number: number): void {
    const transaction = this.underWay(number);
    if (transaction === undefined) return;
    transaction.user.ended = true;
    if (this.options.recall !== undefined) this.options.recall(transaction.request, transaction.user.order.to);
    transaction.step({ type: "stopped" });
  }

  /** What that receiver was asked over connections of this kind is over. */
  connectionFailed(receiver: number, over: Peer["over"], reason: FailReason): void {
    const isLost = (user: Attempt): boolean =>
      !user.ended && user.order.receiver === receiver && user.order.to.over === over;
    for (let lost = this.live.newest(isLost); lost !== undefined; lost = this.live.newest(isLost)) {
      this.fail(lost.user, reason);
      lost.step({ type: "stopped" });
    }
  }

  /** False where it answers no request of ours: it must have its branch and method (RFC 3261 17.1.3), and one Via alone (8.1.3.3). */
  hear(answer: SipResponse, from: Peer): boolean {
    const transaction =
      answer.via.length === 1 ? this.live.find((answer.via[0] as Via).branch, answer.cseqMethod) : undefined;
    if (transaction === undefined) return false;
    const attempt = transaction.user;
    const forUser = transaction.step({ type: "answered", status: answer.status });
    // Told first: whoever stops the attempt on hearing this gets no outcome of it.
    this.options.onHeard(attempt.order, from);
    if (forUser && answer.status >= 200 && !attempt.ended) this.finish(attempt, answer, from);
    return true;
  }

  private underWay(number: number): ClientTransaction<Attempt> | undefined {
    return this.live.newest((user) => user.order.number === number && !user.ended);
  }

  /** Sends the attempt's next request: a new transaction with the next CSeq and a new branch (RFC 3261 8.1.3.5 and 22.2). */
  private request(attempt: Attempt): void {
    const order = attempt.order;
    order.talk.cseq++;
    const branch = "z9hG4bK" + randomHex(this.options.random, 8);
    const bytes = encodeSip(this.requestOf(attempt, branch));
    const evicted = this.live.makeRoom();
    const transaction = new ClientTransaction<Attempt>(this.owner, branch, order.method, bytes, order.to, attempt);
    this.live.add(transaction);
    const lifeMs = Math.max(0, attempt.startedMs + patienceMs - this.options.clock.nowMs());
    const receiver = this.options.receivers[order.receiver] as ReceiverAddress;
    transaction.start(isReliable(receiver), lifeMs, this.options.roundTripMs);
    if (evicted !== undefined) this.fail(evicted.user, "no-answer");
  }

  private requestOf(attempt: Attempt, branch: string): SipRequest {
    const order = attempt.order;
    const local = this.options.local(order.to);
    const receiver = this.options.receivers[order.receiver] as ReceiverAddress;
    const transport = (receiver.transport ?? "udp").toUpperCase();
    const headers = order.headers.concat();
    (this.options.authorizations[order.receiver] as Authorization).addTo(headers, order.method, order.uri);
    return {
      kind: "request",
      method: order.method,
      uri: order.uri,
      via: [{ transport, host: local.host, port: local.port, branch, received: undefined, rport: 0, params: [] }],
      maxForwards: 70,
      from: { display: undefined, uri: this.options.aor, tag: attempt.fromTag, params: [] },
      to: { display: undefined, uri: order.toUri, tag: undefined, params: [] },
      callId: order.talk.callId,
      cseq: order.talk.cseq,
      cseqMethod: order.method,
      contentType: order.contentType,
      headers,
      body: order.body,
    };
  }

  private finish(attempt: Attempt, answer: SipResponse, from: Peer): void {
    const status = answer.status;
    if (status === 401 || status === 407) this.takeChallenge(attempt, answer, from);
    else this.answered(attempt, answer, status < 300 ? undefined : status === 503 ? "busy" : "refused", from);
  }

  /**
   * Credentials sent ahead may have grown old, so a challenge is answered, with the same Call-ID and From tag; when that
   * very answer is refused, and not only its nonce, the password is wrong.
   */
  private takeChallenge(attempt: Attempt, answer: SipResponse, from: Peer): void {
    const proxy = answer.status === 407;
    const authorization = this.options.authorizations[attempt.order.receiver] as Authorization;
    const challenge = authorization.learn(answer);
    const answered = proxy ? attempt.proxyAnswered : attempt.serverAnswered;
    attempt.challenges++;
    if (challenge === undefined || (answered && !challenge.stale) || attempt.challenges > challengeLimit) {
      authorization.forget(answer.status);
      this.answered(attempt, answer, "unauthorised", from);
      return;
    }
    if (proxy) attempt.proxyAnswered = true;
    else attempt.serverAnswered = true;
    this.request(attempt);
  }

  private answered(attempt: Attempt, answer: SipResponse, reason: FailReason | undefined, from: Peer): void {
    attempt.ended = true;
    const tookMs = this.options.clock.nowMs() - attempt.startedMs;
    this.options.onAnswered(attempt.order, answer, reason, from, tookMs);
  }

  private fail(attempt: Attempt, reason: FailReason): void {
    attempt.ended = true;
    this.options.onFailed(attempt.order, reason);
  }
}

/** Seconds of a Retry-After, without its comment and parameters (RFC 3261 20.33). */
export function retryAfterS(answer: SipResponse): number | undefined {
  const text = headerOf(answer, "Retry-After");
  if (text === undefined) return undefined;
  const seconds = decimal(text, 0, tokenEnd(text, 0), largestRetryAfterS);
  return seconds < 0 ? undefined : seconds;
}
