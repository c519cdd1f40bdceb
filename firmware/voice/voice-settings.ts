/** Whom a unit may speak with; provisioning writes it. */
import type { VoiceMedium } from "../ports/voice.ts";

export interface VoiceSettings {
  /** Callers that are answered within ten minutes of an alarm. */
  readonly allowedNumbers: readonly string[];
  /** Where each receiver of alarms is called, by receiver; empty: at its SIP address alone. */
  readonly receiverNumbers: readonly string[];
  /** Called where nobody has accepted an alarm after its first round; empty: nobody is. */
  readonly fallbackNumber: string;
  /** Called in turn after it, until one of them confirms with key 0; at most `relativeLimit`. */
  readonly relatives: readonly string[];
  readonly mobileCalls: MobileCalls;
}

/** Whether modem and subscription can call, and whether data flows during a call (VoLTE) or waits (circuit-switched fallback). */
export type MobileCalls = "none" | "instead-of-data" | "beside-data";

export const mobileCallKinds: readonly MobileCalls[] = ["none", "instead-of-data", "beside-data"];

export const voiceDefaults: VoiceSettings = {
  allowedNumbers: [],
  receiverNumbers: [],
  fallbackNumber: "",
  relatives: [],
  mobileCalls: "none",
};

export const allowedLimit = 16;
export const relativeLimit = 8;
/** A SIP address may be as long; a telephone number has at most 15 digits (ITU-T E.164). */
export const numberLimit = 128;

/** What is wrong with the settings, in words, or undefined. */
export function voiceFault(settings: VoiceSettings, receiverCount: number): string | undefined {
  if (settings.allowedNumbers.length > allowedLimit) return "at most " + allowedLimit + " callers are allowed";
  for (const number of settings.allowedNumbers)
    if (!isNumber(number)) return "an allowed caller is a telephone number or a SIP address";
  if (settings.receiverNumbers.length > receiverCount)
    return "a number to call belongs to a receiver that is not there";
  for (const number of settings.receiverNumbers)
    if (number !== "" && (!isNumber(number) || mediumOf(number) === "sip"))
      return "a receiver is called at a telephone number";
  if (settings.relatives.length > relativeLimit) return "at most " + relativeLimit + " relatives are called";
  for (const number of settings.relatives)
    if (!isNumber(number)) return "a relative is called at a telephone number or a SIP address";
  const fallback = settings.fallbackNumber;
  if (fallback !== "" && !isNumber(fallback)) return "the fallback call goes to a telephone number or a SIP address";
  return undefined;
}

/** A SIP address bears its scheme; everything else is a telephone number. */
export function mediumOf(number: string): VoiceMedium {
  return number.indexOf("sip:") === 0 ? "sip" : "mobile";
}

/** Whether a caller is that one: with or without the country's code, which is Sweden's where it is left out. */
export function isSameNumber(a: string, b: string): boolean {
  return a !== "" && wholeNumber(a) === wholeNumber(b);
}

function wholeNumber(number: string): string {
  if (mediumOf(number) === "sip") return number;
  if (number.indexOf("00") === 0) return "+" + number.substring(2);
  if (number.indexOf("0") === 0) return "+46" + number.substring(1);
  return number;
}

function isNumber(text: string): boolean {
  if (text.length > numberLimit) return false;
  if (mediumOf(text) === "sip") return text.length > 4;
  const digits = text.indexOf("+") === 0 ? text.substring(1) : text;
  if (digits.length < 3 || digits.length > 15) return false;
  for (let i = 0; i < digits.length; i++) {
    const code = digits.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
