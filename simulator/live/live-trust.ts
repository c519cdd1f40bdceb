/**
 * What a live unit believes of a server's certificate (RFC 5246 7.4.2, RFC 6125 6, RFC 5922 7): chain, name and dates. Node tells
 * the last fault it met, and dates come last: whoever is said to be out of date alone is judged here once more.
 */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { checkServerIdentity, rootCertificates, type TLSSocket } from "node:tls";
import type { PeerProof } from "../../firmware/ports/stream.ts";

/** Certificate and private key in PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface LiveTrust {
  /** Authorities in PEM; those that Node knows unless said. */
  readonly ca?: string | undefined;
  /** Shown to servers that ask who calls. */
  readonly identity?: Identity | undefined;
  /** Any certificate is taken, and proves nothing: for labs. */
  readonly unverified?: boolean;
}

export interface Judgement {
  /** Undefined: not to be spoken with. */
  readonly proof: PeerProof | undefined;
  /** In words; "" where all is well. */
  readonly why: string;
}

/** Certificates from a server's own up to one that is trusted; a longer chain is not believed. */
const chainLimit = 6;
const serverPurpose = "1.3.6.1.5.5.7.3.1";
const dateFaults = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];

const words: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it has signed its certificate itself",
  SELF_SIGNED_CERT_IN_CHAIN: "nobody who is trusted has signed its certificate",
  UNABLE_TO_GET_ISSUER_CERT: "nobody who is trusted has signed its certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "nobody who is trusted has signed its certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "nobody who is trusted has signed its certificate",
  INVALID_PURPOSE: "its certificate is not meant for a server",
};

/** Judges a server after the handshake. `serverName` is the name it must bear, or its address. */
export function judgeServer(socket: TLSSocket, serverName: string, ca: string | undefined): Judgement {
  if (socket.authorized) return { proof: "checked", why: "" };
  const code = String(socket.authorizationError);
  if (!dateFaults.includes(code)) return { proof: undefined, why: wordsOf(code, serverName) };
  const chain = chainOf(socket);
  const [own] = chain;
  if (own === undefined || !bearsName(own, serverName))
    return { proof: undefined, why: wordsOf("ERR_TLS_CERT_ALTNAME_INVALID", serverName) };
  if (!isSound(chain, authorities(ca)))
    return { proof: undefined, why: wordsOf("UNABLE_TO_VERIFY_LEAF_SIGNATURE", serverName) };
  const why = `a certificate of its chain is out of date: its own is valid from ${own.validFrom} to ${own.validTo}`;
  return { proof: "expired", why };
}

/**
 * Whether all but the dates holds: each certificate is signed by the next, which may sign, up to one that is trusted. Limits on
 * the length and the names of a chain (RFC 5280 4.2.1.9 and 4.2.1.10) are not looked at.
 */
export function isSound(chain: readonly X509Certificate[], trusted: readonly X509Certificate[]): boolean {
  const purposes = chain[0]?.keyUsage as readonly string[] | undefined; // Node's name for the extended key usage
  if (purposes !== undefined && !purposes.includes(serverPurpose)) return false;
  for (let i = 0; i < Math.min(chain.length, chainLimit); i++) {
    const certificate = chain[i] as X509Certificate;
    if (trusted.some((root) => root.fingerprint256 === certificate.fingerprint256)) return true;
    if (trusted.some((root) => isIssuedBy(certificate, root))) return true;
    const next = chain[i + 1];
    if (next === undefined || !isIssuedBy(certificate, next)) return false;
  }
  return false;
}

/** The certificates of a PEM file, in order. Throws where one of them is none. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const parts = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return parts.map((part) => new X509Certificate(part));
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function bearsName(certificate: X509Certificate, serverName: string): boolean {
  if (isIP(serverName) !== 0) return certificate.checkIP(serverName) !== undefined;
  return checkServerIdentity(serverName, certificate.toLegacyObject()) === undefined;
}

function authorities(ca: string | undefined): readonly X509Certificate[] {
  return certificatesOf(ca ?? rootCertificates.join("\n"));
}

/** What the server has sent, its own first. */
function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let shown = socket.getPeerCertificate(true);
  while (shown?.raw !== undefined && chain.length < chainLimit) {
    chain.push(new X509Certificate(shown.raw));
    if (shown.issuerCertificate === shown) break;
    shown = shown.issuerCertificate;
  }
  return chain;
}

function wordsOf(code: string, serverName: string): string {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `its certificate is not for ${serverName}`;
  return words[code] ?? `its certificate is not believed: ${code}`;
}
