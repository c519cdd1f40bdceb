/**
 * A look at the bytes of a message without reading it: many see each datagram, and what they look for is searched once. Heartbeats
 * are many, and to most who watch it is enough to know that it is one.
 */

const someMark = Buffer.from("<m");
const requestMark = Buffer.from("<mrq>");
const answerMark = Buffer.from("<mrs>");
const beatMark = Buffer.from("<mty>PI");
const acceptanceMark = Buffer.from("<snu>0");
const refMark = Buffer.from("<ref>");
const refEndMark = Buffer.from("</ref>");
const callIdMark = Buffer.from("\r\nCall-ID:");
const lineEnd = Buffer.from("\r\n");
const longestText = 128;

export class MessageLook {
  readonly bytes: Uint8Array;
  /** The same bytes. */
  readonly text: Buffer;
  /** Where its SCAIP begins, as far as one can tell; -1: it has none. */
  private readonly from: number;
  private beat: boolean | undefined;
  private request: boolean | undefined;
  private answer: boolean | undefined;
  private reference: string | undefined;
  private call: string | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.from = this.text.indexOf(someMark);
    this.beat = undefined;
    this.request = undefined;
    this.answer = undefined;
    this.reference = undefined;
    this.call = undefined;
  }

  begins(mark: Buffer): boolean {
    return this.text.length >= mark.length && this.text.compare(mark, 0, mark.length, 0, mark.length) === 0;
  }

  /** Whether it bears a heartbeat (`mty` PI). */
  get isBeat(): boolean {
    this.beat ??= this.has(beatMark);
    return this.beat;
  }

  get isRequest(): boolean {
    this.request ??= this.has(requestMark);
    return this.request;
  }

  /** Whether it bears an `mrs`. */
  get isAnswer(): boolean {
    this.answer ??= this.has(answerMark);
    return this.answer;
  }

  /** Whether it says `snu` 0. */
  get isAcceptance(): boolean {
    return this.has(acceptanceMark);
  }

  /** The reference of its SCAIP, 128 characters at the most; "" where it has none. */
  get ref(): string {
    this.reference ??= this.from < 0 ? "" : this.between(refMark, refEndMark);
    return this.reference;
  }

  /** What stands behind `Call-ID:`; "" where nothing does. */
  get callId(): string {
    this.call ??= this.between(callIdMark, lineEnd);
    return this.call;
  }

  private has(mark: Buffer): boolean {
    return this.from >= 0 && this.text.indexOf(mark, this.from) >= 0;
  }

  private between(mark: Buffer, endMark: Buffer): string {
    const { text } = this;
    const at = text.indexOf(mark) + mark.length;
    const end = at < mark.length ? -1 : text.indexOf(endMark, at);
    return end < at || end - at > longestText ? "" : text.toString("latin1", at, end);
  }
}

const nothing = new MessageLook(new Uint8Array(0));
let last = nothing;

/** All who see a message look at it before the next one comes. */
export function lookAt(bytes: Uint8Array): MessageLook {
  if (last.bytes !== bytes) last = new MessageLook(bytes);
  return last;
}

/** A message comes: whoever sent the one before may have written this one over it. */
export function lookAnew(): void {
  last = nothing;
}
