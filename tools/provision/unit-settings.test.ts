import { expect, onTestFinished, test } from "vitest";
import type { UnitSettings } from "../../firmware/settings.ts";
import { readPlan } from "./plan-file.ts";
import { openServiceLink, type ServiceLink } from "./service-link.ts";
import { comparable, differences } from "./settings-file.ts";
import { madeKeys, openStandBench, type StandBench } from "./stand-bench.ts";
import { readSettings, sendSettings } from "./unit-settings.ts";

interface Ready {
  readonly bench: StandBench;
  readonly link: ServiceLink;
  readonly settings: UnitSettings;
}

/** A unit on its first settings, in use. */
async function ready(speed?: number): Promise<Ready> {
  const bench = await openStandBench(onTestFinished, madeKeys(0), speed);
  const { settings } = readPlan(bench.plan({ buttons: [], rooms: [] }), "keys", bench.keys);
  const link = await openServiceLink(bench.port, bench.serviceKey);
  onTestFinished(() => link.close());
  await link.order({ type: "life", life: "prepared" });
  expect(await sendSettings(link, settings, () => {})).toBe("first");
  return { bench, link, settings };
}

test("settings that a receiver accepts something under are proven, and read back as they were sent, secrets left out", async () => {
  const { link, settings } = await ready();
  const next: UnitSettings = {
    ...settings,
    staggerMs: 4_000,
    receivers: settings.receivers.map((each) => ({ ...each, user: "u", password: "hemligt" })),
  };
  const said: string[] = [];
  expect(await sendSettings(link, next, (text) => said.push(text))).toBe("proven");
  expect(said[0]).toContain("on trial");
  const { settings: shown, state } = await readSettings(link);
  expect(differences(comparable(shown), comparable(next))).toEqual([]);
  expect([state.version, state.stage, shown.receivers[0]?.password]).toEqual([2, "proven", ""]);
});

test("settings under which nobody answers are taken back after 10 minutes, and the former ones are in force again", async () => {
  const { link, settings } = await ready(400);
  const nobody = settings.receivers.map((each) => ({ ...each, port: 9 }));
  expect(await sendSettings(link, { ...settings, receivers: nobody }, () => {})).toBe("taken-back");
  const { settings: shown, state } = await readSettings(link);
  expect(differences(comparable(shown), comparable(settings))).toEqual([]);
  expect(state).toMatchObject({ version: 1, stage: "proven" });
});
