import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readerOf } from "../bytes/reader.ts";
import { faultText } from "../result.ts";
import { anyImageHeader } from "./arbitraries.ts";
import { verifyEd25519 } from "./ed25519.ts";
import {
  decodeSignedHeader,
  headerBytes,
  headerLength,
  imageHeader,
  imageLimit,
  signedHeaderLength,
  versionNumber,
  versionText,
} from "./image-header.ts";

interface Vector {
  readonly name: string;
  readonly key: string;
  readonly bytes: string;
  readonly header: Record<string, string | number>;
}

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/update/headers.json", import.meta.url), "utf8"),
) as readonly Vector[];
const good = headerBytes({
  board: "wt32-eth01",
  leastRevision: 1,
  mostRevision: 3,
  region: "eu",
  version: 0x01020003,
  leastVersion: 0x01000000,
  length: 200_000,
  sha256: new Uint8Array(32).map((_, i) => i),
  keyId: 7,
});

function refusal(change: (bytes: Uint8Array) => void): string {
  const bytes = Uint8Array.from(good);
  change(bytes);
  const result = imageHeader.decode(readerOf(bytes));
  return result.ok ? "" : faultText(result.fault);
}

test("a header comes back from its bytes", () => {
  fc.assert(
    fc.property(anyImageHeader, (value) => {
      expect(imageHeader.decode(readerOf(headerBytes(value)))).toEqual({ ok: true, value });
    }),
  );
});

test("golden headers are read as they stand, and their signatures are good", () => {
  for (const { bytes, header, key } of vectors) {
    const given = Uint8Array.from(Buffer.from(bytes, "hex"));
    const read = decodeSignedHeader(given);
    if (!read.ok) throw new Error(faultText(read.fault));
    const { sha256, ...rest } = read.value.header;
    expect({ ...rest, sha256: Buffer.from(sha256).toString("hex") }).toEqual(header);
    expect(read.value.bytes).toEqual(given.subarray(0, headerLength));
    expect(verifyEd25519(Uint8Array.from(Buffer.from(key, "hex")), read.value.signature, read.value.bytes)).toBe(true);
    expect(headerBytes(read.value.header)).toEqual(read.value.bytes);
  }
  expect(vectors.length).toBeGreaterThan(1);
});

test("a header that is cut short anywhere is refused, with or without its signature", () => {
  const signed = new Uint8Array(signedHeaderLength);
  signed.set(good);
  for (let length = 0; length < signedHeaderLength; length++)
    expect(decodeSignedHeader(signed.subarray(0, length))).toMatchObject({ fault: { kind: "truncated" } });
  for (let length = 0; length < headerLength; length++)
    expect(imageHeader.decode(readerOf(good.subarray(0, length)))).toMatchObject({ fault: { kind: "truncated" } });
  expect(decodeSignedHeader(signed).ok).toBe(true);
  signed[0] = 0;
  expect(decodeSignedHeader(signed)).toMatchObject({ fault: { kind: "malformed" } });
});

test("no bytes make the reader throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 75 }), fc.nat({ max: 255 }), (bytes, at, byte) => {
      decodeSignedHeader(bytes);
      refusal((given) => {
        given[at] = byte;
      });
    }),
  );
});

test("what is out of bounds is refused, and says why", () => {
  const zeros = (from: number, to: number) => (bytes: Uint8Array) => bytes.fill(0, from, to);
  const set = (at: number, byte: number) => (bytes: Uint8Array) => bytes.fill(byte, at, at + 1);
  expect(refusal(set(0, 0x6c))).toContain("this is no image");
  expect(refusal(set(4, 2))).toContain("format has the unknown value 2");
  expect(refusal(set(5, 4))).toContain("the revisions are no range");
  expect(refusal(set(7, 1))).toContain("the revisions are no range");
  expect(refusal(zeros(8, 24))).toContain("has no name");
  expect(refusal(set(23, 0x61))).toContain("has no name");
  expect(refusal(set(8, 0x41))).toContain("has no name");
  expect(refusal(zeros(24, 28))).toContain("has no name");
  expect(refusal(set(32, 2))).toContain("cannot follow itself");
  expect(refusal(zeros(36, 40))).toContain("the image is longer than");
  expect(refusal(set(36, 1))).toContain("the image is longer than");
  expect(refusal(() => {})).toBe("");
});

test("what cannot be written is a mistake of the caller", () => {
  const read = imageHeader.decode(readerOf(good));
  if (!read.ok) throw new Error("the header is unreadable");
  for (const change of [
    { board: "" },
    { board: "a".repeat(17) },
    { board: "Ä" },
    { region: "world" },
    { length: 0 },
    { length: imageLimit + 1 },
    { leastRevision: 4 },
    { leastVersion: 0x01020004 },
    { sha256: new Uint8Array(31) },
    { sha256: new Uint8Array(33) },
  ])
    expect(() => headerBytes({ ...read.value, ...change })).toThrow();
  expect(headerBytes({ ...read.value, length: imageLimit }).length).toBe(headerLength);
});

test("versions are numbers in their order, and nothing else is one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (version) => {
      expect(versionNumber(versionText(version))).toBe(version);
    }),
  );
  expect(versionText(0x01020003)).toBe("1.2.3");
  expect(versionNumber("1.10.0")).toBeGreaterThan(versionNumber("1.9.65535"));
  for (const text of [
    "",
    "1",
    "1.2",
    "1.2.3.4",
    "256.0.0",
    "1.256.0",
    "1.2.65536",
    "01.2.3",
    "1.-2.3",
    "1.2.x",
    "1..3",
    "1.2.100000",
  ])
    expect({ text, number: versionNumber(text) }).toEqual({ text, number: -1 });
});
