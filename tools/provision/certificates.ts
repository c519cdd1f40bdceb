/**
 * Certificates for units and receivers, signed by an authority of the keys' file. Key pairs are made here (P-256); OpenSSL signs, since
 * Node has no way to make a certificate. Private keys pass through a folder that its owner alone may read, and that is gone at once.
 */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../user-error.ts";
import type { CertificateKeys } from "./keys-file.ts";

export interface CertificateOrder {
  readonly role: "authority" | "unit" | "receiver";
  /** A unit's serial, a receiver's name or address, or the authority's name. */
  readonly name: string;
  readonly days: number;
  /** Undefined for an authority, which signs itself. */
  readonly authority: CertificateKeys | undefined;
}

const addressPattern = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)$/i;
const namePattern = /^[A-Za-z0-9 .:-]{1,64}$/;

/** Throws UserError: 2 for a name that cannot stand in a certificate, 3 without OpenSSL. */
export function makeCertificate(order: CertificateOrder, made: string): CertificateKeys {
  const { role, name, days, authority } = order;
  if (!namePattern.test(name))
    throw new UserError(`${name} cannot stand in a certificate`, "letters, digits, full stops and hyphens", 2);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const folder = mkdtempSync(join(tmpdir(), "livlina-keys-"));
  const file = (fileName: string, text: string): string => {
    const path = join(folder, fileName);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  try {
    const out = join(folder, "certificate.pem");
    const keyPath = file("key.pem", key);
    const validity = ["-days", String(days), "-sha256", "-out", out];
    if (authority === undefined) {
      const usage = [
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
        "-addext",
        "basicConstraints=critical,CA:true,pathlen:0",
      ];
      openssl("req", "-x509", "-new", "-key", keyPath, "-subj", `/CN=${name}`, ...validity, ...usage);
    } else {
      const request = join(folder, "request.pem");
      openssl("req", "-new", "-key", keyPath, "-subj", `/CN=${name}`, "-out", request);
      const signer = ["-CA", file("ca.pem", authority.certificate), "-CAkey", file("ca.key", authority.key)];
      const serial = ["-set_serial", `0x00${randomBytes(16).toString("hex")}`];
      openssl(
        "x509",
        "-req",
        "-in",
        request,
        ...signer,
        ...serial,
        "-extfile",
        file("ext", extensionsOf(role, name)),
        ...validity,
      );
    }
    return { name, role, certificate: readFileSync(out, "utf8"), key, made };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A receiver is known by its name or address (RFC 5922 7.1), a unit by its common name alone. */
function extensionsOf(role: CertificateOrder["role"], name: string): string {
  const names = role === "receiver" ? `subjectAltName=${addressPattern.test(name) ? "IP" : "DNS"}:${name}\n` : "";
  const purpose = role === "receiver" ? "serverAuth" : "clientAuth";
  return `${names}basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=${purpose}\n`;
}

function openssl(...args: readonly string[]): void {
  try {
    execFileSync("openssl", args, { stdio: "pipe" });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT")
      throw new UserError(
        "openssl is not installed: nothing signs certificates",
        "Debian: apt install openssl; macOS: brew install openssl",
        3,
      );
    throw new UserError(
      `openssl ${args[0]}: ${String((thrown as { stderr?: Buffer }).stderr ?? "").trim()}`,
      "openssl version: 1.1.1 or newer",
      3,
    );
  }
}
