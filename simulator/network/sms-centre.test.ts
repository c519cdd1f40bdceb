import { expect, test } from "vitest";
import type { SmsDeliver, SmsSubmit } from "../../protocol/at/sms-pdu.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { SmsCentre, type SmsCentreOptions, unassignedNumber } from "./sms-centre.ts";

const submit: SmsSubmit = {
  kind: "submit",
  center: "",
  to: "+46701234567",
  reference: 0,
  validMinutes: 60,
  reportWanted: false,
  text: "Hej",
  part: undefined,
};

function bench(options: SmsCentreOptions): {
  queue: EventQueue;
  centre: SmsCentre;
  got: SmsDeliver[];
  open: { now: boolean };
} {
  const queue = new EventQueue();
  const clock = new SimClock(queue);
  const random = new Stream(1, "sms", 0);
  const centre = new SmsCentre(
    { nowMs: () => clock.nowMs(), after: (ms, call) => clock.after(ms, call), below: (n) => random.below(n) },
    options,
  );
  const got: SmsDeliver[] = [];
  const open = { now: true };
  centre.attach("+46701234567", {
    deliver: (message) => {
      if (open.now) got.push(message);
      return open.now;
    },
  });
  return { queue, centre, got, open };
}

test("a message comes after a while, from whom it was sent by, with the centre's time", () => {
  const { queue, centre, got } = bench({ delayMs: { least: 2_000, most: 2_000 } });
  expect(centre.take("+46709999999", { ...submit, to: "0701234567" })).toBe(0);
  queue.runUntil(1_999);
  expect(got).toEqual([]);
  queue.runUntil(2_000);
  expect(got).toEqual([
    {
      kind: "deliver",
      center: "+46700000000",
      from: "+46709999999",
      sentMs: 1_772_431_200_000,
      text: "Hej",
      part: undefined,
    },
  ]);
});

test("a number that nobody has is refused", () => {
  expect(bench({}).centre.take("+46709999999", { ...submit, to: "+46700000001" })).toBe(unassignedNumber);
});

test("numbers that nobody attached may belong to somebody all the same", () => {
  const to: string[] = [];
  const mailboxOf = (number: string) => (number === "+461" ? { deliver: () => to.push(number) > 0 } : undefined);
  const { queue, centre } = bench({ mailboxOf });
  expect(centre.take("a", { ...submit, to: "+461" })).toBe(0);
  expect(centre.take("a", { ...submit, to: "+462" })).toBe(unassignedNumber);
  queue.runUntil(60_000);
  expect(to).toEqual(["+461"]);
});

test("who cannot be reached gets it later, and at once when he says that he can be", () => {
  const { queue, centre, got, open } = bench({ delayMs: { least: 0, most: 0 } });
  open.now = false;
  centre.take("a", submit);
  queue.runUntil(200_000);
  expect(got).toEqual([]);
  open.now = true;
  centre.reachable("+46701234567");
  expect(got).toHaveLength(1);
  queue.runUntil(10_000_000);
  expect(got).toHaveLength(1);
});

test("a message beyond its validity is not delivered any more", () => {
  const { queue, centre, got, open } = bench({ delayMs: { least: 0, most: 0 } });
  open.now = false;
  centre.take("a", submit);
  queue.runUntil(3_601_000);
  open.now = true;
  queue.runUntil(20_000_000);
  expect(got).toEqual([]);
  expect(centre.counts.tooOld).toBe(1);
});

test("loss and doubles come as often as asked for, and nothing else is lost or doubled", () => {
  const { queue, centre, got } = bench({ lostPerMille: 300, doubledPerMille: 200 });
  for (let i = 0; i < 200; i++) centre.take("a", { ...submit, text: "" + i });
  queue.runUntil(1_000_000);
  const { taken, lost, delivered } = centre.counts;
  expect(taken).toBe(200);
  expect(lost).toBeGreaterThan(30);
  expect(lost).toBeLessThan(100);
  expect(new Set(got.map((message) => message.text)).size).toBe(taken - lost);
  expect(delivered).toBeGreaterThan(taken - lost);
});

test("it takes 256 messages that wait, and no more", () => {
  const { centre, open } = bench({});
  open.now = false;
  for (let i = 0; i < 256; i++) expect(centre.take("a", submit)).toBe(0);
  expect(centre.take("a", submit)).toBe(42);
});
