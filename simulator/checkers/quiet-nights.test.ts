import { expect, test } from "vitest";
import { phraseOf } from "../../firmware/feedback/phrase-texts.ts";
import type { PhraseName } from "../../firmware/feedback/phrases.ts";
import { HandMade, minuteMs } from "./checker-bench.ts";
import { QuietNights } from "./quiet-nights.ts";

const hourMs = 60 * minuteMs;
const answer = Buffer.from("SIP/2.0 403 Forbidden\r\n\r\n");
/** The small world's clock shows midnight in Sweden at its beginning. */
const at = (hour: number): number => ((hour + 24) % 24) * hourMs;

function foundIn(play: (checker: QuietNights) => void, faults: readonly string[] = []): readonly string[] {
  const { residents, scenario, hindrances } = new HandMade({ faults, duration: "24h" });
  const midnightMs = scenario.startWallMs - (scenario.startWallMs % (24 * hourMs)) + 23 * hourMs;
  const checker = new QuietNights(residents, midnightMs, hindrances);
  checker.datagram(0, 0, "mobile", "received", answer);
  play(checker);
  return checker.verdict().found;
}

const says = (checker: QuietNights, atMs: number, phrase: PhraseName): void =>
  checker.spoke(atMs, 0, { number: phraseOf(phrase).number, language: "en", text: "words" });

test("what a unit has to tell of itself waits from 23 to 6, and not a minute longer", () => {
  expect(foundIn((checker) => says(checker, at(3), "no-path"))).toEqual(['u, 03:00:00 (03:00): says "words"']);
  expect(foundIn((checker) => says(checker, at(6) - minuteMs, "no-path"))).toHaveLength(1);
  expect(foundIn((checker) => says(checker, at(6), "no-path"))).toEqual([]);
  expect(foundIn((checker) => says(checker, at(23) - minuteMs, "no-path"))).toEqual([]);
  expect(foundIn((checker) => says(checker, at(23), "no-path"))).toHaveLength(1);
});

test("what somebody waits for is said at any hour", () => {
  for (const phrase of ["accepted", "not-accepted", "sending", "inactivity-warning", "door-open"] as const)
    expect(foundIn((checker) => says(checker, at(3), phrase))).toEqual([]);
});

test("whoever did something is answered for ten minutes", () => {
  for (const touch of ["pressed", "keyTouched", "accessoryActed"] as const) {
    const said = (afterMs: number): readonly string[] =>
      foundIn((checker) => {
        checker[touch](at(3), 0);
        says(checker, at(3) + afterMs, "mains-lost");
      });
    expect(said(10 * minuteMs - 1)).toEqual([]);
    expect(said(10 * minuteMs)).toHaveLength(1);
  }
});

test("a unit that has heard no hour since its start, or only just, or to which a network tells a wrong time, knows no hour", () => {
  type Heard = Parameters<QuietNights["datagram"]>;
  const started = (afterMs: number, direction: Heard[3], route: Heard[2] = "mobile", bytes: Heard[4] = answer) =>
    foundIn((checker) => {
      checker.started(at(2), 0);
      checker.datagram(at(3), 0, route, direction, bytes);
      checker.datagram(at(3) + minuteMs, 0, route, direction, bytes);
      says(checker, at(3) + afterMs, "ready");
    });
  expect(started(5 * minuteMs - 1, "received")).toEqual([]);
  expect(started(5 * minuteMs, "received")).toHaveLength(1);
  expect(started(5 * minuteMs, "sent")).toEqual([]);
  // Over broadband the hour comes with a receiver's Date alone.
  expect(started(5 * minuteMs, "received", "broadband")).toEqual([]);
  const dated = Buffer.from("SIP/2.0 200 OK\r\nDate: Wed, 14 Jan 2026 02:00:00 GMT\r\n\r\n");
  expect(started(5 * minuteMs, "received", "broadband", dated)).toHaveLength(1);
  const wrong = ["from: 1h, to: 2h, operator: alfa, fault: wrong-time, clock: 9h ahead"];
  expect(foundIn((checker) => says(checker, at(3), "no-path"), wrong)).toEqual([]);
});
