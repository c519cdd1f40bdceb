import { expect, test } from "vitest";
import { build } from "./air-bench.ts";

test("a radio that asks for it hears how long its building is jammed: each 5 s, and at the end; never on a quiet channel", () => {
  const { queue, air, devices } = build(["a unit"]);
  devices[0]?.radio.close();
  const heard: [number, number][] = [];
  const radio = devices[0]?.device.open({
    onReadable: () => {},
    onBusy: (forMs) => heard.push([queue.nowMs, forMs]),
  });
  queue.runUntil(10_000);
  expect(heard).toEqual([]);
  air.jamming("house").add({ fromMs: 20_000, toMs: 32_000 });
  queue.runUntil(60_000);
  expect(heard).toEqual([
    [25_000, 5_000],
    [30_000, 5_000],
    [32_000, 2_000],
  ]);
  air.jamming("house").add({ fromMs: 70_000, toMs: 90_000 });
  queue.runUntil(72_000);
  radio?.close();
  queue.runUntil(100_000);
  expect(heard).toHaveLength(3);
});
