import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { emptyKeys, type KeysContent } from "./keys-file.ts";
import { labelCode } from "./label-code.ts";
import { planDoubts, readPlan, roomWord } from "./plan-file.ts";

const made = "2026-11-22T10:00:00.000Z";
const keys: KeysContent = {
  ...emptyKeys(),
  units: [{ serial: "U-000001", serviceKey: "0f".repeat(16), made }],
  buttons: [{ address: "0102030A", form: "neck", key: "a5".repeat(16), made }],
};
const label = { address: 0x0102_030b, form: "wrist", key: new Uint8Array(16).fill(3) } as const;
const settings = {
  format: 1,
  larmkod: "4600100012",
  domain: "larm.example",
  policy: "mobile-first",
  receivers: [
    { uri: "sip:a@larm.example", host: "192.0.2.1" },
    { uri: "sip:b@larm.example", host: "192.0.2.2", transport: "tls" },
  ],
};
const good = {
  format: 1,
  unit: "U-000001",
  client: "K-1042",
  settings,
  buttons: [{ label: "0102030a" }, { label: labelCode(label), person: 2 }],
  rooms: ["Kök", "Övre hall"],
};

function planFrom(file: object): ReturnType<typeof readPlan> {
  const folder = mkdtempSync(join(tmpdir(), "plan-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  writeFileSync(join(folder, "plan.json"), JSON.stringify(file));
  return readPlan(join(folder, "plan.json"), "keys.enc", keys);
}

test("a plan knows every path, button and room that is to be proven", () => {
  const plan = planFrom(good);
  expect(plan.checklist).toEqual({
    paths: ["mobile 1", "mobile 2", "broadband 1", "broadband 2"],
    buttons: ["0102030A", "0102030B"],
    rooms: ["Kok", "Ovre-hall"],
    hasBattery: true,
    hasSpeech: true,
  });
  expect(plan.buttons.map(({ label: { form }, person }) => [form, person])).toEqual([
    ["neck", 1],
    ["wrist", 2],
  ]);
  expect(planFrom({ ...good, settings: "settings.json" }).settings).toEqual(plan.settings);
  expect(planDoubts(plan)).toEqual(["receiver 1 is not reached over TLS: nothing proves who answers"]);
});

test.each([
  [{ ...good, client: "811218-9876" }, "must not be a personal identity number"],
  [{ ...good, client: "Anna" }, "never a name"],
  [{ ...good, settings: { ...settings, larmkod: "4600100021" } }, "wrong check digit"],
  [{ ...good, unit: "U-9" }, "no key of unit U-9"],
  [{ ...good, buttons: [{ label: labelCode(label).replace(/.$/, "!") }] }, "cannot be read"],
  [{ ...good, buttons: [{ label: "0102030A" }, { label: "0102030A" }] }, "stands twice"],
  [{ ...good, rooms: ["Kök", "kök", "Kok"] }, "the room Kok stands twice"],
  [{ ...good, buttons: [] }, "rooms are walked with a button"],
  [{ ...good, settings: "none.json" }, "none.json cannot be read"],
  [{ ...good, wearer: "Anna" }, "wearer"],
] as const)("a plan is refused with what is wrong in it: %#", (file, why) => {
  expect(() => planFrom(file)).toThrow(why);
});

test("where larmkods have no check digit the plan says so", () => {
  expect(planFrom({ ...good, checkDigit: "none", settings: { ...settings, larmkod: "4600100021" } }).larmkod).toBe(
    "4600100021",
  );
});

test("a room is said in letters that the unit's line can carry", () => {
  expect(["Kök", "Övre hall & trappa till vind", "---", "Sovrum 2"].map(roomWord)).toEqual([
    "Kok",
    "Ovre-hall-trappa-til",
    "room",
    "Sovrum-2",
  ]);
});
