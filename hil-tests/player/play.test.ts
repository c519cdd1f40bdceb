/** Scenarios on a bench: which can be played and why others cannot, what is moved when, and a run that is held against the simulator's. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Scenario } from "../../simulator/scenario/scenario.ts";
import { parseScenario, readScenario } from "../../simulator/scenario/scenario-file.ts";
import { openScenario } from "../../tools/scenario-open.ts";
import type { Bench } from "../bench/bench.ts";
import { openBench } from "../bench/open-bench.ts";
import type { Measurement } from "../run/case.ts";
import { openSubject, type Subject } from "../strategy/subject.ts";
import { actsOf, firstMs } from "./acts.ts";
import { type PlayContext, playScenarioOn, StoriesDifferError } from "./play-scenario.ts";
import { reasonsAgainst } from "./playable.ts";

const speed = 8;
const limits = { durationMs: 30 * 60_000 };
const folder = fileURLToPath(new URL("../scenarios/", import.meta.url));

async function open(): Promise<{ bench: Bench; into: string }> {
  const into = mkdtempSync(join(tmpdir(), "livlina-player-"));
  const bench = await openBench(undefined, { speed, seed: 1 });
  onTestFinished(async () => {
    await bench.close();
    rmSync(into, { recursive: true });
  });
  return { bench, into };
}

/** One home with what a test adds to it. */
function story(more: string): Scenario {
  const text = `
name: a story
question: does it?
source: made for a test
starts: 2026-01-14 08:00
duration: 2m
world:
  radio: { loss: 0 % }
  receivers:
    first: { host: 192.0.2.10, latency: 5ms, digest: false }
    second: { host: 192.0.2.20, latency: 5ms, digest: false }
  operators: { alfa: }
  power: { street: }
  broadband: { fibre: { delay: 1ms } }
fleet:
  - { name: hem, count: 1, broadband: fibre, power: street, router-battery: 5s, receivers: [first, second], policy: broadband-only }
expect:
  - { lost: 0 }
${more}`;
  return parseScenario(text, "story.yaml");
}

test("everything that a bench moves is moved when it is due, and what is so from the beginning before", () => {
  const acts = actsOf(
    story(`timeline:
  - { at: 70s, press: hem }
  - { at: 75s, range: out, unit: hem }
  - { at: 80s, range: home, unit: hem }
  - { at: 85s, handle: switched-off, unit: hem }
  - { at: 90s, handle: switched-on, unit: hem }
faults:
  - { from: 62s, to: 72s, receiver: second, fault: busy }
  - { from: 95s, to: 110s, power: street, fault: off }
`),
  );
  expect(acts.map(({ atMs, moves }) => `${atMs / 1_000} ${moves}`)).toEqual([
    ...["62 receiver", "70 press", "72 receiver", "75 attenuation", "80 attenuation", "85 battery", "85 mains"],
    ...["90 battery", "90 mains", "95 mains", "100 network", "110 mains", "110 network"],
  ]);
  expect(firstMs(acts)).toBe(60_000);
});

test("a scenario that a bench cannot play is told with every reason, and those made for benches have none", async () => {
  const { bench } = await open();
  for (const name of ["press", "receiver-silent", "cable-out", "two-at-once"])
    expect(reasonsAgainst(readScenario(`${folder}${name}.yaml`), bench, limits)).toEqual([]);
  const town = openScenario("town-day");
  expect(reasonsAgainst(town, bench, limits)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^\d+ units: a bench plays one$/),
      expect.stringMatching(/: at most 30 min of real time are given to it$/),
      "mobile: its operator, masts and delays are the real network's",
    ]),
  );
  expect(
    reasonsAgainst(
      story(`wearers: { presses-per-unit-and-day: 1 }
timeline:
  - { at: 10s, press: hem }
  - { at: 80s, fall: hem }
faults:
  - { from: 62s, broadband: fibre, fault: lossy, loss: 10 % }
  - { from: 62s, unit: hem, fault: clock-drift, ppm: 200 }
`),
      bench,
      { durationMs: 60_000 },
    ),
  ).toEqual([
    "2 min: at most 1 min of real time are given to it",
    "habits of wearers are drawn by chance",
    "broadband fibre: lossy: a cable is in or out",
    "unit hem: clock-drift: no actuator does that",
    "acts in the first minute, in which the simulator switches homes on",
    "fall in the timeline: no actuator does that",
  ]);
  const bare: Bench = { ...bench, receivers: [], devices: bench.devices.slice(0, 1), actuator: () => undefined };
  const reasons = reasonsAgainst(
    story("timeline:\n  - { at: 70s, press: hem }\n  - { at: 75s, range: out, unit: hem }\n"),
    bare,
    limits,
  );
  expect(reasons).toEqual([
    "1 buttons: the bench has 0",
    "2 receivers: the bench has 0",
    "a press: the bench has no actuator for press of its button",
    "out of range: the bench has no actuator for attenuation of its button",
  ]);
});

/** Plays it, and answers what the case would say. */
async function played(
  subject: Subject,
  name: string,
  into: string,
): Promise<{ measured: Measurement[]; thrown: unknown }> {
  const measured: Measurement[] = [];
  const context: PlayContext = {
    bench: subject,
    folder: into,
    seed: 1,
    signal: new AbortController().signal,
    note: () => {},
    measure: (one) => measured.push(one),
  };
  const thrown = await playScenarioOn(readScenario(`${folder}${name}.yaml`), context, limits).catch(
    (error: unknown) => error,
  );
  return { measured, thrown };
}

test("a bench tells the simulator's story, and one whose press comes late is found, with both sides shown", {
  timeout: 60_000,
}, async () => {
  const { bench, into } = await open();
  const subject = await openSubject(bench, into);
  const sound = await played(subject, "receiver-silent", into);
  expect(sound.thrown).toBeUndefined();
  expect(sound.measured).toMatchObject([{ name: "press to accepted", unit: "ms" }]);
  const lines = readFileSync(join(into, "bench.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["pressed", "stored", "carried", "accepted", "alarm"]),
  );

  // Whoever moves the finger takes two seconds longer than he says: the bench's own clock sees it in what the unit does.
  const slow = new Proxy(subject, {
    get: (target, key) => {
      if (key !== "press") return Reflect.get(target, key, target);
      return async (button: number) => {
        const atMs = bench.nowMs();
        await bench.sleep(2_000);
        await target.press(button);
        return atMs;
      };
    },
  });
  const late = await played(slow, "press", into);
  expect(late.thrown).toBeInstanceOf(StoriesDifferError);
  const { message, differences } = late.thrown as StoriesDifferError;
  expect(differences.map(({ kind, step }) => `${kind} ${step}`)).toEqual(["time stored"]);
  expect(message).toMatch(/^A press on a bench: hem, press 1 \(button 1\): stored at \d+ ms in the simulator/);
  expect(message).toMatch(/\n> stored .*\+\d+ ms .*\+\d{4} ms/);
});
