/** Releases for tests of updates: signed images whose program says which version it is, and whether it is whole. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { TrustedKey } from "../../firmware/ports/slots.ts";
import { headerBytes, type ImageHeader, versionNumber } from "../../protocol/update/image-header.ts";
import type { Release } from "../peers/release-server.ts";

/** Bytes of a page of the slots that these go into. */
export const releasePage = 1_024;
const keys = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519");
export const trusted: TrustedKey = {
  id: 1,
  key: Uint8Array.from(keys.publicKey.export({ format: "der", type: "spki" }).subarray(-32)),
};

/** An image of that version, signed; `change` makes its header another one's, `by` another's signature. */
export function releaseOf(version: string, change: Partial<ImageHeader> = {}, by: "us" | "stranger" = "us"): Release {
  const body = bodyOf(version);
  const header = headerBytes({
    board: "test-board",
    leastRevision: 1,
    mostRevision: 2,
    region: "eu",
    version: versionNumber(version),
    leastVersion: 0,
    length: body.length,
    sha256: createHash("sha256").update(body).digest(),
    keyId: trusted.id,
    ...change,
  });
  const signature = sign(null, header, (by === "us" ? keys : stranger).privateKey);
  return { offer: new Uint8Array(Buffer.concat([header, signature])), body };
}

/** Ten pages and a bit; begins with its version and ends with the digest of all before it. */
export function bodyOf(version: string): Uint8Array {
  const text = `livlina ${version}\n`;
  const filler = new Uint8Array(10 * releasePage + 77 - text.length).map((_, i) => (i * 7 + version.length) & 255);
  const program = Buffer.concat([Buffer.from(text), filler]);
  return new Uint8Array(Buffer.concat([program, createHash("sha256").update(program).digest()]));
}
