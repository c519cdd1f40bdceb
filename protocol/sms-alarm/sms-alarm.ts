/**
 * The alarm that goes by short message when no receiver can be reached otherwise, and the receiver's answer to it: two lines
 * of our own, written out in the README beside it. Neither means anything without its tag.
 */
import type { BlockCipher } from "../radio/block-cipher.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { stemFromRef } from "../scaip/stem.ts";
import { isDigits, numberIn, withTag, wordsOf } from "./tagged-text.ts";

export interface SmsAlarm {
  /** The 12 characters that name the alarm for ever: SCAIP messages of the same alarm begin their reference with them. */
  readonly stem: string;
  /** Who calls: 1 to 16 digits (SS 91100 table 1, `cid`). */
  readonly cid: string;
  /** Device type and status code (SS 91100 annexes A and C), 0 to 9999. */
  readonly dty: number;
  readonly stc: number;
  /** Which message about this alarm it is, 1 to 9999. */
  readonly count: number;
}

/** Somebody has taken that alarm, and has read this message of it. */
export interface SmsAnswer {
  readonly stem: string;
  readonly count: number;
}

const sender = "LIVLINA";
const alarmWord = "LARM";
const answerWord = "MOTTAGET";
const version = "1";
const cidLimit = 16;
const codeLimit = 9_999;
export const countLimit = 9_999;

/** LIVLINA LARM 1 <stem> <cid> <dty>-<stc> <count> <tag>. Values beyond their bounds are a mistake of the caller and throw. */
export function encodeSmsAlarm(alarm: SmsAlarm, cipher: BlockCipher): string {
  const words = [alarm.stem, alarm.cid, alarm.dty + "-" + alarm.stc, "" + alarm.count];
  const line = sender + " " + alarmWord + " " + version + " " + words.join(" ");
  if (alarmOf(line.split(" ")) === undefined) throw new Error("sms-alarm: cannot be written: " + line);
  return withTag(line, cipher);
}

/** Faults: those of `wordsOf`, and malformed where it says something else than an alarm. */
export function decodeSmsAlarm(text: string, cipher: BlockCipher): Result<SmsAlarm> {
  const words = wordsOf(text, 7, cipher);
  if (!words.ok) return words;
  const alarm = alarmOf(words.value);
  return alarm === undefined ? bad({ kind: "malformed", at: 0, what: "the message is no alarm" }) : ok(alarm);
}

/** LIVLINA MOTTAGET 1 <stem> <count> <tag>. Values beyond their bounds are a mistake of the caller and throw. */
export function encodeSmsAnswer(answer: SmsAnswer, cipher: BlockCipher): string {
  const line = sender + " " + answerWord + " " + version + " " + answer.stem + " " + answer.count;
  if (answerOf(line.split(" ")) === undefined) throw new Error("sms-alarm: cannot be written: " + line);
  return withTag(line, cipher);
}

/** Faults: those of `wordsOf`, and malformed where it says something else than an answer. */
export function decodeSmsAnswer(text: string, cipher: BlockCipher): Result<SmsAnswer> {
  const words = wordsOf(text, 5, cipher);
  if (!words.ok) return words;
  const answer = answerOf(words.value);
  return answer === undefined ? bad({ kind: "malformed", at: 0, what: "the message is no answer" }) : ok(answer);
}

function alarmOf(words: readonly string[]): SmsAlarm | undefined {
  if (!isHeaded(words, alarmWord) || words.length !== 7) return undefined;
  const stem = words[3] as string;
  const cid = words[4] as string;
  const code = words[5] as string;
  const bar = code.indexOf("-");
  const dty = bar < 0 ? -1 : numberIn(code.substring(0, bar), 0, codeLimit);
  const stc = numberIn(code.substring(bar + 1), 0, codeLimit);
  const count = numberIn(words[6] as string, 1, countLimit);
  if (!isStem(stem) || !isDigits(cid) || cid.length > cidLimit || dty < 0 || stc < 0 || count < 0) return undefined;
  return { stem, cid, dty, stc, count };
}

function answerOf(words: readonly string[]): SmsAnswer | undefined {
  if (!isHeaded(words, answerWord) || words.length !== 5) return undefined;
  const stem = words[3] as string;
  const count = numberIn(words[4] as string, 1, countLimit);
  return isStem(stem) && count > 0 ? { stem, count } : undefined;
}

function isHeaded(words: readonly string[], word: string): boolean {
  return words[0] === sender && words[1] === word && words[2] === version;
}

function isStem(text: string): boolean {
  return stemFromRef(text + "000") !== undefined;
}
