import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePressed, parseUtc, pressedText, utcText } from "./pressed.ts";

const endOfYearsS = 253402300800;
const anyWallS = fc.nat().chain(() => fc.integer({ min: 0, max: 0x7fffffff }).map((n) => (n * 118) % endOfYearsS));

test("the time of a press is written as laid down", () => {
  expect(pressedText("wall", Date.parse("2026-03-02T06:10:05Z") / 1000)).toBe("pressed 2026-03-02T06:10:05Z");
  expect(pressedText("start", 7)).toBe("pressed T+07s");
  expect(pressedText("start", 123456)).toBe("pressed T+123456s");
  expect(pressedText("start", 0)).toBe("pressed T+00s");
});

test("the calendar agrees with another implementation, day by day from 1970 to 2110", () => {
  const wrong: string[] = [];
  for (let day = 0; day < 51200; day++) {
    const wallS = day * 86400 + ((day * 7919) % 86400);
    const text = new Date(wallS * 1000).toISOString().replace(".000Z", "Z");
    if (utcText(wallS) !== text || parseUtc(text) !== wallS) wrong.push(text);
  }
  expect(wrong).toEqual([]);
});

test("any instant comes back from its text", () => {
  fc.assert(
    fc.property(anyWallS, (seconds) => {
      expect(utcText(seconds)).toBe(new Date(seconds * 1000).toISOString().replace(".000Z", "Z"));
      expect(parsePressed(pressedText("wall", seconds))).toEqual({ clock: "wall", seconds });
      expect(parsePressed(pressedText("start", seconds % 10000000000))).toEqual({
        clock: "start",
        seconds: seconds % 10000000000,
      });
    }),
  );
});

test("the ends of the calendar hold, and beyond them is a mistake", () => {
  expect(utcText(0)).toBe("1970-01-01T00:00:00Z");
  expect(utcText(endOfYearsS - 1)).toBe("9999-12-31T23:59:59Z");
  for (const wrong of [-1, endOfYearsS, Number.NaN]) expect(() => utcText(wrong)).toThrow("wall time");
});

test("other words behind the time do no harm", () => {
  expect(parsePressed("pressed 2026-03-02T06:10:05Z 3 times")).toEqual({ clock: "wall", seconds: 1772431805 });
  expect(parsePressed("pressed T+07s 3 times")).toEqual({ clock: "start", seconds: 7 });
});

test("a text that names no instant says nothing", () => {
  for (const other of [
    "",
    "pressed",
    "pressed ",
    "pressed T+s",
    "pressed T+7",
    "pressed T-7s",
    "pressed T+-7s",
    "pressed T+12345678901s",
    "no radio test since 2026-03-02T06:10Z",
    "pressed 2026-03-02T06:10:05",
    "pressed 2026-02-29T06:10:05Z",
    "pressed 2100-02-29T06:10:05Z",
    "pressed 2026-13-01T06:10:05Z",
    "pressed 2026-00-01T06:10:05Z",
    "pressed 2026-04-31T06:10:05Z",
    "pressed 2026-04-00T06:10:05Z",
    "pressed 2026-04-01T24:00:00Z",
    "pressed 2026-04-01T23:60:00Z",
    "pressed 2026-04-01T23:59:60Z",
    "pressed 1969-04-01T23:59:59Z",
    "pressed 2026/04/01T23:59:59Z",
    "pressed 2026-04-01T23.59:59Z",
    "pressed 2026-04/01T23:59:59Z",
    "pressed 2026/04-01T23:59:59Z",
    "pressed 2026-04-01t23:59:59Z",
    "pressed 2026-04-01T/3:59:59Z",
    "pressed 2026-04-01T23:/9:59Z",
    "pressed 2026-04-01T23:59:/9Z",
    "pressed 2026-04-01T23:59:59ZZ",
    "pressed T+07m",
    "pressed T+077",
    "pressed T+/7s",
    "pressed 2026-04-01T23:59.59Z",
    "pressed 2o26-04-01T23:59:59Z",
    "Pressed 2026-04-01T23:59:59Z",
  ])
    expect([other, parsePressed(other)]).toEqual([other, undefined]);
  expect(parseUtc("2026-04-01T23:59:59+")).toBeUndefined();
  for (const leapDay of ["2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2400-02-29T00:00:00Z"])
    expect(parseUtc(leapDay)).toBe(Date.parse(leapDay) / 1000);
});
