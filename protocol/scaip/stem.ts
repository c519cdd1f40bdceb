/**
 * How our references are made: a stem of 12 characters names a report for ever, three more name its session with one receiver.
 * SS 91100 table 1 wants a new `ref` for each session and gives it 16 characters, which none of the sources says how to fill.
 * Stem: 5 characters drawn once per unit, then the number of the report; all from 0-9 A-Z.
 */

/** Reports that a unit can name before its numbers run out: 36 to the power of 7. */
export const reportNumberLimit = 78364164096;
/** Sessions that one report can have: 36 to the power of 3. */
export const sessionLimit = 46656;

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const prefixLength = 5;
const stemLength = 12;
const refLength = 15;

/** The stem of report `number`, from 0 to below `reportNumberLimit`; anything else is a mistake of the caller and throws. */
export function stemOf(prefix: string, number: number): string {
  if (prefix.length !== prefixLength || !isBase36(prefix)) throw new Error("stem: not a prefix: " + prefix);
  if (number !== Math.floor(number) || number < 0 || number >= reportNumberLimit)
    throw new Error("stem: not a report number: " + number);
  return prefix + base36(number, stemLength - prefixLength);
}

/** The reference of one session, `session` from 0 to below `sessionLimit`; anything else throws. */
export function refOf(stem: string, session: number): string {
  if (stem.length !== stemLength) throw new Error("stem: not a stem: " + stem);
  if (session !== Math.floor(session) || session < 0 || session >= sessionLimit)
    throw new Error("stem: not a session: " + session);
  return stem + base36(session, refLength - stemLength);
}

/** The stem of a reference that has our form, else undefined: exactly 15 characters of 0-9 A-Z. */
export function stemFromRef(ref: string): string | undefined {
  return ref.length === refLength && isBase36(ref) ? ref.substring(0, stemLength) : undefined;
}

/** The number of the report that a reference of ours names, or -1 where it is not one with this prefix. */
export function numberFromRef(prefix: string, ref: string): number {
  const stem = stemFromRef(ref);
  if (stem === undefined || stem.substring(0, prefixLength) !== prefix) return -1;
  return numberIn(stem.substring(prefixLength, stemLength));
}

/** The session part of a reference of ours, or -1 where it has not our form. */
export function partFromRef(ref: string): number {
  return stemFromRef(ref) === undefined ? -1 : numberIn(ref.substring(stemLength, refLength));
}

/** The last `length` digits of a whole number to the base of 36. */
function base36(number: number, length: number): string {
  let text = "";
  let left = number;
  for (let i = 0; i < length; i++) {
    const rest = Math.floor(left / 36);
    text = digits.charAt(left - rest * 36) + text;
    left = rest;
  }
  return text;
}

function numberIn(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) value = value * 36 + digits.indexOf(text.charAt(i));
  return value;
}

function isBase36(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!((code >= 48 && code <= 57) || (code >= 65 && code <= 90))) return false;
  }
  return true;
}
