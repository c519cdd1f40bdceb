import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  fleetIn,
  giveOrder,
  hearLine,
  readState,
  stateFor,
  summaryOf,
  summaryText,
  takeOrder,
  writeState,
} from "./ring-files.ts";
import { newRun, RingRun } from "./ring-run.ts";
import { planRings, readRings, ringsSchema } from "./rings.ts";

const folder = mkdtempSync(join(tmpdir(), "livlina-rings-"));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const startMs = 1_767_225_600_000;
const rings = ringsSchema.parse({ rings: [{ name: "lab", units: ["4600000001"] }, { name: "all" }] });
writeFileSync(
  at("fleet.csv"),
  "cid,receivers,operator,broadband,power\n4600000001,primary,alfa,fibre,north\n4600000002,primary,,,\n",
);
const fleet = fleetIn(at("fleet.csv"));

function runOf(): RingRun {
  const run = new RingRun(newRun("1.1.0", "ab", planRings(rings, fleet, "ab")), rings, fleet, () => {});
  run.look(startMs);
  run.asked({ unit: "4600000001", version: "1.0.0", stage: "none" }, startMs);
  return run;
}

function line(dty: number, stc: number): string {
  return JSON.stringify({
    type: "alarm",
    t: startMs,
    cid: "4600000001",
    ref: "A",
    mty: "ME",
    dty,
    stc,
    answer: "snu 0",
  });
}

test("a registry names the units, and what each shares with others", () => {
  expect(fleet).toEqual([
    { cid: "4600000001", shares: ["receiver primary", "operator alfa", "broadband fibre", "power north"] },
    { cid: "4600000002", shares: ["receiver primary"] },
  ]);
  writeFileSync(at("empty.csv"), "cid\n");
  expect(() => fleetIn(at("empty.csv"))).toThrow("no units");
});

test("what receivers heard is a sign of life, and a fault of the unit itself is bad news", () => {
  const run = runOf();
  const unit = run.state.units[0];
  hearLine(run, JSON.stringify({ type: "heard", t: startMs, cid: "4600000001", id: 1 }), startMs + 5);
  expect(unit).toMatchObject({ at: "offered", aliveMs: startMs + 5 });
  hearLine(run, line(3, 10), startMs + 6);
  hearLine(run, line(41, 67), startMs + 7);
  hearLine(run, "no JSON", startMs + 8);
  expect(unit).toMatchObject({ at: "offered", aliveMs: startMs + 7 });
  hearLine(run, line(2, 67), startMs + 9);
  expect(unit).toMatchObject({ at: "failed", why: "told of fault 2/67" });
});

test("a run goes on from its file; who has come since is in the last ring, and another release needs another file", () => {
  const run = runOf();
  writeState(at("state.json"), run.state);
  expect(readState(at("state.json"))).toEqual(run.state);
  const more = [...fleet, { cid: "4600000003", shares: [] }];
  const state = stateFor(at("state.json"), "1.1.0", "ab", planRings(rings, more, "ab"));
  expect(state.units.map(({ cid, ring, at: where }) => [cid, ring, where])).toEqual([
    ["4600000001", 0, "offered"],
    ["4600000002", 1, "waiting"],
    ["4600000003", 1, "waiting"],
  ]);
  expect(() => stateFor(at("state.json"), "1.2.0", "cd", planRings(rings, fleet, "cd"))).toThrow("is of release 1.1.0");
  expect(summaryText(summaryOf(state))).toContain("lab: 1 units, 0 kept, 1 under way, 0 failed, 0 waiting");
});

test("an order is taken once", () => {
  giveOrder(at("state.json"), { order: "stop", why: "a doubt" });
  expect(takeOrder(at("state.json"))).toEqual({ order: "stop", why: "a doubt" });
  expect(takeOrder(at("state.json"))).toBeUndefined();
});

test("a rings file that says something else is refused with the place of it", () => {
  writeFileSync(at("rings.yaml"), "rings: [{ name: a, percent: 101 }]\n");
  expect(() => readRings(at("rings.yaml"))).toThrow("rings.0.percent");
  writeFileSync(at("rings.yaml"), "rings: [");
  expect(() => readRings(at("rings.yaml"))).toThrow(at("rings.yaml"));
  writeFileSync(at("rings.yaml"), "rings: [{ name: a }]\nstop: { silentMinutes: 60 }\n");
  expect(readRings(at("rings.yaml"))).toMatchObject({
    holdHours: 24,
    atOnce: 50,
    stop: { failedPercent: 2, silentMinutes: 60 },
  });
});
