import { expect, test } from "vitest";
import { CallBench } from "./call-test-bench.ts";
import { deskUri, invitation, within } from "./call-test-messages.ts";

test("a call is dialled, taken, spoken in and ended, and each end hears of it once", () => {
  const bench = new CallBench("udp", true);
  const desk = bench.desk;
  if (desk === undefined) throw new Error("no desk");
  bench.unit.act((phone) => phone.dial(deskUri, "listen"));
  bench.run(100);
  expect(desk.events).toEqual(["incoming sip:4607110231@198.51.100.23:5070"]);
  desk.act((phone) => phone.answer("duplex"));
  bench.run(100);
  expect(bench.unit.events).toEqual(["answered"]);
  expect(bench.unit.newest.log).toEqual(["open mic -", "start 203.0.113.9:40002 PCMA 101"]);
  expect(desk.newest.log).toEqual(["open mic speaker", "start 198.51.100.23:40002 PCMA 101"]);
  bench.unit.act((phone) => phone.speak("talk"));
  bench.unit.act((phone) => phone.volume(1));
  expect(bench.unit.newest.log.slice(2)).toEqual(["open - speaker", "volume 1"]);
  desk.act((phone) => phone.hangUp());
  bench.run(100);
  expect(bench.unit.events).toEqual(["answered", "ended over"]);
  expect(bench.unit.newest.isClosed && desk.newest.isClosed).toBe(true);
  expect(bench.talk).toEqual([
    "unit INVITE",
    "desk 180 INVITE",
    "desk 200 INVITE",
    "unit ACK",
    "desk BYE",
    "unit 200 BYE",
  ]);
  bench.run(120_000);
  expect(bench.clock.running).toBe(0);
});

test("a call that comes in rings, is taken, and ends with the caller's BYE", () => {
  const bench = new CallBench("udp", false);
  bench.hear(invitation());
  expect(bench.unit.events).toEqual(["incoming " + deskUri]);
  bench.unit.act((phone) => phone.answer("talk"));
  bench.run(10);
  const taken = bench.answer;
  expect([taken.status, bench.unit.newest.log]).toEqual([200, ["open - speaker", "start 203.0.113.9:30000 PCMA 101"]]);
  bench.hear(within("ACK", 1, taken.to.tag ?? ""));
  bench.hear(within("BYE", 2, taken.to.tag ?? ""));
  expect(bench.unit.events).toEqual(["incoming " + deskUri, "ended over"]);
  expect(bench.answer.status).toBe(200);
});
