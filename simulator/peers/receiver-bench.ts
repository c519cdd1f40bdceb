/** A receiver on a bench in virtual time, for tests: bytes go in, and everything that comes out is written down. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { decodeResponse, type ScaipResponse } from "../../protocol/scaip/response.ts";
import {
  decodeSip,
  encodeSip,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from "../../protocol/sip/message.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { Receiver } from "./receiver.ts";
import type { ReceiverEvent, ReceiverSign } from "./receiver-events.ts";
import type { ReceiverOptions } from "./receiver-options.ts";

export interface SentPacket {
  readonly atMs: number;
  readonly bytes: Uint8Array;
  readonly message: SipMessage;
  readonly to: Endpoint;
}

export const unitAddress: Endpoint = { host: "198.51.100.23", port: 5066 };
export const receiverAddress: Endpoint = { host: "203.0.113.9", port: 5060 };
export const cid = "4607110231";

/** An `mrq` of the given elements, in order. */
export function mrq(elements: Record<string, string>): string {
  let text = "<mrq>";
  for (const [tag, value] of Object.entries(elements)) text += `<${tag}>${value}</${tag}>`;
  return text + "</mrq>";
}

/** The usual user alarm under `ref`; `changes` replace or add elements. */
export function alarm(ref: string, changes: Record<string, string> = {}): string {
  return mrq({ ref, ver: "01.00", mty: "ME", cid, dty: "0003", stc: "0010", ...changes });
}

export class ReceiverBench {
  readonly queue: EventQueue;
  readonly receiver: Receiver;
  readonly sent: SentPacket[];
  readonly events: ReceiverEvent[];
  readonly signs: ReceiverSign[];
  private lastNumber: number;

  constructor(options: Partial<ReceiverOptions> = {}) {
    const chance = new Stream(1, "receiver bench", 0);
    this.queue = new EventQueue();
    this.sent = [];
    this.events = [];
    this.signs = [];
    this.lastNumber = 0;
    this.receiver = new Receiver(
      {
        nowMs: () => this.queue.nowMs,
        wallMs: () => this.queue.nowMs + 1_772_000_000_000,
        after: (delayMs, callback) => {
          const handle = this.queue.after(delayMs, callback);
          return { cancel: () => this.queue.cancel(handle) };
        },
        below: (n) => chance.below(n),
        send: (bytes, to) => this.write(bytes, to),
      },
      {
        name: "main",
        address: receiverAddress,
        mode: "normal",
        latencyMs: { least: 200, most: 200 },
        onEvent: (event) => this.events.push(event),
        onSign: (sign) => this.signs.push(sign),
        ...options,
      },
    );
  }

  /** The bytes of a new MESSAGE with this body; `changes` replace or add header lines by name, "" removes one. */
  message(body: string, changes: Record<string, string> = {}, method = "MESSAGE"): Uint8Array {
    this.lastNumber++;
    const lines: Record<string, string> = {
      Via: `SIP/2.0/UDP 10.0.0.4:5060;rport;branch=z9hG4bKt${this.lastNumber}`,
      "Max-Forwards": "70",
      From: `<sip:${cid}@larm.example.net>;tag=k3v9`,
      To: "<sip:mottagning@larm.example.net>",
      "Call-ID": `c${this.lastNumber}@10.0.0.4`,
      CSeq: "1 " + method,
      "Content-Type": "application/scaip+xml",
      ...changes,
    };
    let head = `${method} sip:mottagning@larm.example.net SIP/2.0\r\n`;
    for (const [name, value] of Object.entries(lines)) if (value !== "") head += `${name}: ${value}\r\n`;
    const text = new TextEncoder().encode(body);
    return Buffer.concat([Buffer.from(`${head}Content-Length: ${text.length}\r\n\r\n`), text]);
  }

  hear(bytes: Uint8Array, from: Endpoint = unitAddress): void {
    this.receiver.receive(bytes, from, "udp");
  }

  /** Sends a new MESSAGE and answers the status it met at once, or undefined. */
  say(body: string, changes: Record<string, string> = {}): number | undefined {
    const before = this.sent.length;
    this.hear(this.message(body, changes));
    const answer = this.sent[before]?.message;
    return answer?.kind === "response" ? answer.status : undefined;
  }

  /** Lets time pass; each MESSAGE of the receiver is answered with 200 as soon as it comes. */
  passAnswering(ms: number): void {
    const untilMs = this.queue.nowMs + ms;
    let seen = this.sent.length;
    for (let due = this.queue.next(); due !== undefined && due <= untilMs; due = this.queue.next()) {
      this.queue.runUntil(due);
      for (; seen < this.sent.length; seen++) {
        const { message } = this.sent[seen] as SentPacket;
        if (message.kind === "request") this.hear(encodeSip(okTo(message)));
      }
    }
    this.queue.runUntil(untilMs);
  }

  /** What the receiver's own MESSAGEs said, and when. */
  answers(): readonly (ScaipResponse & { readonly atMs: number })[] {
    const found: (ScaipResponse & { readonly atMs: number })[] = [];
    for (const { message, atMs } of this.sent) {
      if (message.kind !== "request") continue;
      const decoded = decodeResponse(message.body);
      if (decoded.ok) found.push({ ...decoded.value, atMs });
    }
    return found;
  }

  /** Sends the body as a new MESSAGE, waits for 30 s, and answers the status number of its `mrs`, or undefined. */
  ask(body: string): number | undefined {
    const before = this.answers().length;
    this.say(body);
    this.passAnswering(30_000);
    return this.answers()[before]?.snu;
  }

  private write(bytes: Uint8Array, to: Endpoint): void {
    const decoded = decodeSip(bytes);
    if (!decoded.ok) throw new Error("the receiver sent what cannot be read");
    this.sent.push({ atMs: this.queue.nowMs, bytes, message: decoded.value, to });
  }
}

/** The 200 that a unit gives. */
export function okTo(request: SipRequest): SipResponse {
  const { via, from, callId, cseq, cseqMethod } = request;
  return {
    kind: "response",
    status: 200,
    reason: "OK",
    via,
    from,
    to: { ...request.to, tag: "k77" },
    callId,
    cseq,
    cseqMethod,
    contentType: undefined,
    headers: [],
    body: new Uint8Array(0),
  };
}
