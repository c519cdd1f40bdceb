import { expect, test } from "vitest";
import { UserError } from "./user-error.ts";
import { operatorsOf, type VoiceFlags, voiceOrderOf } from "./voice-flags.ts";

test.each([
  [{}, undefined],
  [{ voice: "answers" }, { mre: 1 }],
  [
    { voice: "never-calls", cre: "05" },
    { mre: 1, cre: 5 },
  ],
  [{ mre: "2" }, { mre: 2 }],
  [{ voice: "answers", mre: "0" }, { mre: 0 }],
  [
    { mre: "1", tnu: ["sip:larm@127.0.0.1:5060", "gsm:"] },
    { mre: 1, cre: 62, tnu: ["sip:larm@127.0.0.1:5060", "gsm:"] },
  ],
  [
    { tnu: ["sip:larm@127.0.0.1"], cre: "61" },
    { mre: 1, cre: 61, tnu: ["sip:larm@127.0.0.1"] },
  ],
] as const)("flags %j order %j in the mrs", (flags, order) => {
  expect(voiceOrderOf(flags)).toEqual(order);
});

test.each([
  [{}, undefined],
  [{ mre: "1" }, undefined],
  [{ voice: "answers" }, { mode: "answers", count: 4 }],
  [
    { voice: "presses", operators: "1", keys: "4*#", talk: "1.5" },
    { mode: "presses", count: 1, keys: "4*#", talkMs: 1_500 },
  ],
] as const)("flags %j give operators %j", (flags, operators) => {
  expect(operatorsOf(flags)).toEqual(operators);
});

test.each<VoiceFlags>([
  { voice: "sings" },
  { voice: "answers", keys: "4x" },
  { voice: "answers", keys: "" },
  { voice: "answers", talk: "soon" },
  { voice: "answers", talk: "3601" },
  { voice: "answers", operators: "0" },
  { voice: "answers", operators: "1001" },
  { keys: "4" },
  { talk: "1" },
  { operators: "2" },
  { mre: "4" },
  { mre: "-1" },
  { cre: "0" },
  { cre: "63" },
  { mre: "1", tnu: ["larm"] },
])("flags %j are refused with what to try", (flags) => {
  const wrong = (): void => {
    voiceOrderOf(flags);
    operatorsOf(flags);
  };
  expect(wrong).toThrow(UserError);
  try {
    wrong();
  } catch (thrown) {
    expect(thrown).toMatchObject({ exitCode: 2 });
    expect((thrown as UserError).hint.length).toBeGreaterThan(3);
  }
});
