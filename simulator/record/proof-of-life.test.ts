import { expect, test } from "vitest";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import { smallText } from "../play-bench.ts";
import { residentsOf } from "../residents.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { ProofOfLife, provenForMs } from "./proof-of-life.ts";

const minuteMs = 60_000;
const scenario = parseScenario(smallText({}), "small.yaml");
const residents = residentsOf(scenario, 1);
const cid = residents[0]?.cid ?? "";

/** A message that the primary takes, and its answer a second later. */
function talk(life: ProofOfLife, atMs: number, ref: string, snu: number | undefined, answeredRef = ref): void {
  const carried: ReceiverSign = { type: "carried", id: 1, cid, ref };
  life.receiverSigned(atMs, 0, carried);
  if (snu !== undefined) life.receiverSigned(atMs + 1_000, 0, { type: "answered", id: 1, cid, ref: answeredRef, snu });
}

test("whoever is answered every few minutes is never without a path", () => {
  const life = new ProofOfLife(scenario, residents);
  for (let at = minuteMs; at < 60 * minuteMs; at += 3 * minuteMs) talk(life, at, `r${at}`, 0);
  expect(life.pathless(60 * minuteMs)).toEqual([]);
});

test("where a proof each hour was agreed, an interval begins with the third that is missed", () => {
  const seldom = parseScenario(smallText({ home: "mobile: alfa, broadband: fibre, proven-within: 1h" }), "small.yaml");
  const life = new ProofOfLife(seldom, residentsOf(seldom, 1));
  const fromMs = minuteMs + 1_000 + provenForMs + 3 * 57 * minuteMs;
  talk(life, minuteMs, "a", 0);
  expect(life.pathless(fromMs)).toEqual([]);
  expect(life.pathless(fromMs + 1)).toMatchObject([{ unit: "u", fromMs, toMs: null }]);
});

test("ten minutes without an acceptance begin an interval, the next one ends it", () => {
  const life = new ProofOfLife(scenario, residents);
  talk(life, minuteMs, "a", 0);
  talk(life, 31 * minuteMs, "b", 0);
  expect(life.pathless(31 * minuteMs + 1_000)).toEqual([
    {
      unit: "u",
      fromMs: minuteMs + 1_000 + provenForMs,
      toMs: 31 * minuteMs + 1_000,
      lastProofMs: minuteMs + 1_000,
      why: "no acceptance since 06:01:01, nothing is heard",
    },
  ]);
});

test("taken, refused, or answered under another ref proves nothing, and is said", () => {
  const life = new ProofOfLife(scenario, residents);
  talk(life, 3 * minuteMs, "a", undefined);
  talk(life, 6 * minuteMs, "b", 6);
  talk(life, 9 * minuteMs, "c", 0, "elsewhere");
  expect(life.pathless(30 * minuteMs)).toEqual([
    {
      unit: "u",
      fromMs: provenForMs,
      toMs: null,
      lastProofMs: null,
      why: "no acceptance yet, primary takes its messages",
    },
  ]);
});

test("a stranger's answer is nobody's proof", () => {
  const life = new ProofOfLife(scenario, residents);
  life.receiverSigned(minuteMs, 0, { type: "carried", id: 1, cid: "999", ref: "a" });
  life.receiverSigned(minuteMs, 0, { type: "answered", id: 1, cid: "999", ref: "a", snu: 0 });
  expect(life.pathless(30 * minuteMs)).toHaveLength(1);
});
