import fc from "fast-check";
import { expect, test } from "vitest";
import type { CallAnswerEvent, CallAnswerState, CallAnswerTimer } from "./call-answer-machine.ts";
import { startCallAnswer, stepCallAnswer } from "./call-answer-machine.ts";
import { Play } from "./test-play.ts";

const copiesAtMs = [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500];

function begin(): Play<CallAnswerState, CallAnswerEvent> {
  return new Play(startCallAnswer(), stepCallAnswer, (timer) => ({ type: "fired", timer: timer as CallAnswerTimer }));
}

test("without an ACK the 200 goes out eleven times, the pause doubling from 0.5 s to 4 s, and the call is given up at 32 s", () => {
  const play = begin();
  play.runTo(1_000_000);
  expect(play.log).toEqual(copiesAtMs.map((atMs) => atMs + " send-answer").concat("32000 report-no-ack"));
  expect([play.running, play.state.at]).toEqual([[], "over"]);
});

test("an ACK or the end of the call stops the sending for good, whenever it comes and whatever comes after", () => {
  const anyEnd = fc.constantFrom<CallAnswerEvent>({ type: "heard-ack" }, { type: "ended" });
  fc.assert(
    fc.property(fc.nat({ max: 31_999 }), anyEnd, anyEnd, (atMs, end, late) => {
      const play = begin();
      play.runTo(atMs);
      play.take(end);
      expect(play.running).toEqual([]);
      play.take(late);
      play.runTo(1_000_000);
      expect(play.log).toEqual(copiesAtMs.filter((copy) => copy <= atMs).map((copy) => copy + " send-answer"));
      expect([play.running, play.state.at]).toEqual([[], "over"]);
    }),
  );
});
