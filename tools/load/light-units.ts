/**
 * Many units' worth of messages from one UDP socket: the project's own codec, account numbers and references, each message a
 * transaction of its own that is sent again until it is answered (RFC 3261 17.1.2), without the firmware around it.
 */
import { randomFillSync, randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { Authorization } from "../../firmware/sip/authorization.ts";
import { longestPauseMs, roundTripMs } from "../../firmware/sip/transaction-times.ts";
import { encodeRequest } from "../../protocol/scaip/request.ts";
import { decodeResponse } from "../../protocol/scaip/response.ts";
import { numberFromRef, refOf, stemOf } from "../../protocol/scaip/stem.ts";
import { encodeSip, type Header, type SipRequest, type SipResponse, viewSip } from "../../protocol/sip/message.ts";
import { answerTo } from "../../simulator/peers/receiver-packets.ts";
import type { LoadUnits } from "./load-units.ts";
import { type LightProfile, lightMessage } from "./profiles.ts";
import type { Tally } from "./tally.ts";

export interface LightOptions {
  readonly to: Endpoint;
  /** Own address. */
  readonly host: string;
  /** SIP address of the receiver. */
  readonly receiver: string;
  /** Of the units' own SIP addresses. */
  readonly domain: string;
  readonly units: number;
  /** Account number of the first unit; the others count on from it. */
  readonly firstAccount: string;
  readonly profile: LightProfile;
  /** For a receiver that asks who calls; "" where none does. */
  readonly user: string;
  readonly password: string;
  /** What is waited for: SIP's 200 alone, or the `mrs` too. */
  readonly until: "carried" | "accepted";
  /** A message that has not come so far after this time is lost. */
  readonly patienceMs: number;
  /** Messages open at once; `openLimit` unless said. */
  readonly openLimit?: number;
  /** Monotonic; that of this machine unless said. */
  readonly nowMs?: () => number;
  readonly tally: Tally;
}

/** One message, until it is answered as far as it must be, refused or lost. */
interface Exchange {
  readonly number: number;
  readonly cid: string;
  readonly sentMs: number;
  bytes: Uint8Array;
  cseq: number;
  pauseMs: number;
  dueMs: number;
  carried: boolean;
  over: boolean;
}

/** Beyond it none is sent, so that a dead receiver does not fill our memory. */
export const openLimit = 100_000;
const bufferBytes = 4_000_000;
/** As the firmware's own limit: nonces that one message may be asked for. */
const challengeLimit = 4;
const prefixSpan = 36 ** 5;
const refLength = 15;
const noBody = new Uint8Array(0);

export async function openLightUnits(options: LightOptions): Promise<LightUnits> {
  const type = options.to.host.includes(":") ? "udp6" : "udp4";
  const socket = createSocket({ type, recvBufferSize: bufferBytes, sendBufferSize: bufferBytes });
  socket.bind(0, options.host);
  await once(socket, "listening");
  socket.connect(options.to.port, options.to.host);
  await once(socket, "connect");
  return new LightUnits(options, socket);
}

export class LightUnits implements LoadUnits {
  /** The messages that were sent again are found here by their pause: all of one pause are due in the order sent. */
  private readonly waiting: Map<number, Line>;
  private readonly options: LightOptions;
  private readonly nowMs: () => number;
  private readonly socket: Socket;
  private readonly own: Endpoint;
  private readonly authorization: Authorization;
  private readonly open: Map<number, Exchange>;
  private readonly oldest: Line;
  private readonly prefix: string;
  private next: number;

  constructor(options: LightOptions, socket: Socket) {
    this.options = options;
    this.nowMs = options.nowMs ?? (() => performance.now());
    this.socket = socket;
    this.own = { host: options.host, port: socket.address().port };
    this.authorization = new Authorization(options.user, options.password, (into) => randomFillSync(into));
    this.open = new Map();
    this.waiting = new Map();
    this.oldest = new Line();
    this.prefix = randomInt(prefixSpan).toString(36).toUpperCase().padStart(5, "0");
    this.next = 0;
    socket.on("message", (bytes) => this.hear(bytes));
    // Nobody listens there, yet or any more: what is sent is lost, as on any network.
    socket.on("error", () => {});
  }

  get openCount(): number {
    return this.open.size;
  }

  send(): void {
    const { options } = this;
    if (this.open.size >= (options.openLimit ?? openLimit)) {
      options.tally.count("unsent");
      return;
    }
    const number = this.next++;
    const nowMs = this.nowMs();
    const cid = String(Number(options.firstAccount) + (number % options.units));
    const exchange: Exchange = {
      number,
      cid,
      sentMs: nowMs,
      bytes: noBody,
      cseq: 0,
      pauseMs: roundTripMs,
      dueMs: nowMs + roundTripMs,
      carried: false,
      over: false,
    };
    this.open.set(number, exchange);
    this.oldest.add(exchange);
    this.write(exchange);
    this.lineOf(roundTripMs).add(exchange);
    options.tally.count("sent");
  }

  tick(): void {
    const nowMs = this.nowMs();
    for (const line of [...this.waiting.values()])
      for (let due = line.takeUntil(nowMs); due !== undefined; due = line.takeUntil(nowMs)) this.sendAgain(due, nowMs);
    const { patienceMs } = this.options;
    for (let old = this.oldest.first(); old !== undefined; old = this.oldest.first()) {
      if (!old.over && old.sentMs + patienceMs > nowMs) break;
      this.oldest.drop();
      if (!old.over) this.end(old, "lost");
    }
  }

  close(): void {
    this.socket.close();
    for (const exchange of [...this.open.values()]) this.end(exchange, "lost");
  }

  private sendAgain(exchange: Exchange, nowMs: number): void {
    if (exchange.over || exchange.carried) return;
    exchange.pauseMs = Math.min(exchange.pauseMs * 2, longestPauseMs);
    exchange.dueMs = nowMs + exchange.pauseMs;
    this.lineOf(exchange.pauseMs).add(exchange);
    this.put(exchange.bytes);
    this.options.tally.count("again");
  }

  private lineOf(pauseMs: number): Line {
    let line = this.waiting.get(pauseMs);
    if (line === undefined) {
      line = new Line();
      this.waiting.set(pauseMs, line);
    }
    return line;
  }

  private end(exchange: Exchange, word?: "refused" | "lost"): void {
    exchange.over = true;
    exchange.bytes = noBody;
    this.open.delete(exchange.number);
    if (word !== undefined) this.options.tally.count(word);
  }

  /** As a request of its own: the first, or one that answers a challenge. */
  private write(exchange: Exchange): void {
    const { receiver, domain, profile } = this.options;
    const ref = refOf(stemOf(this.prefix, exchange.number), 0);
    const cseq = ++exchange.cseq;
    const headers: Header[] = [];
    this.authorization.addTo(headers, "MESSAGE", receiver);
    exchange.bytes = encodeSip({
      kind: "request",
      method: "MESSAGE",
      uri: receiver,
      via: [this.via(`z9hG4bK${ref}${cseq}`)],
      maxForwards: 70,
      from: { display: undefined, uri: `sip:${exchange.cid}@${domain}`, tag: ref, params: [] },
      to: { display: undefined, uri: receiver, tag: undefined, params: [] },
      callId: `${ref}@${this.own.host}`,
      cseq,
      cseqMethod: "MESSAGE",
      contentType: "application/scaip+xml",
      headers,
      body: encodeRequest(lightMessage(profile, exchange.number, ref, exchange.cid)),
    });
    this.put(exchange.bytes);
  }

  private via(branch: string): SipRequest["via"][number] {
    const { host, port } = this.own;
    return { transport: "UDP", host, port, branch, received: undefined, rport: 0, params: [] };
  }

  private put(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  private hear(bytes: Uint8Array): void {
    const read = viewSip(bytes);
    if (!read.ok) return;
    if (read.value.kind === "response") this.hearAnswer(read.value);
    else this.hearRequest(read.value);
  }

  private hearAnswer(answer: SipResponse): void {
    const exchange = this.open.get(numberFromRef(this.prefix, answer.callId.substring(0, refLength)));
    if (exchange === undefined || exchange.carried || answer.status < 200 || answer.cseq !== exchange.cseq) return;
    if (answer.status < 300) {
      exchange.carried = true;
      this.options.tally.carried(this.nowMs() - exchange.sentMs);
      if (this.options.until === "carried") this.end(exchange);
      return;
    }
    const asks = answer.status === 401 || answer.status === 407;
    if (asks && exchange.cseq < challengeLimit && this.authorization.learn(answer) !== undefined) this.write(exchange);
    else this.end(exchange, "refused");
  }

  /** The `mrs`, which is answered whatever it says. */
  private hearRequest(request: SipRequest): void {
    if (request.method !== "MESSAGE") return;
    this.put(encodeSip(answerTo(request, this.options.to, 200, "load", [])));
    const read = decodeResponse(request.body);
    if (!read.ok) return;
    const exchange = this.open.get(numberFromRef(this.prefix, read.value.ref));
    if (exchange === undefined) return;
    if (read.value.snu !== 0) {
      this.end(exchange, "refused");
      return;
    }
    const waitMs = this.nowMs() - exchange.sentMs;
    if (waitMs > this.options.patienceMs) this.end(exchange, "lost");
    else {
      this.options.tally.accepted(waitMs);
      this.end(exchange);
    }
  }
}

/** First come, first taken. */
class Line {
  private waiting: Exchange[];
  private taken: number;

  constructor() {
    this.waiting = [];
    this.taken = 0;
  }

  add(exchange: Exchange): void {
    this.waiting.push(exchange);
  }

  first(): Exchange | undefined {
    return this.waiting[this.taken];
  }

  drop(): void {
    this.taken++;
    if (this.taken < 1_024 || this.taken * 2 < this.waiting.length) return;
    this.waiting = this.waiting.slice(this.taken);
    this.taken = 0;
  }

  /** The first, where its time has come; what is answered already goes at once. */
  takeUntil(nowMs: number): Exchange | undefined {
    const first = this.first();
    if (first === undefined || (first.dueMs > nowMs && !first.over && !first.carried)) return undefined;
    this.drop();
    return first;
  }
}
