/** A foreign transmitter in a building: what it destroys, and what a radio that listens makes of it. */
import { expect, test } from "vitest";
import { build, frame } from "./air-bench.ts";

/** A button sends each 100 ms for 400 s, jammed from the second hundred seconds to the end of the third. */
function play(lossPpm: number | undefined, seed = 1) {
  const { queue, air, devices, fates } = build(["a unit", "a button"], { seed });
  air.jamming("house").add({ fromMs: 100_000, toMs: 300_000, lossPpm });
  const [unit, button] = devices;
  unit?.radio.listen(-1);
  const heard: number[] = [];
  for (let atMs = 0; atMs < 400_000; atMs += 100) {
    button?.radio.send(frame(1));
    queue.runUntil(atMs + 100);
    if ((unit?.readAll().length ?? 0) > 0) heard.push(atMs);
  }
  return { heard, fates };
}
const between = (heard: readonly number[], fromMs: number, toMs: number) =>
  heard.filter((atMs) => atMs >= fromMs && atMs < toMs).length;

test("a jammer that pauses destroys about its share of the packets, and none outside its time", () => {
  const { heard, fates } = play(300_000);
  expect(between(heard, 0, 99_900) + between(heard, 300_000, 400_000)).toBe(1_999);
  const through = between(heard, 100_000, 300_000);
  expect(Math.abs(through - 1_400)).toBeLessThan(100);
  expect(fates.filter(([fate]) => fate === "jammed").length).toBe(4_000 - heard.length);
  expect(play(300_000, 2).heard).not.toEqual(heard);
});

test("one that never pauses lets nothing through", () => {
  expect(between(play(undefined).heard, 100_000, 300_000)).toBe(0);
  expect(between(play(1_000_000).heard, 100_000, 300_000)).toBe(0);
});

test("a radio hears of a jammer for the share of the time that it sends", () => {
  const { queue, air, devices } = build(["a unit"]);
  devices[0]?.radio.close();
  const busy: number[] = [];
  devices[0]?.device.open({ onReadable: () => {}, onBusy: (forMs) => busy.push(forMs) });
  air.jamming("house").add({ fromMs: 10_000, toMs: 22_000, lossPpm: 300_000 });
  queue.runUntil(60_000);
  expect(busy).toEqual([1_500, 1_500, 600]);
});
