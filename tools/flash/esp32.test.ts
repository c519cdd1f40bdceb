import { expect, onTestFinished, test } from "vitest";
import { UserError } from "../user-error.ts";
import { type EspPart, openEsp } from "./esp32.ts";
import { type LoaderFault, type LoaderOptions, RomLoader } from "./rom-loader.ts";
import { openSerialLine, type SerialLine } from "./serial-line.ts";
import { WebSerialPort } from "./web-serial.ts";

/** Of the size of a small image, and nothing that deflates to little. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

const parts: readonly EspPart[] = [
  { name: "bootloader.bin", address: 0x1000, bytes: noise(9_001, 1) },
  { name: "partitions.bin", address: 0x8000, bytes: noise(3_072, 2) },
  { name: "livlina.bin", address: 0x1_0000, bytes: noise(100_000, 3) },
];
const total = parts.reduce((sum, part) => sum + part.bytes.length, 0);

async function bench(options: LoaderOptions = {}): Promise<{ peer: RomLoader; line: SerialLine }> {
  const peer = new RomLoader(options);
  const line = await openSerialLine(peer.pty.path, 115_200);
  onTestFinished(async () => {
    await line.close();
    peer.close();
  });
  return { peer, line };
}

async function flashed(peer: RomLoader, line: SerialLine, onProgress?: (done: number) => void, patience = 1) {
  expect(peer.pty.path).toBe(line.path);
  const session = await openEsp(line, { chip: "ESP32", attempts: 1, patience });
  return { session, outcome: await session.write(parts, onProgress) };
}

test("images are written through the stub, compared by MD5, and not written a second time", async () => {
  const { peer, line } = await bench();
  const shown: number[] = [];
  const { session, outcome } = await flashed(peer, line, (done) => shown.push(done));
  expect(session.mac).toBe("24:0a:c4:12:34:56");
  expect(session.flashBytes).toBe(4 * 1_048_576);
  expect(outcome).toEqual({ kept: 0, written: total });
  for (const part of parts)
    expect(peer.flash.subarray(part.address, part.address + part.bytes.length).equals(part.bytes)).toBe(true);
  expect(shown).toEqual([...shown].sort((one, other) => one - other));
  expect(shown.at(-1)).toBe(total);
  const programmed = peer.programmed;
  expect(await session.write(parts)).toEqual({ kept: total, written: 0 });
  expect(peer.programmed).toBe(programmed);
  peer.flash[0x1_0000 + 70_000] = 0;
  expect(await session.differing(parts)).toMatchObject([{ name: "livlina.bin", address: 0x2_0000 }]);
});

test("pulled at half, then resumed: what was there is kept, the rest is written", async () => {
  const first = await bench({ fault: { what: "unplugged", afterBytes: Math.floor(total / 2) } });
  await expect(flashed(first.peer, first.line)).rejects.toThrow("is gone");
  const second = await bench({ flash: first.peer.flash });
  const { outcome } = await flashed(second.peer, second.line);
  expect(outcome.kept).toBeGreaterThan(total / 3);
  expect(outcome.kept + outcome.written).toBe(total);
  expect(second.peer.flash.subarray(0x1_0000, 0x1_0000 + 100_000).equals(parts[2]?.bytes as Uint8Array)).toBe(true);
});

interface Case {
  readonly name: string;
  readonly options: LoaderOptions;
  readonly exitCode: number;
  readonly message: string | RegExp;
  readonly hint: string;
}

function broken(name: string, fault: LoaderFault, message: string | RegExp, hint: string): Case {
  return { name, options: { fault }, exitCode: 3, message, hint };
}

const cases: readonly Case[] = [
  {
    name: "wrong chip",
    options: { chip: "ESP32-C3" },
    exitCode: 1,
    message: "this is an ESP32-C3, and the image is for an ESP32; nothing was erased",
    hint: "the board that the image is for, or the build for this board (livlina build --help)",
  },
  broken(
    "no loader",
    { what: "no-sync" },
    "no ESP32 loader answers",
    "this line cannot reset the board: hold BOOT, press RESET, let BOOT go, then the same command",
  ),
  broken(
    "lost sync",
    { what: "falls-silent", atBlock: 3 },
    "the loader has stopped answering, livlina.bin at 0x10000",
    "reset the board, then the same command once more: what is there already is not written again",
  ),
  broken(
    "wrong checksum",
    { what: "noise", atBlock: 3, times: 9 },
    "a block came with a wrong checksum, three times, livlina.bin at 0x10000",
    "a shorter cable, a port without a hub, or --baud 115200",
  ),
  broken(
    "worn flash",
    { what: "worn", address: 0x1_0101 },
    "what was written does not read back as it was, livlina.bin at 0x10000",
    "the same command once more: what is there already is not written again; where that fails too, the flash is worn",
  ),
  broken(
    "cable pulled at 50 %",
    { what: "unplugged", afterBytes: total / 2 },
    /is gone.*, livlina.bin at 0x1[08]000, with (4\d|50) % written$/,
    "plug it in again, then the same command once more: what is there already is not written again",
  ),
];

test.each(cases.map((each) => [each.name, each] as const))(
  "%s: what happened, where, and what to try",
  async (_name, { options, exitCode, message, hint }) => {
    const { peer, line } = await bench(options);
    const patience = options.fault?.what === "falls-silent" ? 0.2 : 1;
    const error = await flashed(peer, line, undefined, patience).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ exitCode, hint });
    expect((error as UserError).message).toMatch(message);
    expect((error as UserError).message).toContain(line.path);
    if (exitCode === 1) expect([peer.erased, peer.isStub]).toEqual([0, false]);
  },
  20_000,
);

test("one changed block is sent again and nobody is troubled", async () => {
  const { peer, line } = await bench({ fault: { what: "noise", atBlock: 2, times: 2 } });
  expect((await flashed(peer, line)).outcome).toEqual({ kept: 0, written: total });
});

test("an image that ends behind the flash is refused before anything is erased", async () => {
  const { peer, line } = await bench();
  const session = await openEsp(line, { chip: "ESP32", attempts: 1 });
  const beyond = { name: "livlina.bin", address: 0x3f_f000, bytes: noise(8_192, 4) };
  await expect(session.write([beyond])).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining("ends at 0x401000"),
  });
  expect(peer.erased).toBe(0);
});

test("a real line's control signals put the chip into its loader: IO0 low while reset ends, each change with both levels", async () => {
  const levels: string[] = [];
  const line: SerialLine = {
    path: "x",
    lost: undefined,
    write: () => {},
    read: async () => undefined,
    setControl: async ({ dtr, rts }) => levels.push(`${Number(dtr)}${Number(rts)}`) > 0,
    setBaud: async () => true,
    close: async () => {},
  };
  const port = new WebSerialPort(line);
  await port.setSignals({ requestToSend: true });
  await port.setSignals({ dataTerminalReady: true });
  await port.setSignals({ requestToSend: false });
  expect(levels).toEqual(["01", "11", "10"]);
  expect(port.hasControl).toBe(true);
});
