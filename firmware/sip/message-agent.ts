/** Carries SIP messages over one route: our MESSAGEs out (RFC 3428, RFC 3261 17.1 and 22), a receiver's MESSAGEs in. It decides nothing about alarms. */
import { parseSipDate } from "../../protocol/sip/date.ts";
import type { Header, SipRequest, SipResponse, Via } from "../../protocol/sip/message.ts";
import { encodeSip, headerOf, viewSip } from "../../protocol/sip/message.ts";
import { decimal, tokenEnd } from "../../protocol/sip/scan.ts";
import { parseUri } from "../../protocol/sip/uri.ts";
import type { Clock } from "../ports/clock.ts";
import type { Endpoint } from "../ports/socket.ts";
import { scaipType } from "./answering.ts";
import { Authorization } from "./authorization.ts";
import type { TransactionOwner } from "./client-transaction.ts";
import { ClientTransaction } from "./client-transaction.ts";
import { Incoming } from "./incoming.ts";
import { randomHex } from "./random-text.ts";
import { Sources } from "./sources.ts";
import type { StreamFault } from "./stream-fault.ts";
import { TransactionTable } from "./transaction-table.ts";
import { patienceMs } from "./transaction-times.ts";

/** A receiver as one route reaches it. */
export interface ReceiverAddress {
  /** Request-URI and To, such as `sip:arc@example.net`. */
  readonly uri: string;
  /** Where the datagrams go: an address, or a name where the host resolves names. */
  readonly host: string;
  readonly port: number;
  /** UDP where absent. TLS checks the certificate against `host`, or against `serverName` where that is an address. */
  readonly transport?: Transport;
  readonly serverName?: string;
  /** The address behind the name in `host`, for routes that look up no names. */
  readonly address?: string;
  /** For digest authentication; an empty password answers no challenge. */
  readonly user: string;
  readonly password: string;
  /** Addresses beside `host` that its requests may come from, with any port. */
  readonly answerFrom: readonly string[];
}

export type Transport = "udp" | "tcp" | "tls";

/** `StreamFault`: the connection could not be had, or has ended. */
export type FailReason = "no-answer" | "refused" | "busy" | "unauthorised" | StreamFault;

export type AgentEvent =
  /** Answered 2xx. `body` is what a deviant receiver puts in there, empty as a rule and from an address that is not the receiver's. */
  | {
      readonly type: "carried";
      readonly attempt: number;
      readonly receiver: number;
      readonly status: number;
      /** The answer's Date, in ms since 1970. */
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
   */
  | { readonly type: "message"; readonly receiver: number; readonly host: string; readonly body: Uint8Array }
  /** Any answer to one of our requests, also a provisional, a late or a refusing one: the route to the receiver is proven. */
  | { readonly type: "heard"; readonly receiver: number };

export interface MessageAgentOptions {
  readonly clock: Clock;
  readonly random: (into: Uint8Array) => void;
  /** The unit's address of record, `sip:user@domain`: From, and the user that incoming requests must name. Throws where it is none. */
  readonly aor: string;
  /** The route's own address, asked for each request. */
  readonly local: () => Endpoint;
  readonly receivers: readonly ReceiverAddress[];
  /** Over UDP or over the connection to that receiver. */
  readonly send: (bytes: Uint8Array, to: Endpoint) => void;
  /** Never called from inside `send`, but for an attempt that has to make room. */
  readonly onEvent: (event: AgentEvent) => void;
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

/** Challenges that one attempt answers before it counts as unauthorised. */
export const challengeLimit = 4;

/** One message on its way to one receiver, over all its tries. */
interface Attempt {
  readonly number: number;
  readonly receiver: number;
  readonly method: string;
  readonly body: Uint8Array;
  readonly callId: string;
  readonly fromTag: string;
  readonly startedMs: number;
  cseq: number;
  challenges: number;
  /** Whether the newest request answered a challenge that this attempt itself was given, of the server and of a proxy. */
  serverAnswered: boolean;
  proxyAnswered: boolean;
  /** Reported or stopped: nothing more is to be said of it. */
  ended: boolean;
}

/** Longest request that is read: the answer, which repeats much of it, cannot outgrow what `encodeSip` writes. */
export const requestByteLimit = 2048;
const noBody = new Uint8Array(0);
const largestRetryAfterS = 0x7fffffff;

export class MessageAgent {
  readonly counts: AgentCounts;
  private readonly options: MessageAgentOptions;
  private readonly authorizations: Authorization[];
  private readonly sources: Sources;
  private readonly incoming: Incoming;
  private readonly owner: TransactionOwner<Attempt>;
  private readonly live: TransactionTable<Attempt>;

  constructor(options: MessageAgentOptions) {
    const aor = parseUri(options.aor);
    if (!aor.ok || aor.value.user === undefined) throw new Error("sip: the address of record has no user");
    this.options = options;
    this.authorizations = [];
    for (const receiver of options.receivers)
      this.authorizations.push(new Authorization(receiver.user, receiver.password, options.random));
    this.sources = new Sources(options.receivers);
    this.incoming = new Incoming(aor.value.user, randomHex(options.random, 8), this.sources, options.send);
    this.owner = {
      clock: options.clock,
      transmit: options.send,
      noAnswer: (transaction) => this.fail(transaction.user, "no-answer", 0, undefined),
      over: (transaction) => this.live.remove(transaction),
    };
    this.live = new TransactionTable();
    this.counts = { garbage: 0, strayAnswers: 0, foreign: 0, copies: 0 };
  }

  /** Sends a SCAIP body. It ends in one "carried" or "failed", at the latest after 32 s. `attempt` must not be under way; `body` must not change until then. */
  send(attempt: number, receiver: number, body: Uint8Array): void {
    this.begin(attempt, receiver, "MESSAGE", body);
  }

  /** Asks with OPTIONS whether the receiver answers at all (RFC 3261 11); ends as `send` does. */
  probe(attempt: number, receiver: number): void {
    this.begin(attempt, receiver, "OPTIONS", noBody);
  }

  /** Ends an attempt: nothing is sent again, and but for "heard" nothing is reported of it. */
  stop(attempt: number): void {
    const transaction = this.underWay(attempt);
    if (transaction === undefined) return;
    transaction.user.ended = true;
    transaction.step({ type: "stopped" });
  }

  /** The connection to that receiver could not be had or has ended: what was under way over it is over. */
  connectionFailed(receiver: number, reason: FailReason): void {
    for (;;) {
      const lost = this.live.newest((user) => user.receiver === receiver && !user.ended);
      if (lost === undefined) return;
      this.fail(lost.user, reason, 0, undefined);
      lost.step({ type: "stopped" });
    }
  }

  /** Takes one datagram, or one message off a connection, that came in over this route. */
  hear(bytes: Uint8Array, from: Endpoint): void {
    if (isKeepAlive(bytes)) return;
    const message = viewSip(bytes);
    if (!message.ok) this.counts.garbage++;
    else if (message.value.kind === "response") this.hearAnswer(message.value, from);
    else if (bytes.length > requestByteLimit) this.counts.garbage++;
    else this.hearRequest(message.value, from);
  }

  /** Whether the receiver may speak from `host`. */
  mayAnswer(receiver: number, host: string): boolean {
    return this.sources.allows(receiver, host);
  }

  private begin(number: number, receiver: number, method: string, body: Uint8Array): void {
    if (this.options.receivers[receiver] === undefined) throw new Error("sip: no such receiver");
    if (this.underWay(number) !== undefined) throw new Error("sip: attempt is under way");
    const random = this.options.random;
    this.request({
      number,
      receiver,
      method,
      body,
      callId: randomHex(random, 8),
      fromTag: randomHex(random, 4),
      startedMs: this.options.clock.nowMs(),
      cseq: 0,
      challenges: 0,
      serverAnswered: false,
      proxyAnswered: false,
      ended: false,
    });
  }

  private underWay(attempt: number): ClientTransaction<Attempt> | undefined {
    return this.live.newest((user) => user.number === attempt && !user.ended);
  }

  /** Sends the attempt's next request: a new transaction with the next CSeq and a new branch (RFC 3261 8.1.3.5 and 22.2). */
  private request(attempt: Attempt): void {
    const receiver = this.options.receivers[attempt.receiver] as ReceiverAddress;
    attempt.cseq++;
    const branch = "z9hG4bK" + randomHex(this.options.random, 8);
    const bytes = encodeSip(this.requestOf(attempt, receiver, branch));
    const to = { host: receiver.host, port: receiver.port };
    const evicted = this.live.makeRoom();
    const transaction = new ClientTransaction<Attempt>(this.owner, branch, attempt.method, bytes, to, attempt);
    this.live.add(transaction);
    const lifeMs = Math.max(0, attempt.startedMs + patienceMs - this.options.clock.nowMs());
    transaction.start(isReliable(receiver), lifeMs);
    if (evicted !== undefined) this.fail(evicted.user, "no-answer", 0, undefined);
  }

  private requestOf(attempt: Attempt, receiver: ReceiverAddress, branch: string): SipRequest {
    const local = this.options.local();
    const transport = (receiver.transport ?? "udp").toUpperCase();
    const headers: Header[] = [];
    (this.authorizations[attempt.receiver] as Authorization).addTo(headers, attempt.method, receiver.uri);
    return {
      kind: "request",
      method: attempt.method,
      uri: receiver.uri,
      via: [{ transport, host: local.host, port: local.port, branch, received: undefined, rport: 0, params: [] }],
      maxForwards: 70,
      from: { display: undefined, uri: this.options.aor, tag: attempt.fromTag, params: [] },
      to: { display: undefined, uri: receiver.uri, tag: undefined, params: [] },
      callId: attempt.callId,
      cseq: attempt.cseq,
      cseqMethod: attempt.method,
      contentType: attempt.method === "MESSAGE" ? scaipType : undefined,
      headers,
      body: attempt.body,
    };
  }

  /** An answer belongs to the request with its branch and method (RFC 3261 17.1.3); one with two Via is not for us (8.1.3.3). */
  private hearAnswer(answer: SipResponse, from: Endpoint): void {
    const transaction =
      answer.via.length === 1 ? this.live.find((answer.via[0] as Via).branch, answer.cseqMethod) : undefined;
    if (transaction === undefined) {
      this.counts.strayAnswers++;
      return;
    }
    const attempt = transaction.user;
    this.sources.learn(attempt.receiver, from.host);
    const forUser = transaction.step({ type: "answered", status: answer.status });
    // Told first: whoever stops the attempt on hearing this gets no outcome of it.
    this.options.onEvent({ type: "heard", receiver: attempt.receiver });
    if (forUser && answer.status >= 200 && !attempt.ended) this.finish(attempt, answer, from);
  }

  private finish(attempt: Attempt, answer: SipResponse, from: Endpoint): void {
    const status = answer.status;
    if (status === 401 || status === 407) this.takeChallenge(attempt, answer);
    else if (status >= 300) this.fail(attempt, status === 503 ? "busy" : "refused", status, retryAfterS(answer));
    else {
      const date = headerOf(answer, "Date");
      attempt.ended = true;
      this.options.onEvent({
        type: "carried",
        attempt: attempt.number,
        receiver: attempt.receiver,
        status,
        dateMs: date === undefined ? undefined : parseSipDate(date),
        body: this.sources.allows(attempt.receiver, from.host) ? answer.body : noBody,
      });
    }
  }

  /**
   * Credentials sent ahead may have grown old, so a challenge is answered, with the same Call-ID and From tag; when that
   * very answer is refused, and not only its nonce, the password is wrong.
   */
  private takeChallenge(attempt: Attempt, answer: SipResponse): void {
    const proxy = answer.status === 407;
    const authorization = this.authorizations[attempt.receiver] as Authorization;
    const challenge = authorization.learn(answer);
    const answered = proxy ? attempt.proxyAnswered : attempt.serverAnswered;
    attempt.challenges++;
    if (challenge === undefined || (answered && !challenge.stale) || attempt.challenges > challengeLimit) {
      authorization.forget(answer.status);
      this.fail(attempt, "unauthorised", answer.status, undefined);
      return;
    }
    if (proxy) attempt.proxyAnswered = true;
    else attempt.serverAnswered = true;
    this.request(attempt);
  }

  private fail(attempt: Attempt, reason: FailReason, status: number, retryAfterS: number | undefined): void {
    attempt.ended = true;
    this.options.onEvent({
      type: "failed",
      attempt: attempt.number,
      receiver: attempt.receiver,
      reason,
      status,
      retryAfterS,
    });
  }

  private hearRequest(request: SipRequest, from: Endpoint): void {
    const outcome = this.incoming.hear(request, from);
    if (outcome.type === "copy") this.counts.copies++;
    else if (outcome.type === "foreign") this.counts.foreign++;
    else if (outcome.type === "message")
      this.options.onEvent({ type: "message", receiver: outcome.receiver, host: from.host, body: request.body });
  }
}

/** Over TCP and TLS a request is sent once: they lose nothing (RFC 3261 17.1.2.2). */
export function isReliable(receiver: ReceiverAddress): boolean {
  return receiver.transport === "tcp" || receiver.transport === "tls";
}

/** CR LF pairs only: what keeps a NAT binding alive (RFC 5626 3.5.1). */
function isKeepAlive(bytes: Uint8Array): boolean {
  if (bytes.length > 4) return false;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0x0d && bytes[i] !== 0x0a) return false;
  return true;
}

/** Seconds of a Retry-After, without its comment and parameters (RFC 3261 20.33). */
function retryAfterS(answer: SipResponse): number | undefined {
  const text = headerOf(answer, "Retry-After");
  if (text === undefined) return undefined;
  const seconds = decimal(text, 0, tokenEnd(text, 0), largestRetryAfterS);
  return seconds < 0 ? undefined : seconds;
}
