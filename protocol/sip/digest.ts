/** HTTP Digest for SIP: challenges, credentials and response values (RFC 7616, RFC 2617, RFC 8760; RFC 3261 22). No Basic, no `auth-int`, no `-sess`. */
import { hexWord } from "../bytes/hex.ts";
import { md5Hex } from "../bytes/md5.ts";
import { sha256Hex } from "../bytes/sha256.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { utf8 } from "../text/utf8.ts";
import type { AuthPart } from "./auth-params.ts";
import { authValue, readAuthParts } from "./auth-params.ts";
import { quoted, sameText } from "./scan.ts";

export type DigestAlgorithm = "MD5" | "SHA-256";

/** One Digest challenge of a WWW-Authenticate or Proxy-Authenticate header. */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** The nonce was too old, the password may well be right (RFC 7616 3.3). */
  readonly stale: boolean;
  /** As written; undefined stands for MD5. */
  readonly algorithm: string | undefined;
  /** The offered kinds; empty for the older form without any. */
  readonly qop: readonly string[];
}

/** What an Authorization or Proxy-Authorization header says. */
export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: string | undefined;
  readonly opaque: string | undefined;
  /** With `nc` and `cnonce`, or all three undefined. */
  readonly qop: string | undefined;
  readonly nc: number | undefined;
  readonly cnonce: string | undefined;
}

/** What a response value is made of; `qop` undefined leaves `nc` and `cnonce` out of it (RFC 2617 3.2.2.1). */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  /** From `digestSecret`. */
  readonly secret: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly qop: string | undefined;
  /** Count of requests under this nonce, from 1 on. */
  readonly nc: number;
  readonly cnonce: string;
}

const challengeLimit = 8;

/** Reads the Digest challenges of one header value, in order; those of other schemes are passed over. */
export function parseChallenges(value: string): Result<readonly Challenge[]> {
  const parts = readAuthParts(value, challengeLimit);
  if (!parts.ok) return parts;
  const challenges: Challenge[] = [];
  for (const part of parts.value) {
    if (!sameText(part.scheme, "Digest")) continue;
    const realm = authValue(part, "realm");
    const nonce = authValue(part, "nonce");
    if (realm === undefined) return bad({ kind: "missing", at: part.at, field: "realm" });
    if (nonce === undefined) return bad({ kind: "missing", at: part.at, field: "nonce" });
    challenges.push({
      realm,
      nonce,
      opaque: authValue(part, "opaque"),
      stale: sameText(authValue(part, "stale") ?? "", "true"),
      algorithm: authValue(part, "algorithm"),
      qop: listOf(authValue(part, "qop") ?? ""),
    });
  }
  return ok(challenges);
}

/** A challenge as it is written. */
export function challengeText(challenge: Challenge): string {
  let text = "Digest realm=" + quoted(challenge.realm) + ", nonce=" + quoted(challenge.nonce);
  if (challenge.opaque !== undefined) text += ", opaque=" + quoted(challenge.opaque);
  if (challenge.stale) text += ", stale=true";
  if (challenge.algorithm !== undefined) text += ", algorithm=" + challenge.algorithm;
  return challenge.qop.length === 0 ? text : text + ", qop=" + quoted(challenge.qop.join(","));
}

/** The algorithm to answer a challenge with; undefined where it asks for one, or for a `qop`, that we do not have. */
export function algorithmOf(challenge: Challenge): DigestAlgorithm | undefined {
  if (challenge.qop.length > 0 && !asksAuth(challenge)) return undefined;
  if (challenge.algorithm === undefined || sameText(challenge.algorithm, "MD5")) return "MD5";
  return sameText(challenge.algorithm, "SHA-256") ? "SHA-256" : undefined;
}

/** Whether the challenge offers `qop=auth`, which is then to be used (RFC 7616 3.4). */
export function asksAuth(challenge: Challenge): boolean {
  for (const kind of challenge.qop) if (sameText(kind, "auth")) return true;
  return false;
}

/** The first challenge that we can answer: the sender has put them in its order of choice (RFC 7616 3.7). */
export function chooseChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  for (const challenge of challenges) if (algorithmOf(challenge) !== undefined) return challenge;
  return undefined;
}

/** Reads Digest credentials. */
export function parseCredentials(value: string): Result<Credentials> {
  const parts = readAuthParts(value, 1);
  if (!parts.ok) return parts;
  const part = parts.value[0] as AuthPart;
  if (!sameText(part.scheme, "Digest"))
    return bad({ kind: "unknown-value", at: 0, field: "authorization scheme", value: part.scheme });
  const username = authValue(part, "username");
  const realm = authValue(part, "realm");
  const nonce = authValue(part, "nonce");
  const uri = authValue(part, "uri");
  const response = authValue(part, "response");
  if (username === undefined) return bad({ kind: "missing", at: 0, field: "username" });
  if (realm === undefined) return bad({ kind: "missing", at: 0, field: "realm" });
  if (nonce === undefined) return bad({ kind: "missing", at: 0, field: "nonce" });
  if (uri === undefined) return bad({ kind: "missing", at: 0, field: "uri" });
  if (response === undefined) return bad({ kind: "missing", at: 0, field: "response" });
  const qop = authValue(part, "qop");
  const cnonce = authValue(part, "cnonce");
  const count = authValue(part, "nc");
  const nc = count === undefined ? undefined : fromHex8(count);
  if (nc === -1) return bad({ kind: "malformed", at: 0, what: "nc" });
  if (qop !== undefined && (nc === undefined || cnonce === undefined))
    return bad({ kind: "missing", at: 0, field: nc === undefined ? "nc" : "cnonce" });
  const algorithm = authValue(part, "algorithm");
  const opaque = authValue(part, "opaque");
  return ok({ username, realm, nonce, uri, response, algorithm, opaque, qop, nc, cnonce });
}

/** Credentials as they are written. */
export function credentialsText(credentials: Credentials): string {
  let text = "Digest username=" + quoted(credentials.username) + ", realm=" + quoted(credentials.realm);
  text += ", nonce=" + quoted(credentials.nonce) + ", uri=" + quoted(credentials.uri);
  if (credentials.algorithm !== undefined) text += ", algorithm=" + credentials.algorithm;
  if (credentials.qop !== undefined) text += ", qop=" + credentials.qop;
  if (credentials.nc !== undefined) text += ", nc=" + hexWord(credentials.nc);
  if (credentials.cnonce !== undefined) text += ", cnonce=" + quoted(credentials.cnonce);
  text += ", response=" + quoted(credentials.response);
  return credentials.opaque === undefined ? text : text + ", opaque=" + quoted(credentials.opaque);
}

/** The secret that user, realm and password make (A1 of RFC 7616 3.4.2, hashed): 32 or 64 hexadecimal digits. */
export function digestSecret(algorithm: DigestAlgorithm, user: string, realm: string, password: string): string {
  return hashHex(algorithm, user + ":" + realm + ":" + password);
}

/** The response value (RFC 7616 3.4.1): 32 or 64 hexadecimal digits. */
export function digestResponse(input: DigestInput): string {
  const request = requestHash(input);
  const counted = input.qop === undefined ? "" : hexWord(input.nc) + ":" + input.cnonce + ":" + input.qop + ":";
  return hashHex(input.algorithm, input.secret + ":" + input.nonce + ":" + counted + request);
}

/** Hashed once for as long as the same is asked for: whoever is asked again and again has one URI (A2 of RFC 7616 3.4.3). */
function requestHash(input: DigestInput): string {
  const isLast = input.uri === lastUri && input.method === lastMethod && input.algorithm === lastAlgorithm;
  if (!isLast || lastHash === "") {
    lastHash = hashHex(input.algorithm, input.method + ":" + input.uri);
    lastUri = input.uri;
    lastMethod = input.method;
    lastAlgorithm = input.algorithm;
  }
  return lastHash;
}

function hashHex(algorithm: DigestAlgorithm, text: string): string {
  return algorithm === "MD5" ? md5Hex(utf8(text)) : sha256Hex(utf8(text));
}

function fromHex8(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = "0123456789abcdef".indexOf(text.charAt(i).toLowerCase());
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return text.length === 8 ? value : -1;
}

/** The words of a list with commas between. */
function listOf(text: string): string[] {
  const words: string[] = [];
  for (const part of text.split(",")) {
    const word = part.trim();
    if (word !== "") words.push(word);
  }
  return words;
}

/** The newest request that was hashed, of whoever: a pure function's last answer. */
let lastAlgorithm: DigestAlgorithm = "MD5";
let lastMethod = "";
let lastUri = "";
let lastHash = "";
