/** A release: header, signature and image in one file, as the release server reads it and as a unit takes it. */
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { faultText } from "../../protocol/result.ts";
import { verifyEd25519 } from "../../protocol/update/ed25519.ts";
import {
  decodeSignedHeader,
  headerBytes,
  type ImageHeader,
  imageLimit,
  signedHeaderLength,
} from "../../protocol/update/image-header.ts";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";
import type { ReleaseKey } from "./release-key.ts";

export interface ReleaseFile {
  readonly header: ImageHeader;
  /** Header and signature: what a unit is offered. */
  readonly offer: Uint8Array;
  readonly body: Uint8Array;
  /** Of the body, as the server names it. */
  readonly sha256: string;
}

export type ReleaseWords = Omit<ImageHeader, "length" | "sha256" | "keyId">;

/** Signs and checks its own work with the code that a unit has. Throws UserError (2). */
export function signRelease(words: ReleaseWords, body: Uint8Array, key: ReleaseKey): ReleaseFile {
  if (body.length === 0 || body.length > imageLimit)
    throw new UserError(`the image has ${body.length} bytes`, `1 to ${imageLimit} bytes`, 2);
  const sha256 = createHash("sha256").update(body).digest();
  const header: ImageHeader = { ...words, length: body.length, sha256: Uint8Array.from(sha256), keyId: key.id };
  let bytes: Uint8Array;
  try {
    bytes = headerBytes(header);
  } catch {
    throw new UserError(
      `board ${words.board}, region ${words.region} and these versions make no header`,
      "small letters, digits and hyphens; a least version that is not later than the version",
      2,
    );
  }
  const signature = key.sign(bytes);
  if (!verifyEd25519(key.publicKey, signature, bytes)) throw new Error("release: a unit would not take the signature");
  const offer = new Uint8Array(Buffer.concat([bytes, signature]));
  return { header, offer, body, sha256: sha256.toString("hex") };
}

/** Throws UserError (3). */
export function writeRelease(path: string, release: ReleaseFile): void {
  const fresh = `${path}.new`;
  try {
    writeFileSync(fresh, Buffer.concat([release.offer, release.body]));
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw new UserError(`${path} cannot be written: ${systemReason(thrown)}`, "a folder that this user may write", 3);
  }
}

function bytesOf(path: string, hint: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (thrown) {
    throw new UserError(`${path} cannot be read: ${systemReason(thrown)}`, hint, 2);
  }
}

/** `publicKey`: what the signature must fit; undefined: it is not looked at. Throws UserError (2) with what is wrong. */
export function readRelease(path: string, publicKey: Uint8Array | undefined): ReleaseFile {
  const hint = "a file that `livlina ota sign` has written";
  const bytes = bytesOf(path, hint);
  const read = decodeSignedHeader(bytes);
  if (!read.ok) throw new UserError(`${path}: ${faultText(read.fault)}`, hint, 2);
  const { header, signature } = read.value;
  const body = bytes.subarray(signedHeaderLength);
  const digest = createHash("sha256").update(body).digest();
  if (body.length !== header.length || !digest.equals(header.sha256))
    throw new UserError(`${path}: the image behind the header is not the one that was signed`, hint, 2);
  if (publicKey !== undefined && !verifyEd25519(publicKey, signature, read.value.bytes))
    throw new UserError(`${path}: this key has not signed it`, "the key file that `ota sign` was given", 2);
  return { header, offer: bytes.subarray(0, signedHeaderLength), body, sha256: digest.toString("hex") };
}
