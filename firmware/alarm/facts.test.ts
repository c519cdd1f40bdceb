/** Who, where and how the unit stood: in the first message, within the lengths of its elements, the same after a restart. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePressed } from "../../protocol/scaip/pressed.ts";
import { decodeRequest, encodeRequest } from "../../protocol/scaip/request.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import { alarmBench } from "./arbitraries.ts";
import { cleanText, factsText, textByteLimit, textLimit, whereLimit } from "./facts.ts";
import { messageOf } from "./message.ts";
import type { AlarmBench } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };
const whoAndWhere = { person: 2, form: "wrist", where: "sovrum, övre plan", batteryMv: 2960, low: true } as const;

function firstMessage(bench: AlarmBench): object {
  const [sent] = bench.sent("ME");
  if (sent === undefined) throw new Error("a message");
  return messageOf(sender, sent.report, sent.attempt);
}

test("an alarm says who, with what, where, on which battery, and how the unit stands", () => {
  const bench = alarmBench();
  bench.learnClock();
  bench.mark({ suspended: true, testMode: true, onBattery: true });
  bench.press(0, 1, { origin: whoAndWhere });
  expect(firstMessage(bench)).toMatchObject({
    dty: 3,
    did: "B0",
    dco: 2,
    dte: "person 2, wrist button",
    stc: 10,
    lte: "sovrum, övre plan",
    ite: "pressed 2027-01-15T08:00:01Z unit suspended, test mode, on battery, device battery 2.96 V low",
  });
});

test("a press on a suspended or returned unit, or in test mode, leaves as fast and with the same codes as any other", () => {
  for (const marks of [{ suspended: true }, { returned: true }, { testMode: true }, {}]) {
    const bench = alarmBench();
    bench.mark(marks);
    bench.press(0, 1);
    expect(bench.sent("ME")).toHaveLength(1);
    expect(firstMessage(bench)).toMatchObject({ mty: "ME", dty: 3, stc: 10 });
  }
});

test("a mark that comes later changes no message that was made", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.mark({ testMode: true });
  bench.run(5_000);
  const sent = bench.sent("ME").map(({ report, attempt }) => messageOf(sender, report, attempt));
  expect(sent[1]).toEqual(sent[0]);
});

test("a receiver that wants less gets the mandatory elements and the status alone", () => {
  const bench = alarmBench();
  bench.press(0, 1, { origin: whoAndWhere });
  bench.answer(bench.last(), 3);
  const newest = bench.sent("ME").at(-1);
  if (newest === undefined) throw new Error("a message");
  expect(Object.keys(messageOf(sender, newest.report, newest.attempt)).sort()).toEqual(["cid", "dty", "ref", "stc"]);
});

test("whatever is known, the message is the same bytes after a restart, decodes to what was sent, and names its instant", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "å", "😀", "€", " "), maxLength: 50 });
  fc.assert(
    fc.property(
      fc.record({
        person: fc.nat(255),
        form: fc.constantFrom("none", "wrist", "neck", "wall"),
        where: text,
        dco: fc.nat(255),
        batteryMv: fc.nat(255).map((steps) => steps * 20),
        low: fc.boolean(),
      }),
      text,
      fc.string({ maxLength: 12 }),
      fc.record({ suspended: fc.boolean(), returned: fc.boolean(), testMode: fc.boolean(), onBattery: fc.boolean() }),
      fc.boolean(),
      (origin, stt, did, marks, clock) => {
        const bench = alarmBench();
        if (clock) bench.learnClock();
        bench.mark(marks);
        bench.raiseOrder({ kind: "user-alarm", stt, did, bond: 1 }, { name: 1, origin });
        bench.restart();
        bench.run(0);
        const [before, after] = bench.sent("ME").map(({ report, attempt }) => messageOf(sender, report, attempt));
        if (before === undefined || after === undefined) throw new Error("two messages");
        expect(encodeRequest(after)).toEqual(encodeRequest(before));
        const decoded = decodeRequest(encodeRequest(before));
        if (!decoded.ok) throw new Error(`not read back: ${JSON.stringify(decoded.fault)}`);
        expect(decoded.value.ite).toBe(before.ite);
        expect(parsePressed(decoded.value.ite ?? "")?.clock).toBe(clock ? "wall" : "start");
      },
    ),
  );
});

test("the longest information text fits into its element", () => {
  const bench = alarmBench();
  bench.learnClock();
  bench.mark({ suspended: true, returned: true, testMode: true, onBattery: true });
  bench.raiseOrder({ stc: 85 }, { spreadMs: 600_000, origin: { batteryMv: 5_100, low: true } });
  bench.mark({ suspended: true, testMode: true, onBattery: true });
  bench.raiseOrder({ stc: 85 }, { spreadMs: 600_000, origin: { batteryMv: 5_100, low: true } });
  const facts = bench.state.reports[0]?.facts;
  if (facts === undefined) throw new Error("a report");
  expect(factsText({ ...facts, times: 0xffff })).toHaveLength(127);
});

test("a text is cut to its characters and bytes, and never within a character", () => {
  expect(cleanText("x".repeat(99), textLimit)).toBe("x".repeat(textLimit));
  expect(cleanText("å".repeat(99), textLimit)).toBe("å".repeat(textByteLimit / 2));
  expect(cleanText("😀".repeat(99), whereLimit)).toBe("😀".repeat(textByteLimit / 4));
  expect(cleanText("x".repeat(39) + "å", 99)).toBe("x".repeat(39));
  expect(cleanText("abc", 3)).toBe("abc");
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "å", "€", "😀", "\ud800", "\udc00"), maxLength: 60 }),
      (text) => {
        expect(utf8(cleanText(text, textLimit)).length).toBeLessThanOrEqual(textByteLimit);
      },
    ),
  );
});
