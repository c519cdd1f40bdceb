import { afterEach, expect, test, vi } from "vitest";
import { homes, playCalls, whatOf, whenOf, wordsOf } from "./calls-bench.ts";
import { Operator } from "./house/phone-exchange.ts";
import { foundOf } from "./play-bench.ts";
import type { World } from "./world.ts";

const centreHost = "192.0.2.10";
const centreNumber = "+468500000";
const homeNumber = "+46701000000";
const fallbackNumber = "+4687654321";
const firstRelative = "+46701111111";
const secondRelative = "+46702222222";
const minuteMs = 60_000;
const silent = ["from: 3m, to: 12m, receiver: primary, fault: silent-after-200"];
const centreCall = `dial mobile ${centreNumber} duplex`;
const centreSipCall = "dial sip sip:larm@larm.example duplex";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Whole seconds from each to the next. */
function gapsOf(instants: readonly number[]): readonly number[] {
  return instants.slice(1).map((atMs, index) => Math.round((atMs - (instants[index] ?? 0)) / 1000));
}

function asksAt(world: World, atMs: number, ask: () => void): void {
  world.queue.at(atMs, ask);
}

test("over SIP: accepted, called at once, listened to without being heard, cleared by key 0 and hung up", async () => {
  const heard: unknown[] = [];
  const story = { home: homes.sip, primaryMore: "call: { mre: 2 }, operators: { count: 3 }" };
  const { result, orders, centre, press } = await playCalls(story, (world) =>
    asksAt(world, 250_000, () => heard.push(world.telephony.hearsAt(centreHost), world.home("u")?.house.media?.hears)),
  );
  expect(foundOf(result)).toEqual([]);
  expect(heard).toEqual([true, false]);
  expect(whatOf(orders)).toEqual(["tone", "dial sip sip:larm@larm.example listen", "hang-up"]);
  expect(whenOf(orders, "dial")).toEqual([press.acceptedMs]);
  expect(whatOf(centre)).toEqual(["rung", "answered", "key-sent 0", "hung-up"]);
});

test("over mobile: accepted, called at once, listened to without being heard, cleared by key 0 and hung up", async () => {
  const heard: unknown[] = [];
  const story = { home: homes.mobile, primaryMore: "call: { mre: 2 }, operators: { count: 3 }" };
  const { result, world, orders, press } = await playCalls(story, (made) =>
    asksAt(made, 250_000, () => {
      const calls = made.home("u")?.mobileCalls;
      heard.push(calls?.at, calls?.isMicrophoneMuted, calls?.level);
    }),
  );
  expect(foundOf(result)).toEqual([]);
  expect(heard).toEqual(["active", false, 0]);
  expect(whatOf(orders)).toEqual(["tone", `dial mobile ${centreNumber} listen`, "hang-up"]);
  expect(whenOf(orders, "dial")).toEqual([press.acceptedMs]);
  expect(wordsOf(world.telephony.desk("primary").log)).toEqual([`rung by ${homeNumber}`, "talks", "hangs up"]);
});

for (const home of ["sip", "mobile"] as const)
  test(`${home}: a case is open for as long as its call lasts: a press meanwhile joins it, and one after it opens the next`, async () => {
    const { result } = await playCalls({
      home: homes[home],
      primaryMore: "call: { mre: 1 }, operators: { talk: 4m }",
      presses: ["at: 4m, press: u", "at: 7m, press: u", "at: 10m, press: u"],
    });
    expect(foundOf(result)).toEqual([]);
    const [first, joined, next] = result.presses;
    expect(result.presses.every(({ acceptedMs, cases }) => acceptedMs !== null && cases === 1)).toBe(true);
    expect(joined?.stem).toBe(first?.stem);
    expect(next?.stem).not.toBe(first?.stem);
  });

for (const home of ["sip", "mobile"] as const) {
  test(`${home}: a promised call that comes is taken after a tone, and the unit does not call`, async () => {
    const story = { home: homes[home], primaryMore: "call: { mre: 3, cre: 5 }, operators: { count: 1 }" };
    const { result, orders, centre, world } = await playCalls(story);
    expect(foundOf(result)).toEqual([]);
    expect(whatOf(orders).slice(0, 2)).toEqual(["tone", "answer talk"]);
    expect(whenOf(orders, "dial")).toEqual([]);
    const over = { sip: whatOf(centre), mobile: wordsOf(world.telephony.desk("primary").log) };
    expect(over[home].slice(0, 2)).toEqual(home === "sip" ? ["called", "answered"] : [`calls ${homeNumber}`, "talks"]);
  });

  test(`${home}: a promised call that never comes is made by the unit 60 s after the acceptance`, async () => {
    const story = { home: homes[home], primaryMore: "call: { mre: 1, cre: 5 }, operators: { voice: never-calls }" };
    const { result, orders, press } = await playCalls(story);
    expect(foundOf(result)).toEqual([]);
    expect(whenOf(orders, "dial")).toEqual([(press.acceptedMs ?? 0) + minuteMs]);
    expect(whenOf(orders, "learn")).toEqual([]);
  });
}

for (const [home, voice, gaps] of [
  ["sip", "engaged", [5, 10, 20, 40]],
  ["mobile", "engaged", [6, 10, 21, 41]],
  ["sip", "no-answer", [65, 70, 80, 100]],
  ["mobile", "no-answer", [95, 100, 110, 130]],
  ["sip", "one-way", [37, 42, 52, 72]],
] as const)
  test(`${home}, ${voice}: the acceptance stands, and the call is tried five times with longer pauses, then told as failed`, async () => {
    const story = { home: homes[home], primaryMore: `call: { mre: 1 }, operators: { voice: ${voice}, talk: 5m }` };
    const { result, orders, updates, press } = await playCalls(story);
    expect(foundOf(result)).toEqual([]);
    expect([press.acceptedBy, press.cases, press.toldNotAcceptedMs]).toEqual(["primary", 1, null]);
    expect(gapsOf(whenOf(orders, "dial"))).toEqual(gaps);
    expect(updates).toEqual(["call failed"]);
  });

test("a second receiver that grants a call while one is up is told of it, and the call goes on", async () => {
  const { result, orders, world, updates } = await playCalls({
    home: homes.mobile,
    receivers: ["primary", "secondary"],
    primaryMore: "call: { mre: 1 }, operators: { talk: 3m }",
    secondaryMore: "call: { mre: 1 }, operators: { talk: 3m }",
    faults: ["from: 5m, receiver: primary, fault: refuse-connect"],
    presses: ["at: 4m, press: u", "at: 330s, press: u, button: 2"],
  });
  expect(foundOf(result)).toEqual([]);
  expect(result.presses.map(({ acceptedBy, route }) => [acceptedBy, route])).toEqual([
    ["primary", "mobile"],
    ["secondary", "broadband"],
  ]);
  expect(whatOf(orders)).toEqual(["tone", centreCall, "learn samtal pågår", "hang-up"]);
  expect(wordsOf(world.telephony.desk("primary").log)).toEqual([`rung by ${homeNumber}`, "talks", "hangs up"]);
  expect(world.telephony.desk("secondary").log).toEqual([]);
  expect(updates).toEqual(["samtal pågår"]);
});

const twoPresses = ["at: 4m, press: u", "at: 5m, press: u, button: 2"];
const twoMinutes = "call: { mre: 1 }, operators: { talk: 2m }";

test("a press while a call holds the mobile line goes over broadband, and the call goes on", async () => {
  const { result, orders } = await playCalls({ home: homes.mobile, primaryMore: twoMinutes, presses: twoPresses });
  expect(foundOf(result)).toEqual([]);
  const second = result.presses[1];
  expect([second?.route, second?.cases]).toEqual(["broadband", 1]);
  expect((second?.acceptedMs ?? Number.POSITIVE_INFINITY) - 5 * minuteMs).toBeLessThan(5_000);
  expect(whatOf(orders)).toEqual(["tone", centreCall, "learn samtal pågår", "hang-up"]);
});

test("without broadband that press is accepted within 10 s of the call's end, before anybody is called about it", async () => {
  const story = { home: homes.mobileAlone, primaryMore: twoMinutes, presses: twoPresses };
  const { result, orders } = await playCalls(story);
  expect(foundOf(result)).toEqual([]);
  const acceptedMs = result.presses[1]?.acceptedMs ?? Number.POSITIVE_INFINITY;
  const [endMs = 0] = whenOf(orders, "hang-up");
  expect(acceptedMs).toBeGreaterThan(endMs);
  expect(acceptedMs - endMs).toBeLessThan(10_000);
  expect(whenOf(orders, "dial")[1]).toBe(acceptedMs);
});

test("where data flows beside a call that press goes over mobile while people talk", async () => {
  const home = `${homes.mobileAlone}, mobile-calls: beside-data`;
  const { result, orders } = await playCalls({ home, primaryMore: twoMinutes, presses: twoPresses });
  expect(foundOf(result)).toEqual([]);
  const second = result.presses[1];
  expect(second?.route).toBe("mobile");
  expect((second?.acceptedMs ?? Number.POSITIVE_INFINITY) - 5 * minuteMs).toBeLessThan(5_000);
  expect(whatOf(orders)).toEqual(["tone", centreCall, "learn samtal pågår", "hang-up"]);
});

test("where no receiver accepts, the stored number is called: key 0 is written down, and the press waits on until it is accepted", async () => {
  const home = `${homes.mobile}, fallback-number: "${fallbackNumber}"`;
  const { result, world, orders, updates, press } = await playCalls({ duration: "20m", home, faults: silent });
  expect(foundOf(result)).toEqual([]);
  const person = world.telephony.person(fallbackNumber);
  expect(wordsOf(person.log).slice(0, 2)).toEqual([`rung by ${homeNumber}`, "talks"]);
  expect(whatOf(orders).slice(0, 3)).toEqual(["tone", `dial mobile ${fallbackNumber} duplex`, "learn spoken"]);
  expect(press.toldNotAcceptedMs).not.toBeNull();
  expect(press.acceptedMs).toBeGreaterThan(12 * minuteMs);
  expect(updates.filter((text) => text.includes("spoken"))).toHaveLength(1);
});

test("relatives are called in turn until one of them confirms; the press stays with the receivers, and is accepted by them", async () => {
  const home = `${homes.mobile}, relatives: ["${firstRelative}", "${secondRelative}"]`;
  const nobody = { answersAfterMs: -1, talksMs: minuteMs, key: "" };
  let away: Operator | undefined;
  const { result, world, orders, press } = await playCalls(
    { duration: "20m", home, faults: silent },
    ({ queue, telephony }) => {
      const clock = { nowMs: () => queue.nowMs, after: (ms: number, run: () => void) => later(queue.after(ms, run)) };
      const later = (handle: ReturnType<typeof queue.after>) => ({ cancel: () => queue.cancel(handle) });
      away = new Operator(clock, telephony.exchange, firstRelative, nobody);
    },
  );
  expect(foundOf(result)).toEqual([]);
  expect(wordsOf(away?.log ?? [])).toEqual([`rung by ${homeNumber}`, "ended: no-answer"]);
  expect(wordsOf(world.telephony.person(secondRelative).log)).toEqual([`rung by ${homeNumber}`, "talks", "hangs up"]);
  const calls = whatOf(orders).filter(
    (what) => what.startsWith("dial") || what === "message" || what.startsWith("learn"),
  );
  expect(calls).toEqual([
    `dial mobile ${firstRelative} duplex`,
    `dial mobile ${secondRelative} duplex`,
    "message",
    "learn spoken",
  ]);
  expect(press.acceptedMs).toBeGreaterThan(12 * minuteMs);
});

for (const [home, fromMs] of [
  ["sip", 240_390],
  ["mobile", 241_600],
] as const)
  test(`${home}: whatever act of a call the power goes in, no press is lost or falsely accepted, and each has its call`, async () => {
    for (let acts = 0; acts < 24; acts += 2) {
      const cuts: number[] = [];
      const story = {
        duration: "9m",
        home: homes[home],
        primaryMore: "call: { mre: 1 }, operators: { count: 2 }",
        presses: ["at: 4m, press: u", "at: 6m, press: u, button: 2"],
      };
      const { result, orders } = await playCalls(story, (world) =>
        asksAt(world, fromMs, () =>
          world.home("u")?.cutPowerAfter(acts, () => {
            cuts.push(world.queue.nowMs);
            asksAt(world, world.queue.nowMs + 5_000, () => world.home("u")?.restorePower());
          }),
        ),
      );
      expect([acts, foundOf(result)]).toEqual([acts, []]);
      expect(cuts).toHaveLength(1);
      const second = result.presses[1];
      expect([acts, second?.cases]).toEqual([acts, 1]);
      expect([acts, whenOf(orders, "dial").some((atMs) => atMs < 6 * minuteMs)]).toEqual([acts, true]);
      expect(whenOf(orders, "dial").filter((atMs) => atMs >= 6 * minuteMs)).toEqual([second?.acceptedMs]);
    }
  });

test("a power cut in the middle of a call ends it at the other end; the acceptance stands, and the unit calls again", async () => {
  for (const home of ["sip", "mobile"] as const) {
    const story = { home: homes[home], primaryMore: "call: { mre: 1 }, operators: { talk: 2m }" };
    const { result, centre, world, press } = await playCalls(story, (made) => {
      asksAt(made, 270_000, () => made.home("u")?.cutPower());
      asksAt(made, 275_000, () => made.home("u")?.restorePower());
    });
    expect(foundOf(result)).toEqual([]);
    expect([press.acceptedBy, press.cases]).toEqual(["primary", 1]);
    const ended = home === "sip" ? whatOf(centre) : wordsOf(world.telephony.desk("primary").log);
    expect(ended).toContain(home === "sip" ? "ended" : "ended: lost");
    expect(ended.filter((what) => what === (home === "sip" ? "answered" : "talks"))).toHaveLength(2);
  }
});

for (const home of ["mobile", "beside"] as const)
  test(`${home}: in a call of 25 minutes no beat is missed, nothing is reported, and the monitor suspects nothing`, async () => {
    const more = { duration: "45m", primaryMore: "call: { mre: 1 }, operators: { voice: hangs-up, talk: 25m }" };
    const quiet = await playCalls({ duration: "45m", home: homes[home] });
    const { result, world, orders } = await playCalls({ ...more, home: homes[home] });
    expect(foundOf(result)).toEqual([]);
    expect(whatOf(orders)).toEqual(["tone", centreCall]);
    expect(wordsOf(world.telephony.desk("primary").log)).toEqual([`rung by ${homeNumber}`, "talks", "hangs up"]);
    expect(result.beats.missed).toBe(0);
    expect(result.notices).toEqual([]);
    expect(result.otherReports).toEqual(quiet.result.otherReports);
  });

test("a home without telephones offers no call, and is not called", async () => {
  const home = "policy: broadband-first, mobile: alfa, broadband: fibre";
  const { result, orders, centre, world } = await playCalls({
    home,
    primaryMore: "call: { mre: 1, cre: 5 }, operators: { count: 1 }",
  });
  expect(foundOf(result)).toEqual([]);
  expect([orders, centre, world.telephony.desk("primary").log]).toEqual([[], [], []]);
});

test("two telephones: the call goes over SIP, and over mobile where that fails", async () => {
  const story = { home: homes.both, primaryMore: "call: { mre: 1 }, operators: { count: 1 }" };
  const whole = await playCalls(story);
  expect(whatOf(whole.orders)[1]).toBe(centreSipCall);
  const { result, orders } = await playCalls({ ...story, faults: ["from: 3m, broadband: fibre, fault: no-data"] });
  expect(foundOf(result)).toEqual([]);
  expect(whatOf(orders).filter((what) => what.startsWith("dial"))).toEqual([centreSipCall, centreCall]);
});
