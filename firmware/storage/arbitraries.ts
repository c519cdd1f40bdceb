/** Random settings of a unit, within the bounds that a unit runs on; for tests. */
import fc from "fast-check";
import { lifeNames } from "../household/life-states.ts";
import { lithiumCoin, lithiumIon } from "../power/charge.ts";
import type { DepartmentSettings, UnitSettings } from "../settings.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import { mobileCallKinds } from "../voice/voice-settings.ts";

const anyText = fc.string({ maxLength: 20 });
const anyName = fc.stringMatching(/^[a-z][a-z0-9.-]{0,14}$/);

/** Members that are absent, not undefined: that is how a reader leaves them out. */
function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

const anyReceiver: fc.Arbitrary<ReceiverAddress> = fc
  .record({
    uri: anyName.map((name) => `sip:${name}`),
    host: anyName,
    port: fc.nat(65_535),
    user: anyText,
    password: anyText,
    answerFrom: fc.array(anyName, { maxLength: 4 }),
    transport: fc.constantFrom(undefined, "udp" as const, "tcp" as const, "tls" as const),
    address: fc.option(fc.constant("192.0.2.7"), { nil: undefined }),
    register: fc.constantFrom(undefined, true as const),
    serverName: fc.option(fc.oneof(anyName, fc.constant("")), { nil: undefined }),
  })
  .map((receiver) => without(receiver) as ReceiverAddress);

const anyDoor = fc.record({
  address: fc.nat(0xffffffff),
  fromMinute: fc.nat(1_439),
  toMinute: fc.nat(1_439),
  preAlarmMs: fc.nat(300_000),
  tooLongMs: fc.oneof(fc.constant(0), within(60_000, 86_400_000)),
});

const anyWindow = fc.option(
  within(0, 86_399).chain((fromS) => within(fromS + 1, 86_400).map((toS) => ({ fromS, toS }))),
  { nil: undefined },
);

const anyPower = fc
  .record({
    signAfterMs: within(100, 10_000),
    reportMainsAfterMs: within(0, 10_800_000),
    mainsSpreadMs: within(0, 3_600_000),
    mainsStableMs: within(60_000, 3_600_000),
    missingAfterMs: within(60_000, 86_400_000),
    curve: fc.constantFrom(lithiumIon, lithiumCoin),
    wifiMayRest: fc.boolean(),
    lowPermille: within(100, 300),
    above: within(1, 600),
    confirmMs: within(240_000, 360_000),
    checkMs: within(3_600_000, 172_800_000),
    checksPerTest: within(0, 60),
    testMs: within(1_000, 1_200_000),
    failedMv: fc.nat(65_535),
    testAbove: within(100, 600),
    testMa: within(1, 300),
    talkMa: fc.nat(1_000),
    capacityMah: within(1_000, 100_000),
    overAgeDays: within(30, 7_300),
    standbyMinutes: within(3_000, 60_000),
    steps: fc.uniqueArray(fc.nat(60_000), { maxLength: 12 }),
    lastWordsPermille: within(10, 100),
  })
  .map(({ above, testAbove, steps, ...rest }) => ({
    ...rest,
    goodPermille: rest.lowPermille + above,
    testFromPermille: rest.lowPermille + testAbove,
    stepsMinutes: steps.toSorted((one, other) => other - one),
  }));

const anyHousehold = fc.record({
  inactivity: fc
    .record({
      mode: fc.constantFrom("off" as const, "rolling" as const, "window" as const),
      periodMs: fc.constantFrom(43_200_000, 86_400_000),
      warnMs: within(60_000, 300_000),
      windowStart: fc.nat(1_439),
      windowEnd: fc.nat(1_439),
    })
    .filter((quiet) => quiet.windowStart !== quiet.windowEnd),
  temperature: fc.record({ coldDeciC: within(-200, 200), warmDeciC: within(250, 500) }),
  firstLife: fc.constantFrom(...lifeNames),
  alarmVisitMs: fc.nat(86_400_000),
});

/** Within what a unit with one receiver runs on. */
const anyNumber = fc.constantFrom("112", "+46701234567", "sip:plats4@larm.example.org");
const anyVoice = fc.record({
  fallbackNumber: fc.oneof(fc.constant(""), anyNumber),
  allowedNumbers: fc.array(anyNumber, { maxLength: 16 }),
  receiverNumbers: fc.array(fc.constantFrom("", "112"), { maxLength: 1 }),
  relatives: fc.array(anyNumber, { maxLength: 8 }),
  mobileCalls: fc.constantFrom(...mobileCallKinds),
});

const anySms = fc.oneof(
  fc.constant({ number: "", key: undefined }),
  fc.record({ number: fc.constant("+46701234567"), key: fc.uint8Array({ minLength: 16, maxLength: 16 }) }),
);

export const anyDepartments: fc.Arbitrary<DepartmentSettings> = fc.record({
  alarm: fc.record({ preAlarmS: fc.nat(30), fallDelayS: fc.nat(30) }),
  radio: fc.record({
    silentMs: within(3_600_000, 262_800_000),
    sensitivityDbm: within(-130, -60),
    limitDb: fc.nat(40),
    doors: fc.array(anyDoor, { maxLength: 8 }),
  }),
  power: anyPower,
  household: anyHousehold,
  supervision: fc.record({
    autolarm: anyWindow,
    autolarmReceiver: fc.constantFrom(-1, 0),
    dailyCheck: anyWindow,
    remindAfterDays: within(1, 100),
    listAfterDays: within(101, 400),
    testModeMs: within(60_000, 3_600_000),
  }),
  feedback: fc.record({
    language: fc.constantFrom("sv" as const, "en" as const),
    quiet: fc.record({ fromS: fc.nat(86_399), toS: fc.nat(86_399) }),
    whereToTurn: fc.string({ unit: "binary", maxLength: 70 }),
    noPathAfterMs: within(60_000, 86_400_000),
    noPathRepeatMs: within(600_000, 86_400_000),
  }),
});

/** Without bonds: those have records of their own. */
export const anySettings: fc.Arbitrary<UnitSettings> = fc
  .record({
    cid: fc.stringMatching(/^[0-9]{1,16}$/),
    domain: anyName,
    policy: fc.constantFrom(
      "mobile-first" as const,
      "broadband-first" as const,
      "mobile-only" as const,
      "broadband-only" as const,
    ),
    receivers: fc.array(anyReceiver, { minLength: 1, maxLength: 4 }),
    localPort: fc.nat(65_535),
    modem: fc
      .record({
        apn: anyText,
        user: anyText,
        password: anyText,
        pin: anyText,
        caFile: fc.option(anyName, { nil: undefined }),
        dialect: fc.constantFrom(undefined, "simcom", "ublox-profile"),
        operators: fc.option(fc.array(fc.constantFrom("24001", "310410"), { minLength: 1, maxLength: 8 }), {
          nil: undefined,
        }),
      })
      .map(without),
    staggerMs: fc.integer({ min: 1, max: 20_000 }),
    provenWithinS: fc.option(within(180, 90_000), { nil: undefined }),
    voice: fc.option(anyVoice, { nil: undefined }),
    sms: fc.option(anySms, { nil: undefined }),
    serviceKey: fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined }),
    departments: fc.option(anyDepartments, { nil: undefined }),
    bonds: fc.constant([]),
  })
  .map((settings) => without(settings) as UnitSettings);

function within(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max });
}
