/** Whether and where an alarm goes by short message when no receiver can be reached otherwise; provisioning writes it. */

export interface SmsSettings {
  /** A telephone number of the receiver, with its country's: "+46..."; empty: off. */
  readonly number: string;
  /** 16 bytes that only this unit and that receiver know; undefined: off. */
  readonly key: Uint8Array | undefined;
}

export const smsDefaults: SmsSettings = { number: "", key: undefined };

const keyLength = 16;
/** Digits of a whole telephone number (ITU-T E.164 6.2.1). */
const leastDigits = 7;
const mostDigits = 15;

/** What is wrong with the settings, in words, or undefined. */
export function smsFault(settings: SmsSettings): string | undefined {
  if (settings.key !== undefined && settings.key.length !== keyLength) return "the key for alarms by SMS has 16 bytes";
  if (settings.number === "")
    return settings.key === undefined ? undefined : "a key for alarms by SMS without a number";
  if (!isWhole(settings.number)) return "alarms by SMS go to a number such as +46701234567";
  return settings.key === undefined ? "alarms by SMS need a key" : undefined;
}

/** The same answer may come from it only: a name or a number without its country is not comparable. */
function isWhole(number: string): boolean {
  const length = number.length - 1;
  if (number.charAt(0) !== "+" || length < leastDigits || length > mostDigits) return false;
  for (let i = 1; i < number.length; i++) if ("0123456789".indexOf(number.charAt(i)) < 0) return false;
  return true;
}
