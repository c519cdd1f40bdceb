import { expect, test } from "vitest";
import { attention, chooseOperator, enterPin, soundings } from "./commands.ts";

test("a PIN is said in quotes, and no log may show it", () => {
  expect(enterPin("1234")).toMatchObject({ text: 'AT+CPIN="1234"', final: "OK", optional: false, secret: true });
  expect(attention.secret).toBe(false);
});

test("only the choice of an operator may be ended by what is sent meanwhile", () => {
  expect([attention.abortable, chooseOperator.abortable]).toEqual([false, true]);
});

test("each sounding promises a line of its own, so that a late answer is never taken for the next one's", () => {
  const prefixes = soundings.map((one) => one.prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  expect(prefixes.every((prefix) => prefix !== "")).toBe(true);
});
