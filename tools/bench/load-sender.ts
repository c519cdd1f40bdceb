/** Many units' worth of alarms from one UDP socket at a set rate, and who got both answers: SIP's 200 and the receiver's own `mrs`. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

export interface LoadResult {
  readonly sent: number;
  /** How many a second the sender managed; less than it was asked for where it is itself the limit. */
  readonly offeredRate: number;
  /** Answered 200. */
  readonly carried: number;
  /** Accepted in time by an `mrs` with our ref and snu 0. */
  readonly accepted: number;
  /** From the send to the `mrs`. */
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** T1 of RFC 3261 17.1.2.2: a sender without an answer by then sends again, so an `mrs` that is later counts as lost. */
const lateMs = 500;
const units = 5_000;
const okStart = "SIP/2.0 200";
/** Of the receiver's own MESSAGEs. */
const messageStart = "M".charCodeAt(0);
const refPattern = /<ref>L([0-9A-Z]+)<\/ref>/;
const answerHeaders = /^(?:Via|From|To|Call-ID|CSeq|v|f|t|i):/i;

export class LoadSender {
  private readonly socket: Socket;
  private readonly port: number;
  private ownPort: number;
  private next: number;
  private sentMs: Map<string, number>;
  private carriedCount: number;
  private waits: number[];

  /** `port` of loopback is where the receiver listens. */
  constructor(port: number) {
    this.socket = createSocket({ type: "udp4", recvBufferSize: 8_000_000, sendBufferSize: 8_000_000 });
    this.port = port;
    this.ownPort = 0;
    this.next = Math.floor(performance.now());
    this.sentMs = new Map();
    this.carriedCount = 0;
    this.waits = [];
    this.socket.on("message", (bytes) => this.hear(bytes));
    // Nobody is there yet, or no more.
    this.socket.on("error", () => {});
  }

  async open(): Promise<void> {
    this.socket.bind(0, "127.0.0.1");
    await once(this.socket, "listening");
    this.ownPort = this.socket.address().port;
    this.socket.connect(this.port, "127.0.0.1");
    await once(this.socket, "connect");
  }

  close(): void {
    this.socket.close();
  }

  /** Alarms at `rate` per second for so long, then a pause in which late answers count. */
  async run(rate: number, forMs: number): Promise<LoadResult> {
    this.sentMs = new Map();
    this.carriedCount = 0;
    this.waits = [];
    const startMs = performance.now();
    const total = Math.round((rate * forMs) / 1000);
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - startMs) * rate) / 1000));
      for (; sent < due; sent++) this.send();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const tookMs = performance.now() - startMs;
    const endMs = performance.now() + lateMs;
    while (performance.now() < endMs && this.waits.length < total)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const sorted = [...this.waits].sort((one, other) => one - other);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const offeredRate = (total / tookMs) * 1000;
    return {
      sent: total,
      offeredRate,
      carried: this.carriedCount,
      accepted: sorted.length,
      medianMs: at(0.5),
      p99Ms: at(0.99),
    };
  }

  private send(): void {
    const name = (this.next++).toString(36).toUpperCase();
    const cid = 4_600_000_000 + (this.next % units);
    const body = `<mrq><ref>L${name}</ref><cid>${cid}</cid><dty>0003</dty><did>B1</did><crd>no-voice:</crd><stc>0010</stc><lco>021</lco><ite>pressed 2026-03-02T06:10:05Z</ite></mrq>`;
    const message =
      `MESSAGE sip:larm@larm.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.ownPort};branch=z9hG4bK${name};rport\r\n` +
      `Max-Forwards: 70\r\nFrom: <sip:${cid}@larm.example>;tag=${name}\r\nTo: <sip:larm@larm.example>\r\n` +
      `Call-ID: ${name}@load\r\nCSeq: 1 MESSAGE\r\nContent-Type: application/scaip+xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    this.sentMs.set(name, performance.now());
    this.socket.send(Buffer.from(message, "latin1"));
  }

  private hear(bytes: Buffer): void {
    if (bytes[0] !== messageStart) {
      if (bytes.toString("latin1", 0, okStart.length) === okStart) this.carriedCount++;
      return;
    }
    const text = bytes.toString("latin1");
    const name = refPattern.exec(text)?.[1] ?? "";
    const sentMs = this.sentMs.get(name);
    if (sentMs !== undefined && text.includes("<snu>0</snu>")) {
      this.sentMs.delete(name);
      const waitMs = performance.now() - sentMs;
      if (waitMs <= lateMs) this.waits.push(waitMs);
    }
    const head = text.slice(0, text.indexOf("\r\n\r\n")).split("\r\n");
    const kept = head.filter((line) => answerHeaders.test(line)).join("\r\n");
    this.socket.send(Buffer.from(`SIP/2.0 200 OK\r\n${kept}\r\nContent-Length: 0\r\n\r\n`, "latin1"));
  }
}
