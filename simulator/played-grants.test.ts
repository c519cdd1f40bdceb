import { afterEach, expect, test, vi } from "vitest";
import { homes, playCalls, whatOf, whenOf, wordsOf } from "./calls-bench.ts";
import { SimClock } from "./core/sim-clock.ts";
import { Operator } from "./house/phone-exchange.ts";
import { Receiver } from "./peers/receiver.ts";
import { foundOf } from "./play-bench.ts";
import type { World } from "./world.ts";

const centreNumber = "+468500000";
const otherCentre = "+468500001";
const homeNumber = "+46701000000";
const strangerNumber = "+46709999999";
const minuteMs = 60_000;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Calls the home at each of these instants, and hangs up after ten seconds. */
function strangerOf({ queue, telephony }: World, instants: readonly number[]): Operator {
  const habits = { answersAfterMs: -1, talksMs: 10_000, key: "" };
  const stranger = new Operator(new SimClock(queue), telephony.exchange, strangerNumber, habits);
  for (const atMs of instants) stranger.callBack(homeNumber, atMs);
  return stranger;
}

test("an acceptance that asks for no call is followed by none, over whatever media were offered", async () => {
  for (const cre of [5, 61, 62]) {
    const primaryMore = `call: { mre: 0, cre: ${cre}, tnu: ["gsm:${centreNumber}"] }, operators: { count: 1 }`;
    const { result, orders, centre, press } = await playCalls({ home: homes.both, primaryMore });
    expect(foundOf(result)).toEqual([]);
    expect(press.acceptedMs).not.toBeNull();
    expect([orders, centre]).toEqual([[], []]);
  }
});

test.each([
  ["mobile", "gsm:+468500001", `dial mobile ${otherCentre} duplex`],
  ["sip", "sip:vakt@198.51.100.20", "dial sip sip:vakt@198.51.100.20 duplex"],
] as const)("%s: cre 62: whoever accepts may name others who speak: %s is called", async (home, tnu, dial) => {
  const { result, world, orders } = await playCalls({
    home: homes[home],
    receivers: ["primary", "secondary"],
    primaryMore: `call: { mre: 1, cre: 62, tnu: ["${tnu}"] }, operators: { count: 1 }`,
    secondaryMore: "operators: { count: 1 }",
  });
  expect(foundOf(result)).toEqual([]);
  expect(whatOf(orders).filter((what) => what.startsWith("dial"))).toEqual([dial]);
  expect(world.telephony.desk("primary").log).toEqual([]);
  if (home === "mobile") expect(wordsOf(world.telephony.desk("secondary").log)[1]).toBe("talks");
});

test("cre 61 with a scheme alone: the unit calls its own receiver, over that medium", async () => {
  const story = { home: homes.both, primaryMore: 'call: { mre: 1, cre: 61, tnu: ["gsm:"] }, operators: { count: 1 }' };
  const { result, orders } = await playCalls(story);
  expect(foundOf(result)).toEqual([]);
  expect(whatOf(orders)[1]).toBe(`dial mobile ${centreNumber} duplex`);
});

test("a medium that the unit has not offered is not called, whoever names it", async () => {
  const primaryMore = 'call: { mre: 1, cre: 62, tnu: ["gsm:+468500001"] }, operators: { count: 1 }';
  const { result, orders } = await playCalls({ home: homes.sip, primaryMore });
  expect(foundOf(result)).toEqual([]);
  expect(whatOf(orders)[1]).toBe("dial sip sip:larm@larm.example duplex");
});

test("for the minutes of a promise anybody who calls is answered, after them and before the alarm nobody", async () => {
  let stranger: Operator | undefined;
  const story = { home: homes.mobile, primaryMore: "call: { mre: 1, cre: 5 }, operators: { voice: never-calls }" };
  const { result, orders } = await playCalls(story, (world) => {
    stranger = strangerOf(world, [3 * minuteMs, 4.5 * minuteMs, 8.5 * minuteMs, 9.5 * minuteMs]);
  });
  expect(foundOf(result)).toEqual([]);
  expect(whatOf(orders)).toEqual(["hang-up", "tone", "answer duplex", "tone", "answer duplex", "hang-up"]);
  const once = [`calls ${homeNumber}`, "talks", "hangs up"];
  const refused = [`calls ${homeNumber}`, "ended: busy"];
  expect(wordsOf(stranger?.log ?? [])).toEqual([...refused, ...once, ...once, ...refused]);
});

for (const home of ["sip", "mobile"] as const)
  test(`${home}: the operator's keys change who is heard and how loud, and the call is not described anew`, async () => {
    const primaryMore = "call: { mre: 1 }, operators: { voice: presses, talk: 30s }";
    const invites: number[] = [];
    const { result, orders, centre } = await playCalls({ home: homes[home], primaryMore }, ({ queue }) => {
      const receive = Receiver.prototype.receive;
      vi.spyOn(Receiver.prototype, "receive").mockImplementation(function (this: Receiver, bytes, from, over) {
        if (bytes[0] === 0x49 && bytes[1] === 0x4e && bytes[2] === 0x56) invites.push(queue.nowMs);
        receive.call(this, bytes, from, over);
      });
    });
    expect(foundOf(result)).toEqual([]);
    const obeyed = whatOf(orders).slice(2, 7);
    expect(obeyed).toEqual(["tone", "speak listen", "speak talk", "softer", "louder"]);
    const [upMs = 0] = whenOf(centre, "answered");
    expect(invites.length > 0).toBe(home === "sip");
    expect(invites.filter((atMs) => atMs > upMs)).toEqual([]);
  });

test("nobody in the home speaks: the receiver is told that there was no response, and nobody calls again", async () => {
  const primaryMore = "call: { mre: 1 }, operators: { voice: hangs-up }";
  for (const home of ["sip", "mobile"] as const) {
    const { result, orders, updates } = await playCalls({ home: homes[home], primaryMore }, (world) =>
      world.queue.at(3 * minuteMs, () => {
        const part = world.home("u")?.house.case;
        if (part !== undefined) part.isSilent = true;
      }),
    );
    expect(foundOf(result)).toEqual([]);
    expect(whatOf(orders).slice(2)).toEqual(["learn no response"]);
    expect(updates).toEqual(["no response"]);
  }
});

test("one centre speaks with as many homes as it has operators; who calls beyond them hears busy and comes later", async () => {
  const primaryMore = "call: { mre: 1 }, operators: { count: 2, talk: 1m }";
  const presses = [1, 2, 3].map((each) => `at: 4m, press: u-00${each}`);
  const { result, centre } = await playCalls({ home: homes.sip, count: 3, primaryMore, presses });
  expect(foundOf(result)).toEqual([]);
  expect(whenOf(centre, "answered")).toHaveLength(3);
  expect(whenOf(centre, "engaged").length).toBeGreaterThan(0);
  const [, , third = 0] = whenOf(centre, "answered");
  expect(third).toBeGreaterThan(5 * minuteMs);
});

test.each(["sip", "mobile"] as const)(
  "%s: where the first receiver is dead, the call goes to the operators of the one that has accepted",
  async (home) => {
    const { result, centre, world, press } = await playCalls({
      home: homes[home],
      receivers: ["primary", "secondary"],
      primary: "refuse-connect",
      primaryMore: "operators: { count: 1 }",
      secondaryMore: "call: { mre: 1 }, operators: { count: 1 }",
    });
    expect(foundOf(result)).toEqual([]);
    expect(press.acceptedBy).toBe("secondary");
    const there = { sip: whatOf(centre), mobile: wordsOf(world.telephony.desk("secondary").log) };
    expect(there[home][1]).toBe(there[home] === there.mobile ? "talks" : "answered");
  },
);
