/**
 * The key that releases are signed with: Ed25519, its private half sealed with AES-256-GCM under a key that scrypt (RFC 7914) makes
 * of a passphrase. What a program must know of it, its number and its public half, stands in clear beside it.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scryptSync,
  sign,
} from "node:crypto";
import { z } from "zod";
import { readJson, refuseExisting, writeWhole } from "../provision/files.ts";
import { UserError } from "../user-error.ts";

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

const keySchema = z.strictObject({
  format: z.literal("livlina-release-key/1"),
  id: z.int().min(0).max(0xffffffff).describe("Stands in each header: which of its keys a unit is to check with."),
  public: hex(32),
  salt: hex(16),
  nonce: hex(12),
  tag: hex(16),
  data: hex(48).describe("The private key, PKCS #8, sealed."),
});
type KeyFile = z.infer<typeof keySchema>;

export interface ReleaseKey {
  readonly id: number;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes of signature. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

/** 64 MiB and about a quarter of a second. */
const scryptOptions = { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 };
const shortestPassphrase = 12;

/** A new key in a new file that its owner alone may read. Throws UserError. */
export function makeKey(path: string, passphrase: string): Pick<ReleaseKey, "id" | "publicKey"> {
  refuseExisting(path, "another name: a key that was signed with must never be written over");
  if (passphrase.length < shortestPassphrase)
    throw new UserError(`the passphrase has ${passphrase.length} characters`, `${shortestPassphrase} or more`, 2);
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = publicBytes(privateKey);
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32, scryptOptions), nonce);
  cipher.setAAD(publicKey);
  const data = Buffer.concat([cipher.update(privateKey.export({ format: "der", type: "pkcs8" })), cipher.final()]);
  const file: KeyFile = {
    format: "livlina-release-key/1",
    id: idOf(publicKey),
    public: Buffer.from(publicKey).toString("hex"),
    salt: salt.toString("hex"),
    nonce: nonce.toString("hex"),
    tag: cipher.getAuthTag().toString("hex"),
    data: data.toString("hex"),
  };
  writeWhole(path, `${JSON.stringify(file, undefined, 2)}\n`, 0o600);
  return { id: file.id, publicKey };
}

/** What is in clear. Throws UserError (2). */
export function publicHalf(path: string): Pick<ReleaseKey, "id" | "publicKey"> {
  const file = readFile(path);
  return { id: file.id, publicKey: Uint8Array.from(Buffer.from(file.public, "hex")) };
}

/** Throws UserError: 2 where it is no such file, 4 where the passphrase does not open it. */
export function readKey(path: string, passphrase: string): ReleaseKey {
  const file = readFile(path);
  const publicKey = Uint8Array.from(Buffer.from(file.public, "hex"));
  const secret = scryptSync(passphrase, Buffer.from(file.salt, "hex"), 32, scryptOptions);
  const decipher = createDecipheriv("aes-256-gcm", secret, Buffer.from(file.nonce, "hex"));
  decipher.setAAD(publicKey);
  decipher.setAuthTag(Buffer.from(file.tag, "hex"));
  let privateKey: KeyObject;
  try {
    const bytes = Buffer.concat([decipher.update(Buffer.from(file.data, "hex")), decipher.final()]);
    privateKey = createPrivateKey({ key: bytes, format: "der", type: "pkcs8" });
  } catch {
    throw new UserError(
      `${path}: this passphrase does not open it, or somebody changed it`,
      "the passphrase that it was made with",
      4,
    );
  }
  return { id: file.id, publicKey, sign: (bytes) => Uint8Array.from(sign(null, bytes, privateKey)) };
}

/** The line that a program is built with, so that it takes what this key has signed. */
export function trustLine({ id, publicKey }: Pick<ReleaseKey, "id" | "publicKey">): string {
  return `{ "id": ${id}, "key": "${Buffer.from(publicKey).toString("hex")}" }`;
}

function readFile(path: string): KeyFile {
  const file = readJson(path, keySchema, "a file that `livlina ota keys` has written");
  if (idOf(Buffer.from(file.public, "hex")) === file.id) return file;
  throw new UserError(`${path}: its number is not that of its public key`, "the file as it was written", 2);
}

function publicBytes(privateKey: KeyObject): Uint8Array {
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return Uint8Array.from(spki.subarray(-32));
}

/** The first four bytes of the digest of the public key. */
function idOf(publicKey: Uint8Array): number {
  return createHash("sha256").update(publicKey).digest().readUInt32BE(0);
}
