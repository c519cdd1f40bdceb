import { expect, test } from "vitest";
import { quectel } from "../../protocol/at/quectel.ts";
import { simcom } from "../../protocol/at/simcom.ts";
import type { Answer } from "./at-session.ts";
import type { LineJob } from "./line-user.ts";
import { SimReader } from "./sim-reader.ts";

const iccid = "89462036051000000012";

function answered(line: string): Answer {
  return { ok: true, tried: false, error: -1, final: "OK", line, data: undefined };
}

function job(reader: SimReader): LineJob {
  const next = reader.next();
  if (next === undefined) throw new Error("nothing is wanted");
  return next;
}

function open(): { reader: SimReader; seen: string[]; wants: number[] } {
  const seen: string[] = [];
  const wants: number[] = [];
  return { reader: new SimReader({ onWant: () => wants.push(1), onIccid: (one) => seen.push(one) }), seen, wants };
}

test("an answer of a line that has gone does not stand for a question of the next one", () => {
  const { reader, seen } = open();
  reader.begin("", quectel);
  const old = job(reader);
  reader.end();
  expect(reader.next()).toBeUndefined();
  reader.begin("", simcom);
  reader.answered(old, answered("+QCCID: " + iccid));
  reader.unanswered(old);
  expect(seen).toEqual([]);
  expect(job(reader).exchange.text).toBe("AT+UIMHOTSWAPON=1");
});

test("a question that meets silence is followed by the next, and after the last nothing is wanted", () => {
  const { reader, seen } = open();
  reader.begin("", quectel);
  const asked: string[] = [];
  for (let next = reader.next(); next !== undefined && asked.length < 9; next = reader.next()) {
    asked.push(next.exchange.text);
    reader.unanswered(next);
  }
  expect(asked).toEqual(["AT+QSIMSTAT=1", "AT+QCCID", "AT+CRSM=176,12258,0,0,10"]);
  expect(seen).toEqual([]);
});

test("a card that is ready is asked for again only where it had been gone", () => {
  const { reader, seen, wants } = open();
  reader.begin("", quectel);
  reader.answered(job(reader), answered(""));
  reader.answered(job(reader), answered("+QCCID: " + iccid));
  reader.hear({ type: "sim", sim: "ready" });
  expect([reader.next(), wants.length]).toEqual([undefined, 0]);
  reader.hearLine("+QSIMSTAT: 1,0");
  reader.hear({ type: "sim", sim: "pin" });
  reader.hear({ type: "sim", sim: "ready" });
  expect(wants).toHaveLength(1);
  expect(job(reader).exchange.text).toBe("AT+QSIMSTAT=1");
  expect(seen).toEqual([iccid]);
});
