import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { CheckPart } from "./check-part.ts";
import { Climate, mostClimatePoints } from "./climate.ts";
import { KeysPart, LidPart } from "./contacts.ts";
import { FallPart } from "./fall-part.ts";
import { SpeechPart, spokenInMs } from "./speech-part.ts";
import { ThermometerPart } from "./thermometer-part.ts";

const silent = (): void => {};

test("a key bounces as it closes and as it opens, and a long press holds it for more than two seconds", () => {
  for (const [hold, least, most] of [
    ["short", 80, 400],
    ["long", 2_300, 4_000],
  ] as const) {
    for (let seed = 0; seed < 20; seed++) {
      const queue = new EventQueue();
      const keys = new KeysPart(queue, silent);
      const levels: string[] = [];
      let lastMs = 0;
      keys.open({
        onChange: (key, closed) => {
          levels.push(`${key} ${closed}`);
          if (levels.length === 3) expect(queue.nowMs).toBe(3);
          if (levels.length === 4) lastMs = queue.nowMs;
        },
      });
      keys.press("away", hold, new Stream(seed, "fingers", 0));
      queue.runUntil(10_000);
      expect(levels).toEqual([true, false, true, false, true, false].map((closed) => `away ${closed}`));
      expect(lastMs).toBeGreaterThanOrEqual(least);
      expect(lastMs).toBeLessThanOrEqual(most);
    }
  }
});

test("keys, lid and fall sensor say nothing after close()", () => {
  const queue = new EventQueue();
  const keys = new KeysPart(queue, silent);
  const lid = new LidPart(queue, silent);
  const sensor = new FallPart();
  const heard: string[] = [];
  const ports = [
    keys.open({ onChange: () => heard.push("key") }),
    lid.open({ onChange: (closed) => heard.push(`lid ${closed}`) }),
    sensor.open({ onFell: () => heard.push("fell"), onCancelled: () => heard.push("taken back") }),
  ];
  lid.lift(true);
  sensor.fall();
  sensor.cancel();
  queue.runUntil(10);
  expect(heard).toEqual(["fell", "taken back", "lid true", "lid false", "lid true"]);
  for (const port of ports) port.close();
  keys.press("help", "short", new Stream(1, "fingers", 0));
  lid.lift(false);
  sensor.fall();
  queue.runUntil(1_000);
  expect(heard).toHaveLength(5);
});

const anyPlan = fc
  .array(fc.record({ afterMs: fc.integer({ min: 1, max: 40 }), deciC: fc.integer({ min: -50, max: 400 }) }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((steps) => {
    let atMs = 0;
    return steps.map(({ afterMs, deciC }) => {
      atMs += afterMs;
      return { atMs, deciC };
    });
  });

test("the first instant outside two borders is the one that looking at each millisecond finds", () => {
  fc.assert(
    fc.property(anyPlan, fc.nat(100), fc.integer({ min: 0, max: 200 }), fc.nat(200), (plan, fromMs, below, span) => {
      const climate = new Climate();
      climate.follow(plan);
      const above = below + span;
      let expected: number | undefined;
      for (let atMs = fromMs; atMs <= 400 && expected === undefined; atMs++) {
        const deciC = climate.deciC(atMs);
        if (deciC < below || deciC > above) expected = atMs;
      }
      expect(climate.firstOutside(fromMs, below, above)).toBe(expected);
    }),
  );
});

test("a home is at 21 °C until a plan says otherwise, and a plan has at most 1,024 rising instants", () => {
  const climate = new Climate();
  expect(climate.deciC(0)).toBe(210);
  climate.follow([
    { atMs: 1_000, deciC: 200 },
    { atMs: 2_000, deciC: 300 },
  ]);
  expect([0, 1_000, 1_500, 1_999, 2_000, 9_000].map((atMs) => climate.deciC(atMs))).toEqual([
    200, 200, 250, 299, 300, 300,
  ]);
  const points = (count: number) => Array.from({ length: count }, (_, atMs) => ({ atMs, deciC: 0 }));
  climate.goTo(2_500, 150);
  expect([1_500, 2_500, 62_500, 90_000].map((atMs) => climate.deciC(atMs))).toEqual([250, 300, 150, 150]);
  climate.follow(points(mostClimatePoints));
  expect(() => climate.follow(points(mostClimatePoints + 1))).toThrow("1025 points");
  expect(() => climate.follow([])).toThrow("0 points");
  expect(() => climate.follow([points(1)[0], points(1)[0]] as never)).toThrow("must rise");
});

test("a thermometer says once that a border was passed: later, at once, or by another plan, and never from inside watch()", () => {
  const queue = new EventQueue();
  const climate = new Climate();
  const thermometer = new ThermometerPart(queue, climate, silent);
  const passed: number[] = [];
  const port = thermometer.open({ onPassed: () => passed.push(queue.nowMs) });
  port.watch(160, 300);
  expect(queue.size).toBe(0);
  climate.follow([
    { atMs: 0, deciC: 210 },
    { atMs: 60_000, deciC: 150 },
  ]);
  expect(queue.size).toBe(1);
  queue.runUntil(60_000);
  expect(passed).toHaveLength(1);
  expect(climate.deciC(passed[0] as number)).toBe(159);
  expect(climate.deciC((passed[0] as number) - 1)).toBe(160);
  climate.follow([{ atMs: 0, deciC: 150 }]);
  queue.runUntil(60_000);
  port.watch(160, 300);
  expect(passed).toHaveLength(1);
  queue.runUntil(60_000);
  expect(passed).toEqual([passed[0], 60_000]);
  port.watch(140, 160);
  climate.follow([{ atMs: 0, deciC: 170 }]);
  port.close();
  queue.runUntil(120_000);
  expect(passed).toHaveLength(2);
});

test("what is said takes its time, people hear its beginning, and a second utterance into it is a mistake", () => {
  const queue = new EventQueue();
  const heard: string[] = [];
  const speech = new SpeechPart({
    queue,
    note: silent,
    onSpeak: ({ text }) => heard.push(`${queue.nowMs} ${text}`),
    onLoud: (on) => heard.push(`${queue.nowMs} loud ${on}`),
  });
  const port = speech.open({ onSpoken: () => heard.push(`${queue.nowMs} spoken`) });
  const utterance = { number: 3, language: "sv", text: "Hjälp är på väg" } as const;
  expect(spokenInMs(utterance)).toBe(300 + 65 * 15);
  port.speak(utterance);
  expect(() => port.speak(utterance)).toThrow("into another utterance");
  queue.runUntil(5_000);
  expect(heard).toEqual(["0 Hjälp är på väg", "0 loud true", "1275 loud false", "1275 spoken"]);
  heard.length = 0;
  port.hush();
  port.speak(utterance);
  queue.runUntil(5_100);
  port.hush();
  port.speak(utterance);
  port.close();
  queue.runUntil(20_000);
  expect(heard).toEqual([
    "5000 Hjälp är på väg",
    "5000 loud true",
    "5100 loud false",
    "5100 Hjälp är på väg",
    "5100 loud true",
    "5100 loud false",
  ]);
});

test("a self-check answers after its time with what is the case, with what was planted, or never", () => {
  const queue = new EventQueue();
  const checks = new CheckPart(queue, silent, (check) => (check === "sim" ? "absent" : "passed"));
  const found: string[] = [];
  const ask = (check: "radio" | "sim"): void => {
    checks.begin(check, (finding) => found.push(`${queue.nowMs} ${check} ${finding}`));
    expect(() => checks.begin(check, silent)).toThrow("into another check");
    queue.runUntil(queue.nowMs + 1_000);
  };
  ask("sim");
  ask("radio");
  checks.plant("radio", "radio-deaf");
  ask("radio");
  checks.plant("radio", "silence");
  ask("radio");
  checks.stop();
  checks.plant("radio", undefined);
  checks.begin("radio", () => found.push("stopped too late"));
  checks.stop();
  checks.stop();
  ask("radio");
  expect(found).toEqual(["200 sim absent", "1250 radio passed", "2250 radio radio-deaf", "4250 radio passed"]);
});
