/**
 * The release server that units ask for newer firmware, well or badly behaved. It knows images by their digest, offers one of
 * them, and writes down what it is told; HTTP as far as units speak it.
 */
import { createHash } from "node:crypto";

export interface Release {
  /** Header and signature. */
  readonly offer: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * `silent`: takes the question and says nothing. `short`: says how much there is, sends half of it and hangs up. `hangs-up`:
 * closes at once. `no-ranges`: always sends the whole. `shifted`: another range than was asked for. `damaged`: one bit is wrong.
 */
export type ReleaseServerMode =
  | "normal"
  | "silent"
  | "short"
  | "hangs-up"
  | "no-ranges"
  | "shifted"
  | "damaged"
  | "busy";

/** What a unit said when it asked. */
export type Question = Readonly<Record<string, string>>;

const head = /^GET (\S+) HTTP\/1\.1\r\n/;
const rangeLine = /\r\nRange: bytes=(\d+)-(\d+)\r\n/;

export class ReleaseServer {
  mode: ReleaseServerMode = "normal";
  offered: Release | undefined;
  /** Whether this one is offered anything. */
  asked: (question: Question) => boolean = () => true;
  readonly questions: Question[] = [];
  /** Bytes of images that were sent. */
  sentBytes = 0;
  pieces = 0;
  private readonly images = new Map<string, Uint8Array>();

  publish(release: Release): void {
    this.images.set(createHash("sha256").update(release.body).digest("hex"), release.body);
    this.offered = release;
  }

  /** What is answered to the bytes of a request, and whether the connection is closed behind it; undefined: nothing. */
  answer(request: string): { readonly bytes: Uint8Array; readonly closes: boolean } | undefined {
    const path = head.exec(request)?.[1] ?? "";
    if (path.startsWith("/v1/offer?")) return this.offer(path);
    const body = this.images.get(path.slice("/v1/image/".length));
    if (body === undefined) return whole(404, "Not Found", new Uint8Array(0));
    const range = rangeLine.exec(request);
    return this.piece(body, Number(range?.[1] ?? 0), Number(range?.[2] ?? body.length - 1));
  }

  private offer(path: string): { readonly bytes: Uint8Array; readonly closes: boolean } | undefined {
    this.questions.push(Object.fromEntries(new URLSearchParams(path.slice(path.indexOf("?") + 1))));
    if (this.mode === "busy") return whole(503, "Service Unavailable", new Uint8Array(0));
    if (!this.asked(this.questions.at(-1) as Question) || this.offered === undefined)
      return whole(204, "No Content", undefined);
    return whole(200, "OK", this.offered.offer);
  }

  private piece(
    body: Uint8Array,
    from: number,
    to: number,
  ): { readonly bytes: Uint8Array; readonly closes: boolean } | undefined {
    this.pieces++;
    if (this.mode === "silent") return undefined;
    if (this.mode === "hangs-up") return { bytes: new Uint8Array(0), closes: true };
    if (this.mode === "no-ranges") return whole(200, "OK", body.subarray(0, to - from + 1));
    const start = this.mode === "shifted" ? from + 1 : from;
    const part = body.slice(from, to + 1);
    if (this.mode === "damaged") part[0] = (part[0] as number) ^ 1;
    this.sentBytes += part.length;
    const range = `Content-Range: bytes ${start}-${start + part.length - 1}/${body.length}\r\n`;
    const bytes = joined(`HTTP/1.1 206 Partial Content\r\n${range}Content-Length: ${part.length}\r\n\r\n`, part);
    return this.mode === "short"
      ? { bytes: bytes.subarray(0, bytes.length - Math.ceil(part.length / 2)), closes: true }
      : { bytes, closes: false };
  }
}

function whole(status: number, reason: string, body: Uint8Array | undefined): { bytes: Uint8Array; closes: boolean } {
  const length = body === undefined ? "" : `Content-Length: ${body.length}\r\n`;
  return { bytes: joined(`HTTP/1.1 ${status} ${reason}\r\n${length}\r\n`, body ?? new Uint8Array(0)), closes: false };
}

function joined(text: string, body: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from(text, "latin1"), body]));
}
