import { expect, onTestFinished, test } from "vitest";
import { UserError } from "../user-error.ts";
import { EspruinoConsole, packetLimit, packetOf } from "./espruino-console.ts";
import { EspruinoPeer, type PeerFault, type PeerOptions } from "./espruino-peer.ts";
import { holds, pieceLength, putFile, type StorageFile } from "./espruino-storage.ts";
import { LineLost, openSerialLine, type SerialLine } from "./serial-line.ts";

const quick = { answerMs: 1_500, quietMs: 30, greetMs: 800 };
const hasty = { answerMs: 300, quietMs: 20, greetMs: 100 };
const bytes = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 167 + (i >>> 8) * 31) & 0xff);
const file: StorageFile = { name: "livlina", bytes };

async function bench(options: PeerOptions = {}, patience = quick) {
  const peer = new EspruinoPeer(options);
  const line = await openSerialLine(peer.pty.path, 115_200);
  onTestFinished(async () => {
    await line.close();
    peer.close();
  });
  return { peer, line, at: new EspruinoConsole(line, patience) };
}

test("a file is written, reads back as it was, and is not written a second time", async () => {
  const { peer, at } = await bench();
  expect(await putFile(at, file)).toMatchObject({ kept: 0, written: 5_000 });
  expect(peer.files.get("livlina")?.equals(bytes)).toBe(true);
  expect(await putFile(at, file)).toMatchObject({ kept: 5_000, written: 0 });
  expect(peer.programmed).toBe(5_000);
  expect(peer.breaks).toBe(0);
});

test("every packet is printable behind its two opening bytes, whatever is in the file, and none is too long", () => {
  for (let length = 1; length <= packetLimit; length++) {
    const packet = packetOf("1".repeat(length));
    expect([...packet.subarray(0, 3)]).toEqual([0x10, 0x01, 0x20 | ((packet.length - 4) >> 8)]);
    expect(packet[3]).toBeGreaterThanOrEqual(0x20);
  }
  expect(() => packetOf("1".repeat(packetLimit + 1))).toThrow("bytes in a packet");
});

const faults: readonly PeerFault["what"][] = ["nak", "lost-byte", "changed-byte", "silent", "restart"];
test.each(faults)(
  "after %s in the middle the file is whole all the same, and no byte of it is programmed twice",
  async (what) => {
    const { peer, at } = await bench({ faults: [{ atWrite: 10, what }] });
    const outcome = await putFile(at, file);
    // On a busy machine the peer may seem silent once more.
    expect(outcome.repeats).toBeGreaterThanOrEqual(1);
    expect(outcome.written).toBeGreaterThanOrEqual(5_000 - pieceLength);
    expect(peer.files.get("livlina")?.equals(bytes)).toBe(true);
    expect(peer.programmed).toBe(5_000);
  },
);

test("a cable that is pulled is told at once, and the next try goes on behind what is there", async () => {
  const first = await bench({ faults: [{ atWrite: 10, what: "unplugged" }] });
  await expect(putFile(first.at, file)).rejects.toThrow(LineLost);
  const half = first.peer.files.get("livlina");
  const second = await bench();
  second.peer.files.set("livlina", Buffer.from(half as Buffer));
  const outcome = await putFile(second.at, file);
  expect(outcome.kept).toBeGreaterThan(2_000);
  expect(outcome.kept + outcome.written).toBe(5_000);
  expect(second.peer.files.get("livlina")?.equals(bytes)).toBe(true);
});

test("what stands there of another build is made anew, also where the length is the same", async () => {
  const { peer, at } = await bench();
  const other = Buffer.from(bytes);
  other[3_000] = 0;
  peer.files.set("livlina", other);
  expect(await putFile(at, file)).toMatchObject({ kept: 0, written: 5_000 });
  expect(await holds(at, file)).toBe(true);
});

test("blank bytes at the end of what was written are not taken for written ones", async () => {
  const { peer, at } = await bench();
  const blanks = Uint8Array.from({ length: 900 }, (_, i) => (i > 280 && i < 600 ? 0xff : i & 0x7f));
  const begun = Buffer.alloc(900, 0xff);
  Buffer.from(blanks).copy(begun, 0, 0, 400);
  peer.files.set("livlina", begun);
  await putFile(at, { name: "livlina", bytes: blanks });
  expect(peer.files.get("livlina")?.equals(blanks)).toBe(true);
});

test("a board that loses its power in the middle is told with the place, and what to do", async () => {
  const { peer, at } = await bench();
  let isOn = true;
  const hear = (peer as unknown as { hear: () => void }).hear.bind(peer);
  (peer as unknown as { hear: () => void }).hear = () => isOn && hear();
  const onProgress = (done: number): void => {
    isOn = done < 2_000;
  };
  const error = await putFile(at, file, { onProgress }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    exitCode: 3,
    hint: expect.stringContaining("give it power again, then the same command"),
  });
  expect((error as UserError).message).toMatch(
    /says nothing any more, while livlina was being written, at byte 2\d{3}, and its console/,
  );
});

test("a device that refuses every piece is given up, with the reason and the place", async () => {
  const { at } = await bench({ capacity: 2_000 });
  const error = await putFile(at, file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("livlina was being written, at byte 0"),
  });
});

test("code that holds the console is stopped by Ctrl-C, and a console that answers is left alone", async () => {
  const busy = await bench({ isBusy: true });
  await busy.at.wake();
  expect(busy.peer.breaks).toBe(1);
  const idle = await bench();
  await idle.at.wake();
  expect(idle.peer.breaks).toBe(0);
});

test("a line on which nobody answers is an error for people", async () => {
  const { peer, at } = await bench({ isBusy: true }, hasty);
  (peer as unknown as { hear: () => void }).hear = () => {};
  await expect(at.wake()).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("no Espruino console answers"),
  });
});

test("the answer to an earlier packet, or to another program's, is passed over", async () => {
  const { peer, at } = await bench();
  await at.wake();
  peer.say('\x06\x10\x01\x00\x09[7,"99"]x\x06\x10\x01\x00\x0a[2000,"9"]');
  expect(await at.value("6*7")).toBe(42);
});

test("a device that can take no more is waited for in the middle of a packet, and its flow control is no part of an answer", async () => {
  const acts: string[] = [];
  const answers = [[0x13], [0x3e, 0x11], [...Buffer.from("\x06\x10\x01\x00\x07[#,\x1317\x11]", "latin1")]];
  let tag = "";
  const line: SerialLine = {
    path: "x",
    lost: undefined,
    write(bytes) {
      tag ||= /\[(\d+),/.exec(Buffer.from(bytes).toString("latin1"))?.[1] ?? "";
      acts.push(`write ${bytes.length}`);
    },
    async read() {
      const next = answers.shift();
      if (next === undefined) return undefined;
      acts.push(`read ${next.length}`);
      const text = Buffer.from(next).toString("latin1").replace("#", tag);
      const short = text.replace("\x00\x07", `\x00${String.fromCharCode(5 + tag.length)}`);
      return Buffer.from(short, "latin1");
    },
    setControl: async () => true,
    setBaud: async () => true,
    close: async () => {},
  };
  const code = `17 ${" ".repeat(100)}`;
  expect(await new EspruinoConsole(line, quick).evaluate(code)).toEqual({ ok: true, value: "17" });
  expect(acts.slice(0, 4)).toEqual(["write 64", "read 1", "read 2", expect.stringMatching(/^write \d+$/)]);
});
