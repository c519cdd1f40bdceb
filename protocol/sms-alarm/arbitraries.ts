/** Alarms and answers by short message, for property tests. */
import fc from "fast-check";
import type { SmsAlarm, SmsAnswer } from "./sms-alarm.ts";

const base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export const anyStem: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(...base36),
  minLength: 12,
  maxLength: 12,
});
const anyCount = fc.integer({ min: 1, max: 9_999 });
const anyCode = fc.integer({ min: 0, max: 9_999 });

export const anySmsAlarm: fc.Arbitrary<SmsAlarm> = fc.record({
  stem: anyStem,
  cid: fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 16 }),
  dty: anyCode,
  stc: anyCode,
  count: anyCount,
});

export const anySmsAnswer: fc.Arbitrary<SmsAnswer> = fc.record({ stem: anyStem, count: anyCount });
