/** What people do in homes, each step of a timeline played: it does what it says, and the unit makes of it what it should. */
import { expect, test } from "vitest";
import { foundOf, playSmall, type SmallWorld } from "./play-bench.ts";
import type { RunResult } from "./record/run-result.ts";
import { RunLog } from "./report/run-log.ts";
import type { World } from "./world.ts";

const minuteMs = 60_000;
const mobile = "mobile: alfa, policy: mobile-only";

function play(presses: readonly string[], world: SmallWorld = {}, seed = 1): Promise<RunResult> {
  return playSmall({ duration: "30m", home: mobile, ...world, presses }, seed);
}

/** What units told beside presses and what they tell of every start, in the order of acceptance. */
function told(result: RunResult): readonly string[] {
  return result.reports
    .filter(({ acceptedMs, name }) => acceptedMs !== null && name !== "started" && name !== "back-from-outage")
    .filter(({ name }) => !name.startsWith("test-over"))
    .sort((a, b) => (a.acceptedMs ?? 0) - (b.acceptedMs ?? 0))
    .map(({ name }) => name);
}

function shown(result: RunResult, button: number): readonly string[] {
  return result.signals.filter((signal) => signal.by === "button" && signal.button === button).map(({ what }) => what);
}

test("a fall is an alarm of its own after its delay, and one that is taken back in time is none", async () => {
  const fallen = await play(["at: 10m, fall: u"]);
  expect(foundOf(fallen)).toEqual([]);
  expect(told(fallen)).toEqual(["fall"]);
  expect(shown(fallen, 1)).toEqual(["fall-felt", "sent", "received", "accepted"]);
  const back = await play(["at: 10m, fall: u, taken-back-after: 5s"]);
  expect(foundOf(back)).toEqual([]);
  expect(told(back)).toEqual([]);
  expect(shown(back, 1)).toEqual(["fall-felt"]);
});

test("a button out of range is heard by nobody, and what was pressed there is told when it comes home", async () => {
  const result = await play([
    "at: 9m, range: out, unit: u",
    "at: 10m, press: u",
    "at: 14m, range: home, unit: u",
    "at: 20m, press: u, button: 2",
  ]);
  expect(foundOf(result)).toEqual([]);
  const [away, near] = result.presses;
  expect((away?.storedMs ?? 0) - 14 * minuteMs).toBeGreaterThan(0);
  expect((away?.storedMs ?? 0) - 14 * minuteMs).toBeLessThan(60_000);
  expect((near?.storedMs ?? 0) - 20 * minuteMs).toBeLessThan(2_000);
});

test("a lost button is pressed by nobody, whatever its wearer would have done; found again it is", async () => {
  const steps = ["at: 9m, lose-button: u", "at: 20m, find-button: u", "at: 21m, press: u"];
  const habit = (world: World): void => {
    for (const atMs of [5 * minuteMs, 15 * minuteMs]) world.queue.at(atMs, () => world.home("u")?.press(1));
  };
  const small = { duration: "30m", home: mobile, presses: steps };
  const result = await playSmall(small, 1, new RunLog(undefined), habit);
  expect(foundOf(result)).toEqual([]);
  expect(result.presses.map(({ pressedMs }) => pressedMs / minuteMs)).toEqual([5, 21]);
  expect(result.presses.every(({ acceptedMs }) => acceptedMs !== null)).toBe(true);
});

test("a button that is replaced calls for nobody any more, and its successor for the same person", async () => {
  const result = await play([
    "at: 10m, replace-button: u, button: 2",
    "at: 20m, press: u, button: 2",
    "at: 25m, press: u, button: 3",
  ]);
  expect(foundOf(result)).toEqual([]);
  expect(result.presses.map(({ button, acceptedMs }) => [button, acceptedMs !== null])).toEqual([
    [3, true],
    [2, false],
    [3, true],
  ]);
  expect(shown(result, 2)).toEqual(["sent", "of-no-use"]);
  expect(told(result)).toEqual(["button-revoked-used"]);
});

test("a button that is taken out of use is of no use from its next frame on", async () => {
  const result = await play(["at: 10m, revoke-button: u", "at: 20m, press: u", "at: 20m, press: u, button: 2"]);
  expect(foundOf(result)).toEqual([]);
  expect(shown(result, 1).at(-1)).toBe("of-no-use");
  expect(result.presses.map(({ acceptedMs }) => acceptedMs !== null)).toEqual([false, true]);
});

test("a unit from the shelf hears nobody of what is in its boxes until it is installed, and then each of its devices was proven", async () => {
  const home = `${mobile}, life: stored, accessories: [{ kind: smoke }]`;
  const result = await play(
    [
      ...["at: 2m, accessory: smoke, unit: u, happens: test", "at: 3m, press: u", "at: 4m, install: u"],
      ...["at: 25m, press: u", "at: 26m, accessory: smoke, unit: u, happens: alarm"],
    ],
    { home },
  );
  expect([...new Set(told(result))]).toEqual(["smoke-test", "in-service", "smoke"]);
  expect(result.presses.map(({ button, acceptedMs }) => [button, acceptedMs !== null])).toEqual([
    [1, true],
    [2, true],
    [1, true],
  ]);
  expect(shown(result, 1).slice(0, 3)).toEqual(["of-no-use", "joining", "joined"]);
});

test("a unit goes where service people order it in its life, and says so", async () => {
  const result = await play(
    [
      "at: 10m, life: suspended, unit: u",
      "at: 15m, life: in-service, unit: u",
      "at: 20m, life: returned, unit: u",
      "at: 25m, press: u",
    ],
    {},
  );
  expect(foundOf(result)).toEqual([]);
  expect(told(result)).toEqual(["out-of-service", "in-service", "out-of-service"]);
  expect(result.presses[0]?.acceptedMs).not.toBeNull();
});

test("a case that is opened is told and its closing too; a dropped unit starts anew, a moved one lives on its battery", async () => {
  const result = await play([
    "at: 10m, handle: opened, unit: u",
    "at: 15m, handle: closed, unit: u",
    "at: 20m, handle: dropped, unit: u",
    "at: 25m, press: u",
    "at: 26m, handle: moved, unit: u",
    "at: 28m, press: u",
  ]);
  expect(foundOf(result)).toEqual([]);
  expect(told(result)).toEqual(["case-open", "case-closed"]);
  expect(result.off.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([[20 * minuteMs, 20 * minuteMs + 1_000]]);
  expect(result.presses.map(({ acceptedMs }) => acceptedMs !== null)).toEqual([true, true]);
});

test("a unit that is switched off is off until it is switched on; without its plug alone it is not", async () => {
  const result = await play([
    "at: 4m, handle: unplugged, unit: u",
    "at: 6m, press: u",
    "at: 8m, handle: switched-off, unit: u",
    "at: 15m, press: u",
    "at: 22m, handle: switched-on, unit: u",
    "at: 26m, press: u",
  ]);
  expect(result.off).toMatchObject([{ fromMs: 8 * minuteMs, toMs: 22 * minuteMs }]);
  expect(result.presses[0]?.acceptedMs).not.toBeNull();
  expect((result.presses[1]?.storedMs ?? 0) / minuteMs).toBeGreaterThan(22);
});

test("smoke is an alarm at once, its end too; a flat detector tells nothing until somebody gives it a battery", async () => {
  const home = `${mobile}, accessories: [{ kind: smoke }, { kind: water, charge: 0 % }]`;
  const result = await play(
    [
      "at: 5m, accessory: smoke, unit: u, happens: alarm",
      "at: 10m, accessory: smoke, unit: u, happens: restored",
      "at: 12m, accessory: water, unit: u, happens: alarm",
      "at: 20m, accessory-battery: water, unit: u",
    ],
    { home },
  );
  expect(foundOf(result)).toEqual([]);
  expect(told(result)).toEqual(["smoke", "smoke-over", "water"]);
  const water = result.reports.find(({ name }) => name === "water");
  expect((water?.raisedMs ?? 0) / minuteMs).toBeGreaterThan(20);
  expect((water?.raisedMs ?? 0) / minuteMs).toBeLessThan(22);
});

test("a room that cools is told after the first hour, and a battery that is all but empty says its last words once", async () => {
  const result = await play(
    [
      "at: 10m, charge: 5 %, unit: u",
      "at: 11m, handle: unplugged, unit: u",
      "at: 45m, handle: plugged-in, unit: u",
      "at: 50m, room: 14, unit: u",
    ],
    { duration: "75m" },
  );
  expect(foundOf(result)).toEqual([]);
  const said = told(result);
  expect(said.filter((name) => name === "battery-empty")).toHaveLength(1);
  expect(said).toContain("too-cold");
});

test("a lossy home costs delay, and behind thick walls nobody hears a press at all", async () => {
  const presses = Array.from({ length: 6 }, (_, at) => `at: ${4 + at * 2}m, press: u`);
  const waits = async (more: string): Promise<readonly number[]> => {
    const result = await play(presses, { home: `${mobile}${more}`, duration: "20m" });
    expect(foundOf(result)).toEqual([]);
    return result.presses.map(({ pressedMs, storedMs }) => (storedMs ?? Number.POSITIVE_INFINITY) - pressedMs);
  };
  expect(Math.max(...(await waits("")))).toBeLessThan(200);
  expect(Math.max(...(await waits(", radio-loss: 60 %")))).toBeGreaterThan(400);
  expect(Math.min(...(await waits(", walls: 60 dB")))).toBe(Number.POSITIVE_INFINITY);
});
