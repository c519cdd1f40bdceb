import { expect, test } from "vitest";
import { encodeSip, viewSip } from "../../protocol/sip/message.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { Receiver } from "./receiver.ts";
import { mrq, okTo, ReceiverBench, receiverAddress } from "./receiver-bench.ts";
import { transactionMs } from "./receiver-transactions.ts";

const unitCount = 5_000;
const beatMs = 180_000;
const runMs = 600_000;

test("5,000 units that beat every three minutes are all answered, each beat once, and no table grows with time", () => {
  const queue = new EventQueue();
  const chance = new Stream(1, "receiver load", 0);
  const writer = new ReceiverBench();
  let carried = 0;
  let answered = 0;
  let most = { answersKept: 0, responsesUnderWay: 0 };
  const refused: number[] = [];
  const receiver = new Receiver(
    {
      nowMs: () => queue.nowMs,
      wallMs: () => queue.nowMs,
      after: (delayMs, callback) => {
        const handle = queue.after(delayMs, callback);
        return { cancel: () => queue.cancel(handle) };
      },
      below: (n) => chance.below(n),
      send: (bytes, to) => {
        const message = viewSip(bytes);
        if (!message.ok) throw new Error("the receiver sent what cannot be read");
        if (message.value.kind === "response") {
          if (message.value.status === 200) carried++;
          else refused.push(message.value.status);
          return;
        }
        answered++;
        const ok = encodeSip(okTo(message.value));
        queue.after(40, () => receiver.receive(ok, to, "udp"));
      },
    },
    {
      name: "main",
      address: receiverAddress,
      mode: "normal",
      latencyMs: { least: 50, most: 250 },
      ours: () => true,
      onEvent: () => {},
    },
  );
  let sent = 0;
  const beat = (unit: number): void => {
    const cid = `${4_607_000_000 + unit}`;
    const body = mrq({ ref: `B${(sent++).toString(36).toUpperCase()}`, mty: "PI", cid, dty: "0002" });
    const bytes = writer.message(body, { From: `<sip:${cid}@larm.example.net>;tag=k3v9` });
    receiver.receive(bytes, { host: `10.${unit >> 8}.${unit & 255}.2`, port: 5060 }, "udp");
    const { answersKept, responsesUnderWay } = receiver.counts;
    most = {
      answersKept: Math.max(most.answersKept, answersKept),
      responsesUnderWay: Math.max(most.responsesUnderWay, responsesUnderWay),
    };
    if (queue.nowMs + beatMs < runMs) queue.after(beatMs, () => beat(unit));
  };
  for (let unit = 0; unit < unitCount; unit++) queue.after(chance.below(beatMs), () => beat(unit));
  queue.runUntil(runMs + transactionMs);
  expect(sent).toBeGreaterThan(3 * unitCount);
  expect([carried, answered, refused]).toEqual([sent, sent, []]);
  // What one transaction's time brings, and what one answer's takes; each with room for chance.
  expect(most.answersKept).toBeLessThan((1.3 * unitCount * transactionMs) / beatMs);
  expect(most.responsesUnderWay).toBeLessThan(40);
  expect([...receiver.book.cases()]).toEqual([]);
  expect(receiver.counts.responsesUnderWay).toBe(0);
});

test("more at once than it can prepare meet 503 with a time to come again, and the tables hold", () => {
  const bench = new ReceiverBench({ limit: 100 });
  const statuses: (number | undefined)[] = [];
  for (let i = 0; i < 150; i++)
    statuses.push(bench.say(mrq({ ref: `B${i}`, mty: "PI", cid: "4607110231", dty: "0002" })));
  expect(statuses.filter((status) => status === 200).length).toBe(100);
  expect(statuses.slice(100).every((status) => status === 503)).toBe(true);
  expect(bench.receiver.counts).toMatchObject({ answersKept: 100, responsesUnderWay: 100 });
  bench.passAnswering(10_000);
  expect(bench.say(mrq({ ref: "C", mty: "PI", cid: "4607110231", dty: "0002" }))).toBe(200);
});
