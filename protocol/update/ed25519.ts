/**
 * Checks a signature of Ed25519 (RFC 8032 5.1.7) in many small steps, so that a press is never kept waiting: a step takes two
 * products of the field, and none more than five. Stricter than the document where
 * it leaves a choice: a key that is not written in the one way, or lies in the small subgroup, is no key, and the equation is
 * tried without its cofactor.
 */
import { type Element, fromBytes, isZero, minus, plus, toBytes, zero } from "./field25519.ts";
import {
  type Addend,
  Addition,
  base,
  curveD,
  Doubling,
  neutral,
  OddMultiples,
  one,
  type Point,
  type PointWork,
  pointOf,
  rootOfMinusOne,
} from "./point25519.ts";
import { PowerChain } from "./power25519.ts";
import { multiply, square } from "./product25519.ts";
import { digitCount, isBelowOrder, modOrder, signedDigits } from "./scalar25519.ts";
import { Sha512 } from "./sha512.ts";

export const keyLength = 32;
export const signatureLength = 64;

export type CheckStanding = "more" | "good" | "bad";

type Work =
  | "hash"
  | "root"
  | "key"
  | "sign"
  | "order"
  | "number"
  | "digits"
  | "base-table"
  | "key-table"
  | "ladder"
  | "inverse"
  | "over";

export class Ed25519Check {
  private readonly key: Uint8Array;
  private readonly signature: Uint8Array;
  private readonly hash: Sha512;
  private readonly y: Element;
  /** x^2 = u / v for the key's y. */
  private readonly u: Element;
  private readonly v: Element;
  private chain: PowerChain;
  private at: Work;
  private standing: CheckStanding;
  private keyPoint: Point;
  private baseMultiples: OddMultiples;
  private keyMultiples: OddMultiples;
  /** By which the key is multiplied. */
  private factor: Uint8Array;
  private baseDigits: Int8Array;
  private keyDigits: Int8Array;
  private x: Element;
  /** What is being done to a point, at which place, and whose turn it is there. */
  private work: PointWork;
  private place: number;
  private turn: "double" | "base" | "key";

  /** A key has 32 bytes and a signature 64; they and `message` must not change until the check is over. */
  constructor(key: Uint8Array, signature: Uint8Array, message: Uint8Array) {
    const isShaped = key.length === keyLength && signature.length === signatureLength;
    this.key = isShaped ? key : new Uint8Array(keyLength);
    this.signature = isShaped ? signature : new Uint8Array(signatureLength);
    const isUsable = isShaped && isBelowOrder(signature.subarray(32, 64)) && isWrittenRight(key);
    this.at = isUsable ? "hash" : "over";
    this.standing = isUsable ? "more" : "bad";
    const sealed = new Uint8Array(64 + message.length);
    sealed.set(this.signature.subarray(0, 32));
    sealed.set(this.key, 32);
    sealed.set(message, 64);
    this.hash = new Sha512(sealed);
    this.y = fromBytes(this.key);
    const yy = square(this.y);
    this.u = minus(yy, one);
    this.v = plus(multiply(yy, curveD), one);
    const v3 = multiply(square(this.v), this.v);
    this.chain = new PowerChain(multiply(this.u, multiply(square(v3), this.v)), false);
    this.keyPoint = neutral();
    this.baseMultiples = new OddMultiples(base);
    this.keyMultiples = this.baseMultiples;
    this.factor = this.key;
    this.baseDigits = new Int8Array(digitCount);
    this.keyDigits = this.baseDigits;
    this.x = this.y;
    this.work = new Doubling(this.keyPoint, false);
    this.place = 0;
    this.turn = "double";
  }

  /** Goes on a little. Once it has answered `good` or `bad`, it answers the same for ever. */
  step(): CheckStanding {
    switch (this.at) {
      case "hash":
        return this.goOn(this.hash.step(), "root");
      case "root":
        return this.goOn(this.chain.step(), "key");
      case "key":
        return this.openKey();
      case "sign":
        return this.chooseRoot();
      case "order":
        return this.look();
      case "number":
        this.factor = modOrder(this.hash.digest());
        return this.goOn(false, "digits");
      case "digits":
        this.baseDigits = signedDigits(this.signature.subarray(32, 64));
        this.keyDigits = signedDigits(this.factor);
        this.keyMultiples = new OddMultiples(this.keyPoint);
        return this.goOn(false, "base-table");
      case "base-table":
        return this.goOn(this.baseMultiples.step(), "key-table");
      case "key-table":
        if (this.keyMultiples.step()) return "more";
        this.place = digitCount - 1;
        this.doubled(neutral());
        return this.goOn(false, "ladder");
      case "ladder":
        return this.climb();
      case "inverse":
        return this.chain.step() ? "more" : this.compare();
      case "over":
        return this.standing;
    }
  }

  private goOn(hasMore: boolean, next: Work): CheckStanding {
    if (!hasMore) this.at = next;
    return "more";
  }

  /** One of the roots, if it is one (RFC 8032 5.1.3). */
  private openKey(): CheckStanding {
    const v = this.v;
    this.x = multiply(multiply(this.u, multiply(square(v), v)), this.chain.value);
    return this.goOn(false, "sign");
  }

  /** The key as a point, of which the negative is kept: what it is multiplied by is then added. */
  private chooseRoot(): CheckStanding {
    const u = this.u;
    const found = multiply(square(this.x), this.v);
    let x = this.x;
    if (!isZero(minus(found, u))) {
      if (!isZero(plus(found, u))) return this.end("bad");
      x = multiply(x, rootOfMinusOne);
    }
    const isOdd = (toBytes(x)[0] as number) % 2 === 1;
    if (isOdd === (this.key[31] as number) >= 128) x = minus(zero(), x);
    this.keyPoint = pointOf(x, this.y);
    this.work = new Doubling(this.keyPoint, false);
    this.place = 1;
    return this.goOn(false, "order");
  }

  /** Eight times a point of the small subgroup is the neutral one. */
  private look(): CheckStanding {
    if (this.work.step()) return "more";
    this.work = new Doubling(this.work.value, false);
    this.place++;
    if (this.place <= 3) return "more";
    return isZero(this.work.value.x) ? this.end("bad") : this.goOn(false, "number");
  }

  /** Twice the sum, or the sum with what a digit stands for. */
  private climb(): CheckStanding {
    if (this.work.step()) return "more";
    const baseDigit = this.baseDigits[this.place] as number;
    const keyDigit = this.keyDigits[this.place] as number;
    const sum = this.work.value;
    if (this.turn === "double" && baseDigit !== 0) {
      this.turn = "base";
      this.work = withDigit(sum, baseDigit, this.baseMultiples.table);
      return "more";
    }
    if (this.turn !== "key" && keyDigit !== 0) {
      this.turn = "key";
      this.work = withDigit(sum, keyDigit, this.keyMultiples.table);
      return "more";
    }
    this.place--;
    if (this.place >= 0) return this.doubled(sum);
    this.chain = new PowerChain(sum.z, true);
    return this.goOn(false, "inverse");
  }

  private doubled(sum: Point): CheckStanding {
    this.turn = "double";
    this.work = new Doubling(sum, this.baseDigits[this.place] !== 0 || this.keyDigits[this.place] !== 0);
    return "more";
  }

  /** The first half of the signature must be how this sum is written. */
  private compare(): CheckStanding {
    const written = toBytes(multiply(this.work.value.y, this.chain.value));
    const x = toBytes(multiply(this.work.value.x, this.chain.value));
    written[31] = (written[31] as number) + ((x[0] as number) % 2) * 128;
    let difference = 0;
    for (let i = 0; i < 32; i++) difference |= (written[i] as number) ^ (this.signature[i] as number);
    return this.end(difference === 0 ? "good" : "bad");
  }

  private end(standing: "good" | "bad"): CheckStanding {
    this.at = "over";
    this.standing = standing;
    return standing;
  }
}

/** The whole check at once: for a desk, or where nobody waits. */
export function verifyEd25519(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const check = new Ed25519Check(key, signature, message);
  let standing = check.step();
  while (standing === "more") standing = check.step();
  return standing === "good";
}

/** Whether the y of a key is below 2^255 - 19: the same point has no second name. */
function isWrittenRight(key: Uint8Array): boolean {
  const written = toBytes(fromBytes(key));
  for (let i = 0; i < 31; i++) if (written[i] !== key[i]) return false;
  return written[31] === (key[31] as number) % 128;
}

function withDigit(sum: Point, digit: number, table: readonly Addend[]): PointWork {
  return new Addition(sum, table[(Math.abs(digit) - 1) >> 1] as Addend, digit < 0);
}
