import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { needs } from "../config/requires.ts";
import { makeCertificate } from "./certificates.ts";
import { emptyKeys, type KeysContent, passphraseOf, readKeys, unitKeysOf, writeKeys } from "./keys-file.ts";

/** A test tries often. */
const cheap = 2 ** 14;
const passphrase = "correct horse battery";
const made = "2026-11-22T10:00:00.000Z";
const keys: KeysContent = {
  ...emptyKeys(),
  units: ["U-000001", "U-000002"].map((serial) => ({ serial, serviceKey: "0f".repeat(16), made })),
  buttons: [{ address: "0102030A", form: "wall", key: "a5".repeat(16), made }],
  secrets: { "receiver-1": "hemligt" },
};

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), "keys-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "keys.enc");
}

test("keys come back with the passphrase alone, and nothing of them stands in the file", () => {
  const path = file();
  writeKeys(path, keys, passphrase, cheap);
  expect(readKeys(path, passphrase)).toEqual(keys);
  expect(() => readKeys(path, `${passphrase}!`)).toThrow("does not open it");
  const text = readFileSync(path, "utf8");
  for (const secret of ["0f0f0f", "a5a5a5", "hemligt", "U-000001"]) expect(text).not.toContain(secret);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("the same keys are never written the same way twice", () => {
  const path = file();
  writeKeys(path, keys, passphrase, cheap);
  const first = readFileSync(path, "utf8");
  writeKeys(path, keys, passphrase, cheap);
  const [one, two] = [first, readFileSync(path, "utf8")].map(
    (text) => JSON.parse(text) as { nonce: string; data: string; kdf: { salt: string } },
  );
  expect([one?.nonce === two?.nonce, one?.data === two?.data, one?.kdf.salt === two?.kdf.salt]).toEqual([
    false,
    false,
    false,
  ]);
});

test("whatever is changed in the file, its weak spots too, it does not open", () => {
  const path = file();
  writeKeys(path, keys, passphrase, cheap);
  const sealed = JSON.parse(readFileSync(path, "utf8")) as { kdf: object; tag: string; data: string; nonce: string };
  const flipped = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
  for (const changed of [
    { ...sealed, kdf: { ...sealed.kdf, n: 2 ** 15 } },
    { ...sealed, tag: flipped(sealed.tag) },
    { ...sealed, nonce: flipped(sealed.nonce) },
    { ...sealed, data: Buffer.from("{}").toString("base64") },
  ]) {
    writeFileSync(path, JSON.stringify(changed));
    expect(() => readKeys(path, passphrase)).toThrow("does not open it");
  }
  writeFileSync(path, JSON.stringify({ ...sealed, kdf: { ...sealed.kdf, n: 2 } }));
  expect(() => readKeys(path, passphrase)).toThrow("kdf.n");
});

test("a short passphrase, none at all, and a unit that is not there are refused with what to try", () => {
  expect(() => writeKeys(file(), keys, "kort")).toThrow("4 characters");
  expect(() => passphraseOf(undefined, undefined)).toThrow("no passphrase");
  expect(unitKeysOf("k", keys, "U-000002").serial).toBe("U-000002");
  expect(() => unitKeysOf("k", keys, undefined)).toThrow("keys of 2 units");
  expect(() => unitKeysOf("k", keys, "U-9")).toThrow("no key of unit U-9");
});

test("certificates are signed by the authority of the file, for what their role says", (context) => {
  needs(context, "openssl");
  const authority = makeCertificate(
    { role: "authority", name: "Livlina authority", days: 30, authority: undefined },
    made,
  );
  const receiver = makeCertificate({ role: "receiver", name: "larm.example", days: 30, authority }, made);
  const unit = makeCertificate({ role: "unit", name: "U-000001", days: 30, authority }, made);
  const ca = new X509Certificate(authority.certificate);
  for (const { certificate, key } of [receiver, unit]) {
    const leaf = new X509Certificate(certificate);
    expect([
      leaf.verify(ca.publicKey),
      leaf.checkIssued(ca),
      leaf.ca,
      leaf.checkPrivateKey(createPrivateKey(key)),
    ]).toEqual([true, true, false, true]);
  }
  expect(new X509Certificate(receiver.certificate).checkHost("larm.example")).toBe("larm.example");
  expect(new X509Certificate(unit.certificate).subject).toBe("CN=U-000001");
  expect(
    new X509Certificate(
      makeCertificate({ role: "receiver", name: "127.0.0.1", days: 1, authority }, made).certificate,
    ).checkIP("127.0.0.1"),
  ).toBe("127.0.0.1");
  expect(() => makeCertificate({ role: "unit", name: "U/CN=evil", days: 1, authority }, made)).toThrow("cannot stand");
});
