/** A unit from its box is set up over its service line, and forgets everything of its client when it is wiped. */
import assert from "node:assert/strict";
import { comparable, differences } from "../../tools/provision/settings-file.ts";
import { sendSettings } from "../../tools/provision/unit-settings.ts";
import type { HilCase } from "../run/case.ts";
import { benchLarmkod, settingsFor, usualSettings } from "../strategy/bench-settings.ts";
import { standingOf } from "../strategy/standing.ts";
import type { Subject } from "../strategy/subject.ts";
import { unitCase } from "./unit-case.ts";

const takenBackMs = 900_000;

export const provisioningCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "provisioning",
    name: "from-the-box",
    proves: "a unit as the factory delivers it takes settings over its line, and runs on these and no others",
    needs: ["receiver"],
    start: "booted",
    run: async ({ bench, strategy, unit }) => {
      await strategy.to("provisioned");
      const key = bench.device(unit.name).serviceKey ?? new Uint8Array(16);
      const { settings } = await unit.withLink(standingOf);
      const sent = settingsFor(bench, usualSettings, key);
      assert.deepEqual(differences(comparable(sent), comparable(settings)), []);
    },
  }),
  unitCase({
    suite: "provisioning",
    name: "wiped",
    proves: "a wiped unit knows no settings, no button and no larmkod any more",
    needs: ["receiver", "button", "press"],
    start: "online",
    isNightly: true,
    run: async ({ strategy, unit }) => {
      await strategy.to("booted");
      const { settings, devices, isFactory } = await unit.withLink(standingOf);
      assert.ok(isFactory, "settings of the client are left");
      assert.deepEqual(devices, []);
      assert.notEqual(settings.cid, benchLarmkod);
    },
  }),
  unitCase({
    suite: "provisioning",
    name: "half-sent",
    proves: "settings that do not arrive whole are refused, and the former ones stay in force",
    needs: ["receiver"],
    start: "provisioned",
    run: async ({ unit }) => {
      const before = await unit.withLink(standingOf);
      await unit.order({ type: "settings-begin", length: 200, crc: 1 }, 3_000);
      await unit.order({ type: "settings-put", at: 0, bytes: new Uint8Array(40) }, 3_000);
      await assert.rejects(unit.order({ type: "settings-end" }, 3_000), { trouble: "refused" });
      const after = await unit.withLink(standingOf);
      assert.deepEqual(differences(comparable(before.settings), comparable(after.settings)), []);
    },
  }),
  unitCase({
    suite: "provisioning",
    name: "taken-back",
    proves: "settings under which nobody accepts anything are taken back by the unit itself",
    needs: ["receiver", "second-receiver"],
    start: "online",
    limitMs: takenBackMs,
    isNightly: true,
    run: async (subject) => {
      const { bench, unit } = subject;
      const before = await unit.withLink(standingOf);
      const key = bench.device(unit.name).serviceKey ?? new Uint8Array(16);
      const others = settingsFor(bench, { ...usualSettings, receivers: 1 }, key);
      for (const receiver of bench.receivers) await receiver.setMode("silent-after-200");
      assert.equal(await unit.withLink((link) => sendSettings(link, others, () => {})), "taken-back");
      const after = await unit.withLink(standingOf);
      assert.deepEqual(differences(comparable(before.settings), comparable(after.settings)), []);
    },
  }),
];
