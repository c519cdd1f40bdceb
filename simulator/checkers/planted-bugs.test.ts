import { beforeEach, expect, test, vi } from "vitest";
import { foundOf, playSmall, redOf, type SmallWorld } from "../play-bench.ts";
import { duplicateCasesCheck, falseAcceptedCheck, lostAlarmsCheck } from "../record/run-result.ts";

/** Bugs of the firmware, planted around the modules that are really there; off unless a test sets it. */
const planted = vi.hoisted(() => ({ bug: "none" }));

vi.mock("../../firmware/alarm/alarm-machine.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/alarm-machine.ts")>();
  return {
    ...real,
    stepAlarms: ((state, event) => {
      const next = real.stepAlarms(state, event);
      if (planted.bug === "an alarm is dropped after its first round") {
        const reports = next.state.reports.filter(({ facts, at }) => facts.kind !== "user-alarm" || at !== "pause");
        return { state: { ...next.state, reports }, effects: next.effects };
      }
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

interface Plant {
  readonly bug: string;
  readonly world: SmallWorld;
  /** The one checker that must turn red. */
  readonly red: string;
  /** What it must say: which unit, and when or what. */
  readonly says: RegExp;
}

const both = ["primary", "secondary"] as const;
const plants: readonly Plant[] = [
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
];

beforeEach(() => {
  planted.bug = "none";
});

for (const { bug, world, red, says } of plants) {
  const where = `${world.primary ?? "normal"}, ${world.presses?.length ?? 1} press`;
  test(`${red} turns red, and only it, when ${bug} (${where})`, async () => {
    const sound = await playSmall(world);
    expect(foundOf(sound)).toEqual([]);
    planted.bug = bug;
    const result = await playSmall(world);
    expect(redOf(result)).toEqual([red]);
    expect(result.verdict).toBe("failed");
    expect(foundOf(result)).toContainEqual(expect.stringMatching(says));
  });
}
