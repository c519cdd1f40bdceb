/** What a connection over a modem has to send and has fetched, and what is known of the bytes that still wait in the modem. */

/** A host's room for what was not sent yet (`firmware/ports/stream.ts`). */
const outboxLimit = 16_384;
/** From here on nothing more is fetched until the unit has read. */
const inboxLimit = 4_096;

export class StreamBytes {
  /** Something may wait in the modem. */
  readable: boolean;
  /** The far side has ended the connection; what came before is still fetched. */
  isEnding: boolean;
  /** Bytes the modem says are waiting. */
  waitingCount: number;
  /** Length of the chunk that was last handed out. */
  chunkLength: number;
  inboxCount: number;
  private readonly outbox: Uint8Array[];
  private outboxCount: number;
  /** How much of the first is sent. */
  private sentCount: number;
  private quietSends: number;
  private readonly inbox: Uint8Array[];

  constructor() {
    this.readable = false;
    this.isEnding = false;
    this.waitingCount = 0;
    this.chunkLength = 0;
    this.inboxCount = 0;
    this.outbox = [];
    this.outboxCount = 0;
    this.sentCount = 0;
    this.quietSends = 0;
    this.inbox = [];
  }

  get isFull(): boolean {
    return this.inboxCount >= inboxLimit;
  }

  get wantsRead(): boolean {
    return this.readable && !this.isFull;
  }

  /** Throws where more than 16,384 bytes would wait. */
  write(bytes: Uint8Array): void {
    if (this.outboxCount + bytes.length > outboxLimit) throw new Error("modem-stream: write buffer full");
    if (bytes.length === 0) return;
    this.outbox.push(bytes);
    this.outboxCount += bytes.length;
  }

  /** Drops what was written as this very array, unless a part of it was sent or (`isSending`) is on the line. */
  recall(bytes: Uint8Array, isSending: boolean): void {
    for (let i = this.outbox.length - 1; i >= 0; i--) {
      if (this.outbox[i] !== bytes || (i === 0 && (isSending || this.sentCount > 0))) continue;
      this.outbox.splice(i, 1);
      this.outboxCount -= bytes.length;
    }
  }

  /** The next bytes to send, at most `limit`; undefined where there are none. The same until `hearSent`. */
  chunk(limit: number): Uint8Array | undefined {
    const first = this.outbox[0];
    if (first === undefined) return undefined;
    const chunk = first.subarray(this.sentCount, Math.min(first.length, this.sentCount + limit));
    this.chunkLength = chunk.length;
    return chunk;
  }

  hearSent(count: number): void {
    const first = this.outbox[0];
    if (first === undefined) return;
    this.sentCount += count;
    this.outboxCount -= count;
    if (this.sentCount >= first.length) {
      this.outbox.shift();
      this.sentCount = 0;
    }
    // Two sent and nothing heard: the news of an answer may have been lost, and is not repeated.
    if (this.quietSends > 0) this.readable = true;
    this.quietSends++;
  }

  hearEnd(): void {
    this.isEnding = true;
    this.readable = true;
  }

  hearWaiting(count: number): void {
    this.waitingCount = count;
    if (count > 0) this.readable = true;
  }

  hearData(data: Uint8Array): void {
    this.waitingCount = 0;
    this.quietSends = 0;
    this.readable = true;
    this.inbox.push(data);
    this.inboxCount += data.length;
  }

  /** Everything that was fetched, or undefined. */
  takeAll(): Uint8Array | undefined {
    const first = this.inbox[0];
    if (first === undefined) return undefined;
    let all = first;
    if (this.inbox.length > 1) {
      all = new Uint8Array(this.inboxCount);
      let at = 0;
      for (const one of this.inbox) {
        all.set(one, at);
        at += one.length;
      }
    }
    while (this.inbox.length > 0) this.inbox.pop();
    this.inboxCount = 0;
    return all;
  }

  clear(): void {
    while (this.outbox.length > 0) this.outbox.pop();
    this.outboxCount = 0;
    this.sentCount = 0;
    while (this.inbox.length > 0) this.inbox.pop();
    this.inboxCount = 0;
    this.chunkLength = 0;
    this.readable = false;
  }
}
