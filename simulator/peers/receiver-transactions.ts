/** A receiver's SIP transactions: answers kept for repeated requests (RFC 3261 17.2.2), and its own requests sent until answered (17.1.2). */

import type { Timer } from "../../firmware/ports/clock.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { longestPauseMs, patienceMs, roundTripMs } from "../../firmware/sip/transaction-times.ts";
import type { SipRequest, SipResponse } from "../../protocol/sip/message.ts";

/** How a packet travels; a reliable transport needs no repetition. */
export type ReceiverTransport = "udp" | "tcp" | "tls";

/** Timer J for kept answers, Timer F for requests of our own. */
export const transactionMs = patienceMs;

/**
 * The answers given in the last 32 s. A request that comes again gets the very same bytes. Some units use one branch for
 * everything, so Call-ID and CSeq are compared as well.
 */
export class AnswersGiven {
  private readonly limit: number;
  private readonly given: Map<string, Given>;
  /** The same by age, in a ring: a Map's first entry is slow to find where many before it were removed. */
  private readonly ring: (Given | undefined)[];
  /** Where the oldest stands. */
  private oldest: number;
  private ringCount: number;

  /** At most `limit` answers are kept, the oldest going first. */
  constructor(limit: number) {
    this.limit = limit;
    this.given = new Map();
    this.ring = [];
    this.oldest = 0;
    this.ringCount = 0;
  }

  get count(): number {
    return this.given.size;
  }

  find(key: string, nowMs: number): Uint8Array | undefined {
    const found = this.given.get(key);
    return found === undefined || found.untilMs <= nowMs ? undefined : found.bytes;
  }

  keep(key: string, bytes: Uint8Array, nowMs: number): void {
    while (this.ringCount > 0) {
      const oldest = this.ring[this.oldest] as Given;
      if (this.ringCount < this.limit && oldest.untilMs > nowMs) break;
      this.ring[this.oldest] = undefined;
      this.oldest = (this.oldest + 1) % this.limit;
      this.ringCount--;
      // It may have been answered anew since.
      if (this.given.get(oldest.key) === oldest) this.given.delete(oldest.key);
    }
    const answer = { key, bytes, untilMs: nowMs + transactionMs };
    this.ring[(this.oldest + this.ringCount) % this.limit] = answer;
    this.ringCount++;
    this.given.set(key, answer);
  }
}

interface Given {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly untilMs: number;
}

/** What makes two requests the same transaction. */
export function transactionKey(request: SipRequest): string {
  const via = request.via[0];
  return `${via?.branch} ${via?.host}:${via?.port} ${request.callId} ${request.cseq} ${request.method}`;
}

export interface OwnRequestsHost {
  after(delayMs: number, callback: () => void): Timer;
  send(bytes: Uint8Array, to: Endpoint, transport: ReceiverTransport): void;
}

interface OwnRequest {
  readonly bytes: Uint8Array;
  readonly to: Endpoint;
  readonly transport: ReceiverTransport;
  readonly giveUp: Timer;
  repeat: Timer | undefined;
  waitMs: number;
}

/** Requests under way, by branch. Each ends with a final answer, after 32 s, or when all are stopped. */
export class OwnRequests {
  private readonly host: OwnRequestsHost;
  private readonly underWay: Map<string, OwnRequest>;

  constructor(host: OwnRequestsHost) {
    this.host = host;
    this.underWay = new Map();
  }

  get count(): number {
    return this.underWay.size;
  }

  send(branch: string, bytes: Uint8Array, to: Endpoint, transport: ReceiverTransport): void {
    const giveUp = this.host.after(transactionMs, () => this.end(branch));
    const request: OwnRequest = { bytes, to, transport, giveUp, repeat: undefined, waitMs: roundTripMs };
    this.underWay.set(branch, request);
    if (transport === "udp") this.planRepeat(request);
    this.host.send(bytes, to, transport);
  }

  hear(response: SipResponse): void {
    const branch = response.via[0]?.branch ?? "";
    const request = this.underWay.get(branch);
    if (request === undefined || response.cseqMethod !== "MESSAGE") return;
    if (response.status >= 200) this.end(branch);
    else request.waitMs = longestPauseMs;
  }

  stopAll(): void {
    for (const branch of [...this.underWay.keys()]) this.end(branch);
  }

  private planRepeat(request: OwnRequest): void {
    request.repeat = this.host.after(request.waitMs, () => {
      request.waitMs = Math.min(request.waitMs * 2, longestPauseMs);
      this.planRepeat(request);
      this.host.send(request.bytes, request.to, request.transport);
    });
  }

  private end(branch: string): void {
    const request = this.underWay.get(branch);
    if (request === undefined) return;
    this.underWay.delete(branch);
    request.giveUp.cancel();
    request.repeat?.cancel();
  }
}
