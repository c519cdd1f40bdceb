import fc from "fast-check";
import { expect, test } from "vitest";
import { depthFrames, idleFrames, JitterBuffer, lateRunLimit, waitingLimit, windowFrames } from "./jitter-buffer.ts";
import { frameLength } from "./sound.ts";

/** Frame `number` of a stream: all its samples are that number plus one, so that silence is none of them. */
function frame(number: number, length: number = frameLength): Int16Array {
  return new Int16Array(length).fill(number + 1);
}

/** The frames that are played, as the number of the frame that they are; -1 for silence, undefined where they are mixed. */
function played(buffer: JitterBuffer, count: number): (number | undefined)[] {
  const numbers: (number | undefined)[] = [];
  const into = new Int16Array(frameLength);
  for (let i = 0; i < count; i++) {
    buffer.next(into);
    const first = into[0] as number;
    numbers.push(into.every((sample) => sample === first) ? first - 1 : undefined);
  }
  return numbers;
}

const silent = (count: number): number[] => Array.from({ length: count }, () => -1);

function streamOf(numbers: readonly number[], start: number = 0): JitterBuffer {
  const buffer = new JitterBuffer();
  for (const number of numbers) buffer.take((start + number * frameLength) >>> 0, frame(number));
  return buffer;
}

test("a stream is played after the depth, over the turn of the timestamp too", () => {
  for (const start of [0, 0xffff_ff00]) {
    const buffer = streamOf([0, 1, 2, 3], start);
    expect(played(buffer, depthFrames + 4)).toEqual([...silent(depthFrames), 0, 1, 2, 3]);
    expect(buffer.madeUpCount).toBe(0);
  }
});

test("nothing is played before anything came", () => {
  const buffer = new JitterBuffer();
  expect(played(buffer, 3)).toEqual(silent(3));
  expect(buffer.madeUpCount).toBe(0);
});

test("packets of any order, of 10 or of 20 ms, some of them twice, are played as they were spoken", () => {
  const order = fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 });
  fc.assert(
    fc.property(order, fc.constantFrom(frameLength, frameLength / 2), fc.boolean(), (rest, length, isTwice) => {
      const buffer = new JitterBuffer();
      for (const number of [0, ...rest])
        for (let at = 0; at < frameLength; at += length)
          for (let copy = 0; copy < (isTwice ? 2 : 1); copy++)
            buffer.take(number * frameLength + at, frame(number, length));
      expect(played(buffer, depthFrames + 5)).toEqual([...silent(depthFrames), 0, 1, 2, 3, 4]);
    }),
  );
});

test("a packet of several frames fills them all", () => {
  const buffer = new JitterBuffer();
  buffer.take(0, new Int16Array(2.5 * frameLength).fill(8));
  expect(played(buffer, depthFrames + 2)).toEqual([...silent(depthFrames), 7, 7]);
  const half = new Int16Array(frameLength);
  buffer.next(half);
  expect([half[0], half[79], half[80], half[159]]).toEqual([8, 8, 0, 0]);
});

test("a lost packet is the one before once more, what else is missing is silent, and all of it is counted", () => {
  const buffer = streamOf([0, 1, 3]);
  expect(played(buffer, depthFrames + 6).slice(depthFrames)).toEqual([0, 1, 1, 3, 3, -1]);
  expect(buffer.madeUpCount).toBe(3);
});

test("a packet that comes after its place is late and is not played", () => {
  const buffer = streamOf([0, 2, 3]);
  played(buffer, depthFrames + 2);
  buffer.take(frameLength, frame(1));
  expect(buffer.lateCount).toBe(1);
  expect(played(buffer, 2)).toEqual([2, 3]);
});

test("a packet that comes late in part is played in part", () => {
  const buffer = streamOf([0]);
  played(buffer, depthFrames + 1);
  buffer.take(frameLength / 2, frame(7));
  const into = new Int16Array(frameLength);
  buffer.next(into);
  expect([into[0], into[79], into[80]]).toEqual([8, 8, 0]);
  expect(buffer.lateCount).toBe(0);
});

test("several late packets in a row move the play to them", () => {
  const buffer = streamOf([10]);
  played(buffer, depthFrames + 1);
  for (let number = 0; number < lateRunLimit; number++) buffer.take(number * frameLength, frame(number));
  expect(buffer.lateCount).toBe(lateRunLimit);
  expect(played(buffer, depthFrames + 1)).toEqual([...silent(depthFrames), lateRunLimit - 1]);
});

test("late packets between good ones move nothing", () => {
  const buffer = streamOf([0, 1, 2, 3]);
  played(buffer, depthFrames + 2);
  for (let i = 0; i < 2 * lateRunLimit; i++) {
    buffer.take(0, frame(0));
    if (i % 2 === 1) buffer.take((4 + (i - 1) / 2) * frameLength, frame(4 + (i - 1) / 2));
  }
  expect(buffer.lateCount).toBe(2 * lateRunLimit);
  expect(played(buffer, 3)).toEqual([2, 3, 4]);
});

test("the window is a bound: a packet beyond it moves the play, one at its edge does not", () => {
  const edge = windowFrames - 1 - depthFrames;
  const within = streamOf([0, edge]);
  expect(played(within, windowFrames).at(-1)).toBe(edge);
  expect(within.madeUpCount).toBe(edge - 1);
  const beyond = streamOf([0, edge + 1]);
  expect(played(beyond, depthFrames + 1)).toEqual([...silent(depthFrames), edge + 1]);
});

test("when the play moves, what waits near it keeps its place", () => {
  const buffer = streamOf([0, 4, 5]);
  buffer.take(6 * frameLength, frame(6));
  expect(played(buffer, depthFrames + 2)).toEqual([-1, -1, 4, 5, 6]);
});

test("when the play moves back, nothing of the former time is played", () => {
  const buffer = new JitterBuffer();
  buffer.take(20 * frameLength, frame(99));
  const numbers: (number | undefined)[] = [];
  for (let number = 0; number < 30; number++) {
    buffer.take(number * frameLength, frame(number));
    numbers.push(...played(buffer, 1));
  }
  const first = numbers.indexOf(lateRunLimit - 1);
  expect(numbers.slice(0, first).every((number) => number === -1 || number === 99)).toBe(true);
  expect(numbers.slice(first)).toEqual(Array.from({ length: 30 - first }, (_, at) => lateRunLimit - 1 + at));
});

test("packets that wait have a bound, whatever their length", () => {
  const buffer = new JitterBuffer();
  for (let at = 0; at < waitingLimit + 1; at++) buffer.take(at * 10, new Int16Array(10).fill(at + 1));
  played(buffer, depthFrames + 1);
  const into = new Int16Array(frameLength);
  expect(waitingLimit * 10).toBe(frameLength);
  buffer.next(into);
  expect(into[0]).toBe(1); // the frame before once more: the packet beyond the bound was not kept
});

test("an empty packet, and one that would fill the window, are passed over", () => {
  const buffer = new JitterBuffer();
  const longest = (windowFrames - depthFrames) * frameLength;
  buffer.take(0, new Int16Array(0));
  buffer.take(0, new Int16Array(longest + 1).fill(5));
  expect(played(buffer, depthFrames + 1)).toEqual(silent(depthFrames + 1));
  buffer.take(0, new Int16Array(longest).fill(5));
  expect(played(buffer, windowFrames)).toEqual([...silent(depthFrames), 4, 4, 4, 4, 4]);
});

test("after a pause the stream begins anew with its next packet, whatever its timestamp", () => {
  const buffer = streamOf([0]);
  played(buffer, depthFrames + 1 + idleFrames);
  expect(buffer.madeUpCount).toBe(idleFrames);
  played(buffer, 10);
  expect(buffer.madeUpCount).toBe(idleFrames);
  buffer.take(5, frame(3));
  expect(buffer.lateCount).toBe(0);
  expect(played(buffer, depthFrames + 1)).toEqual([...silent(depthFrames), 3]);
});

test("of a stream that is forgotten nothing is played", () => {
  const buffer = streamOf([0, 1]);
  buffer.forget();
  expect(played(buffer, depthFrames + 2)).toEqual(silent(depthFrames + 2));
  buffer.take(0, frame(9));
  expect(played(buffer, depthFrames + 1)).toEqual([...silent(depthFrames), 9]);
});
