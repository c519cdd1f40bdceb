import { expect, test } from "vitest";
import { DatagramQueue, queueLimit } from "./datagram-queue.ts";

const from = { host: "127.0.0.1", port: 5060 };

function numbered(number: number) {
  return { bytes: new Uint8Array([number >> 8, number & 255]), from };
}

function numberOf({ bytes }: { readonly bytes: Uint8Array }): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

/** Until all that is planned now, and nothing that it plans, is done. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("a burst is worked off in order, in slices, with room for reading in between", async () => {
  const worked: number[] = [];
  const queue = new DatagramQueue((datagram) => worked.push(numberOf(datagram)));
  for (let i = 0; i < 40; i++) queue.add(numbered(i));
  expect(worked.length).toBe(0);
  await turn();
  expect(worked.length).toBe(16);
  queue.add(numbered(40));
  while (worked.length < 41) await turn();
  expect(worked).toEqual([...Array(41).keys()]);
  expect(queue.droppedCount).toBe(0);
});

test("when it is full the newest are dropped and counted, and there is room again when it has worked", async () => {
  const worked: number[] = [];
  const queue = new DatagramQueue((datagram) => worked.push(numberOf(datagram)));
  for (let i = 0; i < queueLimit + 3; i++) queue.add(numbered(i));
  expect(queue.droppedCount).toBe(3);
  await turn();
  queue.add(numbered(queueLimit + 7));
  expect(queue.droppedCount).toBe(3);
  while (worked.length <= queueLimit) await turn();
  expect(worked).toEqual([...Array(queueLimit).keys(), queueLimit + 7]);
});

test("what waits when the port is shut is nobody's any more, be it shut by what was worked off", async () => {
  const worked: number[] = [];
  const queue = new DatagramQueue((datagram) => {
    worked.push(numberOf(datagram));
    queue.clear();
  });
  queue.add(numbered(1));
  queue.add(numbered(2));
  await turn();
  await turn();
  expect(worked).toEqual([1]);
  queue.add(numbered(3));
  queue.clear();
  await turn();
  expect(worked).toEqual([1]);
});
