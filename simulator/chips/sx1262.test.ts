import { expect, test } from "vitest";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import { chipBench, packet } from "./chip-bench.ts";

test("a frame goes from chip to chip byte by byte, with the strength it came in at", () => {
  const { queue, fates, devices } = chipBench();
  const [unit, button] = devices;
  unit.radio.listen(-1);
  queue.runUntil(200);
  const bytes = packet(7);
  button.radio.send(bytes);
  button.radio.listen(433);
  bytes.fill(0);
  queue.runUntil(300);
  const heard = unit.radio.read();
  expect(heard?.bytes).toEqual(packet(7));
  expect(Math.abs((heard?.rssiDbm ?? 0) + 70)).toBeLessThanOrEqual(2);
  expect(fates.map(([, fate, name]) => [fate, name])).toEqual([
    ["sent", "button"],
    ["heard", "unit"],
  ]);
  for (const { chip, faults } of devices) expect([chip.book.breaches, faults]).toEqual([[], []]);
});

test.each([
  [-8, true],
  [-3, true],
  [4, false],
])(
  "a receiver that is told to listen %i ms after a frame began hears it: %j, as its clock takes 5 ms to start and 2 of 8 bytes of preamble are enough",
  (fromMs, isHeard) => {
    const { queue, air, devices } = chipBench();
    const [unit, button] = devices;
    const beginsMs = 1_000;
    queue.at(beginsMs + fromMs, () => unit.radio.listen(-1));
    queue.at(beginsMs, () => air.transmit(button.device, packet(9), () => {}));
    queue.runUntil(beginsMs + Math.ceil(airTimeUs(24) / 1000) + 5);
    expect(unit.marks()).toEqual(isHeard ? [9] : []);
  },
);
