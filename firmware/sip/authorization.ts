/** What a receiver, and a proxy before it, have asked for: the newest nonces, sent ahead with every request (RFC 3261 22.2 and 22.3, RFC 7616 3.4 and 3.6). */
import type { Challenge, DigestAlgorithm } from "../../protocol/sip/digest.ts";
import {
  algorithmOf,
  asksAuth,
  chooseChallenge,
  credentialsText,
  digestResponse,
  digestSecret,
  parseChallenges,
} from "../../protocol/sip/digest.ts";
import type { Header, SipResponse } from "../../protocol/sip/message.ts";
import { randomHex } from "./random-text.ts";

interface Held {
  readonly challenge: Challenge;
  readonly algorithm: DigestAlgorithm;
  readonly secret: string;
  /** Requests made under this nonce so far. */
  count: number;
}

export class Authorization {
  private readonly user: string;
  private readonly password: string;
  private readonly random: (into: Uint8Array) => void;
  private server: Held | undefined;
  private proxy: Held | undefined;

  /** An empty password answers no challenge. `random` makes the client's own nonces. */
  constructor(user: string, password: string, random: (into: Uint8Array) => void) {
    this.user = user;
    this.password = password;
    this.random = random;
    this.server = undefined;
    this.proxy = undefined;
  }

  /** Takes the challenge of a 401 or 407 in place of the former one; undefined where there is none that can be answered. */
  learn(response: SipResponse): Challenge | undefined {
    const challenge = this.password === "" ? undefined : offered(response);
    const held = challenge === undefined ? undefined : this.hold(challenge);
    if (response.status === 407) this.proxy = held;
    else this.server = held;
    return challenge;
  }

  /** Drops what was asked for with this status (401 or 407): the next request goes out bare again. */
  forget(status: number): void {
    if (status === 407) this.proxy = undefined;
    else this.server = undefined;
  }

  /** Adds the credentials for one new request. */
  addTo(headers: Header[], method: string, uri: string): void {
    if (this.server !== undefined)
      headers.push({ name: "Authorization", value: this.answer(this.server, method, uri) });
    if (this.proxy !== undefined)
      headers.push({ name: "Proxy-Authorization", value: this.answer(this.proxy, method, uri) });
  }

  private hold(challenge: Challenge): Held {
    const algorithm = algorithmOf(challenge) ?? "MD5";
    return {
      challenge,
      algorithm,
      secret: digestSecret(algorithm, this.user, challenge.realm, this.password),
      count: 0,
    };
  }

  private answer(held: Held, method: string, uri: string): string {
    const challenge = held.challenge;
    held.count++;
    const qop = asksAuth(challenge) ? "auth" : undefined;
    const nc = held.count;
    const cnonce = qop === undefined ? "" : randomHex(this.random, 8);
    const response = digestResponse({
      algorithm: held.algorithm,
      secret: held.secret,
      method,
      uri,
      nonce: challenge.nonce,
      qop,
      nc,
      cnonce,
    });
    return credentialsText({
      username: this.user,
      realm: challenge.realm,
      nonce: challenge.nonce,
      uri,
      response,
      algorithm: challenge.algorithm,
      opaque: challenge.opaque,
      qop,
      nc: qop === undefined ? undefined : nc,
      cnonce: qop === undefined ? undefined : cnonce,
    });
  }
}

/** The first challenge that we can answer among all headers of a 401 or 407; a malformed header is passed over. */
function offered(response: SipResponse): Challenge | undefined {
  const name = response.status === 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
  for (const header of response.headers) {
    if (header.name !== name) continue;
    const challenges = parseChallenges(header.value);
    const chosen = challenges.ok ? chooseChallenge(challenges.value) : undefined;
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}
