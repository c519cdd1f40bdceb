import { expect, test } from "vitest";
import { readerOf } from "../../../protocol/bytes/reader.ts";
import { Writer } from "../../../protocol/bytes/writer.ts";
import { type EventPacket, packetsOfPress } from "../../../protocol/rtp/arbitraries.ts";
import { type RtpPacket, rtpPacket } from "../../../protocol/rtp/packet.ts";
import { telephoneEvent } from "../../../protocol/sip/telephone-event.ts";
import { depthFrames } from "./jitter-buffer.ts";
import { RtpHearing } from "./rtp-hearing.ts";
import { RtpSender } from "./rtp-sender.ts";
import { frameLength, shareOfTone, toneMicrophone } from "./sound.ts";

const zero = (): number => 0;

function bytesOf(packet: Partial<RtpPacket>): Uint8Array {
  const whole = { payloadType: 8, isMarked: false, sequence: 0, timestamp: 0, source: 1, payload: new Uint8Array(0) };
  const to = new Writer(new Uint8Array(1500));
  rtpPacket.encode({ ...whole, ...packet }, to);
  return to.written();
}

function keyPacket({ event, timestamp, isMarked }: EventPacket, sequence: number, payloadType: number): Uint8Array {
  const to = new Writer(new Uint8Array(4));
  telephoneEvent.encode(event, to);
  return bytesOf({ payloadType, isMarked, sequence, timestamp, payload: to.written() });
}

function read(bytes: Uint8Array): RtpPacket {
  const result = rtpPacket.decode(readerOf(bytes));
  if (!result.ok) throw new Error("no RTP");
  return result.value;
}

test("what one end says is what the other hears, by either law", () => {
  for (const law of ["PCMA", "PCMU"] as const) {
    const sender = new RtpSender((below) => below - 3);
    const hearing = new RtpHearing(() => {});
    const microphone = toneMicrophone(440);
    const heard: number[] = [];
    const samples = new Int16Array(frameLength);
    for (let i = 0; i < 20; i++) {
      microphone.next(samples);
      expect(hearing.take(sender.packet(law, samples))).toBe(true);
      hearing.next(samples);
      if (i >= depthFrames) heard.push(...samples);
    }
    expect(shareOfTone(Int16Array.from(heard), 440)).toBeGreaterThan(0.999);
    expect(hearing.counts()).toEqual({ heard: 20, lost: 0, late: 0, madeUp: 0 });
  }
});

test("a stream of ours begins at random numbers, and each packet is one and 160 further", () => {
  const drawn = [0xffff_ffff, 0xffff, 0xffff_ff80];
  const bounds: number[] = [];
  const sender = new RtpSender((below) => {
    bounds.push(below);
    return drawn[bounds.length - 1] as number;
  });
  expect(bounds).toEqual([2 ** 32, 2 ** 16, 2 ** 32]);
  const silence = new Int16Array(frameLength);
  const [first, second] = [read(sender.packet("PCMA", silence)), read(sender.packet("PCMU", silence))];
  const expected = { payloadType: 8, isMarked: true, sequence: 0xffff, timestamp: 0xffff_ff80, source: 0xffff_ffff };
  expect(first).toEqual({ ...expected, payload: new Uint8Array(160).fill(0xd5) });
  const next = { payloadType: 0, isMarked: false, sequence: 0, timestamp: 32, source: 0xffff_ffff };
  expect(second).toEqual({ ...next, payload: new Uint8Array(160).fill(0xff) });
});

test("what was not sent leaves a gap in time and none in the sequence", () => {
  const sender = new RtpSender(zero);
  const silence = new Int16Array(frameLength);
  sender.packet("PCMA", silence);
  sender.skip(0);
  expect(read(sender.packet("PCMA", silence))).toMatchObject({ isMarked: false, sequence: 1, timestamp: 160 });
  sender.skip(3);
  expect(read(sender.packet("PCMA", silence))).toMatchObject({ isMarked: true, sequence: 2, timestamp: 800 });
});

test("lost packets are counted by their sequence, out of order or over its turn", () => {
  const hearing = new RtpHearing(() => {});
  for (const sequence of [65534, 1, 65535, 2, 2]) hearing.take(bytesOf({ sequence }));
  expect(hearing.counts()).toMatchObject({ heard: 5, lost: 1 });
});

test("keys are told by the payload type that was agreed on or that our offers name, and by no other", () => {
  let keys = "";
  const hearing = new RtpHearing((key) => {
    keys += key;
  });
  let sequence = 0;
  const press = (event: number, timestamp: number, payloadType: number): void => {
    for (const packet of packetsOfPress(event, timestamp, 3)) hearing.take(keyPacket(packet, sequence++, payloadType));
  };
  press(1, 1000, 101);
  hearing.hearEvents(96);
  press(4, 5000, 96);
  press(7, 9000, 97);
  press(8, 13_000, 101);
  hearing.hearEvents(-1);
  press(3, 17_000, 101);
  press(0, 21_000, 96);
  expect(keys).toBe("48");
});

test("a key event that is cut off or too long is passed over, and keeps the call alive", () => {
  let keys = "";
  const hearing = new RtpHearing((key) => {
    keys += key;
  });
  hearing.hearEvents(101);
  for (const length of [0, 3, 5])
    expect(hearing.take(bytesOf({ payloadType: 101, payload: new Uint8Array(length) }))).toBe(true);
  expect(keys).toBe("");
});

test("a packet of another kind is heard and not played, and what is no RTP is neither", () => {
  const hearing = new RtpHearing(() => {});
  const samples = new Int16Array(frameLength);
  expect(hearing.take(bytesOf({ payloadType: 13, payload: Uint8Array.of(40) }))).toBe(true);
  expect(hearing.take(Uint8Array.of(1, 2, 3))).toBe(false);
  for (let i = 0; i <= depthFrames; i++) hearing.next(samples);
  expect(samples.every((sample) => sample === 0)).toBe(true);
  expect(hearing.counts()).toEqual({ heard: 1, lost: 0, late: 0, madeUp: 0 });
});

test("another source is another stream: sound, keys and sequence begin anew", () => {
  let keys = "";
  const hearing = new RtpHearing((key) => {
    keys += key;
  });
  hearing.hearEvents(101);
  const press = packetsOfPress(5, 1000, 1)[0] as EventPacket;
  const to = new Writer(new Uint8Array(4));
  telephoneEvent.encode(press.event, to);
  for (const source of [1, 2]) {
    const payload = new Uint8Array(frameLength).fill(source === 1 ? 0xaa : 0x2a);
    hearing.take(bytesOf({ source, sequence: source * 1000, timestamp: 70_000, payload }));
    hearing.take(
      bytesOf({ source, sequence: source * 1000 + 1, payloadType: 101, timestamp: 1000, payload: to.written() }),
    );
  }
  expect(keys).toBe("55");
  const samples = new Int16Array(frameLength);
  for (let i = 0; i <= depthFrames; i++) hearing.next(samples);
  expect(samples[0]).toBe(-32_256);
  expect(hearing.counts()).toMatchObject({ heard: 4, lost: 0 });
});
