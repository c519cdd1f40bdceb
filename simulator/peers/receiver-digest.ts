/**
 * A receiver's digest authentication: MD5, qop auth, counted and short-lived nonces (RFC 2617 3.2 and 3.3, RFC 3261 22).
 * SS 91100 asks for it and forbids Basic.
 */
import {
  type Credentials,
  challengeText,
  digestResponse,
  digestSecret,
  parseCredentials,
} from "../../protocol/sip/digest.ts";
import type { SipRequest } from "../../protocol/sip/message.ts";

export interface DigestAccount {
  readonly user: string;
  readonly password: string;
  readonly realm: string;
}

export interface DigestGateOptions {
  readonly account: DigestAccount;
  readonly nowMs: () => number;
  /** A whole number from 0 to below `n`. */
  readonly below: (n: number) => number;
  /** How long a nonce is good for, in ms; one hour unless said. */
  readonly lifetimeMs?: number;
  /** Most nonces remembered, the oldest going first; 16,384 unless said. */
  readonly nonceLimit?: number;
}

export type Admission =
  | { readonly admitted: true }
  /** Answer 401 with `challenge`. `wrong`: credentials came and do not fit, which no honest sender does twice. */
  | { readonly admitted: false; readonly challenge: string; readonly wrong: boolean };

/**
 * `calls-stale`: the first nonce that a request is given is never good, the second is, for that request alone. `refuses`: no
 * password is right.
 */
export type GateManner = "judges" | "calls-stale" | "refuses";

interface Nonce {
  readonly issuedMs: number;
  /** Given in place of one that was called stale although it was new. */
  readonly inPlace: boolean;
  /** Highest count seen, and which of the 32 below it (bit 0 is the highest itself): UDP may swap two requests. */
  highest: number;
  seen: number;
}

const windowBits = 32;

/** Decides whether a request may pass. Nonces live in a bounded table; one that has gone is `stale`, not wrong. */
export class DigestGate {
  private readonly options: DigestGateOptions;
  private readonly secret: string;
  private readonly lifetimeMs: number;
  private readonly nonceLimit: number;
  /** In the order of issue. */
  private readonly nonces: Map<string, Nonce>;

  constructor(options: DigestGateOptions) {
    const { user, realm, password } = options.account;
    this.options = options;
    this.secret = digestSecret("MD5", user, realm, password);
    this.lifetimeMs = options.lifetimeMs ?? 3_600_000;
    this.nonceLimit = options.nonceLimit ?? 16_384;
    this.nonces = new Map();
  }

  check(request: SipRequest, manner: GateManner = "judges"): Admission {
    const credentials = this.credentialsOf(request);
    if (credentials === undefined) return this.challenge(false, false);
    if (manner === "refuses" || !this.fits(credentials, request)) return this.challenge(false, true);
    if (manner === "calls-stale") return this.checkStale(credentials);
    return this.count(credentials) ? { admitted: true } : this.challenge(true, false);
  }

  /** How many nonces are remembered. */
  get nonceCount(): number {
    return this.nonces.size;
  }

  private credentialsOf(request: SipRequest): Credentials | undefined {
    for (const header of request.headers) {
      if (header.name !== "Authorization") continue;
      const parsed = parseCredentials(header.value);
      if (parsed.ok && parsed.value.realm === this.options.account.realm) return parsed.value;
    }
    return undefined;
  }

  private fits(given: Credentials, request: SipRequest): boolean {
    if (given.algorithm !== undefined && given.algorithm.toUpperCase() !== "MD5") return false;
    if (given.qop !== undefined && given.qop.toLowerCase() !== "auth") return false;
    if (given.username !== this.options.account.user || given.uri !== request.uri) return false;
    const expected = digestResponse({
      algorithm: "MD5",
      secret: this.secret,
      method: request.method,
      uri: given.uri,
      nonce: given.nonce,
      qop: given.qop,
      nc: given.nc ?? 0,
      cnonce: given.cnonce ?? "",
    });
    return given.response.toLowerCase() === expected;
  }

  /** A nonce is good once, and only where it was given in place of one that was called stale before it was of any use. */
  private checkStale({ nonce: given }: Credentials): Admission {
    const nonce = this.nonces.get(given);
    const isFirst = nonce !== undefined && !nonce.inPlace;
    this.nonces.delete(given);
    if (nonce?.inPlace === true) return { admitted: true };
    return this.challenge(true, false, isFirst);
  }

  /** Uses up one count of the nonce; false where nonce or count is no longer good, so that a recording is worth nothing. */
  private count(given: Credentials): boolean {
    const nonce = this.nonces.get(given.nonce);
    if (nonce === undefined) return false;
    if (nonce.issuedMs + this.lifetimeMs <= this.options.nowMs()) {
      this.nonces.delete(given.nonce);
      return false;
    }
    // The older form has no count: such a nonce is good for one request.
    if (given.qop === undefined) return this.nonces.delete(given.nonce);
    const nc = given.nc ?? 0;
    const behind = nonce.highest - nc;
    if (nc < 1 || behind >= windowBits) return false;
    if (behind < 0) {
      nonce.seen = -behind >= windowBits ? 1 : ((nonce.seen << -behind) | 1) >>> 0;
      nonce.highest = nc;
      return true;
    }
    const bit = (1 << behind) >>> 0;
    if ((nonce.seen & bit) !== 0) return false;
    nonce.seen = (nonce.seen | bit) >>> 0;
    return true;
  }

  private challenge(stale: boolean, wrong: boolean, inPlace = false): Admission {
    let nonce = "";
    for (let i = 0; i < 8; i++) nonce += (0x10000 + this.options.below(0x10000)).toString(16).substring(1);
    if (this.nonces.size >= this.nonceLimit) {
      for (const oldest of this.nonces.keys()) {
        this.nonces.delete(oldest);
        break;
      }
    }
    this.nonces.set(nonce, { issuedMs: this.options.nowMs(), inPlace, highest: 0, seen: 0 });
    const text = challengeText({
      realm: this.options.account.realm,
      nonce,
      opaque: undefined,
      stale,
      algorithm: "MD5",
      qop: ["auth"],
    });
    return { admitted: false, challenge: text, wrong };
  }
}
