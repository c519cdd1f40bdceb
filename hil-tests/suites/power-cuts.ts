/**
 * Power that goes at a random point: while a press is stored, while settings are written, while an image is flashed. Afterwards nothing
 * is lost, doubled or half.
 */
import assert from "node:assert/strict";
import { encodeSettings } from "../../firmware/storage/settings-codec.ts";
import { crc32 } from "../../protocol/bytes/crc.ts";
import type { ConsoleCommand } from "../../protocol/console/messages.ts";
import { settingsPieceLength } from "../../protocol/console/orders.ts";
import { Stream } from "../../simulator/core/prng.ts";
import { comparable, differences } from "../../tools/provision/settings-file.ts";
import type { CaseContext, HilCase } from "../run/case.ts";
import { settingsFor, usualSettings } from "../strategy/bench-settings.ts";
import { standingOf } from "../strategy/standing.ts";
import type { Subject } from "../strategy/subject.ts";
import { casesSince, heardCall, isCall } from "./alarms.ts";
import { unitCase } from "./unit-case.ts";

/** A night's; the fast subset shows only that the case itself works. */
const cycles = { quick: 2, nightly: 1_000 };
const hoursMs = 12 * 3_600_000;
/** From the press until everything about it has been said in the usual case, and some more. */
const storingMs = 900;
const offMs = 500;
const bootMs = 20_000;
const acceptedMs = 30_000;
/** What a press that the unit may have stored without a word has to be heard. */
const quietMs = 3_000;
/** What one order of a talk takes at most until the unit has done it. */
const orderMs = 40;
const restartMs = 1_500;

/** One press of the key on the unit, with the power gone at `cutMs` after it. Answers whether the unit had said that it is stored. */
async function cutWhileStoring(subject: Subject, cutMs: number): Promise<boolean> {
  const { bench, strategy, unit } = subject;
  await strategy.to("online");
  const pressing = subject.pressKey();
  const fromMs = bench.nowMs();
  await bench.sleep(cutMs);
  await strategy.powerOff();
  await pressing;
  await bench.sleep(offMs);
  const isStored = unit.heard.some(
    ({ event, hostMs }) => event.type === "log" && event.what === "stored" && hostMs >= fromMs,
  );
  await strategy.powerOn();
  if (isStored) await heardCall(subject, fromMs, acceptedMs, (event) => isCall(event) && event.answer === "snu 0");
  else await bench.sleep(quietMs);
  const cases = casesSince(subject, fromMs);
  const text = `a press that was ${isStored ? "" : "not "}stored is ${cases.length} cases after a cut at ${cutMs} ms`;
  assert.ok(cases.length <= 1 && (cases.length === 1 || !isStored), text);
  return isStored;
}

/** The talk that gives a unit new settings, order by order. */
function talkOf(settings: Parameters<typeof encodeSettings>[0]): readonly ConsoleCommand[] {
  const bytes = encodeSettings(settings);
  assert.ok(bytes !== undefined);
  const talk: ConsoleCommand[] = [
    { type: "settings-begin", length: bytes.length, crc: crc32(bytes, 0, bytes.length, 0) },
  ];
  for (let at = 0; at < bytes.length; at += settingsPieceLength)
    talk.push({ type: "settings-put", at, bytes: bytes.subarray(at, at + settingsPieceLength) });
  return [...talk, { type: "settings-end" }];
}

/** The talk up to its `last` order, with the power gone at `cutMs` after that was said. */
async function cutWhileConfiguring(
  subject: Subject,
  talk: readonly ConsoleCommand[],
  last: number,
  cutMs: number,
): Promise<void> {
  const { bench, unit, strategy } = subject;
  await unit.expectBoot(async () => {
    for (const order of talk.slice(0, last)) await unit.order(order, 3_000);
    unit.say(talk[last] as ConsoleCommand);
    await bench.sleep(cutMs);
    await strategy.cutPower(offMs);
  }, bootMs);
  await unit.resync(3_000);
  await unit.unlock(3_000);
}

async function configure(subject: Subject, { seed, depth, signal, note }: CaseContext<Subject>): Promise<void> {
  const { bench, strategy, unit } = subject;
  const chance = new Stream(seed, "power cuts", 1);
  const key = bench.device(unit.name).serviceKey ?? new Uint8Array(16);
  const both = [27, 28].map((remindAfterDays) =>
    settingsFor(bench, { ...usualSettings, departments: { supervision: { remindAfterDays } } }, key),
  );
  let written = 0;
  for (let cycle = 0; cycle < cycles[depth]; cycle++) {
    signal.throwIfAborted();
    const talk = talkOf(both[cycle % 2] as (typeof both)[0]);
    const last = chance.below(talk.length);
    const before = await unit.withLink(standingOf);
    await cutWhileConfiguring(subject, talk, last, chance.below(last === talk.length - 1 ? restartMs : orderMs));
    const { settings, devices, life } = await unit.withLink(standingOf);
    const known = [before.settings, ...both].map((each) => differences(comparable(each), comparable(settings)).length);
    assert.ok(
      known.includes(0),
      `cycle ${cycle + 1}: after a cut in order ${last + 1} of ${talk.length} the settings are neither the old nor the new ones`,
    );
    assert.deepEqual([devices.length, life], [before.devices.length, before.life]);
    if (known[0] !== 0) written++;
    await strategy.to("online", {
      settings: {
        departments: { supervision: { remindAfterDays: settings.departments?.supervision.remindAfterDays ?? 28 } },
      },
    });
  }
  note(`${cycles[depth]} cuts; after ${written} of them the new settings were in force`);
}

export const powerCutCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "power-cuts",
    name: "storing",
    proves: "a press that the unit called stored is accepted as exactly one case, wherever the power went",
    needs: ["mains", "battery", "help-key", "receiver"],
    start: "online",
    limitMs: hoursMs,
    run: async (subject, { seed, depth, signal, note }) => {
      const chance = new Stream(seed, "power cuts", 0);
      let stored = 0;
      for (let cycle = 0; cycle < cycles[depth]; cycle++) {
        signal.throwIfAborted();
        if (await cutWhileStoring(subject, chance.below(storingMs))) stored++;
      }
      note(`${cycles[depth]} cuts; before ${stored} of them the unit had said that the press is stored`);
    },
  }),
  unitCase({
    suite: "power-cuts",
    name: "configuring",
    proves: "a unit has its old settings or its new ones, whole, wherever in their writing the power went",
    needs: ["mains", "battery", "receiver"],
    start: "online",
    limitMs: hoursMs,
    run: configure,
  }),
];
