import { expect, test } from "vitest";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import { nobleAes } from "../../protocol/radio/arbitraries.ts";
import { bondOrderFrame } from "../../protocol/radio/bond-frame.ts";
import { openAs } from "../../protocol/radio/envelope.ts";
import type { Frame, Message } from "../../protocol/radio/frame.ts";
import { openFrame, sealFrame } from "../../protocol/radio/frame.ts";
import type { RadioPacket } from "../ports/radio.ts";
import type { Bond } from "./bonds.ts";
import { bondLimit } from "./bonds.ts";
import { UnitRadio } from "./unit-radio.ts";
import type { UnitRadioEvent } from "./unit-radio-event.ts";

function bond(index: number, revoked = false): Bond {
  return { address: 100 + index, person: index + 1, form: "wrist", key: new Uint8Array(16).fill(index + 1), revoked };
}

/** A unit with a radio in the test's hand, records in memory, and an owner that only listens unless told otherwise. */
class Bench {
  nowMs = 1_000;
  readonly sent: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  readonly events: UnitRadioEvent[] = [];
  readonly records = new Map<string, Uint8Array>();
  unit: UnitRadio;
  private timers: { atMs: number; run: () => void }[] = [];
  private readonly packets: RadioPacket[] = [];
  private readable: (count: number) => void = () => {};
  private readonly bonds: Bond[];
  private readonly answers: boolean;
  readonly settled: boolean[] = [];

  constructor(bonds: Bond[], answers: boolean) {
    this.bonds = bonds;
    this.answers = answers;
    this.unit = this.start();
  }

  start(): UnitRadio {
    return new UnitRadio({
      openRadio: (options) => {
        this.readable = options.onReadable;
        return {
          send: (bytes) => this.sent.push({ atMs: this.nowMs, bytes: Uint8Array.from(bytes) }),
          listen: (forMs) => expect(forMs).toBe(-1),
          read: () => this.packets.shift(),
          close: () => {},
        };
      },
      clock: {
        nowMs: () => this.nowMs,
        after: (delayMs, run) => {
          const timer = { atMs: this.nowMs + delayMs, run };
          this.timers.push(timer);
          return {
            cancel: () => {
              this.timers = this.timers.filter((other) => other !== timer);
            },
          };
        },
      },
      secrets: { random: () => {}, aes: nobleAes },
      records: {
        read: (kind, key) => this.records.get(`${kind} ${key}`),
        write: (kind, key, bytes) => {
          this.records.set(`${kind} ${key}`, Uint8Array.from(bytes));
          return true;
        },
      },
      bonds: this.bonds,
      keeper: {
        openFrameHeard: () => {},
        belongsToPairing: () => false,
        keySettled: (_place, fresh) => void this.settled.push(fresh),
        alive: () => {},
        busy: () => {},
      },
      onEvent: (event) => {
        this.events.push(event);
        if (this.answers && event.type === "press-heard") this.unit.acknowledge(event.bond, event.name, "received");
      },
    });
  }

  hear(place: number, counter: number, message: Message, key?: Uint8Array): void {
    const own = this.bonds[place] as Bond;
    this.packets.push({ bytes: sealFrame(nobleAes(key ?? own.key), own.address, counter, message), rssiDbm: -70 });
    this.readable(1);
  }

  run(forMs: number): void {
    const endMs = this.nowMs + forMs;
    for (;;) {
      this.timers.sort((left, right) => left.atMs - right.atMs);
      const due = this.timers[0];
      if (due === undefined || due.atMs > endMs) break;
      this.timers.shift();
      this.nowMs = due.atMs;
      due.run();
    }
    this.nowMs = endMs;
  }

  opened(place: number): Frame[] {
    const frames: Frame[] = [];
    for (const sent of this.sent) {
      const frame = openFrame(nobleAes((this.bonds[place] as Bond).key), sent.bytes);
      if (frame.ok) frames.push(frame.value);
    }
    return frames;
  }
}

function press(distance = 0, presses = 1): Message {
  return {
    type: "press",
    press: { nameDistance: distance, ageS: 3, batteryMv: 2_900, presses, reason: "call", low: true, form: "neck" },
  };
}

test("a press is acknowledged only when its owner says so, 20 ms after the frame and while the button listens", () => {
  const bench = new Bench([bond(0)], false);
  bench.hear(0, 7, press(2));
  expect(bench.events).toEqual([
    {
      type: "press-heard",
      bond: 0,
      did: "00000064",
      person: 1,
      where: "",
      name: 5,
      counter: 7,
      presses: 1,
      ageS: 3,
      reason: "call",
      batteryMv: 2_900,
      low: true,
      form: "neck",
      rssiDbm: -70,
    },
  ]);
  bench.run(5);
  expect(bench.sent).toEqual([]);
  bench.unit.acknowledge(0, 5, "received");
  bench.run(400);
  expect(bench.sent.map((sent) => sent.atMs)).toEqual([1_020]);
  expect(bench.opened(0)).toEqual([
    { address: 100, counter: 1, message: { type: "acknowledge", acknowledge: { name: 5, step: "received" } } },
  ]);
});

test("an answer that comes too late for the listening button is kept for the press's next frame", () => {
  const bench = new Bench([bond(0)], false);
  bench.hear(0, 5, press());
  bench.run(369);
  bench.unit.acknowledge(0, 5, "accepted");
  bench.run(1_000);
  expect(bench.sent).toEqual([]);
  bench.hear(0, 5, press());
  bench.run(400);
  expect(bench.opened(0)[0]?.message).toEqual({ type: "acknowledge", acknowledge: { name: 5, step: "accepted" } });
  expect(bench.events.length).toBe(1);
});

test("after a restart neither the press of the alarm's record nor a replay of it raises anything; its copies are acknowledged", () => {
  const bench = new Bench([bond(0)], false);
  bench.unit.restore(0, 9, 5, "accepted");
  bench.hear(0, 9, press(4));
  bench.hear(0, 6, press(1));
  expect(bench.events).toEqual([]);
  expect(bench.unit.counters().replayed).toBe(2);
  bench.hear(0, 10, press(5));
  bench.run(400);
  expect(bench.events).toEqual([]);
  expect(bench.opened(0)[0]?.message).toEqual({ type: "acknowledge", acknowledge: { name: 5, step: "accepted" } });
  bench.unit.restore(0, 3, 2);
  bench.hear(0, 11, press(6));
  expect(bench.events).toEqual([]);
});

test("an acknowledged press is remembered by the unit itself, also when the alarm's record is long gone", () => {
  const bench = new Bench([bond(0)], true);
  bench.hear(0, 5, press());
  bench.run(400);
  bench.unit.close();
  bench.unit = bench.start();
  bench.hear(0, 5, press());
  bench.hear(0, 6, press(1));
  expect(bench.events.length).toBe(1);
});

test("a button that is paired anew under another key may count from 1 again, also after a restart; under the same key never", () => {
  const bench = new Bench([bond(0)], true);
  bench.hear(0, 500, press());
  bench.run(400);
  bench.unit.setBond(0, bond(0));
  bench.hear(0, 3, press());
  expect(bench.events.length).toBe(1);
  (bench as unknown as { bonds: Bond[] }).bonds[0] = { ...bond(0), key: new Uint8Array(16).fill(99) };
  bench.unit.close();
  bench.unit = bench.start();
  bench.hear(0, 3, press());
  expect(bench.events.length).toBe(2);
});

test("the answers of one moment go out one after the other, a new press before a status and a report", () => {
  const bench = new Bench([bond(0), bond(1), bond(2)], false);
  const battery = { batteryMv: 3_000, low: false, form: "wrist" as const };
  bench.hear(0, 1, {
    type: "report",
    report: { kind: "check-in", temperatureC: 21, versionMajor: 1, versionMinor: 0, pressCount: 0, ...battery },
  });
  bench.hear(1, 9, { type: "status-request", request: { name: 4, ...battery } });
  bench.hear(2, 5, press());
  bench.unit.status(1, 4, "accepted");
  bench.unit.acknowledge(2, 5, "received");
  bench.run(1_000);
  expect(bench.sent.length).toBe(3);
  expect(bench.opened(2)[0]?.counter).toBe(1);
  expect(bench.opened(1)[0]).toMatchObject({
    counter: 2,
    message: { type: "status", status: { name: 4, step: "accepted" } },
  });
  expect(bench.opened(0)[0]).toMatchObject({ counter: 3, message: { type: "acknowledge", acknowledge: { name: 1 } } });
  for (let i = 1; i < 3; i++) {
    const before = bench.sent[i - 1] as { atMs: number; bytes: Uint8Array };
    expect((bench.sent[i] as { atMs: number }).atMs - before.atMs).toBeGreaterThanOrEqual(
      airTimeUs(before.bytes.length) / 1000,
    );
  }
});

test("an answer that is ready while another is on the air waits for its end", () => {
  const bench = new Bench([bond(0), bond(1)], false);
  bench.hear(0, 5, press());
  bench.unit.acknowledge(0, 5, "received");
  bench.run(5);
  bench.hear(1, 5, press());
  bench.run(25);
  bench.unit.acknowledge(1, 5, "received");
  bench.run(400);
  expect(bench.sent.map((sent) => sent.atMs)).toEqual([1_020, 1_051]);
});

test("a report is acknowledged at once, and a replay of it is no sign of life, also after a restart", () => {
  const bench = new Bench([bond(0)], false);
  const report: Message = {
    type: "report",
    report: {
      kind: "check-in",
      batteryMv: 3_000,
      low: false,
      form: "wall",
      temperatureC: -128,
      versionMajor: 1,
      versionMinor: 2,
      pressCount: 3,
    },
  };
  bench.hear(0, 8, report);
  bench.run(400);
  expect(bench.opened(0)[0]?.message).toEqual({ type: "acknowledge", acknowledge: { name: 8, step: "received" } });
  bench.unit.close();
  bench.unit = bench.start();
  bench.hear(0, 8, report);
  expect(bench.events.map((event) => event.type)).toEqual(["report-heard"]);
  expect(bench.unit.lastHeardMs(0)).toBe(undefined);
});

test("restoring an older record takes no counter back", () => {
  const bench = new Bench([bond(0)], true);
  bench.hear(0, 50, press(45));
  bench.unit.restore(0, 9, 5);
  bench.hear(0, 20, press());
  expect(bench.events.length).toBe(1);
});

test("a revoked button raises no alarm and is told to wipe its key, naming its frame; the unit hears of it once a day", () => {
  const bench = new Bench([bond(0, true)], true);
  for (let hour = 0; hour < 30; hour++) {
    bench.hear(0, hour + 1, press());
    bench.run(3_600_000);
  }
  expect(bench.events.map((event) => event.type)).toEqual(["revoked-heard", "revoked-heard"]);
  expect(bench.opened(0)).toEqual([]);
  expect(bench.sent).toHaveLength(30);
  const order = openAs(bondOrderFrame, nobleAes(bond(0).key), bench.sent[7]?.bytes as Uint8Array);
  expect(order).toMatchObject({ ok: true, value: { value: { answers: 8, order: "revoke" } } });
});

test("foreign, forged and replayed frames are told apart by their counters, and raise nothing", () => {
  const bench = new Bench([bond(0)], true);
  const stranger = new Bench([bond(1)], true);
  bench.hear(0, 5, press());
  bench.run(400);
  const answer = bench.sent[0]?.bytes as Uint8Array;
  const forged = sealFrame(nobleAes(new Uint8Array(16)), 100, 9, press());
  const packets: readonly [Uint8Array, object][] = [
    [answer, { foreign: 1, forged: 0, replayed: 0 }],
    [forged, { foreign: 1, forged: 1, replayed: 0 }],
    [forged.subarray(0, 10), { foreign: 2, forged: 1, replayed: 0 }],
    [sealFrame(nobleAes(bond(1).key), 101, 9, press()), { foreign: 3, forged: 1, replayed: 0 }],
    [sealFrame(nobleAes(bond(0).key), 100, 4, press()), { foreign: 3, forged: 1, replayed: 1 }],
  ];
  for (const [bytes, counters] of packets) {
    (bench as unknown as { packets: RadioPacket[] }).packets.push({ bytes, rssiDbm: -70 });
    (bench as unknown as { readable: (count: number) => void }).readable(1);
    expect(bench.unit.counters()).toEqual(counters);
  }
  expect(bench.events.length).toBe(1);
  expect(stranger.events).toEqual([]);
});

test("a bond can be put, taken over and emptied while the unit runs, and there are 32 places", () => {
  const bench = new Bench([bond(0), bond(1)], true);
  bench.hear(0, 50, press());
  bench.unit.setBond(0, bond(0));
  bench.hear(0, 50, press());
  expect(bench.events.length).toBe(1);
  expect(bench.unit.lastHeardMs(0)).toBe(1_000);
  expect(bench.unit.lastHeardMs(1)).toBe(undefined);
  bench.unit.setBond(1, undefined);
  bench.hear(1, 1, press());
  expect(bench.unit.counters().foreign).toBe(1);
  expect(() => bench.unit.setBond(bondLimit, bond(2))).toThrow("no such place");
  bench.unit.setBond(bondLimit - 1, bond(2));
});

test("events for a place without a bond are ignored, as after a removal", () => {
  const bench = new Bench([bond(0)], false);
  bench.unit.acknowledge(3, 1, "received");
  bench.unit.status(3, 1, "received");
  bench.unit.restore(3, 1, 1);
  bench.run(1_000);
  expect(bench.sent).toEqual([]);
});

test("with two keys only a call that is later than the joining takes the new key away, and any call under it the old one", () => {
  const freshKey = new Uint8Array(16).fill(88);
  const bench = new Bench([{ ...bond(0), freshKey }], true);
  bench.unit.welcome(0, 20);
  bench.hear(0, 15, press());
  expect(bench.settled).toEqual([]);
  expect(bench.events).toHaveLength(1);
  bench.hear(0, 21, press());
  expect(bench.settled).toEqual([false]);
  bench.hear(0, 22, press(), freshKey);
  expect(bench.settled).toEqual([false, true]);
  expect(bench.events).toHaveLength(3);
});
