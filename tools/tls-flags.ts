/** Flags that name certificates and keys: PEM files, read and checked before anything is opened. Wrong ones throw UserError. */
import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { certificatesOf, type Identity } from "../simulator/live/live-trust.ts";
import { systemReason } from "./system-reason.ts";
import { UserError } from "./user-error.ts";

export interface IdentityFlags {
  readonly cert?: string;
  readonly key?: string;
}

/** A certificate and its key; undefined where neither flag is given. */
export function identityOf({ cert, key }: IdentityFlags): Identity | undefined {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new UserError(
      cert === undefined ? "--key without --cert" : "--cert without --key",
      "--cert FILE --key FILE, both in PEM",
      2,
    );
  const certPem = textOf("--cert", cert);
  const keyPem = textOf("--key", key);
  const [own] = parsed("--cert", cert, certPem);
  if (!own?.checkPrivateKey(privateKeyOf(key, keyPem)))
    throw new UserError(
      `--cert ${cert} and --key ${key} are not a pair`,
      "the key that the certificate was made with",
      2,
    );
  return { cert: certPem, key: keyPem };
}

/** The PEM text of one or more authorities; undefined where the flag is absent. */
export function authoritiesOf(flag: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const pem = textOf(flag, path);
  parsed(flag, path, pem);
  return pem;
}

function parsed(flag: string, path: string, pem: string): readonly X509Certificate[] {
  let found: readonly X509Certificate[] = [];
  try {
    found = certificatesOf(pem);
  } catch {
    // Told below: a file of something else fails here or there.
  }
  if (found.length === 0)
    throw new UserError(`${flag} ${path} holds no certificate`, "a file in PEM: -----BEGIN CERTIFICATE-----", 2);
  return found;
}

function privateKeyOf(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    const hint = "a file in PEM: -----BEGIN PRIVATE KEY-----, without a pass phrase";
    throw new UserError(`--key ${path} holds no key that can be read`, hint, 2);
  }
}

function textOf(flag: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    throw new UserError(`${flag} ${path}: ${systemReason(thrown)}`, "a file that this user may read", 2);
  }
}
