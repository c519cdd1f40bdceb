/** Chance in the words of a scenario file: which of them, how many, how long. Each purpose has a stream of its own. */
import { Stream } from "../core/prng.ts";

export class Draw {
  private readonly stream: Stream;

  /** One more draw for one purpose changes nothing in what is drawn for another. */
  constructor(seed: number, purpose: string) {
    this.stream = new Stream(seed, `swarm ${purpose}`, 0);
  }

  /** True so many times in a hundred. */
  percent(percent: number): boolean {
    return this.stream.chance(percent * 10_000);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return this.stream.between(least, most);
  }

  /** One of them, each as likely. Throws where there is none. */
  pick<T>(from: readonly T[]): T {
    return from[this.stream.below(from.length)] as T;
  }

  /** Undefined where there is none to pick. */
  pickAny<T>(from: readonly T[]): T | undefined {
    return from.length === 0 ? undefined : this.pick(from);
  }

  /** So many of them at most, in the order they stand. */
  some<T>(from: readonly T[], most: number): readonly T[] {
    const left = [...from.keys()];
    while (left.length > most) left.splice(this.stream.below(left.length), 1);
    return left.map((index) => from[index] as T);
  }

  /** A seed for a run. */
  seed(): number {
    return this.stream.u32();
  }
}
