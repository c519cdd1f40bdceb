import { expect, test } from "vitest";
import { Stream } from "../core/prng.ts";
import { type Deed, offeredFaults } from "./messages.ts";
import type { Session } from "./session.ts";
import { played, seed, toTheEnd, townSession, townText } from "./session-bench.ts";
import { RefusedError } from "./view.ts";

/** Whatever is being played again is played to where it must come. */
function settle(session: Session): void {
  for (let toMs = session.catchingUp?.toMs; toMs !== undefined; toMs = session.catchingUp?.toMs)
    session.playUntil(toMs);
}

test("a story without a deed is the same run at any step, and back and forth, as when it is played in one go", async () => {
  const broken = "faults: [{ from: 4m, unit: up-001, fault: dead }]";
  const session = townSession(broken);
  const chance = new Stream(seed, "steps", 0);
  for (let i = 0; i < 400; i++) session.playUntil(session.atMs + chance.between(1, 7_000));
  session.seek(session.atMs - 600_000);
  settle(session);
  session.seek(session.atMs + 300_000);
  settle(session);
  const whole = await played(townText(broken));
  expect(toTheEnd(session)).toBe(whole.digest);
  expect(session.run.notices).toEqual(whole.notices);
  expect(whole.notices.length).toBeGreaterThan(0);
});

test("deeds of every kind come into the running world, and the saved story is the same run byte by byte", async () => {
  const session = townSession();
  const deeds: readonly Deed[] = [
    { type: "press", unit: "up-001", button: 1 },
    { type: "fault", object: "cell", name: "north", fault: "down" },
    { type: "press", unit: "up-002", button: 1 },
    { type: "fault", object: "receiver", name: "primary", fault: "silent-after-200" },
    { type: "key", unit: "down-001", key: "help" },
    { type: "fault", object: "power", name: "north-side", fault: "off" },
    { type: "handle", unit: "down-002", how: "unplugged" },
    { type: "fault", object: "broadband", name: "fibre", fault: "no-data" },
    { type: "fault", object: "unit", name: "up-003", fault: "frozen-modem" },
    { type: "fault", object: "operator", name: "beta", fault: "denied" },
    { type: "fault", object: "unit", name: "down-003", fault: "dead" },
    { type: "press", unit: "up-003", button: 1 },
  ];
  for (const deed of deeds) {
    session.playUntil(session.atMs + 61_234);
    session.do(deed);
    expect(session.catchingUp).toBeUndefined();
  }
  for (const [object, name] of [
    ["cell", "north"],
    ["receiver", "primary"],
    ["power", "north-side"],
    ["operator", "beta"],
    ["broadband", "fibre"],
  ] as const) {
    session.playUntil(session.atMs + 45_678);
    session.mend(object, name);
    expect(session.catchingUp).toBeUndefined();
  }
  const digest = toTheEnd(session);
  const again = await played(session.text());
  expect(again.digest).toBe(digest);
  expect(again.faults).toHaveLength(7);
  expect(digest).not.toBe((await played(townText())).digest);
});

test("what a running world cannot be told is played again, up to where it was done", async () => {
  const session = townSession();
  session.playUntil(300_000);
  for (const deed of [
    { type: "fault", object: "unit", name: "up-003", fault: "frozen-modem" },
    { type: "fault", object: "power", name: "south-side", fault: "off" },
  ] as const) {
    session.do(deed);
    settle(session);
    session.playUntil(session.atMs + 200_000);
  }
  for (const [object, name] of [
    ["unit", "up-003"],
    ["power", "south-side"],
  ] as const) {
    session.mend(object, name);
    expect(session.catchingUp?.toMs).toBe(session.atMs);
    settle(session);
    session.playUntil(session.atMs + 200_000);
  }
  expect(toTheEnd(session)).toBe((await played(session.text())).digest);
});

test("what is done by hand comes at an instant at which nothing else happens", () => {
  const session = townSession();
  session.playUntil(60_000);
  for (let i = 0; i < 5; i++) {
    const nextMs = session.run.world.queue.next() as number;
    session.playUntil(nextMs - 1);
    session.do({ type: "press", unit: "up-001", button: 1 });
    expect(session.done.at(-1)?.atMs).toBeGreaterThan(nextMs);
  }
});

test("random deeds at random instants are the same run when their story is played", async () => {
  for (let round = 0; round < 2; round++) {
    const session = townSession();
    const chance = new Stream(round, "deeds", 0);
    const pick = <T>(list: readonly T[]): T => list[chance.below(list.length)] as T;
    for (let i = 0; i < 25; i++) {
      session.playUntil(session.atMs + chance.between(1, 120_000));
      const { object, name } = pick(things);
      const broken = session.done.find(
        ({ deed, toMs }) => deed.type === "fault" && deed.object === object && deed.name === name && toMs === null,
      );
      try {
        if (broken !== undefined) session.mend(object, name);
        else if (chance.chance(500_000))
          session.do({ type: "fault", object, name, fault: pick(offeredFaults[object]) });
        else session.do({ type: "press", unit: pick(units), button: 1 });
      } catch (thrown) {
        if (!(thrown instanceof RefusedError)) throw thrown;
      }
      settle(session);
    }
    expect(`seed ${round}: ${toTheEnd(session)}`).toBe(`seed ${round}: ${(await played(session.text())).digest}`);
    expect(session.done.length).toBeGreaterThan(5);
  }
});

const units = ["up-001", "up-002", "up-003", "down-001", "down-002", "down-003"];
const things = [
  { object: "cell", name: "north" },
  { object: "cell", name: "south" },
  { object: "operator", name: "alfa" },
  { object: "broadband", name: "fibre" },
  { object: "broadband", name: "copper" },
  { object: "receiver", name: "primary" },
  { object: "receiver", name: "secondary" },
  { object: "power", name: "north-side" },
] as const;

test("what the story itself breaks later ends what was broken by hand, and is not mended by hand", async () => {
  const session = townSession("faults: [{ from: 20m, to: 25m, receiver: primary, fault: slow }]");
  session.playUntil(600_000);
  session.do({ type: "fault", object: "receiver", name: "primary", fault: "silent-open" });
  settle(session);
  expect(session.done[0]?.toMs).toBe(1_200_000);
  session.playUntil(1_260_000);
  expect(() => session.mend("receiver", "primary")).toThrow(RefusedError);
  expect(() => session.do({ type: "fault", object: "receiver", name: "primary", fault: "busy" })).toThrow(
    "already has a fault at that time",
  );
  expect(toTheEnd(session)).toBe((await played(session.text())).digest);
});

test("what is refused leaves nothing behind", async () => {
  const session = townSession();
  session.playUntil(120_000);
  expect(() => session.do({ type: "press", unit: "nobody", button: 1 })).toThrow('there is no unit "nobody"');
  expect(() => session.do({ type: "fault", object: "cell", name: "north", fault: "haunted" })).toThrow(RefusedError);
  expect(session.done).toEqual([]);
  session.seek(0);
  expect(() => session.do({ type: "press", unit: "up-001", button: 1 })).toThrow("played again");
  settle(session);
  session.playUntil(session.scenario.durationMs);
  expect(() => session.do({ type: "press", unit: "up-001", button: 1 })).toThrow("the story is over");
});
