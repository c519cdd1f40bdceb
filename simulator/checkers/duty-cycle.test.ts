import { expect, test } from "vitest";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import { build } from "../air/air-bench.ts";
import { playSmall } from "../play-bench.ts";
import type { World } from "../world.ts";
import { DutyCycle } from "./duty-cycle.ts";

const minuteMs = 60_000;
const packet = new Uint8Array(24);
/** As many packets of that length as an hour may hold. */
const allowed = Math.floor(3_600_000 / airTimeUs(packet.length));

function sending(packets: number): DutyCycle {
  const { queue, air, devices } = build(["a unit", "a button"]);
  for (let i = 0; i < packets; i++) queue.at(i * 30_000, () => devices[1]?.radio.send(packet));
  queue.runUntil(packets * 30_000 + minuteMs);
  return new DutyCycle(air);
}

test("as many packets in an hour as it may hold are allowed, one more is found, with who sent it and when", () => {
  expect(sending(allowed).verdict()).toMatchObject({ held: true, violations: 0 });
  expect(sending(allowed + 1).verdict()).toMatchObject({
    held: false,
    violations: 1,
    found: [expect.stringMatching(/^a button was on the air for 3\.6\d\d s in the hour up to 00:55:00$/)],
  });
});

test("a home whose button is pressed each half minute while its air is jammed keeps the duty cycle", async () => {
  let world: World | undefined;
  const presses = Array.from({ length: 100 }, (_, i) => `at: ${120 + i * 30}s, press: u`);
  await playSmall({ duration: "55m", presses }, 1, undefined, (made) => {
    world = made;
    made.air.jamming("u").add({ fromMs: 2 * minuteMs, toMs: 50 * minuteMs });
  });
  if (world === undefined) throw new Error("a world");
  expect(world.air.devices.some((device) => (world as World).air.airtimeOf(device).worstHourUs > 2_000_000)).toBe(true);
  expect(new DutyCycle(world.air).verdict().found).toEqual([]);
});
