/** What every call of one telephone shares: its name and address, its way out, and the requests under way within calls (RFC 3261 8.1.1, 8.1.2, 12.1 and 17.1.2). */
import type { Header, SipRequest, SipResponse, Via } from "../../protocol/sip/message.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import { hostPortText, parseUri } from "../../protocol/sip/uri.ts";
import type { Clock } from "../ports/clock.ts";
import type { CallRoute, Hop } from "./call-route.ts";
import { ClientTransaction } from "./client-transaction.ts";
import { answerByteLimit } from "./incoming.ts";
import { randomHex } from "./random-text.ts";
import type { Transport } from "./receiver-address.ts";
import { TransactionTable } from "./transaction-table.ts";
import { patienceMs, roundTripMs } from "./transaction-times.ts";

/** Told the final answer to a request once; undefined: none came. */
export type Done = (answer: SipResponse | undefined) => void;

/** Largest packet over UDP, as a socket takes it. */
export const packetByteLimit = answerByteLimit;

export const allowHeader: Header = { name: "Allow", value: "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE" };
export const timerSupported: Header = { name: "Supported", value: "timer" };

export class CallLine {
  readonly clock: Clock;
  readonly random: (into: Uint8Array) => void;
  readonly route: CallRoute;
  /** The user of the address of record, escapes resolved: what a request must name that is for us. */
  readonly user: string;
  private readonly writtenUser: string;
  private readonly requests: TransactionTable<Done>;

  /** Throws where the address of record has no user. */
  constructor(clock: Clock, random: (into: Uint8Array) => void, route: CallRoute) {
    const aor = parseUri(route.aor);
    if (!aor.ok || aor.value.user === undefined) throw new Error("sip: the address of record has no user");
    this.clock = clock;
    this.random = random;
    this.route = route;
    this.user = aor.value.user;
    this.writtenUser = route.aor.substring(route.aor.indexOf(":") + 1, route.aor.indexOf("@"));
    this.requests = new TransactionTable();
  }

  nowMs(): number {
    return this.clock.nowMs();
  }

  newText(byteCount: number): string {
    return randomHex(this.random, byteCount);
  }

  newBranch(): string {
    return "z9hG4bK" + this.newText(8);
  }

  via(hop: Hop, branch: string): Via {
    const local = this.route.local(hop.to, hop.transport);
    return {
      transport: hop.transport.toUpperCase(),
      host: local.host,
      port: local.port,
      branch,
      received: undefined,
      rport: 0,
      params: [],
    };
  }

  /** Where the other end reaches us within the call. */
  contact(hop: Hop): Header {
    const local = this.route.local(hop.to, hop.transport);
    const over = hop.transport === "udp" ? "" : ";transport=" + hop.transport;
    return {
      name: "Contact",
      value: "<sip:" + this.writtenUser + "@" + hostPortText(local.host, local.port) + over + ">",
    };
  }

  /** Adds the credentials of the hop's receiver. */
  authorize(headers: Header[], hop: Hop, method: string, uri: string): void {
    const authorization = this.route.authorization(hop.receiver);
    if (authorization !== undefined) authorization.addTo(headers, method, uri);
  }

  /** False where it is too long for its transport: it is not sent. */
  transmit(bytes: Uint8Array, hop: Hop): boolean {
    if (hop.transport === "udp" && bytes.length > packetByteLimit) return false;
    this.route.send(bytes, hop.to, hop.transport);
    return true;
  }

  /** Sends a request other than INVITE and ACK in a transaction of its own (17.1.2). */
  begin(request: SipRequest, hop: Hop, done: Done): void {
    const evicted = this.requests.makeRoom();
    const transaction = new ClientTransaction<Done>(
      {
        clock: this.clock,
        transmit: (bytes) => this.transmit(bytes, hop),
        noAnswer: (ended) => ended.user(undefined),
        over: (ended) => this.requests.remove(ended),
      },
      (request.via[0] as Via).branch,
      request.method,
      encodeSip(request),
      hop.to,
      done,
    );
    this.requests.add(transaction);
    transaction.start(isReliableTransport(hop.transport), patienceMs, roundTripMs);
    if (evicted !== undefined) evicted.user(undefined);
  }

  /** True where the answer belongs to a request that `begin` has sent. */
  hear(answer: SipResponse): boolean {
    const transaction = this.requests.find((answer.via[0] as Via).branch, answer.cseqMethod);
    if (transaction === undefined) return false;
    const isForUser = transaction.step({ type: "answered", status: answer.status });
    if (isForUser && answer.status >= 200) transaction.user(answer);
    return true;
  }
}

/** Over TCP and TLS a message is sent once (17.1.1.2). */
export function isReliableTransport(transport: Transport): boolean {
  return transport !== "udp";
}
