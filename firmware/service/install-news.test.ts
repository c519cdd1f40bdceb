import { expect, test } from "vitest";
import { bench } from "./arbitraries.ts";
import type { ServiceOrder } from "./service-desk.ts";

test("reasons name what is not as it should be, and an untroubled unit names none", () => {
  const { give, said } = bench();
  expect(give({ type: "reasons" })).toBe("done");
  expect(said.map((event) => (event.type === "reason" ? [event.what, event.code, event.to] : []))).toEqual([
    ["fault", 31, 7],
    ["mains-lost", 0, 7],
    ["battery-low", 0, 7],
    ["battery-old", 0, 7],
    ["one-path-lost", 0, 7],
    ["not-proven", 0, 7],
  ]);
  const well = bench({ links: "ready", absent: { power: true } });
  well.give({ type: "reasons" });
  expect(well.said).toMatchObject([{ what: "fault", code: 31 }]);
});

test("a sheet names the SIM, the room of a walk is told while somebody walks, and a window is shut once", () => {
  const walking = { bond: 3, where: "kök", presses: 120, lastDb: 44, marginDb: -2 };
  const { give, said, acts } = bench({ walking, isPairing: true });
  expect(["sheet", "range-now", "pair-end"].map((type) => give({ type } as ServiceOrder))).toEqual(
    Array(3).fill("done"),
  );
  expect(said).toEqual([
    { type: "sheet", to: 7, iccid: "8946012345678901234F" },
    { type: "walking", to: 7, place: 3, where: "k-k", presses: 99, last: 44, margin: 0 },
  ]);
  expect(acts).toEqual(["window shut"]);
  const idle = bench();
  expect([idle.give({ type: "range-now" }), idle.give({ type: "pair-end" })]).toEqual(["not-now", "not-now"]);
});
