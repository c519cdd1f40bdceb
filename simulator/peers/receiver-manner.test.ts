import { expect, test } from "vitest";
import { Manner } from "./receiver-manner.ts";

const near = { host: "10.0.0.1", port: 5060 };
const isNear = (from: { readonly host: string }): boolean => from.host === near.host;

test("a receiver that one of its ways has brought down is up again when that way is healed", () => {
  const manner = new Manner("normal");
  manner.setFor(isNear, "dies");
  expect(manner.rulesFor(near).application).toBe("dies");
  manner.isDown = true;
  expect(manner.hears(near)).toBe(false);
  manner.setFor(isNear, undefined);
  expect(manner.hears(near)).toBe(true);
});

test("a receiver that went down of itself stays down, whatever is healed on the way to it", () => {
  const manner = new Manner("dies");
  manner.setFor(isNear, "dies");
  manner.isDown = true;
  manner.setFor(isNear, undefined);
  expect(manner.hears(near)).toBe(false);
  manner.set("normal");
  expect(manner.hears(near)).toBe(true);
});
