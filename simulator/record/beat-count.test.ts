import { expect, test } from "vitest";
import { BeatCount, beatPatienceMs } from "./beat-count.ts";

const endMs = 600_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const beat = (ref: string): Uint8Array => bytes(`MESSAGE sip:x\r\n\r\n<mrq><ref>${ref}</ref><mty>PI</mty></mrq>`);
const answer = (ref: string): Uint8Array => bytes(`MESSAGE sip:x\r\n\r\n<mrs><ref>${ref}</ref><snu>0</snu></mrs>`);

/** The uplink machine asks for a beat; where `ref` is given it leaves the unit. */
function ask(count: BeatCount, atMs: number, id: number, ref?: string): void {
  count.stepped(atMs, 0, "uplink", { type: "asked", id });
  if (ref !== undefined) count.datagram(atMs, 0, "mobile", "sent", beat(ref));
}

test("answered is what its own mrs came for, once", () => {
  const count = new BeatCount(2);
  ask(count, 1_000, 2, "A");
  count.datagram(1_500, 0, "mobile", "sent", beat("A"));
  count.datagram(1_600, 1, "mobile", "received", answer("A"));
  count.datagram(1_700, 0, "mobile", "received", answer("B"));
  expect(count.counts(endMs)).toEqual({ sent: 1, answered: 0, missed: 1 });
  count.datagram(2_000, 0, "broadband", "received", answer("A"));
  count.datagram(3_000, 0, "mobile", "sent", beat("A"));
  count.datagram(3_100, 0, "mobile", "received", answer("A"));
  expect(count.counts(endMs)).toEqual({ sent: 1, answered: 1, missed: 0 });
});

test("a beat that found no link is missed, an attempt of an alarm is no beat", () => {
  const count = new BeatCount(1);
  ask(count, 1_000, 2);
  ask(count, 2_000, 3);
  count.stepped(3_000, 0, "alarm", { type: "asked", id: 4 });
  expect(count.counts(endMs)).toEqual({ sent: 1, answered: 0, missed: 1 });
});

test("a beat whose time is not over at the end is neither", () => {
  const count = new BeatCount(1);
  ask(count, endMs - beatPatienceMs, 2, "A");
  ask(count, endMs - beatPatienceMs + 1, 4, "B");
  expect(count.counts(endMs)).toEqual({ sent: 2, answered: 0, missed: 1 });
});
