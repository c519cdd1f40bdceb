/** Numbers that are typed by people: larmkod and IMEI with their check digit (ISO/IEC 7812-1 annex B), and what must not be one: a person's. */

/** Whether the last digit checks the others. */
export function hasCheckDigit(digits: string): boolean {
  return digits.length > 1 && sumOf(digits) % 10 === 0;
}

/** The digit that, put behind these, checks them. */
export function checkDigitOf(digits: string): string {
  return String((10 - (sumOf(`${digits}0`) % 10)) % 10);
}

/** What is wrong with a larmkod, in words, or undefined. `checked`: the receiver gives out numbers with a check digit. */
export function larmkodFault(text: string, checked: boolean): string | undefined {
  if (!/^\d{1,16}$/.test(text)) return `the larmkod "${text}" is not 1 to 16 digits`;
  if (!checked || hasCheckDigit(text)) return undefined;
  return `the larmkod ${text} has a wrong check digit: two digits changed places, or one is wrong`;
}

/** A Swedish personal identity or coordination number, in any of its usual forms. */
export function isPersonal(text: string): boolean {
  const found = /^(?:19|20)?(\d{2})(\d{2})(\d{2})[-+]?(\d{4})$/.exec(text.trim());
  if (found === null) return false;
  const [, year = "", month = "", day = "", last = ""] = found;
  const dayOfMonth = Number(day) > 60 ? Number(day) - 60 : Number(day);
  const isDate = Number(month) >= 1 && Number(month) <= 12 && dayOfMonth >= 1 && dayOfMonth <= 31;
  return isDate && hasCheckDigit(year + month + day + last);
}

/** What is wrong with a client's reference, in words, or undefined: it must say nothing to whoever has no list. */
export function clientFault(text: string): string | undefined {
  if (isPersonal(text)) return "a client's reference must not be a personal identity number";
  if (!/^[A-Za-z0-9.-]{1,24}$/.test(text))
    return `a client's reference is 1 to 24 letters, digits, hyphens, not "${text}"`;
  return /\d/.test(text)
    ? undefined
    : `a client's reference is a number of a list, such as K-1042, never a name: "${text}"`;
}

/** From the right each second digit is doubled. */
function sumOf(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.charAt(digits.length - 1 - i)) * (i % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum;
}
