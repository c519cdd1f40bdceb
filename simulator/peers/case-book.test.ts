import fc from "fast-check";
import { expect, test } from "vitest";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { CaseBook, sessionLimit, updateLimit } from "./case-book.ts";

const ours = "4607110231";
const foreign = "8800";
const stem = "Q4T8A0000127";
const dayMs = 24 * 3_600_000;

function book(limits: { keepMs?: number; caseLimit?: number } = {}) {
  return new CaseBook({ ours: (cid) => cid === ours, ...limits });
}

function press(cid: string, ref: string, changes: Partial<ScaipRequest> = {}): ScaipRequest {
  return { ref, cid, mty: "ME", dty: 3, stc: 10, ...changes };
}

const accept = () => 0;
const hold = () => 4;

function open(cases: CaseBook) {
  return [...cases.cases()].filter((known) => known.state === "open");
}

test("the same message again is the same case with the stored answer, whatever would be decided now", () => {
  const cases = book();
  expect(cases.take(press(foreign, "A1"), 0, accept).taken.type).toBe("opened");
  expect(cases.take(press(foreign, "A1"), 1, () => 5)).toMatchObject({ snu: 0, taken: { type: "again" } });
  expect([...cases.cases()].length).toBe(1);
});

test("two accounts with one ref have two cases", () => {
  const cases = book();
  cases.take(press(foreign, "A1"), 0, accept);
  cases.take(press("8801", "A1"), 0, accept);
  expect(open(cases).length).toBe(2);
});

test("our sessions of one stem are one case", () => {
  const cases = book();
  cases.take(press(ours, stem + "001"), 0, accept);
  expect(cases.take(press(ours, stem + "002", { dte: "minimal" }), 1, () => 6)).toMatchObject({
    snu: 0,
    taken: { type: "again" },
  });
  expect([...cases.cases()]).toMatchObject([{ refs: [stem + "001", stem + "002"], ref: stem + "001" }]);
});

test("another stem is another case", () => {
  const cases = book();
  cases.take(press(ours, "Q4T8A0000127001"), 0, accept);
  cases.take(press(ours, "Q4T8A0000128001"), 0, accept);
  expect(open(cases).length).toBe(2);
});

test.each([
  ["foreign refs of 16 characters", foreign, "Q4T8A00001270001", "Q4T8A00001270002"],
  ["foreign refs of 15 characters", foreign, "Q4T8A0000127001", "Q4T8A0000127002"],
  ["our refs of 16 characters", ours, "Q4T8A00001270001", "Q4T8A00001270002"],
  ["our refs of 12 characters", ours, "Q4T8A0000127", "Q4T8A000012"],
] as const)("%s with a common start are two cases", (_what, cid, one, other) => {
  const cases = book();
  cases.take(press(cid, one), 0, accept);
  cases.take(press(cid, other), 0, accept);
  expect(open(cases).length).toBe(2);
});

test("a ref used again for something else is flagged and swallows nothing", () => {
  const cases = book();
  cases.take(press(foreign, "A1"), 0, accept);
  const fall = cases.take(press(foreign, "A1", { dty: 5, stc: 9 }), 1, accept);
  expect(fall.taken).toMatchObject({ type: "opened", reused: true });
  expect(open(cases).length).toBe(2);
});

test("foreign units may write another time into a repeat, ours may not", () => {
  for (const [cid, type] of [
    [foreign, "again"],
    [ours, "opened"],
  ] as const) {
    const cases = book();
    cases.take(press(cid, stem + "001", { ite: "10:00" }), 0, accept);
    expect(cases.take(press(cid, stem + "001", { ite: "10:01" }), 1, accept).taken.type).toBe(type);
  }
});

test("polls of a held case get what is decided now, and IN and RE are never a re-use", () => {
  const cases = book();
  expect(cases.take(press(foreign, "A1"), 0, hold)).toMatchObject({ snu: 4, taken: { type: "opened", reused: false } });
  expect(cases.take(press(foreign, "A1"), 1, hold)).toMatchObject({ snu: 4, taken: { type: "again" } });
  expect(cases.take(press(foreign, "A1", { mty: "IN", stc: 1 }), 2, accept).taken.type).toBe("updated");
  expect(cases.take(press(foreign, "A1"), 3, accept)).toMatchObject({ snu: 0, taken: { type: "again" } });
  expect(cases.take(press(foreign, "A1", { mty: "RE", stc: 19 }), 4, accept).taken.type).toBe("reset");
  expect([...cases.cases()].length).toBe(1);
});

test("a held case that is refused after all is closed, and opens again when it is taken", () => {
  const cases = book();
  cases.take(press(foreign, "A1"), 0, hold);
  expect(cases.take(press(foreign, "A1"), 1, () => 5).snu).toBe(5);
  expect(open(cases)).toEqual([]);
  expect(cases.take(press(foreign, "A1"), 2, accept).snu).toBe(0);
  expect(open(cases).length).toBe(1);
});

test("an update adds to its case once, however often it comes", () => {
  const cases = book();
  cases.take(press(ours, stem + "001"), 0, accept);
  const update = press(ours, stem + "001", { mty: "IN", ite: "2 presses" });
  for (let i = 0; i < 3; i++) cases.take(update, i, accept);
  cases.take({ ...update, ite: "3 presses" }, 9, accept);
  expect([...cases.cases()]).toMatchObject([{ updateCount: 2 }]);
});

test("an update of an unknown ref is taken as an alarm, and the alarm that follows joins it", () => {
  const cases = book();
  expect(cases.take(press(ours, stem + "001", { mty: "IN" }), 0, accept).taken.type).toBe("opened");
  expect(cases.take(press(ours, stem + "001"), 1, accept).taken.type).toBe("again");
  expect(open(cases).length).toBe(1);
});

test("a withdrawn session is never answered with a stored acceptance", () => {
  for (const cid of [ours, foreign]) {
    const cases = book();
    const first = press(cid, stem + "001");
    cases.take(first, 0, accept);
    expect(cases.take({ ...first, mty: "RE", stc: 98 }, 1, accept)).toMatchObject({ snu: 0, taken: { type: "reset" } });
    expect([...cases.cases()]).toMatchObject([{ state: "withdrawn" }]);
    expect(cases.take(first, 2, accept)).toMatchObject({ snu: 5, taken: { type: "withdrawn" } });
    expect(cases.take({ ...first, mty: "IN" }, 3, accept)).toMatchObject({ snu: 5, taken: { type: "withdrawn" } });
    expect(open(cases)).toEqual([]);
  }
});

test("another press under a withdrawn ref is an alarm, and flagged", () => {
  const cases = book();
  cases.take(press(foreign, "A1"), 0, accept);
  cases.take(press(foreign, "A1", { mty: "RE" }), 1, accept);
  expect(cases.take(press(foreign, "A1", { did: "other" }), 2, accept)).toMatchObject({
    snu: 0,
    taken: { type: "opened", reused: true },
  });
});

test("after a withdrawal a new session of the alarm opens the case again, by a new decision", () => {
  const cases = book();
  cases.take(press(ours, stem + "001"), 0, accept);
  cases.take(press(ours, stem + "001", { mty: "RE" }), 1, accept);
  expect(cases.take(press(ours, stem + "002"), 2, () => 6)).toMatchObject({ snu: 6, taken: { type: "turned-away" } });
  expect(open(cases)).toEqual([]);
  expect(cases.take(press(ours, stem + "002"), 3, hold)).toMatchObject({ snu: 4 });
  expect(open(cases)).toMatchObject([{ number: 1, refs: [stem + "001", stem + "002"] }]);
  expect(cases.take(press(ours, stem + "001"), 4, accept).snu).toBe(5);
});

test("a case stays open while one of its sessions stands", () => {
  const cases = book();
  cases.take(press(ours, stem + "001"), 0, accept);
  cases.take(press(ours, stem + "002"), 1, accept);
  cases.take(press(ours, stem + "001", { mty: "RE" }), 2, accept);
  expect(open(cases).length).toBe(1);
  cases.take(press(ours, stem + "002", { mty: "RE" }), 3, accept);
  expect(open(cases).length).toBe(0);
});

test("a withdrawal that overtakes its alarm on the other route keeps it out, for our accounts alone", () => {
  for (const [cid, snu] of [
    [ours, 5],
    [foreign, 0],
  ] as const) {
    const cases = book();
    expect(cases.take(press(cid, stem + "001", { mty: "RE" }), 0, accept).snu).toBe(0);
    expect(cases.take(press(cid, stem + "001"), 1, accept).snu).toBe(snu);
  }
});

test("heartbeats open nothing", () => {
  const cases = book();
  expect(cases.take(press(ours, stem + "001", { mty: "PI" }), 0, accept)).toEqual({ snu: 0, taken: { type: "beat" } });
  expect([...cases.cases()]).toEqual([]);
});

test("the parts of a split message are one case", () => {
  const cases = book();
  cases.take(press(ours, stem + "001", { ame: 1, ite: "first part" }), 0, accept);
  expect(cases.take(press(ours, stem + "001", { ite: "last part" }), 1, accept).taken.type).toBe("again");
  expect(cases.take(press(ours, stem + "001", { ite: "something else" }), 2, accept).taken).toMatchObject({
    reused: true,
  });
});

test("an operator closes a case once, with an outcome", () => {
  const cases = book();
  cases.take(press(ours, stem + "001"), 0, accept);
  expect(cases.close(ours, stem + "001", "dispatch", 1)).toBe(true);
  expect(cases.close(ours, stem + "001", "test", 2)).toBe(false);
  expect(cases.close(ours, "unknown", "test", 2)).toBe(false);
  expect(cases.caseOf(ours, stem + "001")).toMatchObject({ state: "closed", outcome: "dispatch" });
});

test("a case is forgotten 14 days after it was last spoken of, not before", () => {
  const cases = book();
  cases.take(press(ours, stem + "001"), 0, accept);
  cases.take(press(ours, stem + "001"), dayMs, accept);
  cases.take(press(foreign, "P1", { mty: "PI" }), 15 * dayMs - 1, accept);
  expect(cases.caseOf(ours, stem + "001")).toBeDefined();
  cases.take(press(foreign, "P1", { mty: "PI" }), 15 * dayMs, accept);
  expect(cases.caseOf(ours, stem + "001")).toBeUndefined();
  expect(cases.take(press(ours, stem + "002"), 15 * dayMs, accept).taken.type).toBe("opened");
});

test("no more cases are kept than the limit, and the least recently touched goes first", () => {
  const cases = book({ caseLimit: 2 });
  cases.take(press(foreign, "A1"), 0, accept);
  cases.take(press(foreign, "A2"), 1, accept);
  cases.take(press(foreign, "A1"), 2, accept);
  cases.take(press(foreign, "A3"), 3, accept);
  expect([...cases.cases()].map((known) => known.ref)).toEqual(["A1", "A3"]);
});

test("sessions and updates of one case are bounded", () => {
  const cases = book();
  for (let i = 0; i < sessionLimit + 5; i++) cases.take(press(ours, stem + (100 + i)), i, accept);
  const known = cases.caseOf(ours, stem + "105");
  expect(known?.refs.length).toBe(sessionLimit);
  expect(cases.caseOf(ours, stem + "104")).toBeUndefined();
  for (let i = 0; i < updateLimit + 5; i++)
    cases.take(press(ours, stem + "110", { mty: "IN", ite: String(i) }), 99, accept);
  expect(known?.updateCount).toBe(updateLimit + 5);
  expect([...cases.cases()].length).toBe(1);
});

test("no order of messages leaves two open cases for one of our alarms, or accepts a withdrawn session", () => {
  const message = fc.record({
    session: fc.constantFrom("001", "002", "003"),
    mty: fc.constantFrom("ME", "IN", "RE", "PI") as fc.Arbitrary<"ME" | "IN" | "RE" | "PI">,
    snu: fc.constantFrom(0, 4, 5),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      const cases = book();
      const withdrawn = new Set<string>();
      messages.forEach(({ session, mty, snu }, index) => {
        const answer = cases.take(press(ours, stem + session, { mty }), index, () => snu);
        if (mty === "ME" && withdrawn.has(session)) expect(answer.snu).toBe(5);
        if (mty === "RE" && answer.snu === 0) withdrawn.add(session);
        expect(open(cases).length).toBeLessThanOrEqual(1);
      });
    }),
  );
});
