/** Ladders as text: what stands where, and that nothing is wider than the terminal. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Hop, hopWords, type Ladder, lanes } from "../report/ladder.ts";
import { catalogue } from "../report/page/texts.ts";
import { ladderMermaid, ladderText } from "./ladder-text.ts";

const style = { texts: catalogue("en"), startWallMs: Date.UTC(2026, 0, 14, 7, 0, 0) };
const press = {} as Ladder["press"];

function hop(more: Partial<Hop>): Hop {
  return { atMs: 0, tookMs: null, from: "unit", to: "unit", what: "stored", detail: "", fate: "arrived", ...more };
}

const small: Ladder = {
  press,
  lanes: ["button", "unit", "network", "receiver"],
  hops: [
    hop({ atMs: 1_000, tookMs: 33, from: "button", to: "unit", what: "pressed" }),
    hop({ atMs: 1_033 }),
    hop({ atMs: 1_033, from: "unit", to: "network", what: "alarm", detail: "primary, broadband", fate: "lost" }),
    hop({ atMs: 6_033, tookMs: 40, from: "unit", to: "receiver", what: "alarm", detail: "secondary, broadband" }),
    hop({ atMs: 6_400, tookMs: 20, from: "receiver", to: "unit", what: "accepted", detail: "snu 0" }),
    hop({ atMs: 7_000, from: "receiver", to: "receiver", what: "fault-ends", detail: "receiver|primary|down" }),
  ],
};

test("each hop stands between its two lifelines, with its time, its words and how long it took", () => {
  expect(ladderText(small, style, 100).split("\n")).toEqual([
    "                     button                unit                network             receiver",
    "08:00:01.000            ├─ pressed (33 ms) ─▶│                    │                    │",
    "08:00:01.033            │                    ● stored in the journal                   │",
    "                        │                    │ alarm, primary, broadband, never arrived",
    "08:00:01.033            │                    ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌×│                    │",
    "08:00:06.033            │                    ├── alarm, secondary, broadband (40 ms) ─▶│",
    "08:00:06.400            │                    │◀─────── accepted, snu 0 (20 ms) ────────┤",
    "08:00:07.000            │                    │    fault ends: receiver primary is down ●",
    "",
  ]);
});

test("as Mermaid it is a sequence diagram with an arrow or a note for each hop", () => {
  const text = ladderMermaid(small, style);
  expect(text.split("\n").slice(0, 3)).toEqual([
    "sequenceDiagram",
    "  participant button as button",
    "  participant unit as unit",
  ]);
  expect(text).toContain("  button ->> unit: 08:00:01.000 pressed (33 ms)\n");
  expect(text).toContain("  unit -x network: 08:00:01.033 alarm, primary, broadband, never arrived\n");
  expect(text).toContain("  Note over receiver: 08:00:07.000 fault ends");
  expect(text.split("\n")).toHaveLength(1 + small.lanes.length + small.hops.length + 1);
});

const lane = fc.constantFrom(...lanes);
const anyHop: fc.Arbitrary<Hop> = fc.record({
  atMs: fc.nat(86_400_000),
  tookMs: fc.option(fc.nat(7_200_000)),
  from: lane,
  to: lane,
  what: fc.constantFrom(...hopWords),
  detail: fc.string({ maxLength: 60 }),
  fate: fc.constantFrom("arrived", "lost", "refused"),
});

test("no ladder is wider than asked, every hop keeps its time, and Mermaid's own signs never stand in a label", () => {
  fc.assert(
    fc.property(fc.array(anyHop, { maxLength: 12 }), fc.integer({ min: 60, max: 140 }), (hops, width) => {
      const ladder = { press, lanes, hops };
      const lines = ladderText(ladder, style, width).split("\n");
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      expect(lines.filter((line) => /^\d\d:\d\d:\d\d\.\d{3} /.test(line))).toHaveLength(hops.length);
      expect(ladderMermaid(ladder, style)).not.toMatch(/[;#]/);
    }),
  );
});
