/** The list of whom to ring or visit: its order, its ticks, and that only proof closes an entry. */
import { expect, test } from "vitest";
import { unitOf } from "../monitor/monitor-bench.ts";
import type { ReceiverEvent } from "../peers/receiver-events.ts";
import { receiverEvent } from "../peers/receiver-events.ts";
import { AlarmFile } from "./alarm-file.ts";
import { readTicks } from "./ticks.ts";
import { pendingAfterMs, provenForMs, VisitList } from "./visit-list.ts";

const minuteMs = 60_000;

function alarm(cid: string, ref: string, ite?: string): ReceiverEvent {
  const what = { type: "alarm" as const, cid, ref, mty: "ME", dty: 3, stc: 10, ite, answer: "sip 200" };
  return receiverEvent(what, 0, { host: "10.0.0.1", port: 5060 }, "udp");
}

function listed(count: number): { file: AlarmFile; list: VisitList } {
  const file = new AlarmFile();
  const list = new VisitList(file);
  for (let i = 0; i < count; i++) list.add(unitOf(`u${i}`, { provider: "LSS", night: i === 1 }), 0);
  return { file, list };
}

test("a unit stands on it from ten minutes after its last accepted message, pending alarms first, then the longest silence", () => {
  const { file, list } = listed(4);
  list.proof("u0", 5 * minuteMs);
  list.proof("u1", 2 * minuteMs);
  list.proof("u3", 20 * minuteMs);
  file.read("main", alarm("u3", "ABCDE0000001000"), 21 * minuteMs);
  expect(list.at(5 * minuteMs + provenForMs - 1).map(({ cid }) => cid)).toEqual(["u2", "u1"]);
  const visits = list.at(21 * minuteMs + pendingAfterMs);
  expect(visits.map(({ cid }) => cid)).toEqual(["u3", "u2", "u1", "u0"]);
  expect(visits[0]).toMatchObject({
    pendingSinceMs: 21 * minuteMs,
    silentSinceMs: null,
    provider: "LSS",
    night: false,
  });
  expect(visits[1]).toMatchObject({ silentSinceMs: 0, everProven: false });
  expect(visits[2]).toMatchObject({ silentSinceMs: 2 * minuteMs, everProven: true, night: true });
});

test("a unit that was to be heard once an hour stands on it when it has been missed three times", () => {
  const list = new VisitList(new AlarmFile());
  list.add(unitOf("u0", { beatMs: 60 * minuteMs }), 0);
  const fromMs = provenForMs + 3 * 57 * minuteMs;
  expect(list.at(fromMs - 1)).toEqual([]);
  expect(list.at(fromMs).map(({ cid }) => cid)).toEqual(["u0"]);
});

test("a tick stands in the entry and closes nothing; the unit's next accepted message does, and takes the ticks along", () => {
  const { list } = listed(1);
  const tick = { atMs: 15 * minuteMs, what: "visited", by: "Anna" } as const;
  expect(list.tick("u0", tick)).toBe(true);
  expect(list.tick("u0", tick)).toBe(true);
  expect(list.tick("nobody", tick)).toBe(false);
  expect(list.at(30 * minuteMs)).toMatchObject([{ cid: "u0", ticks: [tick] }]);
  list.proof("u0", 31 * minuteMs);
  expect(list.at(32 * minuteMs)).toEqual([]);
  expect(list.closed()).toEqual([{ unit: "u0", cid: "u0", silentSinceMs: 0, proofMs: 31 * minuteMs, ticks: [tick] }]);
  // The file with the tick is read again: it belongs to what is over.
  list.tick("u0", tick);
  expect(list.at(60 * minuteMs)).toMatchObject([{ cid: "u0", ticks: [] }]);
});

test("a waiting alarm keeps its unit on the list although other messages of it are accepted", () => {
  const { file, list } = listed(1);
  file.read("main", alarm("u0", "ABCDE0000001000"), minuteMs);
  list.proof("u0", 5 * minuteMs);
  expect(list.at(6 * minuteMs)).toMatchObject([{ cid: "u0", pendingSinceMs: minuteMs, silentSinceMs: null }]);
  file.hear("main", { type: "answered", id: 1, cid: "u0", ref: "ABCDE0000001001", snu: 5 }, 6 * minuteMs);
  expect(list.at(7 * minuteMs).length).toBe(1);
  file.hear("main", { type: "answered", id: 2, cid: "u0", ref: "ABCDE0000001001", snu: 0 }, 7 * minuteMs);
  expect(list.at(8 * minuteMs)).toEqual([]);
});

test("ticks of one entry are bounded", () => {
  const { list } = listed(1);
  for (let atMs = 1; atMs <= 500; atMs++) list.tick("u0", { atMs, what: "rung", by: "Bo" });
  expect(list.at(60 * minuteMs)[0]?.ticks.length).toBe(50);
});

test("alarms on file are bounded, and those that are accepted go first", () => {
  const file = new AlarmFile(2);
  for (const ref of ["A", "B"]) file.read("main", alarm("u0", ref), 1);
  file.hear("main", { type: "answered", id: 1, cid: "u0", ref: "B", snu: 0 }, 2);
  file.read("main", alarm("u0", "C", "pressed 2026-03-02T06:10:05Z"), 3);
  expect([...file.all()].map(({ stem }) => stem)).toEqual(["A", "C"]);
  expect(file.find("u0", "C")?.pressedWallMs).toBe(Date.UTC(2026, 2, 2, 6, 10, 5));
  file.read("main", alarm("u0", "D"), 4);
  expect([...file.all()].map(({ stem }) => stem)).toEqual(["C", "D"]);
});

test("ticks are read from a file that people keep, and its mistakes are told by line", () => {
  const text = "cid,what,by,time\r\n4607110231,rung,Anna,2026-01-14 08:30\nu1,visited,Bo,2026-07-14T08:30\n\n";
  expect(readTicks(text, Date.UTC(2026, 0, 14))).toEqual({
    ok: true,
    ticks: [
      { cid: "4607110231", what: "rung", by: "Anna", atMs: 7.5 * 60 * minuteMs },
      { cid: "u1", what: "visited", by: "Bo", atMs: Date.UTC(2026, 6, 14, 6, 30) - Date.UTC(2026, 0, 14) },
    ],
  });
  expect(readTicks("a,called,Anna,2026-01-14 08:30", 0)).toMatchObject({
    ok: false,
    line: 1,
    why: expect.stringContaining("called"),
  });
  expect(readTicks("a,rung,Anna,2026-01-14 08:30\nb,rung,Bo,today", 0)).toMatchObject({ ok: false, line: 2 });
  expect(readTicks("cid;what\n;rung;Bo;2026-01-14 08:30", 0)).toMatchObject({ ok: false, line: 2, why: "no cid" });
});
