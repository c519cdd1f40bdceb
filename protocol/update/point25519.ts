/**
 * Points of the curve of Ed25519 (RFC 8032 5.1) in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. Formulas of H. Hisil,
 * K. Wong, G. Carter and E. Dawson, "Twisted Edwards Curves Revisited", for a = -1; none of them needs a case of its own.
 */
import { type Element, fromBytes, minus, plus, zero } from "./field25519.ts";
import { multiply, square } from "./product25519.ts";

export interface Point {
  readonly x: Element;
  readonly y: Element;
  readonly z: Element;
  /** Not to be used where `double` was told that nobody will. */
  readonly t: Element;
}

/** A point as `add` takes it: what would be reckoned anew at each addition. */
export interface Addend {
  readonly yMinusX: Element;
  readonly yPlusX: Element;
  readonly z2: Element;
  readonly t2d: Element;
}

/** The neutral point. */
export function neutral(): Point {
  return { x: zero(), y: one, z: one, t: zero() };
}

/** An operation on points, two products of the field at a time. */
export interface PointWork {
  /** The result, once `step` has answered false. */
  readonly value: Point;
  step(): boolean;
}

/** Twice a point. */
export class Doubling implements PointWork {
  value: Point;
  private readonly withT: boolean;
  private at: number;
  private e: Element;
  private f: Element;
  private g: Element;
  private h: Element;

  /** `withT`: its `t` will be used, which an addition does and a doubling does not. */
  constructor(point: Point, withT: boolean) {
    this.value = point;
    this.withT = withT;
    this.at = 0;
    this.e = point.x;
    this.f = point.x;
    this.g = point.x;
    this.h = point.x;
  }

  step(): boolean {
    const point = this.value;
    switch (this.at++) {
      case 0: {
        const a = square(point.x);
        const b = square(point.y);
        this.g = minus(b, a);
        this.h = minus(minus(zero(), a), b);
        return true;
      }
      case 1: {
        const zz = square(point.z);
        this.e = plus(square(plus(point.x, point.y)), this.h);
        this.f = minus(minus(this.g, zz), zz);
        return true;
      }
      case 2:
        this.value = { x: multiply(this.e, this.f), y: multiply(this.g, this.h), z: this.f, t: this.g };
        return true;
      default: {
        const t = this.withT ? multiply(this.e, this.h) : this.g;
        this.value = { x: point.x, y: point.y, z: multiply(this.f, this.g), t };
        return false;
      }
    }
  }
}

/** A point with another one added, or taken away. */
export class Addition implements PointWork {
  value: Point;
  private readonly other: Addend;
  private readonly isLess: boolean;
  private at: number;
  private e: Element;
  private f: Element;
  private g: Element;
  private h: Element;

  constructor(point: Point, other: Addend, isLess: boolean) {
    this.value = point;
    this.other = other;
    this.isLess = isLess;
    this.at = 0;
    this.e = point.x;
    this.f = point.x;
    this.g = point.x;
    this.h = point.x;
  }

  step(): boolean {
    const point = this.value;
    const other = this.other;
    switch (this.at++) {
      case 0: {
        const a = multiply(minus(point.y, point.x), this.isLess ? other.yPlusX : other.yMinusX);
        const b = multiply(plus(point.y, point.x), this.isLess ? other.yMinusX : other.yPlusX);
        this.e = minus(b, a);
        this.h = plus(b, a);
        return true;
      }
      case 1: {
        const c = multiply(point.t, other.t2d);
        const d = multiply(point.z, other.z2);
        this.f = this.isLess ? plus(d, c) : minus(d, c);
        this.g = this.isLess ? minus(d, c) : plus(d, c);
        return true;
      }
      case 2:
        this.value = { x: multiply(this.e, this.f), y: multiply(this.g, this.h), z: this.f, t: this.g };
        return true;
      default:
        this.value = { x: point.x, y: point.y, z: multiply(this.f, this.g), t: multiply(this.e, this.h) };
        return false;
    }
  }
}

export function addendOf(point: Point): Addend {
  return {
    yMinusX: minus(point.y, point.x),
    yPlusX: plus(point.y, point.x),
    z2: plus(point.z, point.z),
    t2d: multiply(point.t, doubledD),
  };
}

/** A point of the curve from its two coordinates. */
export function pointOf(x: Element, y: Element): Point {
  return { x, y, z: one, t: multiply(x, y) };
}

/** The multiples by 1, 3, 5 and 7 of a point. */
export class OddMultiples {
  readonly table: Addend[];
  private work: PointWork;
  private twice: Addend | undefined;
  private readonly point: Point;

  constructor(point: Point) {
    this.point = point;
    this.table = [];
    this.twice = undefined;
    this.work = new Doubling(point, true);
  }

  /** Two products of the field. False: all four are there. */
  step(): boolean {
    if (this.work.step()) return true;
    const before = this.twice === undefined ? this.point : this.work.value;
    if (this.twice === undefined) this.twice = addendOf(this.work.value);
    this.table.push(addendOf(before));
    this.work = new Addition(before, this.twice, false);
    return this.table.length < 4;
  }
}

function element(hex: string): Element {
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++) bytes[i] = parseInt(hex.substring(2 * i, 2 * i + 2), 16);
  return fromBytes(bytes);
}

export const one = element("0100000000000000000000000000000000000000000000000000000000000000");
/** -121665/121666. */
export const curveD = element("a3785913ca4deb75abd841414d0a700098e879777940c78c73fe6f2bee6c0352");
const doubledD = plus(curveD, curveD);
/** A square root of -1. */
export const rootOfMinusOne = element("b0a00e4a271beec478e42fad0618432fa7d7fb3d99004d2b0bdfc14f8024832b");
/** The point that all keys and signatures are multiples of. */
export const base = pointOf(
  element("1ad5258f602d56c9b2a7259560c72c695cdcd6fd31e2a4c0fe536ecdd3366921"),
  element("5866666666666666666666666666666666666666666666666666666666666666"),
);
