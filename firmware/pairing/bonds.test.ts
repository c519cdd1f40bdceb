import fc from "fast-check";
import { expect, test } from "vitest";
import { anyMessage } from "../../protocol/radio/arbitraries.ts";
import type { Frame } from "../../protocol/radio/frame.ts";
import type { BondMemory } from "./bonds.ts";
import { copyAnswerLimit, copyAnswerMs, judge, noMemory, withStep } from "./bonds.ts";

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
    memory = withStep(memory, memory.name, "received");
  }
  return memory;
}

test("no counter up to the newest one raises anything, whatever the frame says", () => {
  const anyFrame = fc.record({ address: fc.constant(1), counter: fc.nat(100), message: anyMessage });
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 30 }), (frames) => {
      let memory = noMemory;
      let newest = 0;
      for (const frame of frames) {
        const judgement = judge(memory, frame, 0);
        if (frame.counter <= newest) expect(["replayed", "copy"]).toContain(judgement.verdict);
        if (judgement.verdict === "replayed") expect(judgement.memory).toBe(memory);
        memory = judgement.memory;
        expect(memory.counter).toBeGreaterThanOrEqual(newest);
        newest = memory.counter;
      }
    }),
  );
});

test("a name raises an alarm once: newer frames of it are acknowledged again", () => {
  const first = judge(noMemory, press(10, 10), 0);
  expect(first.verdict).toBe("press");
  expect(first.memory.step).toBe(undefined);
  const safe = withStep(first.memory, 10, "received");
  const second = judge(safe, press(12, 10), 0);
  expect(second).toMatchObject({ verdict: "press-again", memory: { counter: 12, name: 10, step: "received" } });
  expect(judge(second.memory, press(13, 9), 0)).toMatchObject({ verdict: "press-again", memory: { name: 10 } });
  expect(judge(second.memory, press(13, 13), 0)).toMatchObject({
    verdict: "press",
    memory: { name: 13, step: undefined },
  });
});

test("a press that the owner has not made safe is raised again by its next frame, and so is one that tells of more presses", () => {
  const first = judge(noMemory, press(10, 10), 0);
  expect(judge(first.memory, press(11, 10), 0).verdict).toBe("press");
  const safe = withStep(first.memory, 10, "received");
  expect(judge(safe, press(11, 10, 2), 0).verdict).toBe("press");
  expect(judge(safe, press(11, 10, 1), 0).verdict).toBe("press-again");
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
  expect(judge(again, press(11, 10), 1_000).memory.repeats).toBe(0);
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
  expect(withStep(memory, 10, "accepted").step).toBe("accepted");
});

test("a distance that points before the first counter still raises an alarm, under the frame's own counter", () => {
  expect(judge(noMemory, press(5, -3), 0)).toMatchObject({ verdict: "press", memory: { name: 5 } });
});
