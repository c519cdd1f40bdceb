import fc from "fast-check";
import { expect, test } from "vitest";
import { faults } from "../../firmware/supervision/faults.ts";
import { type Actor, actorTexts, findingsOf, type Symptoms, whoActs } from "./diagnosis.ts";

const none = new Uint8Array(4);
const well: Symptoms = {
  status: {
    type: "answer",
    to: 0,
    reports: 0,
    pending: 0,
    active: "broadband",
    lamp: "ready",
    bad: 0,
    tries: 1,
    dropped: 0,
  },
  state: {
    type: "state",
    to: 0,
    life: "in-service",
    test: "off",
    unverified: none,
    warned: none,
    open: "",
    days: 400,
    faults: 0,
  },
  settings: { type: "settings", to: 0, stage: "proven", version: 3, staged: 0, source: "in-force", length: 100 },
  reasons: [],
  devices: [
    {
      type: "device",
      to: 0,
      place: 0,
      did: "0102030A",
      person: 1,
      where: "",
      state: "verified",
      lacks: "nothing",
      days: 400,
    },
  ],
  paths: [],
  checks: [],
};

type PathPart = readonly ["mobile" | "broadband", number, boolean];
const pathsOf = (parts: readonly PathPart[]): Symptoms["paths"] =>
  parts.map(([route, receiver, accepted]) => ({
    type: "path",
    route,
    receiver,
    result: accepted ? "accepted" : "no-answer",
  }));
const reason = (what: Symptoms["reasons"][number]["what"], code = 0): Symptoms["reasons"][number] => ({
  type: "reason",
  to: 0,
  what,
  code,
});

test("a unit that is well has no finding, and nobody acts", () => {
  expect([findingsOf(well), whoActs(findingsOf(well))]).toEqual([[], "nobody"]);
});

test.each<readonly [string, Partial<Symptoms>, Actor]>([
  [
    "both receivers silent over the mobile network alone",
    {
      paths: pathsOf([
        ["mobile", 1, false],
        ["mobile", 2, false],
        ["broadband", 1, true],
        ["broadband", 2, true],
      ]),
    },
    "operator",
  ],
  [
    "broadband alone is silent",
    {
      paths: pathsOf([
        ["mobile", 1, true],
        ["broadband", 1, false],
      ]),
    },
    "relative",
  ],
  [
    "one receiver silent over every route",
    {
      paths: pathsOf([
        ["mobile", 1, true],
        ["mobile", 2, false],
        ["broadband", 1, true],
        ["broadband", 2, false],
      ]),
    },
    "receiver",
  ],
  [
    "nobody answers over any route",
    {
      paths: pathsOf([
        ["mobile", 1, false],
        ["broadband", 1, false],
      ]),
    },
    "receiver",
  ],
  ["the only route is silent", { paths: pathsOf([["mobile", 1, false]]) }, "operator"],
  ["paths that were not tried", { paths: undefined, reasons: [reason("no-path")] }, "installer"],
  ["no mains", { reasons: [reason("mains-lost")] }, "relative"],
  ["no battery", { reasons: [reason("battery-missing")] }, "installer"],
  ["a deaf radio", { reasons: [reason("fault", 31)] }, "supplier"],
  ["a locked SIM", { reasons: [reason("fault", 44)] }, "operator"],
  ["an alarm that waits", { status: { ...well.status, pending: 1 } }, "receiver"],
  [
    "a button that is not heard",
    { devices: [{ ...well.devices[0], lacks: "contact" } as Symptoms["devices"][number]] },
    "wearer",
  ],
  [
    "a button that nobody has ever accepted",
    { devices: [{ ...well.devices[0], state: "not-verified" } as Symptoms["devices"][number]] },
    "installer",
  ],
  ["an installation that was not closed", { state: { ...well.state, life: "installed" } }, "installer"],
  ["settings that cannot be read", { settings: { ...well.settings, source: "fallback" } }, "installer"],
])("%s: who acts is named", (_name, symptoms, actor) => {
  const findings = findingsOf({ ...well, ...symptoms });
  expect([findings.length > 0, whoActs(findings)]).toEqual([true, actor]);
});

test("every fault of the firmware has one who acts: field the installer, network the operator, repair the supplier", () => {
  const actors = { field: "installer", network: "operator", repair: "supplier" } as const;
  for (const { code, kind } of Object.values(faults)) {
    const [found] = findingsOf({ ...well, reasons: [reason("fault", +code.slice(1))] });
    expect([found?.actor, found?.what.startsWith(`${code}: `), found?.act !== ""]).toEqual([actors[kind], true, true]);
  }
});

test("whatever is wrong, the gravest comes first, each finding says what to do and who, and revoked devices are nobody's affair", () => {
  const anyReason = fc
    .constantFrom(...(["mains-lost", "battery-low", "battery-failed", "no-path", "not-proven"] as const))
    .map((what) => reason(what));
  const anyPart = fc.tuple(
    fc.constantFrom("mobile" as const, "broadband" as const),
    fc.integer({ min: 1, max: 3 }),
    fc.boolean(),
  );
  fc.assert(
    fc.property(
      fc.array(anyReason),
      fc.option(fc.uniqueArray(anyPart, { selector: ([route, receiver]) => route + receiver }), { nil: undefined }),
      fc.constantFrom("verified" as const, "not-verified" as const, "revoked" as const),
      (reasons, parts, state) => {
        const paths = parts === undefined ? undefined : pathsOf(parts);
        const devices = [{ ...well.devices[0], state, lacks: "both", days: 3 } as Symptoms["devices"][number]];
        const installed = { ...well.state, life: "installed" as const };
        const findings = findingsOf({
          ...well,
          reasons: [...reasons, reason("fault", 31)],
          paths,
          devices,
          state: installed,
        });
        const weights = findings.map(({ weight }) => weight);
        expect(weights).toEqual([...weights].sort());
        for (const { what, act, actor } of findings)
          expect([what === "", act === "", actorTexts[actor] === undefined]).toEqual([false, false, false]);
        if (state === "revoked") expect(findings.some(({ what }) => what.includes("0102030A"))).toBe(false);
        if (paths?.some(({ result }) => result !== "accepted"))
          expect(findings.some(({ what }) => /answer/.test(what))).toBe(true);
      },
    ),
  );
});
