/** `receiver` and `unit` as two processes on real sockets, as a tester starts them. Nothing here asserts how long it takes. */
import { expect, test } from "vitest";
import { runUnit, startReceiver, typesOfPresses, type UnitEvent, until } from "../live-bench.ts";

const press = ["--press-after", "0.1", "--exit-after-accept", "0.2", "--give-up-after", "20"];
const account = ["--user", "enhet", "--password", "provkod-77"];

/** A press is shown its whole way, and every line has every field. */
function expectWholeWay(title: string, events: readonly UnitEvent[], receiver: number): UnitEvent {
  for (const event of events) {
    expect(Object.keys(event)).toEqual(["type", "t", "stem", "ref", "route", "receiver", "attempt"]);
    expect(Number.isInteger(event.t)).toBe(true);
  }
  const ofPress = (type: string): UnitEvent => events.find((event) => event.type === type) as UnitEvent;
  const [pressed, stored, accepted] = [ofPress("pressed"), ofPress("stored"), ofPress("accepted")];
  expect(stored.stem).toMatch(/^[0-9A-Z]{12}$/);
  expect(accepted).toMatchObject({ stem: stored.stem, route: "broadband", receiver });
  expect(accepted.ref).toMatch(new RegExp(`^${stored.stem}[0-9A-Z]{3}$`));
  expect(pressed.t).toBeLessThanOrEqual(stored.t);
  expect(stored.t).toBeLessThanOrEqual(accepted.t);
  console.log(`${title}: accepted ${accepted.t - pressed.t} ms after the press`);
  return accepted;
}

test.concurrent("a press is accepted, and both sides print what happened as lines of JSON", async ({
  onTestFinished,
}) => {
  const receiver = await startReceiver(onTestFinished);
  const unit = await runUnit(onTestFinished, receiver.port, [...press, "--larmkod", "4607110231"]);
  expect(unit.code, unit.stderr).toBe(0);
  expect(typesOfPresses(unit.events)).toEqual(["pressed", "stored", "carried", "accepted"]);
  const accepted = expectWholeWay("plain", unit.events, 1);
  expect(accepted.attempt).toBe(1);
  expect(unit.events.map(({ type }) => type)).toContain("report-stored");
  await until(() => receiver.events().some(({ type }) => type === "alarm"));
  expect(receiver.events().find(({ type }) => type === "alarm")).toMatchObject({
    cid: "4607110231",
    ref: accepted.ref,
    dty: 3,
    stc: 10,
    answer: "snu 0",
  });
});

test.concurrent("the same with digest authentication, the password in a flag or in the environment", async ({
  onTestFinished,
}) => {
  const receiver = await startReceiver(onTestFinished, ...account);
  const [byFlag, byEnvironment] = await Promise.all([
    runUnit(onTestFinished, receiver.port, [...press, ...account]),
    runUnit(onTestFinished, receiver.port, [...press, "--user", "enhet"], { LIVLINA_PASSWORD: "provkod-77" }),
  ]);
  expect(byFlag.code, byFlag.stderr).toBe(0);
  expectWholeWay("digest, flag", byFlag.events, 1);
  expect(byEnvironment.code, byEnvironment.stderr).toBe(0);
  expectWholeWay("digest, environment", byEnvironment.events, 1);
});

test.concurrent("with a wrong password it is never accepted, and the unit ends with 1 when told to give up", async ({
  onTestFinished,
}) => {
  const receiver = await startReceiver(onTestFinished, ...account);
  const flags = ["--press-after", "0.1", "--give-up-after", "1.5", "--user", "enhet", "--password", "fel"];
  const unit = await runUnit(onTestFinished, receiver.port, flags);
  expect(unit.code, unit.stderr).toBe(1);
  expect(typesOfPresses(unit.events)).toEqual(["pressed", "stored", "gave-up-path"]);
  expect(unit.stderr).toContain("no press was accepted within 1.5 s after the start\n  try: ");
});

test.concurrent("a receiver that refuses is left for the second one at once", async ({ onTestFinished }) => {
  const refuses = await startReceiver(onTestFinished, "--mode", "reject");
  const takes = await startReceiver(onTestFinished);
  const second = ["--second-via", `udp:127.0.0.1:${takes.port}`];
  const unit = await runUnit(onTestFinished, refuses.port, [...press, ...second]);
  expect(unit.code, unit.stderr).toBe(0);
  expect(typesOfPresses(unit.events).slice(0, 5)).toEqual(["pressed", "stored", "carried", "refused", "carried"]);
  const accepted = expectWholeWay("refused first", unit.events, 2);
  expect(accepted.attempt).toBe(2);
});
