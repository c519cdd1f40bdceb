import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { verifyEd25519 } from "../../protocol/update/ed25519.ts";
import { readRelease, signRelease, writeRelease } from "./release-file.ts";
import { makeKey, publicHalf, readKey } from "./release-key.ts";
import { serveRelease } from "./release-server.ts";

const folder = mkdtempSync(join(tmpdir(), "livlina-release-"));
afterAll(() => rmSync(folder, { recursive: true }));

const passphrase = "a passphrase of some length";
const keyPath = join(folder, "release.key");
makeKey(keyPath, passphrase);
const key = readKey(keyPath, passphrase);
const words = {
  board: "esp32",
  region: "eu",
  leastRevision: 0,
  mostRevision: 255,
  version: 0x00020000,
  leastVersion: 0,
};
const body = new Uint8Array(100_000).map((_, i) => (i * 31) & 255);
const release = signRelease(words, body, key);

test("a key's file is its owner's alone, opens with its passphrase, and is never written over", () => {
  expect(statSync(keyPath).mode & 0o777).toBe(0o600);
  expect(publicHalf(keyPath)).toEqual({ id: key.id, publicKey: key.publicKey });
  expect(verifyEd25519(key.publicKey, key.sign(body), body)).toBe(true);
  expect(() => readKey(keyPath, "another passphrase")).toThrow("does not open it");
  expect(() => makeKey(keyPath, passphrase)).toThrow("is there already");
  expect(() => makeKey(join(folder, "other.key"), "short")).toThrow("the passphrase has 5 characters");
  const other = join(folder, "changed.key");
  const file = JSON.parse(readFileSync(keyPath, "utf8")) as Record<string, unknown>;
  writeFileSync(other, JSON.stringify({ ...file, public: "00".repeat(32) }));
  expect(() => publicHalf(other)).toThrow("its number is not that of its public key");
});

test("a release is read as it was signed, and with one bit changed anywhere it is none", () => {
  const path = join(folder, "a.release");
  writeRelease(path, release);
  expect(readRelease(path, key.publicKey)).toEqual(release);
  const bytes = readFileSync(path);
  for (const at of [0, 20, 40, 75, 76, 139, 140, bytes.length - 1]) {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    writeFileSync(path, changed);
    expect(() => readRelease(path, key.publicKey)).toThrow();
  }
  writeFileSync(path, bytes.subarray(0, bytes.length - 1));
  expect(() => readRelease(path, key.publicKey)).toThrow("is not the one that was signed");
  expect(() => readRelease(join(folder, "none"), undefined)).toThrow("cannot be read: ENOENT");
});

test("what no header can say is refused before anything is signed", () => {
  expect(() => signRelease({ ...words, board: "ESP 32" }, body, key)).toThrow("make no header");
  expect(() => signRelease({ ...words, leastVersion: 0x00020001 }, body, key)).toThrow("make no header");
  expect(() => signRelease(words, new Uint8Array(0), key)).toThrow("the image has 0 bytes");
});

test("the server offers a release to whom it may, and serves its image in ranges that are bounded", async () => {
  const questions: Readonly<Record<string, string>>[] = [];
  const server = await serveRelease({
    host: "127.0.0.1",
    port: 0,
    tls: undefined,
    release,
    asked: (question) => {
      questions.push(question);
      return question["unit"] === "1";
    },
  });
  const get = (path: string, range?: string) =>
    fetch(`http://127.0.0.1:${server.port}${path}`, range === undefined ? {} : { headers: { range } });
  try {
    const offer = await get("/v1/offer?unit=1&version=0.1.0");
    expect(new Uint8Array(await offer.arrayBuffer())).toEqual(release.offer);
    expect((await get("/v1/offer?unit=2&version=0.1.0")).status).toBe(204);
    expect(questions.map(({ unit }) => unit)).toEqual(["1", "2"]);
    const image = `/v1/image/${release.sha256}`;
    const part = await get(image, "bytes=4096-8191");
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 4096-8191/100000"]);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(body.slice(4_096, 8_192));
    const statuses = await Promise.all(
      [
        get(image),
        get(image, "bytes=0-65536"),
        get(image, "bytes=99999-100000"),
        get(image, "bytes=5-4"),
        get(image, "bytes=-5"),
        get("/v1/image/00"),
        get("/v1/offer?unit=%0a"),
        get(`/v1/offer?unit=${"1".repeat(65)}`),
        get(`/v1/offer?${Array.from({ length: 13 }, (_, i) => `a${i}=1`).join("&")}`),
        fetch(`http://127.0.0.1:${server.port}${image}`, { method: "POST" }),
      ].map(async (answer) => (await answer).status),
    );
    expect(statuses).toEqual([416, 416, 416, 416, 416, 404, 400, 400, 400, 405]);
    expect((await get(image, "bytes=0-65535")).status).toBe(206);
  } finally {
    await server.close();
  }
});
