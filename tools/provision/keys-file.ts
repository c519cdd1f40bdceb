/**
 * The keys of units and labels in one encrypted file: AES-256-GCM (NIST SP 800-38D) under a key that scrypt (RFC 7914) makes of a
 * passphrase. Everything but the ciphertext is authenticated with it, so that nobody can make a later reader work with weaker figures.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { z } from "zod";
import { buttonForms } from "../../protocol/radio/button-flags.ts";
import { UserError } from "../user-error.ts";
import { checked, readJson, readText, writeWhole } from "./files.ts";

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `${2 * bytes} small hexadecimal digits`);
const when = z.iso.datetime();

const unitKeys = z.strictObject({
  serial: z.string().regex(/^[A-Za-z0-9-]{1,20}$/),
  /** Opens the service line. */
  serviceKey: hex(16),
  made: when,
});
const buttonKeys = z.strictObject({
  address: z.string().regex(/^[0-9A-F]{8}$/),
  form: z
    .enum(buttonForms as unknown as [string, ...string[]])
    .transform((form) => form as (typeof buttonForms)[number]),
  key: hex(16),
  made: when,
});
const certificateKeys = z.strictObject({
  name: z.string().min(1),
  role: z.enum(["authority", "unit", "receiver"]),
  certificate: z.string(),
  key: z.string(),
  made: when,
});
const content = z.strictObject({
  format: z.literal(1),
  units: z.array(unitKeys).max(100_000),
  buttons: z.array(buttonKeys).max(200_000),
  certificates: z.array(certificateKeys).max(100_000),
  /** Passwords and PINs that settings refer to by name. */
  secrets: z.record(z.string(), z.string()),
});
const envelope = z.strictObject({
  format: z.literal("livlina-keys/1"),
  kdf: z.strictObject({
    name: z.literal("scrypt"),
    n: z
      .number()
      .int()
      .min(2 ** 14)
      .max(2 ** 20),
    r: z.literal(8),
    p: z.literal(1),
    salt: hex(16),
  }),
  cipher: z.literal("aes-256-gcm"),
  nonce: hex(12),
  tag: hex(16),
  data: z.string(),
});

export type KeysContent = z.output<typeof content>;
export type UnitKeys = z.output<typeof unitKeys>;
export type CertificateKeys = z.output<typeof certificateKeys>;
type Envelope = z.output<typeof envelope>;

/** 128 MiB and about half a second for each try at the passphrase. */
const scryptN = 2 ** 17;
const keyLength = 32;
export const shortestPassphrase = 12;

export function emptyKeys(): KeysContent {
  return { format: 1, units: [], buttons: [], certificates: [], secrets: {} };
}

/** Throws UserError: 2 where there is no such file, 4 where the passphrase does not open it. */
export function readKeys(path: string, passphrase: string): KeysContent {
  const sealed = readJson(path, envelope, "a file that `livlina keys make` has written");
  const decipher = createDecipheriv("aes-256-gcm", keyOf(sealed.kdf, passphrase), Buffer.from(sealed.nonce, "hex"));
  decipher.setAAD(headOf(sealed));
  decipher.setAuthTag(Buffer.from(sealed.tag, "hex"));
  let text: string;
  try {
    text = Buffer.concat([decipher.update(Buffer.from(sealed.data, "base64")), decipher.final()]).toString("utf8");
  } catch {
    throw new UserError(
      `${path}: this passphrase does not open it, or somebody changed it`,
      "the passphrase that it was made with",
      4,
    );
  }
  return checked(path, JSON.parse(text), content, "a file that this version has written");
}

/** New salt and nonce each time; `n` is what a try at the passphrase costs. Only its owner may read the file. Throws UserError. */
export function writeKeys(path: string, keys: KeysContent, passphrase: string, n = scryptN): void {
  if (passphrase.length < shortestPassphrase)
    throw new UserError(`the passphrase has ${passphrase.length} characters`, `${shortestPassphrase} or more`, 2);
  const head: Omit<Envelope, "tag" | "data"> = {
    format: "livlina-keys/1",
    kdf: { name: "scrypt", n, r: 8, p: 1, salt: randomBytes(16).toString("hex") },
    cipher: "aes-256-gcm",
    nonce: randomBytes(12).toString("hex"),
  };
  const cipher = createCipheriv("aes-256-gcm", keyOf(head.kdf, passphrase), Buffer.from(head.nonce, "hex"));
  cipher.setAAD(headOf(head));
  const data = Buffer.concat([cipher.update(JSON.stringify(keys), "utf8"), cipher.final()]).toString("base64");
  const sealed: Envelope = { ...head, tag: cipher.getAuthTag().toString("hex"), data };
  writeWhole(path, `${JSON.stringify(sealed)}\n`, 0o600);
}

/** From its file's first line, or the environment. Throws UserError (2). */
export function passphraseOf(file: string | undefined, environment: string | undefined): string {
  const given = file === undefined ? environment : (readText(file).split(/\r?\n/, 1)[0] as string);
  if (given === undefined || given === "")
    throw new UserError("no passphrase for the keys", "LIVLINA_PASSPHRASE, or --passphrase-file PATH", 2);
  return given;
}

/** The one that is named, or the only one. Throws UserError (2). */
export function unitKeysOf(path: string, keys: KeysContent, serial: string | undefined): UnitKeys {
  const found =
    serial === undefined
      ? keys.units.length === 1
        ? keys.units[0]
        : undefined
      : keys.units.find((unit) => unit.serial === serial);
  if (found !== undefined) return found;
  const known = keys.units.slice(0, 5).map((unit) => unit.serial);
  if (serial === undefined)
    throw new UserError(
      `${path} has keys of ${keys.units.length} units`,
      `--unit SERIAL, such as ${known[0] ?? "U-000001"}`,
      2,
    );
  throw new UserError(
    `${path} has no key of unit ${serial}`,
    `one of ${known.join(", ")}${keys.units.length > 5 ? " ..." : ""}`,
    2,
  );
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "hex"));
}

function keyOf(kdf: Envelope["kdf"], passphrase: string): Buffer {
  const { n, r, p, salt } = kdf;
  return scryptSync(passphrase.normalize("NFC"), Buffer.from(salt, "hex"), keyLength, {
    N: n,
    r,
    p,
    maxmem: 256 * n * r,
  });
}

function headOf({ format, kdf, cipher, nonce }: Omit<Envelope, "tag" | "data">): Buffer {
  return Buffer.from(JSON.stringify([format, kdf.name, kdf.n, kdf.r, kdf.p, kdf.salt, cipher, nonce]), "utf8");
}
