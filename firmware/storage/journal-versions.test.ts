/** Upgrade and downgrade: today's journal is read by every later version, and a later one is never erased by this. */
import { expect, test } from "vitest";
import { crc32 } from "../../protocol/bytes/crc.ts";
import { NorFlash } from "../../simulator/flash.ts";
import { Journal } from "./journal.ts";

function chip(sectorCount = 4): NorFlash {
  return new NorFlash({ sectorSize: 2048, sectorCount, programUnit: 4, below: () => 0 });
}

function imageOf(flash: NorFlash): string {
  const bytes = new Uint8Array(flash.sectorSize * flash.sectorCount);
  flash.read(0, bytes);
  return Buffer.from(bytes).toString("hex");
}

/** The start of a chip of two sectors after three writes, as version 1 left it. */
const versionOne =
  "4c4a010400000001b2b0670fffffffff4c4a010400000001b2b0670fffffffff0000000000000000000043e7000000017682941503025630000000070102034a3c306fff010256bf00000008044f4bc26bffffff000252bf000000087866add3";

test("a chip that the first version wrote is read as it was meant", () => {
  const flash = chip(2);
  const journal = new Journal(flash);
  journal.write(2, 7, Uint8Array.of(1, 2, 3));
  journal.write(2, 8, Uint8Array.of(4));
  journal.remove(2, 8);
  expect(imageOf(flash).slice(0, versionOne.length)).toBe(versionOne);
  const old = chip(2);
  old.program(0, Buffer.from(versionOne, "hex"));
  const read = new Journal(old);
  expect(read.read(2, 7)).toEqual(Uint8Array.of(1, 2, 3));
  expect(read.count).toBe(1);
});

test("records of kinds that this version does not know stay through restarts and compactions", () => {
  const flash = chip();
  const journal = new Journal(flash);
  journal.write(251, 9, Uint8Array.of(5, 6));
  for (let i = 0; i < 3; i++) expect(journal.compact()).toBe(true);
  expect(new Journal(flash).read(251, 9)).toEqual(Uint8Array.of(5, 6));
});

test("after a downgrade the journal of a later version is left as it is, and the unit runs from memory", () => {
  const flash = chip();
  new Journal(flash).write(2, 1, Uint8Array.of(1));
  for (let sector = 2; sector < 4; sector++) {
    const mark = new Uint8Array(16).fill(0xff);
    mark.set([0x4c, 0x4a, 2, 4, 0, 0, 0, 9]);
    Buffer.from(mark.buffer).writeUInt32BE(crc32(mark, 0, 8, 0), 8);
    flash.erase(sector);
    flash.program(sector * flash.sectorSize, mark);
  }
  const before = imageOf(flash);
  const journal = new Journal(flash);
  expect(journal.isForeign).toBe(true);
  expect([journal.write(2, 1, new Uint8Array(1)), journal.compact(), journal.needsRoom()]).toEqual([
    false,
    false,
    false,
  ]);
  expect([journal.read(2, 1), journal.count, journal.remove(2, 1)]).toEqual([undefined, 0, true]);
  expect(imageOf(flash)).toBe(before);
});

test("a foreign mark that does not fit its checksum keeps nobody from the chip", () => {
  const flash = chip();
  flash.program(0, Uint8Array.of(0x4c, 0x4a, 2, 4, 0, 0, 0, 9, 1, 2, 3, 4));
  const journal = new Journal(flash);
  expect([journal.isForeign, journal.write(2, 1, new Uint8Array(1))]).toEqual([false, true]);
});

test("a journal that is full by the bare lengths refuses without touching the area that stands ready", () => {
  const flash = chip(2);
  const journal = new Journal(flash);
  for (let key = 0; journal.write(4, key, new Uint8Array(100)); key++);
  journal.compact();
  const before = imageOf(flash);
  for (let i = 0; i < 20; i++) expect(journal.write(4, 1_000 + i, new Uint8Array(150))).toBe(false);
  expect(imageOf(flash)).toBe(before);
});
