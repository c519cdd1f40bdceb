/** For tests only: an agent with a clock moved by hand, and the far end played line by line. */
import { challengeText } from "../../protocol/sip/digest.ts";
import type { Header, SipMessage, SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { decodeSip, encodeSip } from "../../protocol/sip/message.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { AgentEvent, CallHearer, MessageAgentOptions, Registered } from "./message-agent.ts";
import { MessageAgent } from "./message-agent.ts";
import type { Peer, ReceiverAddress } from "./receiver-address.ts";
import { roundTripMs } from "./transaction-times.ts";

export const centre: Endpoint = { host: "203.0.113.9", port: 5060 };
export const stranger: Endpoint = { host: "192.0.2.66", port: 5060 };
export const primary: ReceiverAddress = {
  uri: "sip:arc@larm.example.net",
  host: "203.0.113.9",
  port: 5060,
  user: "4607110231",
  password: "provkod-77",
  answerFrom: ["203.0.113.10"],
};
/** The same address, another account, no password. */
export const second: ReceiverAddress = {
  uri: "sip:reserv@larm.example.net",
  host: "203.0.113.9",
  port: 5060,
  user: "4607110231",
  password: "",
  answerFrom: [],
};

interface HandTimer {
  dueMs: number;
  live: boolean;
  callback: () => void;
}

/** Time that moves only when the test says so. */
export class HandClock implements Clock {
  private now: number;
  private readonly timers: HandTimer[];

  constructor() {
    this.now = 0;
    this.timers = [];
  }

  nowMs(): number {
    return this.now;
  }

  after(delayMs: number, callback: () => void): Timer {
    const timer: HandTimer = { dueMs: this.now + delayMs, live: true, callback };
    this.timers.push(timer);
    return {
      cancel: () => {
        timer.live = false;
      },
    };
  }

  /** Runs every timer that is due until then, in order of time and then of planning. */
  runTo(untilMs: number): void {
    for (let next = this.first(untilMs); next !== undefined; next = this.first(untilMs)) {
      next.live = false;
      this.now = next.dueMs;
      next.callback();
    }
    this.now = untilMs;
  }

  /** Timers that still wait. */
  get running(): number {
    let count = 0;
    for (const timer of this.timers) if (timer.live) count++;
    return count;
  }

  private first(untilMs: number): HandTimer | undefined {
    let first: HandTimer | undefined;
    for (const timer of this.timers)
      if (timer.live && timer.dueMs <= untilMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
    return first;
  }
}

export interface Sent {
  readonly message: SipMessage;
  readonly bytes: Uint8Array;
  readonly to: Peer;
  readonly atMs: number;
}

export class Bench {
  readonly clock: HandClock;
  readonly events: AgentEvent[];
  readonly sent: Sent[];
  /** The bytes that need not leave any more, as they were given. */
  readonly recalled: Uint8Array[];
  readonly agent: MessageAgent;
  readonly registered: Registered[];
  /** Who takes the messages of calls. */
  calls: CallHearer;
  /** What the unit does on an event, beside noting it. */
  onEvent: (event: AgentEvent) => void;
  private seed: number;

  constructor(receivers: readonly ReceiverAddress[]) {
    this.clock = new HandClock();
    this.events = [];
    this.sent = [];
    this.recalled = [];
    this.registered = [];
    this.calls = { isThere: () => false, hear: () => false };
    this.onEvent = () => {};
    this.seed = 1;
    const options: MessageAgentOptions = {
      clock: this.clock,
      random: (into) => this.random(into),
      aor: "sip:4607110231@larm.example.net",
      local: () => ({ host: "198.51.100.23", port: 5070 }),
      receivers,
      roundTripMs,
      send: (bytes, to) => this.note(bytes, to),
      recall: (bytes) => this.recalled.push(bytes),
      onEvent: (event) => {
        this.events.push(event);
        this.onEvent(event);
      },
      calls: {
        isThere: () => this.calls.isThere === undefined || this.calls.isThere(),
        hear: (message, from) => this.calls.hear(message, from),
      },
      onRegistered: (what) => this.registered.push(what),
    };
    this.agent = new MessageAgent(options);
  }

  /** The newest request that the agent sent. */
  get request(): SipRequest {
    return this.newest() as SipRequest;
  }

  /** The newest response that the agent sent. */
  get answer(): SipResponse {
    return this.newest() as SipResponse;
  }

  /** Every event but "heard". */
  get outcomes(): AgentEvent[] {
    return this.events.filter((event) => event.type !== "heard");
  }

  /** The receiver answers a request. */
  reply(request: SipRequest, status: number, headers?: readonly Header[]): void {
    this.replyWith(request, status, { headers: headers ?? [] }, centre);
  }

  /** The same with other fields, from anywhere. */
  replyWith(request: SipRequest, status: number, change: Partial<SipResponse>, from: Peer): void {
    const response: SipResponse = {
      kind: "response",
      status,
      reason: "",
      via: request.via,
      from: request.from,
      to: { display: undefined, uri: request.to.uri, tag: "p01", params: [] },
      callId: request.callId,
      cseq: request.cseq,
      cseqMethod: request.cseqMethod,
      contentType: undefined,
      headers: [],
      body: new Uint8Array(0),
    };
    this.agent.hear(encodeSip(Object.assign(response, change)), from);
  }

  /** A request comes in. */
  hear(request: SipRequest, from?: Peer): void {
    this.agent.hear(encodeSip(request), from ?? centre);
  }

  private newest(): SipMessage | undefined {
    const sent = this.sent[this.sent.length - 1];
    return sent === undefined ? undefined : sent.message;
  }

  private note(bytes: Uint8Array, to: Peer): void {
    const decoded = decodeSip(bytes);
    if (!decoded.ok) throw new Error("the agent sent garbage");
    this.sent.push({ message: decoded.value, bytes, to, atMs: this.clock.nowMs() });
  }

  private random(into: Uint8Array): void {
    for (let i = 0; i < into.length; i++) {
      this.seed = (this.seed * 48271) % 2147483647;
      into[i] = this.seed & 0xff;
    }
  }
}

/** A bench with two receivers over UDP. */
export function bench(): Bench {
  return new Bench([primary, second]);
}

interface ChallengeDetails {
  readonly stale?: boolean;
  readonly algorithm?: string;
  readonly qop?: readonly string[];
}

/** A WWW-Authenticate header with an opaque value, and `qop="auth"` unless told otherwise. */
export function challenge(nonce: string, more?: ChallengeDetails): Header {
  const details = more ?? {};
  const value = challengeText({
    realm: "larm.example.net",
    nonce,
    opaque: "o",
    stale: details.stale === true,
    algorithm: details.algorithm,
    qop: details.qop ?? ["auth"],
  });
  return { name: "WWW-Authenticate", value };
}

/** A receiver's MESSAGE with an mrs. */
export function incoming(change?: Partial<SipRequest>): SipRequest {
  const via = { host: centre.host, port: 5060, branch: "z9hG4bKq7r2", received: undefined, rport: 0, params: [] };
  const request: SipRequest = {
    kind: "request",
    method: "MESSAGE",
    uri: "sip:4607110231@198.51.100.23:5070",
    via: [Object.assign({ transport: "UDP" }, via)],
    maxForwards: 70,
    from: { display: undefined, uri: primary.uri, tag: "z88", params: [] },
    to: { display: undefined, uri: "sip:4607110231@larm.example.net", tag: undefined, params: [] },
    callId: "91fb3a06@203.0.113.9",
    cseq: 1,
    cseqMethod: "MESSAGE",
    contentType: "application/scaip+xml",
    headers: [],
    body: mrs,
  };
  return Object.assign(request, change);
}

export const body = utf8("<mrq><ref>A1</ref></mrq>");
export const mrs = utf8("<mrs><ref>A1</ref><snu>0</snu></mrs>");
