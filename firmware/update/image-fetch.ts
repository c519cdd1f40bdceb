/**
 * Asks a release server and fetches an image in pieces, over one connection that is opened anew when it has ended. It has one
 * question under way at a time and decides nothing: what is no good answer is an answer of undefined.
 */
import { hexWord } from "../../protocol/bytes/hex.ts";
import { readerOf } from "../../protocol/bytes/reader.ts";
import { decodeAnswer, getRequest, headLimit } from "../../protocol/update/http-talk.ts";
import type { ImageHeader } from "../../protocol/update/image-header.ts";
import type { OpenStream, Stream } from "../ports/stream.ts";
import type { UpdateSettings } from "./update-settings.ts";

/** What the server said: its body, and from which offset where a range was asked for. Views: to be copied. */
export interface Fetched {
  readonly status: number;
  readonly from: number;
  readonly body: Uint8Array;
}

/** Undefined: no way, no answer, or none that can be read. */
export type OnFetched = (answer: Fetched | undefined) => void;

export class ImageFetch {
  private readonly settings: Pick<UpdateSettings, "host" | "port" | "transport">;
  private readonly openStream: () => OpenStream | undefined;
  private readonly heard: Uint8Array;
  private heardLength: number;
  private readonly bodyLimit: number;
  private stream: Stream | undefined;
  private isReady: boolean;
  private request: Uint8Array | undefined;
  private onFetched: OnFetched | undefined;

  /** `openStream`: over the route that is to be used now; undefined: there is none. */
  constructor(
    settings: Pick<UpdateSettings, "host" | "port" | "transport">,
    bodyLimit: number,
    openStream: () => OpenStream | undefined,
  ) {
    this.settings = settings;
    this.openStream = openStream;
    this.bodyLimit = bodyLimit;
    this.heard = new Uint8Array(headLimit + bodyLimit);
    this.heardLength = 0;
    this.stream = undefined;
    this.isReady = false;
    this.request = undefined;
    this.onFetched = undefined;
  }

  /** `to` is the last byte, or -1 for the whole. The answer comes once, unless `stop` comes before. */
  get(path: string, from: number, to: number, onFetched: OnFetched): void {
    this.request = getRequest(this.settings.host, path, from, to);
    this.onFetched = onFetched;
    this.heardLength = 0;
    if (this.stream === undefined) this.connect();
    else if (this.isReady) this.send();
  }

  /** Nothing is answered any more, and the connection is given up. */
  stop(): void {
    this.onFetched = undefined;
    this.request = undefined;
    this.hangUp();
  }

  private connect(): void {
    const open = this.openStream();
    if (open === undefined) {
      this.answer(undefined);
      return;
    }
    const host = this.settings.host;
    this.isReady = false;
    this.stream = open({
      to: { host, port: this.settings.port },
      serverName: this.settings.transport === "tls" ? host : undefined,
      onReady: () => {
        this.isReady = true;
        this.send();
      },
      onReadable: () => this.read(),
      onFault: () => {
        this.stream = undefined;
        this.answer(undefined);
      },
    });
  }

  private send(): void {
    const request = this.request;
    this.request = undefined;
    if (request !== undefined && this.stream !== undefined) this.stream.write(request);
  }

  private read(): void {
    const stream = this.stream;
    if (stream === undefined) return;
    for (let bytes = stream.read(); bytes !== undefined; bytes = stream.read()) {
      if (this.heardLength + bytes.length > this.heard.length || this.onFetched === undefined) {
        this.hangUp();
        this.answer(undefined);
        return;
      }
      this.heard.set(bytes, this.heardLength);
      this.heardLength += bytes.length;
    }
    const answer = decodeAnswer(this.heard.subarray(0, this.heardLength), this.bodyLimit);
    if (!answer.ok && answer.fault.kind === "truncated") return;
    if (!answer.ok || answer.value.closes || answer.value.length < this.heardLength) this.hangUp();
    this.answer(answer.ok ? answer.value : undefined);
  }

  private hangUp(): void {
    if (this.stream !== undefined) this.stream.close();
    this.stream = undefined;
  }

  private answer(answer: Fetched | undefined): void {
    const onFetched = this.onFetched;
    this.onFetched = undefined;
    if (onFetched !== undefined) onFetched(answer);
  }
}

/** Where an image is: under its digest, so that no copy on the way can be that of another. */
export function imagePath(header: ImageHeader): string {
  const from = readerOf(header.sha256);
  let path = "/v1/image/";
  for (let i = 0; i < 8; i++) path += hexWord(from.u32());
  return path;
}
