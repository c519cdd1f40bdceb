import fc from "fast-check";
import { expect, test } from "vitest";
import { Stream } from "../core/prng.ts";
import { alarm, ReceiverBench } from "../peers/receiver-bench.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import { Monitor } from "./monitor.ts";
import { hear, live, minuteMs, type PlainNotice, plain, unitOf } from "./monitor-bench.ts";
import { usualSettings } from "./monitor-settings.ts";

const beatMs = 180_000;

let lastId = 0;
function message(
  monitor: Monitor,
  cid: string,
  t: number,
  kind: "accepted" | "unanswered" | "unheard" | "refused",
): PlainNotice[] {
  return hear(monitor, "main", cid, t, kind);
}

function watched(count: number): Monitor {
  const monitor = new Monitor();
  for (let i = 0; i < count; i++) monitor.expectUnit(unitOf("u" + i), 0);
  return monitor;
}

test("a unit that beat and stopped is silent ten minutes after its last beat, to the second", () => {
  const monitor = watched(1);
  message(monitor, "u0", 5_000, "accepted");
  expect(live(monitor, 604_999)).toEqual([]);
  expect(monitor.isAlive("u0")).toBe(true);
  expect(live(monitor, 605_000)).toEqual([
    {
      t: 605_000,
      subject: "u0",
      what: "unit-silent",
      units: 1,
      outage: 1,
      evidence: "not heard for 10 min 0 s (3 × 3 min 0 s)",
    },
  ]);
  expect(monitor.isAlive("u0")).toBe(false);
  expect(live(monitor, 24 * 60 * minuteMs)).toMatchObject([{ t: 1_199_000, what: "unit-confirmed", outage: 1 }]);
  expect(live(monitor, 48 * 60 * minuteMs)).toEqual([]);
});

test("a unit that was never heard is not alive, and is silent like any other", () => {
  const monitor = watched(1);
  expect(monitor.isAlive("u0")).toBe(false);
  expect(monitor.isAlive("stranger")).toBeUndefined();
  expect(live(monitor, 15 * minuteMs)).toMatchObject(
    [{ t: 600_000, what: "unit-silent", evidence: /^never heard in/ }].map((x) => ({
      ...x,
      evidence: expect.stringMatching(x.evidence),
    })),
  );
});

test("a silent unit that is heard again is back, and can fall silent again", () => {
  const monitor = watched(1);
  live(monitor, 20 * minuteMs);
  expect(message(monitor, "u0", 20 * minuteMs, "accepted")).toMatchObject([{ subject: "u0", what: "unit-back" }]);
  expect(monitor.isAlive("u0")).toBe(true);
  expect(live(monitor, 31 * minuteMs)).toMatchObject([{ t: 30 * minuteMs, what: "unit-silent", outage: 2 }]);
});

test("an answered OPTIONS is a beat; a message that was only heard is none", () => {
  const monitor = watched(2);
  for (let t = 0; t < 20 * minuteMs; t += beatMs) {
    monitor.hear("main", { type: "probed", cid: "u0" }, t);
    monitor.hear("main", { type: "heard", id: ++lastId, cid: "u1" }, t);
    monitor.hear("main", { type: "refused", id: lastId, status: 401 }, t);
  }
  expect([monitor.isAlive("u0"), monitor.isAlive("u1")]).toEqual([true, false]);
});

test("a longer interval that the receiver has set moves the deadline, a shorter one too", () => {
  for (const [changed, silentMs] of [
    [600_000, 1_986_000],
    [60_000, 204_000],
  ] as const) {
    const monitor = watched(1);
    monitor.expectUnit(unitOf("u0", { beatMs: changed }), 1_000);
    const silent = live(monitor, 60 * minuteMs).filter((notice) => notice.what === "unit-silent");
    expect(silent.map((notice) => notice.t)).toEqual([silentMs]);
  }
});

test("a unit that has gone for good is not missed", () => {
  const monitor = watched(1);
  monitor.forgetUnit("u0");
  expect(live(monitor, 60 * minuteMs)).toEqual([]);
  expect(monitor.dueMs()).toBeUndefined();
});

test("a server that says 200 and nothing more is suspected, confirmed and, after its repair, cleared", () => {
  const monitor = watched(12);
  const notices: PlainNotice[] = [];
  for (let t = 0; t < 60 * minuteMs; t += 15_000) {
    const broken = t >= 20 * minuteMs && t < 40 * minuteMs;
    notices.push(...message(monitor, "u" + ((t / 15_000) % 12), t, broken ? "unanswered" : "accepted"));
    notices.push(...live(monitor, t + 14_999));
  }
  expect(notices.map((notice) => [notice.what, notice.subject])).toEqual([
    ["server-suspected", "main"],
    ["server-confirmed", "main"],
    ["server-cleared", "main"],
  ]);
  const [suspected, confirmed, cleared] = notices.map((notice) => notice.t / minuteMs);
  expect(suspected).toBeLessThan(21);
  expect(confirmed).toBeGreaterThanOrEqual((suspected as number) + 2);
  expect(confirmed).toBeLessThan(24);
  expect(cleared).toBeGreaterThan(40);
  expect(cleared).toBeLessThan(43);
  expect(notices[0]?.evidence).toBe(
    "3 messages carried (SIP 200) without mrs within 12 s; from 3 units in 16 outcomes; last acceptance 57 s ago",
  );
});

test("a server that has accepted again is cleared when it stayed calm, without another message", () => {
  const monitor = watched(1);
  const notices = [0, 1_000, 2_000, 60_000].flatMap((t) => message(monitor, "u0", t, "unanswered"));
  notices.push(...[90_000, 91_000, 92_000].flatMap((t) => message(monitor, "u0", t, "accepted")));
  notices.push(...live(monitor, 5 * minuteMs));
  expect(notices).toMatchObject([
    { what: "server-suspected", t: 14_000 },
    {
      what: "server-cleared",
      t: 192_000,
      evidence: "3 messages in a row accepted in time; suspected for 2 min 58 s, 4 failures",
    },
  ]);
});

test("one unit alone is enough to suspect the server within a few minutes", () => {
  const monitor = watched(1);
  // Heartbeat, its two repeats, and the other route at once.
  const notices = [0, 1_000, 20_000, 40_000].flatMap((t) => message(monitor, "u0", t, "unanswered"));
  notices.push(...live(monitor, 4 * minuteMs));
  expect(notices).toMatchObject([{ what: "server-suspected", t: 32_000 }]);
});

test("a front that hears and never answers is suspected", () => {
  const monitor = watched(1);
  const notices = [0, 10_000, 20_000].flatMap((t) => message(monitor, "u0", t, "unheard"));
  notices.push(...live(monitor, minuteMs));
  expect(notices).toMatchObject([
    { what: "server-suspected", evidence: expect.stringContaining("3 messages heard without any SIP answer") },
  ]);
});

test("a half-dead server is confirmed, and not cleared by the half that lives", () => {
  const monitor = watched(12);
  const notices: PlainNotice[] = [];
  for (let i = 0; i < 240; i++) {
    notices.push(...message(monitor, "u" + (i % 12), i * 15_000, i % 4 === 0 ? "unanswered" : "accepted"));
    notices.push(...live(monitor, i * 15_000 + 14_999));
  }
  expect(notices.map((notice) => notice.what)).toEqual(["server-suspected", "server-confirmed"]);
});

test("a server that refuses everybody is suspected, one unit that is refused among others is not its fault", () => {
  const all = watched(3);
  expect([0, 1, 2].flatMap((i) => message(all, "u" + i, i * 1_000, "refused"))).toMatchObject([
    { what: "server-suspected", evidence: expect.stringContaining("3 messages refused (snu 5)") },
  ]);
  const one = watched(3);
  const notices = [];
  for (let i = 0; i < 60; i++)
    notices.push(...message(one, "u" + (i % 3), i * 60_000, i % 3 === 0 ? "refused" : "accepted"));
  expect(notices).toEqual([]);
});

test.each([1, 2, 3, 4, 7, 10])("status number %s says nothing about the server", (snu) => {
  const monitor = watched(1);
  for (let i = 0; i < 10; i++) {
    const id = ++lastId;
    monitor.hear("main", { type: "heard", id, cid: "u0" }, i * minuteMs);
    expect(monitor.hear("main", { type: "answered", id, cid: "u0", ref: "A", snu }, i * minuteMs)).toEqual([]);
  }
});

test("answers that come too late are no acceptances", () => {
  const monitor = watched(1);
  const notices: PlainNotice[] = [];
  for (let i = 0; i < 6; i++) {
    const id = ++lastId;
    notices.push(...plain(monitor.hear("main", { type: "heard", id, cid: "u0" }, i * minuteMs)));
    notices.push(...plain(monitor.hear("main", { type: "carried", id, cid: "u0", ref: "A" }, i * minuteMs)));
    notices.push(
      ...plain(monitor.hear("main", { type: "answered", id, cid: "u0", ref: "A", snu: 0 }, i * minuteMs + 25_000)),
    );
  }
  expect(notices[0]).toMatchObject({ what: "server-suspected" });
});

test("when the beats of all units stop, the server is suspected, and no unit is told of that is silent with it", () => {
  const monitor = watched(20);
  const notices: PlainNotice[] = [];
  for (let t = 0; t < 30 * minuteMs; t += 9_000)
    notices.push(...message(monitor, "u" + ((t / 9_000) % 20), t, "accepted"));
  expect(notices).toEqual([]);
  notices.push(...live(monitor, 60 * minuteMs));
  expect(notices.map((notice) => notice.what).slice(0, 2)).toEqual(["server-suspected", "server-confirmed"]);
  expect(notices[0]?.t).toBeLessThan(34 * minuteMs);
  expect(notices[0]?.evidence).toMatch(/beats of \d+ of 20 units overdue/);
  expect(notices.length).toBe(2);
  expect(notices[0]?.units).toBe(20);
});

test("half of the units falling silent together is no fault of the server", () => {
  const monitor = watched(20);
  const notices: PlainNotice[] = [];
  for (let t = 0; t < 60 * minuteMs; t += 9_000) {
    const unit = (t / 9_000) % 20;
    if (unit < 10 || t < 20 * minuteMs) notices.push(...message(monitor, "u" + unit, t, "accepted"));
  }
  const ofUnits = (what: string) => notices.filter((notice) => notice.what === what).length;
  expect([ofUnits("unit-silent"), ofUnits("unit-confirmed"), notices.length]).toEqual([10, 10, 20]);
});

/** Beats of 20 units until 2 h; `stopsMs` tells when each falls silent. */
function stopping(stopsMs: (unit: number) => number): PlainNotice[] {
  const monitor = watched(20);
  const notices: PlainNotice[] = [];
  for (let t = 0; t < 120 * minuteMs; t += 9_000) {
    const unit = (t / 9_000) % 20;
    if (t < stopsMs(unit)) notices.push(...message(monitor, "u" + unit, t, "accepted"));
    notices.push(...live(monitor, t + 8_999));
  }
  return notices;
}

test("units that are dead already do not hide that all the others stop", () => {
  const notices = stopping((unit) => (unit < 12 ? unit * 5 * minuteMs : 90 * minuteMs));
  const suspected = notices.filter((notice) => notice.what === "server-suspected");
  expect(suspected.length).toBe(1);
  expect(suspected[0]?.t).toBeGreaterThan(90 * minuteMs);
  expect(suspected[0]?.t).toBeLessThan(95 * minuteMs);
  expect(suspected[0]?.evidence).toMatch(/beats of [78] of 8 units overdue/);
});

test("most units stopping together is no fault of a server that goes on accepting the rest", () => {
  const notices = stopping((unit) => (unit < 17 ? 30 * minuteMs : 120 * minuteMs));
  expect(notices.filter((notice) => notice.what === "unit-silent").length).toBe(17);
  expect(new Set(notices.map((notice) => notice.what))).toEqual(new Set(["unit-silent", "unit-confirmed"]));
});

test("messages waiting for an answer are bounded, and those beyond are not judged", () => {
  const monitor = new Monitor({ ...usualSettings, pendingLimit: 2 });
  for (let id = 1; id <= 50; id++) monitor.hear("main", { type: "heard", id, cid: "u0" }, 0);
  expect(live(monitor, minuteMs)).toEqual([]);
});

/** Beats of one unit as they arrive: each is repeated by SIP's timers until one packet gets through, and again at 20 s and 40 s. */
function arrivals(chance: Stream, untilMs: number, lossPerMillion: number): number[] {
  const times: number[] = [];
  for (let t = chance.below(beatMs); t < untilMs; t += chance.between(162_000, 198_000)) {
    let arrived: number | undefined;
    for (const tryMs of [0, 20_000, 40_000]) {
      for (const repeatMs of [0, 500, 1_500, 3_500, 7_500]) {
        if (arrived === undefined && !chance.chance(lossPerMillion))
          arrived = t + tryMs + repeatMs + chance.between(20, 800);
      }
    }
    if (arrived !== undefined) times.push(arrived);
  }
  return times;
}

test("a healthy night raises nothing, whatever is lost on the way and whatever units share", () => {
  const nightMs = 8 * 60 * minuteMs;
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.integer({ min: 0, max: 300_000 }),
      fc.integer({ min: 1, max: 12 }),
      (seed, loss, count) => {
        const monitor = new Monitor();
        for (let i = 0; i < count; i++)
          monitor.expectUnit(
            unitOf("u" + i, i % 2 === 0 ? { operator: "alfa" } : { broadband: "fibre", power: "town" }),
            0,
          );
        const heard: { t: number; cid: string; answeredMs: number }[] = [];
        for (let i = 0; i < count; i++) {
          const chance = new Stream(seed, "beats", i);
          for (const t of arrivals(chance, nightMs, loss))
            heard.push({ t, cid: "u" + i, answeredMs: t + chance.between(200, 9_500) });
        }
        const signs: { t: number; sign: ReceiverSign }[] = [];
        heard.forEach(({ t, cid, answeredMs }, id) => {
          signs.push({ t, sign: { type: "heard", id, cid } }, { t, sign: { type: "carried", id, cid, ref: "A" } });
          signs.push({ t: answeredMs, sign: { type: "answered", id, cid, ref: "A", snu: 0 } });
        });
        signs.sort((one, other) => one.t - other.t);
        const notices = signs.flatMap(({ t, sign }) => [...live(monitor, t), ...plain(monitor.hear("main", sign, t))]);
        expect(notices).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test("fed by a real receiver whose application hangs, it suspects and clears", () => {
  const monitor = new Monitor();
  const notices: PlainNotice[] = [];
  const bench: ReceiverBench = new ReceiverBench({
    onSign: (sign) => notices.push(...plain(monitor.hear("main", sign, bench.queue.nowMs))),
  });
  for (let i = 0; i < 60; i++) {
    if (i === 10) bench.receiver.setMode("silent-after-200");
    if (i === 30) bench.receiver.setMode("normal");
    bench.say(alarm("A" + i, { mty: "PI" }));
    bench.passAnswering(20_000);
    notices.push(...live(monitor, bench.queue.nowMs));
  }
  expect(notices.map((notice) => notice.what)).toEqual(["server-suspected", "server-confirmed", "server-cleared"]);
});
