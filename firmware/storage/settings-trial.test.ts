/** New settings over real restarts: journal, configuration, trial and clock together. */
import { expect, test } from "vitest";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import { NorFlash } from "../../simulator/flash.ts";
import type { UnitSettings } from "../settings.ts";
import { Configuration } from "./configuration.ts";
import { Journal } from "./journal.ts";
import { encodeSettings } from "./settings-codec.ts";
import { SettingsTrial } from "./settings-trial.ts";
import { longestTrialMs, trialMs } from "./settings-trial-machine.ts";

function bytesOf(domain: string): Uint8Array {
  const settings: UnitSettings = {
    cid: "1",
    domain,
    policy: "mobile-only",
    receivers: [{ uri: "sip:a@b", host: "192.0.2.1", port: 5060, user: "", password: "", answerFrom: [] }],
    localPort: 0,
    modem: { apn: "", user: "", password: "", pin: "" },
    staggerMs: 5_000,
    bonds: [],
  };
  return new Uint8Array(encodeSettings(settings) ?? []);
}

/** A unit in service under `old`; `start` is one start of it. */
function bench() {
  const flash = new NorFlash({ sectorSize: 2048, sectorCount: 4, programUnit: 4, below: () => 0 });
  new Configuration(new Journal(flash)).stageSettings(bytesOf("old"));
  const news: string[] = [];
  let restarts = 0;
  const start = () => {
    const queue = new EventQueue();
    const configuration = new Configuration(new Journal(flash));
    const trial = new SettingsTrial({
      clock: new SimClock(queue),
      configuration,
      starts: { cause: "ordered", restart: () => restarts++ },
      observe: undefined,
      onNews: (what, version) => news.push(`${what} ${version}`),
    });
    return { queue, configuration, trial, domain: configuration.load(undefined).settings?.domain };
  };
  const stage = (isPending = false) => {
    const unit = start();
    expect(unit.configuration.stageSettings(bytesOf("new"))).toBeUndefined();
    unit.trial.staged(2, isPending);
    return unit;
  };
  return { flash, news, start, stage, restarts: () => restarts };
}

test("new settings that nobody accepts under are gone after 10 minutes and a restart", () => {
  const { news, start, stage, restarts } = bench();
  stage();
  expect(restarts()).toBe(1);
  const unit = start();
  expect(unit.domain).toBe("new");
  unit.queue.runUntil(trialMs - 1);
  expect(restarts()).toBe(1);
  unit.queue.runUntil(trialMs);
  expect([restarts(), start().domain]).toEqual([2, "old"]);
  expect(news).toEqual(["settings-on-trial 2", "settings-rolled-back 2"]);
});

test("new settings under which a message is accepted stay, also over further starts", () => {
  const { news, start, stage, restarts } = bench();
  stage();
  const unit = start();
  unit.trial.accepted();
  unit.queue.runUntil(2 * longestTrialMs);
  expect([restarts(), start().domain]).toEqual([1, "new"]);
  expect(news).toEqual(["settings-on-trial 2", "settings-proven 2"]);
});

test("a receiver that answers busy gives new settings an hour", () => {
  const { start, stage } = bench();
  stage();
  const unit = start();
  unit.trial.receiverBusy();
  unit.queue.runUntil(longestTrialMs - 1);
  expect(start().domain).toBe("new");
  unit.queue.runUntil(longestTrialMs);
  expect(start().domain).toBe("old");
});

test("new settings wait for the alarm that waits, in this life and in the next", () => {
  const { start, stage, restarts } = bench();
  const first = stage(true);
  first.queue.runUntil(longestTrialMs);
  expect(restarts()).toBe(0);
  const unit = start();
  unit.trial.alarm(true);
  unit.queue.runUntil(longestTrialMs);
  expect([restarts(), unit.domain]).toEqual([0, "old"]);
  unit.trial.alarm(false);
  expect([restarts(), start().domain]).toEqual([1, "new"]);
});

test("a unit that new settings bring down four times says that it has taken them back", () => {
  const { news, start, stage } = bench();
  stage();
  for (let i = 0; i < 3; i++) expect(start().domain).toBe("new");
  expect(start().domain).toBe("old");
  expect(news.at(-1)).toBe("settings-rolled-back 2");
});

test("flash that takes no change of the head record starts no unit anew, again and again", () => {
  const { flash, start, stage, restarts } = bench();
  const unit = stage(true);
  for (let sector = 0; sector < 4; sector++) flash.fail(sector);
  unit.trial.alarm(false);
  expect([restarts(), start().domain]).toEqual([0, "old"]);
});
