import fc from "fast-check";
import { expect, test } from "vitest";
import { anyMessage } from "../../protocol/radio/arbitraries.ts";
import type { Frame } from "../../protocol/radio/frame.ts";
import type { BondMemory } from "./bonds.ts";
import {
  copyAnswerLimit,
  copyAnswerMs,
  judge,
  newestOf,
  noMemory,
  pressSeries,
  remembered,
  type Series,
  withStep,
} from "./bonds.ts";
import type { HeardFrame, HeardMessage } from "./heard-frame.ts";

const newest = (memory: BondMemory): Series => newestOf(memory, pressSeries) as Series;

function press(counter: number, name: number, presses = 1): Frame {
  return {
    address: 1,
    counter,
    message: {
      type: "press",
      press: {
        nameDistance: counter - name,
        ageS: 0,
        batteryMv: 3_000,
        presses,
        reason: "call",
        low: false,
        form: "wrist",
      },
    },
  };
}

function heard(frames: readonly Frame[]): BondMemory {
  let memory = noMemory;
  for (const frame of frames) {
    memory = judge(memory, frame, 0).memory;
    memory = withStep(memory, newest(memory).name, "received");
  }
  return memory;
}

test("no counter up to the newest one raises anything, whatever the frame says", () => {
  const anyFrame = fc.record({ address: fc.constant(1), counter: fc.nat(100), message: anyMessage });
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 30 }), (frames) => {
      let memory = noMemory;
      let highest = 0;
      for (const frame of frames) {
        const judgement = judge(memory, frame, 0);
        if (frame.counter <= highest) expect(["replayed", "copy"]).toContain(judgement.verdict);
        if (judgement.verdict === "replayed") expect(judgement.memory).toBe(memory);
        memory = judgement.memory;
        expect(memory.counter).toBeGreaterThanOrEqual(highest);
        highest = memory.counter;
      }
    }),
  );
});

test("a name raises an alarm once: newer frames of it are acknowledged again", () => {
  const first = judge(noMemory, press(10, 10), 0);
  expect(first.verdict).toBe("call");
  expect(first.series?.step).toBe(undefined);
  const safe = withStep(first.memory, 10, "received");
  const second = judge(safe, press(12, 10), 0);
  expect(second).toMatchObject({
    verdict: "call-again",
    memory: { counter: 12 },
    series: { name: 10, step: "received" },
  });
  expect(judge(second.memory, press(13, 9), 0)).toMatchObject({ verdict: "call-again", series: { name: 10 } });
  expect(judge(second.memory, press(13, 13), 0)).toMatchObject({
    verdict: "call",
    series: { name: 13, step: undefined },
  });
});

test("a press that the owner has not made safe is raised again by its next frame, and so is one that tells of more presses", () => {
  const first = judge(noMemory, press(10, 10), 0);
  expect(judge(first.memory, press(11, 10), 0).verdict).toBe("call");
  const safe = withStep(first.memory, 10, "received");
  expect(judge(safe, press(11, 10, 2), 0).verdict).toBe("call");
  expect(judge(safe, press(11, 10, 1), 0).verdict).toBe("call-again");
});

test("the newest press's very bytes are answered for ten minutes and at most thirty times", () => {
  const memory = heard([press(10, 10)]);
  expect(judge(memory, press(10, 10), copyAnswerMs).verdict).toBe("copy");
  expect(judge(memory, press(10, 10), copyAnswerMs + 1).verdict).toBe("replayed");
  let again = memory;
  for (let i = 0; i < copyAnswerLimit; i++) {
    const judgement = judge(again, press(10, 10), 1_000);
    expect(judgement.verdict).toBe("copy");
    again = judgement.memory;
  }
  expect(judge(again, press(10, 10), 1_000).verdict).toBe("replayed");
  expect(judge(again, press(11, 10), 1_000).series?.repeats).toBe(0);
});

test("a copy of an older frame of the same press, and any frame that a unit sealed, is a replay", () => {
  const memory = heard([press(10, 10), press(12, 10)]);
  expect(judge(memory, press(10, 10), 0).verdict).toBe("replayed");
  const answer: Frame = {
    address: 1,
    counter: 99,
    message: { type: "status", status: { name: 10, step: "accepted" } },
  };
  expect(judge(memory, answer, 0).verdict).toBe("replayed");
});

test("only word of the newest name is kept", () => {
  const memory = heard([press(10, 10)]);
  expect(withStep(memory, 9, "accepted")).toBe(memory);
  expect(newest(withStep(memory, 10, "accepted")).step).toBe("accepted");
});

test("a distance that points before the first counter still raises an alarm, under the frame's own counter", () => {
  expect(judge(noMemory, press(5, -3), 0)).toMatchObject({ verdict: "call", series: { name: 5 } });
});

const battery = { batteryMv: 3_000, low: false };

function fall(counter: number, name: number, phase: "fell" | "withdrawn" = "fell"): HeardFrame {
  const message: HeardMessage = {
    type: "fall",
    fall: { nameDistance: counter - name, ageS: 0, falls: 1, phase, form: "wrist", ...battery },
  };
  return { counter, message };
}

test("a fall and a press are series of their own: neither acknowledges, hides or outdates the other", () => {
  const pressed = withStep(judge(noMemory, press(10, 10), 0).memory, 10, "accepted");
  const fallen = judge(pressed, fall(12, 11), 0);
  expect(fallen).toMatchObject({ verdict: "call", series: { name: 11, step: undefined } });
  expect(judge(fallen.memory, press(13, 10), 0)).toMatchObject({ verdict: "call-again", series: { step: "accepted" } });
  const safe = withStep(fallen.memory, 11, "received");
  expect(judge(safe, fall(13, 11), 0)).toMatchObject({ verdict: "call-again", series: { name: 11 } });
});

test("a fall that is withdrawn is told, once, also after a restart", () => {
  const safe = withStep(judge(noMemory, fall(10, 10), 0).memory, 10, "received");
  const withdrawn = judge(safe, fall(11, 10, "withdrawn"), 0);
  expect(withdrawn.verdict).toBe("call");
  expect(judge(withdrawn.memory, fall(12, 10, "withdrawn"), 0).verdict).toBe("call-again");
  const restarted = remembered(noMemory, 10, 1, 10, "received");
  expect(judge(restarted, fall(11, 10, "withdrawn"), 0).verdict).toBe("call");
  expect(judge(restarted, fall(11, 10), 0).verdict).toBe("call-again");
});
