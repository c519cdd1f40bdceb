/** Words as hexadecimal text. */

const digits = "0123456789abcdef";

/** The 32 bits of `word` as eight small hexadecimal digits, the highest first. */
export function hexWord(word: number): string {
  let text = "";
  for (let shift = 28; shift >= 0; shift -= 4) text += digits.charAt((word >>> shift) & 15);
  return text;
}
