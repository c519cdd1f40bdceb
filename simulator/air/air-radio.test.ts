import { expect, test } from "vitest";
import { build, frame, frameMs, three, two } from "./air-bench.ts";

test("a packet that does not lie wholly within a listening window is not heard", () => {
  const heardWith = (fromMs: number, forMs: number) => {
    const { queue, devices } = build(["a unit", "a button"]);
    const [unit, button] = two(devices);
    queue.at(1000, () => unit.radio.send(frame(1)));
    queue.at(fromMs, () => button.radio.listen(forMs));
    queue.runUntil(2000);
    return button.readAll().length === 1;
  };
  expect(heardWith(1000, frameMs)).toBe(true);
  expect(heardWith(1000, frameMs - 1)).toBe(false);
  expect(heardWith(1001, 100)).toBe(false);
  expect(heardWith(900, 100)).toBe(false);
  expect(heardWith(900, 133)).toBe(true);
  expect(heardWith(900, 0)).toBe(false);
  expect(heardWith(0, -1)).toBe(true);
});

test("prolonging a window goes on hearing, closing it between ends the packet", () => {
  const heardWith = (...calls: readonly (readonly [number, number])[]) => {
    const { queue, devices } = build(["a unit", "a button"]);
    const [unit, button] = two(devices);
    queue.at(1000, () => unit.radio.send(frame(1)));
    for (const [atMs, forMs] of calls) queue.at(atMs, () => button.radio.listen(forMs));
    queue.runUntil(2000);
    return button.readAll().length === 1;
  };
  expect(heardWith([990, 20], [1005, 50])).toBe(true);
  expect(heardWith([990, 20], [1010, 50])).toBe(true);
  expect(heardWith([990, 20], [1011, 50])).toBe(false);
  expect(heardWith([990, -1], [1010, 0], [1011, -1])).toBe(false);
  expect(heardWith([990, -1], [1010, 5])).toBe(false);
});

test("a packet handed over during a transmission follows it without a gap; of more than four waiting the rest is dropped", () => {
  const { queue, devices, air } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  const heardAt: [number, number][] = [];
  for (let i = 0; i < 7; i++) button.radio.send(frame(i));
  for (let atMs = 1; atMs < 400; atMs++) {
    queue.runUntil(atMs);
    for (const mark of unit.readAll()) heardAt.push([atMs, mark]);
  }
  expect(heardAt).toEqual([0, 1, 2, 3, 4].map((mark) => [(mark + 1) * frameMs, mark]));
  expect(air.airtimeOf(button.device).packets).toBe(5);
});

test("a receiver keeps four unread packets and drops what is beyond", () => {
  const { queue, devices } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  for (let i = 0; i < 6; i++) queue.at(i * 100, () => button.radio.send(frame(i)));
  queue.runUntil(1000);
  expect(unit.counts).toEqual([1, 2, 3, 4]);
  expect(unit.readAll()).toEqual([0, 1, 2, 3]);
});

test("power loss breaks a transmission off: nobody reads it, but it disturbs up to there; the device can start anew", () => {
  const { queue, devices, air } = build(["a unit", "a button", "a other"]);
  const [unit, button, other] = three(devices);
  unit.radio.listen(-1);
  button.radio.send(frame(1));
  button.radio.send(frame(2));
  queue.runUntil(10);
  other.radio.send(frame(3));
  queue.runUntil(20);
  expect(() => button.device.open({ onReadable: () => {} })).toThrow("open already");
  button.radio.close();
  button.radio.close();
  button.radio.send(frame(4));
  button.radio.listen(-1);
  queue.runUntil(25);
  const again = button.device.open({ onReadable: () => {} });
  queue.runUntil(60);
  expect(unit.readAll()).toEqual([]);
  again.send(frame(5));
  queue.runUntil(200);
  expect(unit.readAll()).toEqual([5]);
  expect(air.airtimeOf(button.device).packets).toBe(2);
});

test("a packet that broke off is read by nobody, and one that starts after the break is whole", () => {
  const { queue, devices } = build(["a unit", "a button", "a other"]);
  const [unit, button, other] = three(devices);
  unit.radio.listen(-1);
  button.radio.send(frame(1));
  queue.at(20, () => button.radio.close());
  queue.runUntil(100);
  expect(unit.readAll()).toEqual([]);
  button.device.open({ onReadable: () => {} }).send(frame(2));
  queue.at(120, () => button.device.radio?.close());
  queue.at(125, () => other.radio.send(frame(3)));
  queue.runUntil(200);
  expect(unit.readAll()).toEqual([3]);
});

test("each receiver gets bytes of its own", () => {
  const { queue, devices } = build(["a one", "a two", "a button"]);
  const [one, another, button] = three(devices);
  one.radio.listen(-1);
  another.radio.listen(-1);
  button.radio.send(frame(1));
  queue.runUntil(100);
  one.radio.read()?.bytes.fill(9);
  expect(another.radio.read()?.bytes).toEqual(frame(1));
});

test("after close() no callback comes, not even for a packet that was half heard", () => {
  const { queue, devices } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  button.radio.send(frame(1));
  queue.at(20, () => unit.radio.close());
  queue.runUntil(100);
  expect(unit.counts).toEqual([]);
  expect(unit.radio.read()).toBeUndefined();
});
