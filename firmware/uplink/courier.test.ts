import { expect, test } from "vitest";
import { encodeResponse } from "../../protocol/scaip/response.ts";
import { refOf, stemOf } from "../../protocol/scaip/stem.ts";
import type { Attempt } from "../alarm/alarm-state.ts";
import { alarmBench } from "../alarm/arbitraries.ts";
import type { Report } from "../alarm/report.ts";
import { WallClock } from "../wall-clock.ts";
import { Courier } from "./courier.ts";
import type { RouteLink, Urgency } from "./route-link.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };

interface Bench {
  readonly courier: Courier;
  /** What was heard of, in short. */
  readonly told: string[];
  readonly sent: Urgency[];
}

function bench(mayAnswer = true): Bench {
  const told: string[] = [];
  const sent: Urgency[] = [];
  const courier = new Courier({
    clock: { nowMs: () => 5_000, after: () => ({ cancel: () => {} }) },
    wallClock: new WallClock(),
    sender,
    primary: "mobile",
    receiverOf: () => 0,
    onAlarm: (event) => told.push(event.type === "failed" ? `failed: ${event.reason}` : event.type),
    onUplink: (event) => told.push(`uplink ${event.type}`),
    onAnswer: (snu) => told.push(`snu ${snu}`),
  });
  const send = (_attempt: number, _receiver: number, _body: Uint8Array, how: Urgency): void => void sent.push(how);
  courier.add({
    route: "mobile",
    ready: true,
    mayAnswer: () => mayAnswer,
    send,
    overtaken: () => {},
  } as unknown as RouteLink);
  return { courier, told, sent };
}

test("an acceptance over a connection with a wrong certificate is passed over: the alarm stays pending", () => {
  const { courier, told } = bench();
  const body = encodeResponse({ ref: refOf(stemOf(sender.prefix, 7), 0), snu: 0 });
  const message = { type: "message", receiver: 0, host: "192.0.2.1", body } as const;
  courier.hear("mobile", { ...message, foreign: true });
  expect(told).toEqual([]);
  courier.hear("mobile", { ...message, foreign: false });
  expect(told).toEqual(["answered", "uplink answered", "snu 0"]);
});

test("an answer from another receiver than the one that was asked proves no route of either", () => {
  const { courier, told } = bench(false);
  const body = encodeResponse({ ref: refOf(stemOf(sender.prefix, 7), 0), snu: 0, hbi: 5 });
  courier.hear("mobile", { type: "message", receiver: 1, host: "192.0.2.2", body });
  expect(told).toEqual(["answered", "uplink odd-answer"]);
});

test("an alarm is urgent, a technical report is not; only a user alarm is a last resort, and not in its first round", () => {
  const alarms = alarmBench();
  alarms.press(0, 1);
  const { report, attempt } = alarms.sent("ME")[0] as { report: Report; attempt: Attempt };
  const sentAs = (
    changes: Partial<Report>,
    kind: Report["facts"]["kind"],
    what: Attempt["what"],
  ): Urgency | undefined => {
    const { courier, sent } = bench();
    courier.send({ ...attempt, what }, { ...report, ...changes, facts: { ...report.facts, kind } });
    return sent[0];
  };
  expect(sentAs({ round: 1 }, "user-alarm", "ME")).toEqual({ urgent: true, lastResort: false });
  expect(sentAs({ round: 2 }, "user-alarm", "ME")).toEqual({ urgent: true, lastResort: true });
  expect(sentAs({ round: 2 }, "user-alarm", "RE")).toEqual({ urgent: true, lastResort: false });
  expect(sentAs({ round: 2 }, "life-safety", "ME")).toEqual({ urgent: true, lastResort: false });
  expect(sentAs({ round: 2 }, "technical", "ME")).toEqual({ urgent: false, lastResort: false });
});

test("a registration over one route overtakes the others of that receiver", () => {
  const { courier } = bench();
  const overtaken: number[] = [];
  const link = { route: "broadband", overtaken: (receiver: number) => overtaken.push(receiver) };
  courier.add(link as unknown as RouteLink);
  courier.tookOver("broadband", 0);
  expect(overtaken).toEqual([]);
  courier.tookOver("mobile", 1);
  expect(overtaken).toEqual([1]);
});

test("what went into a connection that was then lost may have arrived; where none was to be had nothing left", () => {
  const reasons = ["connection-lost", "connect-timeout", "connection-refused", "no-link"] as const;
  const told = reasons.map((reason) => {
    const { courier, told } = bench();
    courier.hear("mobile", { type: "failed", attempt: 1, receiver: 0, reason, status: 0, retryAfterS: undefined });
    return told.find((text) => text.startsWith("failed"));
  });
  expect(told).toEqual(["failed: no-answer", "failed: no-link", "failed: no-link", "failed: no-link"]);
});
