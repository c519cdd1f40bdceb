import { expect, test } from "vitest";
import type { VoiceMedium } from "../ports/voice.ts";
import { offerOf, planCall } from "./call-plan.ts";

const own = { mobile: "+4681000", sip: "sip:larm@example.org" };
const both: readonly VoiceMedium[] = ["sip", "mobile"];

const ownBoth = ["sip:larm@example.org", "+4681000"];
const ownByPhone = ["+4681000", "sip:larm@example.org"];

/** mre, cre, tnu, media; who calls, mode, minutes, targets. */
const rows: readonly (readonly [
  number,
  number,
  readonly string[],
  readonly VoiceMedium[],
  string,
  string,
  number,
  readonly string[],
])[] = [
  [0, 61, [], both, "none", "duplex", 0, []],
  [0, 5, [], both, "none", "duplex", 0, []],
  [0, 62, ["gsm:+46701"], both, "none", "duplex", 0, []],
  [4, 61, [], both, "none", "duplex", 0, []],
  [99, 61, [], both, "none", "duplex", 0, []],
  [1, 61, [], both, "unit", "duplex", 0, ownBoth],
  [2, 61, [], both, "unit", "listen", 0, ownBoth],
  [3, 61, [], both, "unit", "talk", 0, ownBoth],
  [1, 61, [], ["mobile"], "unit", "duplex", 0, ["+4681000"]],
  [1, 61, [], [], "none", "duplex", 0, []],
  [1, 61, ["gsm:"], both, "unit", "duplex", 0, ownByPhone],
  [1, 61, ["sip:"], both, "unit", "duplex", 0, ownBoth],
  [1, 61, ["gsm:"], ["sip"], "unit", "duplex", 0, ["sip:larm@example.org"]],
  [1, 61, ["gsm:+46701"], both, "unit", "duplex", 0, ownBoth],
  [1, 62, ["gsm:+46701"], both, "unit", "duplex", 0, ["+46701", ...ownBoth]],
  [2, 62, ["sip:plats4@example.org"], both, "unit", "listen", 0, ["sip:plats4@example.org", ...ownBoth]],
  [1, 62, ["sip-pp:plats4@example.org"], both, "unit", "duplex", 0, ["sip:plats4@example.org", ...ownBoth]],
  [1, 62, ["sip:a@x", "gsm:+46701"], ["mobile"], "unit", "duplex", 0, ["+46701", "+4681000"]],
  [1, 62, ["sip:a@x"], ["mobile"], "unit", "duplex", 0, ["+4681000"]],
  [1, 62, ["gsm:"], both, "unit", "duplex", 0, ownByPhone],
  [1, 62, [], both, "unit", "duplex", 0, ownBoth],
  [1, 62, ["fax:1", "nothing", ""], both, "unit", "duplex", 0, ownBoth],
  [
    1,
    62,
    ["gsm:1", "gsm:2", "gsm:3", "gsm:4", "gsm:5"],
    ["mobile"],
    "unit",
    "duplex",
    0,
    ["1", "2", "3", "4", "+4681000"],
  ],
  [1, 1, [], both, "centre", "duplex", 1, ownBoth],
  [2, 5, [], both, "centre", "listen", 5, ownBoth],
  [3, 60, ["gsm:+46701"], both, "centre", "talk", 60, ownBoth],
  [1, 5, ["gsm:"], both, "centre", "duplex", 5, ownByPhone],
  [1, 5, [], [], "none", "duplex", 0, []],
];

test.each(rows)("mre %i, cre %i and tnu %j with media %j: %s, %s, %i min, %j", (...row) => {
  const [mre, cre, tnu, media, who, mode, minutes, numbers] = row;
  const plan = planCall({ mre, cre, tnu }, own, media);
  expect({ who: plan.who, mode: plan.mode, minutes: plan.minutes }).toEqual({ who, mode, minutes });
  expect(plan.targets.map(({ number }) => number)).toEqual(numbers);
  for (const { medium, number } of plan.targets) expect(medium).toBe(number.startsWith("sip:") ? "sip" : "mobile");
});

test("an own receiver without any number leaves nowhere to call", () => {
  expect(planCall({ mre: 1, cre: 61, tnu: [] }, { mobile: "", sip: "" }, both).targets).toEqual([]);
});

test("each medium is offered by its scheme alone, and without any nothing is", () => {
  expect(offerOf(both)).toEqual(["sip:", "gsm:"]);
  expect(offerOf([])).toBeUndefined();
});
