import { beforeEach, vi } from "vitest";
import type { AlarmEffect, AlarmEvent, AlarmState } from "../../firmware/alarm/alarm-state.ts";
import type { Next } from "../../firmware/machine.ts";
import { duplicateCasesCheck, falseAcceptedCheck, lostAlarmsCheck } from "../record/run-result.ts";
import { freshCountersCheck } from "./fresh-counters.ts";
import { noGhostsCheck } from "./no-ghosts.ts";
import { orderOfKindsCheck } from "./order-of-kinds.ts";
import { testPlants } from "./plant-bench.ts";
import { promptHelpCheck } from "./prompt-help.ts";
import { toldTheTruthCheck } from "./told-the-truth.ts";
import { withdrawalsCheck } from "./withdrawals.ts";

type AlarmStep = Next<AlarmState, AlarmEffect>;

/** Bugs of the firmware, planted around the modules that are really there; off unless a test sets it. */
const planted = vi.hoisted(() => ({ bug: "none" }));

vi.mock("../../firmware/alarm/alarm-machine.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/alarm-machine.ts")>();
  return {
    ...real,
    stepAlarms: ((state, event) => {
      const next = real.stepAlarms(state, renamed(event));
      if (planted.bug === "an alarm is dropped after its first round") {
        const reports = next.state.reports.filter(({ facts, at }) => facts.kind !== "user-alarm" || at !== "pause");
        return { state: { ...next.state, reports }, effects: next.effects };
      }
      if (planted.bug === "who has accepted is withdrawn from as well") return withdrawnFromAll(next, event.nowMs);
      return next;
    }) satisfies typeof real.stepAlarms,
  };
});

vi.mock("../../firmware/alarm/calls.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/calls.ts")>();
  return {
    ...real,
    stepOfPress: ((reports, bond, name) => {
      const isLie =
        planted.bug === "a SIP 200 is taken for acceptance" && reports.some(({ carriedMs }) => carriedMs >= 0);
      return isLie ? "accepted" : real.stepOfPress(reports, bond, name);
    }) satisfies typeof real.stepOfPress,
  };
});

vi.mock("../../firmware/alarm/answer.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/answer.ts")>();
  return {
    ...real,
    answered: ((turn, answer) => {
      const isLie = planted.bug === "hold is taken for acceptance" && answer.snu === 4;
      real.answered(turn, isLie ? { ...answer, snu: 0 } : answer);
    }) satisfies typeof real.answered,
  };
});

vi.mock("../../firmware/alarm/report.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/report.ts")>();
  return {
    ...real,
    isRaced: ((report) =>
      planted.bug !== "an alarm waits its turn like any other report" &&
      real.isRaced(report)) satisfies typeof real.isRaced,
  };
});

vi.mock("../../firmware/pairing/bonds.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/pairing/bonds.ts")>();
  return {
    ...real,
    judge: ((memory, frame, nowMs) => {
      const judged = real.judge(memory, frame, nowMs);
      const isOld = judged.verdict === "replayed" && frame.message.type === "press";
      const isTaken = isOld && planted.bug === "an old press counts as a new one";
      return isTaken ? real.judge(real.noMemory, frame, nowMs) : judged;
    }) satisfies typeof real.judge,
  };
});

vi.mock("../../firmware/sip/sources.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/sip/sources.ts")>();
  class Gullible extends real.Sources {
    override allows(receiver: number, host: string): boolean {
      return planted.bug === "a stranger speaks for the receiver" || super.allows(receiver, host);
    }
  }
  return { ...real, Sources: Gullible };
});

vi.mock("../../protocol/scaip/stem.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../protocol/scaip/stem.ts")>();
  return {
    ...real,
    numberFromRef: ((prefix, ref) =>
      real.numberFromRef(
        prefix,
        planted.bug === "a ref is compared without its first character" ? prefix.charAt(0) + ref.substring(1) : ref,
      )) satisfies typeof real.numberFromRef,
  };
});

vi.mock("../../firmware/alarm/update.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/update.ts")>();
  return {
    ...real,
    oweUpdate: ((...owed) => {
      if (planted.bug !== "no update is ever sent") real.oweUpdate(...owed);
    }) satisfies typeof real.oweUpdate,
  };
});

vi.mock("../../firmware/alarm/withdrawal.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/withdrawal.ts")>();
  return {
    ...real,
    owe: ((report, part, nowMs) =>
      planted.bug === "nothing is withdrawn" ? report : real.owe(report, part, nowMs)) satisfies typeof real.owe,
  };
});

vi.mock("../../firmware/alarm/message.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/message.ts")>();
  return {
    ...real,
    messageOf: ((sender, report, attempt) => {
      const isNew = planted.bug === "each round has a stem of its own" && report.round > 1;
      return real.messageOf(
        sender,
        isNew ? { ...report, number: report.number + report.round * 100_000 } : report,
        attempt,
      );
    }) satisfies typeof real.messageOf,
  };
});

/** By name: when a press was first heard. */
const heardMs = new Map<number, number>();

/** What is heard once more after five minutes has another name. */
function renamed(event: AlarmEvent): AlarmEvent {
  if (planted.bug !== "an old press counts as a new one" || event.type !== "pressed") return event;
  const firstMs = heardMs.get(event.name) ?? event.nowMs;
  heardMs.set(event.name, firstMs);
  return event.nowMs - firstMs > 300_000 ? { ...event, name: event.name + event.nowMs } : event;
}

/** Once an alarm is closed, the receiver that has accepted it is owed a withdrawal too. */
function withdrawnFromAll(next: AlarmStep, nowMs: number): AlarmStep {
  const owed = { at: "owed", nextMs: nowMs + 1_000, sinceMs: nowMs, tries: 0, carried: false } as const;
  let isOwed = false;
  const reports = next.state.reports.map((report) => {
    const { at, facts, sessions } = report;
    const closes = at === "done" && facts.kind === "user-alarm" && sessions.some((each) => each.at === "accepted");
    if (!closes) return report;
    isOwed = true;
    return { ...report, sessions: sessions.map((each) => (each.at === "accepted" ? { ...each, ...owed } : each)) };
  });
  if (!isOwed) return next;
  return { state: { ...next.state, reports }, effects: [...next.effects, { type: "wake", atMs: nowMs + 1_000 }] };
}

const both = ["primary", "secondary"] as const;

beforeEach(() => {
  heardMs.clear();
});

testPlants(planted, [
  {
    bug: "a SIP 200 is taken for acceptance",
    world: { primary: "silent-after-200" },
    red: falseAcceptedCheck,
    says: /^u, 00:04:0\d: (button 1|the unit's lamp) showed "accepted"/,
  },
  {
    bug: "hold is taken for acceptance",
    world: { primary: "hold", duration: "10m" },
    red: falseAcceptedCheck,
    says: /^u, 00:04:0\d: (button 1|the unit's lamp) showed "accepted"/,
  },
  {
    bug: "a ref is compared without its first character",
    world: { primary: "wrong-ref", duration: "10m" },
    red: falseAcceptedCheck,
    also: [toldTheTruthCheck],
    says: /^u, 00:04:0\d: (button 1|the unit's lamp) showed "accepted"/,
  },
  {
    bug: "an alarm is dropped after its first round",
    world: { primary: "silent-after-200" },
    red: lostAlarmsCheck,
    says: /^u, button 1, pressed at 00:04:00: taken over, not accepted, no longer sent$/,
  },
  {
    bug: "no update is ever sent",
    world: { presses: ["at: 4m, press: u", "at: 5m, press: u"] },
    red: lostAlarmsCheck,
    also: [promptHelpCheck],
    says: /^u, button 1, pressed at 00:05:00: taken over/,
  },
  {
    bug: "nothing is withdrawn",
    world: { primary: "hold", receivers: both },
    red: duplicateCasesCheck,
    says: /^u, alarm [0-9A-Z]{12}: 2 open cases, at secondary and primary, accepted at 00:07:\d\d$/,
  },
  {
    bug: "each round has a stem of its own",
    world: { primary: "late" },
    red: duplicateCasesCheck,
    says: /^u, alarm [0-9A-Z]{12} and [0-9A-Z]{12}: 2 open cases, at primary and primary/,
  },
  {
    bug: "a stranger speaks for the receiver",
    world: { primary: "silent-after-200", duration: "10m", faults: ["from: 2m, strangers: u, fault: forged"] },
    red: falseAcceptedCheck,
    also: [toldTheTruthCheck],
    says: /^u, 00:04:0\d: (button 1|the unit's lamp) showed "accepted"/,
  },
  {
    bug: "an alarm waits its turn like any other report",
    world: {
      duration: "30m",
      presses: [
        "at: 4m, key: presence, unit: u",
        "at: 241s, key: away, unit: u",
        "at: 242s, handle: opened, unit: u",
        "at: 260s, press: u",
      ],
    },
    red: orderOfKindsCheck,
    also: [promptHelpCheck],
    says: /^u: button 1, taken over at 00:04:\d\d, left at 00:/,
  },
  {
    bug: "who has accepted is withdrawn from as well",
    world: {},
    red: withdrawalsCheck,
    says: /^u, 00:06:\d\d: [0-9A-Z]{15} was withdrawn although a receiver has accepted it$/,
  },
  {
    bug: "an old press counts as a new one",
    world: {
      duration: "80m",
      faults: ["from: 1m, strangers: u, fault: replayed"],
      presses: [4, 7, 10, 13, 16, 19, 22, 25].map((minute) => `at: ${minute}m, press: u`),
    },
    red: noGhostsCheck,
    also: [freshCountersCheck],
    says: /^u, 0\d:\d\d:\d\d: [0-9A-Z]{12} is call 9 of button 1, which was used 8 times$/,
  },
]);
