import { expect, test } from "vitest";
import { partsOf } from "../firmware/storage/flash-part.ts";
import { Journal } from "../firmware/storage/journal.ts";
import { decodeEnvelope } from "../protocol/radio/envelope.ts";
import { Air } from "./air/air.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { HomeButton, unitFlash } from "./home-parts.ts";
import { aesBlock } from "./node-aes.ts";

const minuteMs = 60_000;
const yearMs = 365 * 24 * 60 * minuteMs;

class Scene {
  readonly queue = new EventQueue();
  readonly sent: number[] = [];
  readonly shown: string[] = [];
  readonly counters: number[] = [];
  readonly button: HomeButton;
  steps = 0;
  private readonly fingers = new Stream(1, "fingers", 0);

  constructor() {
    const { queue } = this;
    const secrets = new Stream(1, "secrets", 0);
    this.button = new HomeButton({
      queue,
      air: new Air(queue, {
        seed: 1,
        lossPpm: 0,
        neighbourLossPpm: 0,
        observe: (_fate, _device, bytes) => {
          this.sent.push(queue.nowMs);
          const envelope = decodeEnvelope(bytes);
          if (envelope.ok) this.counters.push(envelope.value.counter);
        },
      }),
      name: "button",
      home: "home",
      bond: { address: 0x0100_0000, person: 1, form: "wrist", key: new Uint8Array(16).fill(7), revoked: false },
      secrets: { random: (into) => secrets.fill(into), aes: aesBlock },
      flashChance: new Stream(1, "flash", 0),
      onSignal: (signal) => this.shown.push(signal),
      observe: () => {
        this.steps++;
      },
      temperatureC: () => 21,
    });
  }

  press(): void {
    this.button.press(this.fingers);
  }

  pass(ms: number): void {
    this.queue.runUntil(this.queue.nowMs + ms);
  }
}

test("a button that nobody touches loses a few parts in a thousand of its charge in a month", () => {
  const scene = new Scene();
  scene.pass(Math.floor(yearMs / 12));
  expect(scene.button.batteryPermille).toBeGreaterThan(980);
  expect(scene.button.batteryPermille).toBeLessThan(995);
});

test("each press takes its packets and its listening from the battery", () => {
  const scene = new Scene();
  scene.button.setCharge(500);
  const quiet = new Scene();
  quiet.button.setCharge(500);
  for (let i = 0; i < 40; i++) scene.queue.at(i * 30 * minuteMs, () => scene.press());
  scene.pass(20 * 60 * minuteMs);
  quiet.pass(20 * 60 * minuteMs);
  expect(scene.sent.length).toBeGreaterThan(quiet.sent.length + 100);
  expect(scene.button.batteryPermille).toBeLessThan(quiet.button.batteryPermille);
});

test("a button dies when its battery cannot carry the next packet: it sends no more, shows no more and hears no finger", () => {
  const scene = new Scene();
  scene.pass(minuteMs);
  scene.button.setCharge(0);
  expect(scene.button.isDead).toBe(false);
  const before = scene.sent.length;
  scene.press();
  scene.pass(10 * minuteMs);
  expect(scene.button.isDead).toBe(true);
  expect(scene.sent).toHaveLength(before);
  expect(scene.shown).not.toContain("sent");
  const { steps } = scene;
  scene.press();
  scene.button.fall("felt");
  scene.pass(10 * minuteMs);
  expect(scene.sent).toHaveLength(before);
  expect(scene.steps).toBe(steps);
});

test("a new battery wakes it with what its flash holds: it counts on where it was, so that its unit believes it", () => {
  const scene = new Scene();
  scene.pass(minuteMs);
  scene.press();
  scene.pass(3_000);
  scene.button.setCharge(0);
  scene.pass(10 * minuteMs);
  expect(scene.button.isDead).toBe(true);
  const last = scene.counters.at(-1) as number;
  const before = scene.counters.length;
  scene.button.changeBattery();
  expect(scene.button.isDead).toBe(false);
  expect(scene.button.batteryPermille).toBe(1_000);
  scene.pass(minuteMs);
  scene.press();
  scene.pass(3_000);
  expect(scene.counters.length).toBeGreaterThan(before);
  expect(Math.min(...scene.counters.slice(before))).toBeGreaterThan(last);
});

test("a battery may be changed before it is flat: the old life is over, and one press is sent by the new one alone", () => {
  const scene = new Scene();
  scene.pass(minuteMs);
  scene.button.changeBattery();
  scene.pass(minuteMs);
  const before = scene.sent.length;
  scene.press();
  scene.pass(500);
  expect(scene.sent.length - before).toBeLessThanOrEqual(2);
  expect(scene.sent.length).toBeGreaterThan(before);
});

test("a call that a change of the battery breaks off is taken up by the new life, and by that alone", () => {
  const calling = (taken: boolean): readonly string[] => {
    const scene = new Scene();
    scene.pass(minuteMs);
    scene.press();
    scene.pass(1_000);
    if (taken) scene.button.changeBattery();
    scene.pass(20 * minuteMs);
    return scene.shown;
  };
  expect(calling(false)).toEqual(["sent", "given-up"]);
  expect(calling(true)).toEqual(["sent", "given-up"]);
});

test("a fall that is felt is called for, unless it is taken back in time", () => {
  const calls = (takenBack: boolean): number => {
    const scene = new Scene();
    scene.pass(minuteMs);
    const before = scene.sent.length;
    scene.button.fall("felt");
    expect(scene.shown).toContain("fall-felt");
    scene.pass(5_000);
    if (takenBack) scene.button.fall("taken-back");
    scene.pass(minuteMs);
    return scene.sent.length - before;
  };
  expect(calls(false)).toBeGreaterThan(3);
  expect(calls(true)).toBe(0);
});

test.each([
  [0, 0],
  [300_000, 300],
  [950_000, 950],
  [1_000_000, 1_000],
])(
  "of %i ppm of a unit's memory that is out of date so much is written, and nothing of it counts",
  (usedPpm, permille) => {
    const { journal } = partsOf(unitFlash(new Stream(1, "unit flash", 0), usedPpm));
    const area = (journal.sectorCount / 2) * journal.sectorSize;
    const bytes = new Uint8Array(area);
    journal.read(0, bytes);
    const written = bytes.filter((byte) => byte !== 0xff).length;
    expect(Math.abs(written - (area * permille) / 1_000)).toBeLessThan(area / 16);
    expect(new Journal(journal).count).toBe(0);
  },
);
