/** What a modem says, and what goes wrong with it on the way: pieces, answers that come late, news where none belongs. */
import { ascii } from "../../protocol/text/utf8.ts";
import type { ModemFaults, ModemHost } from "./modem-options.ts";

export class ModemOutput {
  private readonly host: ModemHost;
  private readonly faults: ModemFaults;
  private readonly write: (bytes: Uint8Array) => void;
  /** An answer that comes only after the next command line. */
  private held: Uint8Array | undefined;
  private freeMs: number;
  private life: number;

  constructor(host: ModemHost, faults: ModemFaults, write: (bytes: Uint8Array) => void) {
    this.host = host;
    this.faults = faults;
    this.write = write;
    this.held = undefined;
    this.freeMs = 0;
    this.life = 0;
  }

  /** Power or a restart: what was not said yet never is. */
  clear(): void {
    this.life++;
    this.held = undefined;
    this.freeMs = 0;
  }

  say(bytes: Uint8Array): void {
    const { pieceBytes, pieceGapMs } = this.faults;
    if (this.faults.silent) return;
    if (pieceBytes <= 0 && this.freeMs <= this.host.nowMs()) {
      this.write(bytes);
      return;
    }
    const most = pieceBytes > 0 ? pieceBytes : bytes.length;
    for (let at = 0; at < bytes.length; at += most) this.sayLater(bytes.subarray(at, at + most), pieceGapMs);
  }

  /** The end of a command, with all that belongs to it. */
  answer(bytes: Uint8Array): void {
    const { newsBetween } = this.faults;
    if (newsBetween.count > 0) {
      newsBetween.count--;
      this.say(ascii("\r\n" + newsBetween.line + "\r\n"));
    }
    if (this.faults.lateAnswers > 0 && this.held === undefined) {
      this.faults.lateAnswers--;
      this.held = bytes;
    } else this.say(bytes);
  }

  /** The next command line was heard. */
  sayHeld(): void {
    const held = this.held;
    this.held = undefined;
    if (held !== undefined) this.say(held);
  }

  /** The length that a read answer tells of so much data. */
  toldLength(length: number): number {
    const { wrongLengths } = this.faults;
    if (wrongLengths.count <= 0) return length;
    wrongLengths.count--;
    return length + wrongLengths.by;
  }

  /** The data of a read answer, as it goes out. */
  dataOf(data: Uint8Array): Uint8Array {
    const { newsInData } = this.faults;
    if (newsInData.count <= 0) return data;
    newsInData.count--;
    const news = ascii("\r\n" + newsInData.line + "\r\n");
    const all = new Uint8Array(data.length + news.length);
    const half = data.length >> 1;
    all.set(data.subarray(0, half), 0);
    all.set(news, half);
    all.set(data.subarray(half), half + news.length);
    return all;
  }

  private sayLater(piece: Uint8Array, gapMs: number): void {
    const life = this.life;
    const nowMs = this.host.nowMs();
    this.freeMs = Math.max(this.freeMs, nowMs) + gapMs;
    this.host.after(this.freeMs - nowMs, () => {
      if (life === this.life && !this.faults.silent) this.write(piece);
    });
  }
}
