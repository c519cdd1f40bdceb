import { expect, onTestFinished, test } from "vitest";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { openLiveReceiver } from "../../simulator/peers/receiver-live.ts";
import { planOf } from "../unit-plan.ts";
import { openFirmwareUnits } from "./firmware-units.ts";
import { playLoad } from "./play-load.ts";
import { Tally } from "./tally.ts";

test("presses of whole units are accepted, each unit by its own account, and one that was pressed comes back fresh", async () => {
  const events: ReceiverEvent[] = [];
  const live = await openLiveReceiver({
    name: "receiver",
    listen: [{ transport: "udp", host: "127.0.0.1", port: 0 }],
    mode: "normal",
    latencyMs: { least: 1, most: 5 },
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => live.close());
  const via = `udp:127.0.0.1:${live.addresses[0]?.port}`;
  const home = await planOf({ receiver: "sip:larm@larm.example", via, larmkod: "4600000101" }, undefined);
  const tally = new Tally();
  const units = await openFirmwareUnits({ home, units: 3, patienceMs: 20_000, tally });
  const order = { rate: 4, forMs: 1_500, isStopped: () => false, onSecond: () => {} };
  expect(await playLoad(units, tally, order)).toMatchObject({ sent: 6, carried: 6, accepted: 6, lost: 0, unsent: 0 });
  const alarms = events.filter(({ type, dty }) => type === "alarm" && dty === 3);
  expect(new Set(alarms.map(({ cid }) => cid))).toEqual(new Set(["4600000101", "4600000102", "4600000103"]));
  expect(new Set(alarms.map(({ ref }) => ref.substring(0, 12))).size).toBe(6);
});
