import { expect, test } from "vitest";
import { CallKeys, twinLimit, twinMs } from "./call-keys.ts";

test("a press that is told both as an event in the sound and as INFO counts once, whichever comes first", () => {
  const keys = new CallKeys();
  expect(keys.isPress("info", "4", 0)).toBe(true);
  expect(keys.isPress("sound", "4", twinMs)).toBe(false);
  expect(keys.isPress("sound", "7", 1000)).toBe(true);
  expect(keys.isPress("info", "7", 1100)).toBe(false);
});

test("two presses of one key are two, in whatever order their tellings come", () => {
  const keys = new CallKeys();
  expect(["info", "info", "sound", "sound"].map((source, i) => keys.isPress(source as "info", "1", i * 100))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(
    ["info", "sound", "info", "sound"].map((source, i) => keys.isPress(source as "info", "3", 5000 + i * 100)),
  ).toEqual([true, false, true, false]);
});

test("another key, the same source or a later time is a press of its own", () => {
  const keys = new CallKeys();
  expect(keys.isPress("info", "1", 0)).toBe(true);
  expect(keys.isPress("sound", "3", 10)).toBe(true);
  expect(keys.isPress("info", "1", 20)).toBe(true);
  expect(keys.isPress("sound", "1", 20 + twinMs + 1)).toBe(true);
});

test("no more presses than its bound wait for a twin: the oldest gives way", () => {
  const keys = new CallKeys();
  for (let i = 0; i <= twinLimit; i++) expect(keys.isPress("info", "" + i, i)).toBe(true);
  expect(keys.isPress("sound", "1", 100)).toBe(false);
  expect(keys.isPress("sound", "0", 100)).toBe(true);
});
