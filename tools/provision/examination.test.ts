import fc from "fast-check";
import { expect, test } from "vitest";
import { departmentDefaults, type UnitSettings } from "../../firmware/settings.ts";
import { clientTexts, type Examination, exportOf, leftOvers, repairBundleOf } from "./examination.ts";

const none = new Uint8Array(4);

function examinationOf(shown: Partial<UnitSettings> = {}, more: Partial<Examination> = {}): Examination {
  return {
    unit: "Q4T8A",
    firmware: "0.1.0",
    iccid: "8946012345678901234",
    status: {
      type: "answer",
      to: 0,
      reports: 2,
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
      open: "1",
      days: 400,
      faults: 0,
    },
    settings: { type: "settings", to: 0, stage: "proven", version: 3, staged: 0, source: "in-force", length: 100 },
    shown: {
      cid: "4600100012",
      domain: "larm.example",
      policy: "mobile-first",
      receivers: [
        { uri: "sip:larm@larm.example", host: "192.0.2.77", port: 5060, user: "konto", password: "", answerFrom: [] },
      ],
      localPort: 0,
      modem: { apn: "kommun.iot", user: "", password: "", pin: "" },
      staggerMs: 5_000,
      bonds: [],
      ...shown,
    },
    reasons: [],
    devices: [
      {
        type: "device",
        to: 0,
        place: 0,
        did: "0102030A",
        person: 1,
        where: "sovrum",
        state: "verified",
        lacks: "nothing",
        days: 400,
      },
    ],
    paths: [],
    checks: [],
    ...more,
  };
}

test("a repair bundle says what the unit does and holds nothing of the client, whatever he is set up with", () => {
  const word = fc.stringMatching(/^[a-z]{6,12}x[0-9]{3}$/);
  const number = fc.stringMatching(/^\+46[1-9]\d{8}$/);
  fc.assert(
    fc.property(word, word, number, fc.stringMatching(/^77\d{8}$/), (domain, apn, phone, cid) => {
      const examination = examinationOf({
        cid,
        domain,
        modem: { apn, user: "", password: "", pin: "" },
        receivers: [
          {
            uri: `sip:${domain}`,
            host: `${domain}.se`,
            port: 5060,
            user: "konto",
            password: "",
            answerFrom: [`${apn}.se`],
          },
        ],
        voice: {
          allowedNumbers: [phone],
          receiverNumbers: [phone],
          fallbackNumber: phone,
          relatives: [phone],
          mobileCalls: "none",
        },
        sms: { number: phone, key: undefined },
        departments: {
          ...departmentDefaults,
          feedback: { ...departmentDefaults.feedback, whereToTurn: `Ring ${phone}` },
        },
      });
      const text = JSON.stringify(
        repairBundleOf("U-1", "2026-11-22T10:00:00.000Z", ["no sound"], { examination, log: [] }),
      );
      for (const secret of [...clientTexts(examination), phone, domain, apn, cid, "sovrum", "konto"])
        expect(text).not.toContain(secret);
      for (const kept of ["no sound", "0102030A", "0.1.0", "mobile-first"]) expect(text).toContain(kept);
    }),
  );
});

test("a symptom that names the client is refused", () => {
  const logged = { examination: examinationOf(), log: [] };
  for (const symptom of ["4600100012 is silent", "tyst hos 811218-9876", "no sound in sovrum"])
    expect(() => repairBundleOf("U-1", "", [symptom], logged)).toThrow("names the client");
});

test("an export is for the owner and says all that the unit shows", () => {
  expect(exportOf("U-1", "2026-11-22T10:00:00.000Z", { examination: examinationOf(), log: [] })).toMatchObject({
    serial: "U-1",
    iccid: "8946012345678901234",
    state: { life: "in-service", unverified: "00000000" },
    shown: { larmkod: "4600100012" },
    devices: [{ where: "sovrum" }],
  });
});

test("whatever a wipe leaves is named", () => {
  const before = examinationOf();
  const factory = { cid: "0", domain: "factory.invalid", receivers: [] };
  const settings = { ...before.settings, source: "fallback", version: 0 } as const;
  const clean = examinationOf(factory, {
    unit: "J7K1M",
    settings,
    devices: [],
    status: { ...before.status, reports: 0 },
    state: { ...before.state, life: "wiped" },
  });
  expect(leftOvers(before, clean)).toEqual([]);
  expect(leftOvers(before, { ...clean, state: before.state })).toEqual(["its life state is in-service"]);
  expect(leftOvers(before, { ...clean, settings: before.settings })).toEqual(["settings of version 3"]);
  expect(leftOvers(before, { ...clean, devices: before.devices })).toEqual(["1 devices", "the text sovrum"]);
  expect(leftOvers(before, { ...clean, status: before.status })).toEqual(["2 reports"]);
  expect(leftOvers(before, { ...clean, unit: before.unit })).toEqual(["its name Q4T8A in references"]);
  expect(leftOvers(before, { ...clean, shown: { ...clean.shown, cid: "4600100012" } })).toEqual([
    "the text 4600100012",
  ]);
});
