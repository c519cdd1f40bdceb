/**
 * A message as a view on its datagram (RFC 3261 7 and 20): one walk over the bytes finds where everything stands and that all
 * is well-formed; a value is made when it is asked for. Only messages in the plain form are read so, see `plain-form.ts`.
 */
import { ascii, narrowText, textAs } from "../text/utf8.ts";
import type { Header, NameAddress, SipRequest, SipResponse, Via } from "./message.ts";
import {
  addressEnd,
  digitsEnd,
  numberIn,
  runEnd,
  tokenByte,
  uriEnd,
  viaEnd,
  visibleByte,
  wordEnd,
} from "./plain-form.ts";
import { addressOf, headersOf, mayHaveField, viaOf } from "./plain-values.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;
const colon = 0x3a;
const mostHops = 255;

/** What both kinds share. Offsets are 0 where the header is not there. */
class View {
  readonly bytes: Uint8Array;
  cseq: number;
  protected firstStart: number;
  protected firstEnd: number;
  protected methodStart: number;
  protected methodEnd: number;
  protected hops: number;
  private readonly isRequest: boolean;
  private viaAt: number;
  private fromAt: number;
  private toAt: number;
  private callIdAt: number;
  private callIdEnd: number;
  private typeAt: number;
  private typeEnd: number;
  /** Start and end of each line without a field of its own, one after the other. */
  private others: number[] | undefined;
  private bodyAt: number;
  private bodyLength: number;
  private madeVia: readonly Via[] | undefined;
  private madeFrom: NameAddress | undefined;
  private madeTo: NameAddress | undefined;
  private madeCallId: string | undefined;
  private madeHeaders: readonly Header[] | undefined;
  private madeBody: Uint8Array | undefined;

  constructor(bytes: Uint8Array, isRequest: boolean) {
    this.bytes = bytes;
    this.isRequest = isRequest;
    this.cseq = -1;
    this.firstStart = 0;
    this.firstEnd = 0;
    this.methodStart = 0;
    this.methodEnd = 0;
    this.hops = -1;
    this.viaAt = 0;
    this.fromAt = 0;
    this.toAt = 0;
    this.callIdAt = 0;
    this.callIdEnd = 0;
    this.typeAt = 0;
    this.typeEnd = 0;
    this.others = undefined;
    this.bodyAt = 0;
    this.bodyLength = -1;
    this.madeVia = undefined;
    this.madeFrom = undefined;
    this.madeTo = undefined;
    this.madeCallId = undefined;
    this.madeHeaders = undefined;
    this.madeBody = undefined;
  }

  get via(): readonly Via[] {
    if (this.madeVia === undefined) this.madeVia = [viaOf(this.bytes, this.viaAt)];
    return this.madeVia;
  }

  get from(): NameAddress {
    if (this.madeFrom === undefined) this.madeFrom = addressOf(this.bytes, this.fromAt);
    return this.madeFrom;
  }

  get to(): NameAddress {
    if (this.madeTo === undefined) this.madeTo = addressOf(this.bytes, this.toAt);
    return this.madeTo;
  }

  get callId(): string {
    if (this.madeCallId === undefined) this.madeCallId = narrowText(this.bytes, this.callIdAt, this.callIdEnd);
    return this.madeCallId;
  }

  get cseqMethod(): string {
    return textAs(this.bytes, this.methodStart, this.methodEnd, "MESSAGE");
  }

  get contentType(): string | undefined {
    if (this.typeAt === 0) return undefined;
    return textAs(this.bytes, this.typeAt, this.typeEnd, "application/scaip+xml");
  }

  get headers(): readonly Header[] {
    if (this.madeHeaders === undefined) this.madeHeaders = headersOf(this.bytes, this.others);
    return this.madeHeaders;
  }

  get body(): Uint8Array {
    if (this.madeBody === undefined) this.madeBody = this.bytes.subarray(this.bodyAt, this.bodyAt + this.bodyLength);
    return this.madeBody;
  }

  /** Walks the headers from `from` on. False where one is not plain or stands twice, or one is missing. */
  protected takeHeaders(from: number, lineLimit: number): boolean {
    const bytes = this.bytes;
    let at = from;
    for (let count = 0; bytes[at] !== carriageReturn; count++) {
      const end = count < lineLimit ? this.takeHeader(at) : -1;
      if (end < 0 || bytes[end] !== carriageReturn || bytes[end + 1] !== lineFeed) return false;
      at = end + 2;
    }
    if (bytes[at + 1] !== lineFeed) return false;
    if (this.viaAt * this.fromAt * this.toAt * this.callIdAt === 0 || this.cseq < 0) return false;
    this.bodyAt = at + 2;
    const left = bytes.length - this.bodyAt;
    if (this.bodyLength < 0) this.bodyLength = left;
    return this.bodyLength <= left;
  }

  /** The offset behind the line that begins at `at`, or -1. */
  private takeHeader(at: number): number {
    const bytes = this.bytes;
    switch (bytes[at]) {
      case 0x56:
        return this.viaAt === 0 ? this.takeVia(at) : -1;
      case 0x46:
        if (wordEnd(bytes, at, fromName) < 0) break;
        if (this.fromAt !== 0) return -1;
        this.fromAt = at + fromName.length;
        return addressEnd(bytes, this.fromAt);
      case 0x54:
        if (wordEnd(bytes, at, toName) < 0) break;
        if (this.toAt !== 0) return -1;
        this.toAt = at + toName.length;
        return addressEnd(bytes, this.toAt);
      case 0x4d:
        if (wordEnd(bytes, at, hopsName) >= 0) return this.takeHops(at + hopsName.length);
        break;
      case 0x43:
        if (wordEnd(bytes, at, callIdName) >= 0) return this.takeCallId(at + callIdName.length);
        if (wordEnd(bytes, at, cseqName) >= 0) return this.takeCseq(at + cseqName.length);
        if (wordEnd(bytes, at, typeName) >= 0) return this.takeType(at + typeName.length);
        if (wordEnd(bytes, at, lengthName) >= 0) return this.takeLength(at + lengthName.length);
    }
    return this.takeOther(at);
  }

  private takeVia(at: number): number {
    const start = wordEnd(this.bytes, at, viaName);
    if (start < 0) return this.takeOther(at);
    this.viaAt = start;
    return viaEnd(this.bytes, start);
  }

  /** In a response it is a header like any other. */
  private takeHops(start: number): number {
    const end = digitsEnd(this.bytes, start);
    if (end < 0 || this.hops >= 0 || !this.isRequest) return -1;
    this.hops = numberIn(this.bytes, start, end);
    return this.hops > mostHops ? -1 : end;
  }

  private takeCallId(start: number): number {
    const end = runEnd(this.bytes, start, visibleByte);
    if (this.callIdAt !== 0 || end === start) return -1;
    this.callIdAt = start;
    this.callIdEnd = end;
    return end;
  }

  /** A request's method was in its first line already, and is to be the same. */
  private takeCseq(start: number): number {
    const bytes = this.bytes;
    const end = digitsEnd(bytes, start);
    const methodEnd = end < 0 || bytes[end] !== blank ? -1 : runEnd(bytes, end + 1, tokenByte);
    if (this.cseq >= 0 || methodEnd <= end + 1) return -1;
    this.cseq = numberIn(bytes, start, end);
    if (!this.isRequest) {
      this.methodStart = end + 1;
      this.methodEnd = methodEnd;
      return methodEnd;
    }
    if (methodEnd - end - 1 !== this.methodEnd) return -1;
    for (let i = 0; i < this.methodEnd; i++) if (bytes[i] !== bytes[end + 1 + i]) return -1;
    return methodEnd;
  }

  private takeType(start: number): number {
    const bytes = this.bytes;
    let end = runEnd(bytes, start, visibleByte);
    while (bytes[end] === blank && end > start) end = runEnd(bytes, end + 1, visibleByte);
    if (this.typeAt !== 0 || end === start || bytes[end - 1] === blank) return -1;
    this.typeAt = start;
    this.typeEnd = end;
    return end;
  }

  private takeLength(start: number): number {
    const end = digitsEnd(this.bytes, start);
    if (end < 0 || this.bodyLength >= 0) return -1;
    this.bodyLength = numberIn(this.bytes, start, end);
    return end;
  }

  /** A header without a field of its own. Those with one, in an odd or a compact spelling, are not plain. */
  private takeOther(at: number): number {
    const bytes = this.bytes;
    const nameEnd = runEnd(bytes, at, tokenByte);
    if (bytes[nameEnd] !== colon || nameEnd - at < 2 || mayHaveField(bytes, at, nameEnd - at)) return -1;
    let end = nameEnd + 1;
    while (end < bytes.length && (bytes[end] as number) >= blank && (bytes[end] as number) < 0x80) end++;
    if (this.others === undefined) this.others = [at, end];
    else this.others.push(at, end);
    return end;
  }
}

export class RequestView extends View implements SipRequest {
  readonly kind: "request";
  private madeUri: string | undefined;

  constructor(bytes: Uint8Array) {
    super(bytes, true);
    this.kind = "request";
    this.madeUri = undefined;
  }

  get method(): string {
    return this.cseqMethod;
  }

  get uri(): string {
    if (this.madeUri === undefined) this.madeUri = narrowText(this.bytes, this.firstStart, this.firstEnd);
    return this.madeUri;
  }

  get maxForwards(): number | undefined {
    return this.hops < 0 ? undefined : this.hops;
  }

  /** False where the message is not in the plain form, whatever else it may be. */
  read(lineLimit: number): boolean {
    const bytes = this.bytes;
    this.methodEnd = runEnd(bytes, 0, tokenByte);
    if (this.methodEnd === 0 || bytes[this.methodEnd] !== blank) return false;
    this.firstStart = this.methodEnd + 1;
    this.firstEnd = uriEnd(bytes, this.firstStart);
    const end = this.firstEnd < 0 ? -1 : wordEnd(bytes, this.firstEnd, versionEnd);
    return end >= 0 && this.takeHeaders(end, lineLimit);
  }
}

export class ResponseView extends View implements SipResponse {
  readonly kind: "response";
  status: number;

  constructor(bytes: Uint8Array) {
    super(bytes, false);
    this.kind = "response";
    this.status = 0;
  }

  get reason(): string {
    return textAs(this.bytes, this.firstStart, this.firstEnd, "OK");
  }

  /** False where the message is not in the plain form, whatever else it may be. */
  read(lineLimit: number): boolean {
    const bytes = this.bytes;
    const start = wordEnd(bytes, 0, versionStart);
    const end = digitsEnd(bytes, start);
    if (start < 0 || end !== start + 3 || bytes[end] !== blank) return false;
    this.status = numberIn(bytes, start, end);
    if (this.status < 100 || this.status > 699) return false;
    this.firstStart = end + 1;
    this.firstEnd = runEnd(bytes, this.firstStart, visibleByte);
    while (bytes[this.firstEnd] === blank) this.firstEnd = runEnd(bytes, this.firstEnd + 1, visibleByte);
    if (bytes[this.firstEnd - 1] === blank || bytes[this.firstEnd] !== carriageReturn) return false;
    return bytes[this.firstEnd + 1] === lineFeed && this.takeHeaders(this.firstEnd + 2, lineLimit);
  }
}

const versionStart = ascii("SIP/2.0 ");
const versionEnd = ascii(" SIP/2.0\r\n");
const viaName = ascii("Via: ");
const fromName = ascii("From: ");
const toName = ascii("To: ");
const hopsName = ascii("Max-Forwards: ");
const callIdName = ascii("Call-ID: ");
const cseqName = ascii("CSeq: ");
const typeName = ascii("Content-Type: ");
const lengthName = ascii("Content-Length: ");
