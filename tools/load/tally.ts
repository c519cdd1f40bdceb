/** What became of the messages of a load: sums, and the same second by second. */
import { type WaitFigures, Waits } from "./waits.ts";

export interface Sums {
  /** New messages, each counted once. */
  readonly sent: number;
  /** Copies, because no answer had come (RFC 3261 17.1.2.2, timer E); of whole units, further tries over any path. */
  readonly again: number;
  /** Answered 200 by SIP. */
  readonly carried: number;
  /** Accepted by an `mrs` with our ref and snu 0. */
  readonly accepted: number;
  /** Answered otherwise: another final status, or an `mrs` that does not accept. */
  readonly refused: number;
  /** Not accepted when their time was over. */
  readonly lost: number;
  /** Due, and not sent: too many were still open. */
  readonly unsent: number;
}

export interface LoadSecond extends Sums {
  /** From 0. */
  readonly second: number;
  /** From the send to SIP's 200, and to the `mrs`. */
  readonly carriedIn: WaitFigures;
  readonly acceptedIn: WaitFigures;
}

export type LoadTotal = Omit<LoadSecond, "second">;

type Word = keyof Sums;

/** One day; what comes later is in the sums alone. */
export const secondLimit = 86_400;

export class Tally {
  /** The seconds that are over. */
  readonly seconds: LoadSecond[];
  private total: Book;
  private current: Book;

  constructor() {
    this.seconds = [];
    this.total = new Book();
    this.current = new Book();
  }

  count(word: Word): void {
    this.current.sums[word]++;
  }

  carried(waitMs: number): void {
    this.current.sums.carried++;
    this.current.carriedIn.add(waitMs);
  }

  accepted(waitMs: number): void {
    this.current.sums.accepted++;
    this.current.acceptedIn.add(waitMs);
  }

  /** A second is over. */
  turn(): LoadSecond {
    const second = { second: this.seconds.length, ...this.current.figures() };
    if (this.seconds.length < secondLimit) this.seconds.push(second);
    this.total.addAll(this.current);
    this.current = new Book();
    return second;
  }

  /** Of all, the second that runs too. */
  totals(): LoadTotal {
    const all = new Book();
    all.addAll(this.total);
    all.addAll(this.current);
    return all.figures();
  }
}

class Book {
  readonly sums: Record<Word, number>;
  readonly carriedIn: Waits;
  readonly acceptedIn: Waits;

  constructor() {
    this.sums = { sent: 0, again: 0, carried: 0, accepted: 0, refused: 0, lost: 0, unsent: 0 };
    this.carriedIn = new Waits();
    this.acceptedIn = new Waits();
  }

  addAll(other: Book): void {
    for (const word of Object.keys(this.sums) as Word[]) this.sums[word] += other.sums[word];
    this.carriedIn.addAll(other.carriedIn);
    this.acceptedIn.addAll(other.acceptedIn);
  }

  figures(): LoadTotal {
    return { ...this.sums, carriedIn: this.carriedIn.figures(), acceptedIn: this.acceptedIn.figures() };
  }
}
