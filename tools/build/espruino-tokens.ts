/**
 * A script as Espruino stores it when it is told to pretokenise (espruino.com/Performance; `src/jslex.h` of 2v29, whose order of tokens must
 * not change): one byte for each reserved word and operator of several characters, numbers and long strings as they are in memory. It is
 * shorter, and read faster, since every call reads its function anew.
 */
import { tokenizer } from "acorn";

const firstToken = 138;
const words = (
  "== === != !== <= << <<= >= >> >>> >>= >>>= += -= ++ -- *= /= %= &= && |= || ^= => if else do while for break continue function return " +
  "var let const this throw try catch finally true false null undefined new in instanceof switch case default delete typeof void debugger " +
  "class extends super static of"
).split(" ");
const tokens = new Map(words.map((word, index) => [word, firstToken + index]));
const nullish = 208;
tokens.set("??", nullish);
const texts = new Map([...tokens].map(([word, token]) => [token, word]));

const longString = 210;
const smallNumber = 212;
const middleNumber = 213;
const mostSmall = 127;
const mostMiddle = 0x7fff;
const mostLong = 0xffff;

/** The bytes of `script`. Text inside quotes stays as it stands; of a template also the code in it, which the engine reads as text. */
export function tokenised(script: string): Buffer {
  const bytes: number[] = [];
  const open: string[] = [];
  let template = -1;
  let before = "";
  for (const { start, end, type } of tokenizer(script, { ecmaVersion: "latest" })) {
    const { label } = type;
    if (template < 0 && label === "`") template = start;
    if (label === "}" || (label === "`" && open[open.length - 1] === "`")) open.pop();
    else if (label === "{" || label === "${" || label === "`") open.push(label);
    if (template >= 0) {
      if (open.includes("`")) continue;
      bytes.push(...Buffer.from(script.slice(template, end), "latin1"));
      template = -1;
      before = "`";
      continue;
    }
    const text = script.slice(start, end);
    const token = label === "string" ? undefined : tokens.get(text);
    if (token !== undefined) bytes.push(token);
    else {
      if (mustPart(before, text)) bytes.push(0x20);
      bytes.push(...(label === "num" ? numberBytes(text) : Buffer.from(text, "latin1")));
    }
    before = token === undefined ? text : "";
  }
  return Buffer.from(bytes);
}

/** A string that the interpreter does not copy into its memory: it reads it where it is stored. */
export function storedString(text: Buffer): Buffer {
  if (text.length > mostLong) throw new Error(`tokens: a string of ${text.length} bytes`);
  return Buffer.concat([Buffer.from([longString, text.length & 0xff, text.length >> 8]), text]);
}

/** The script that `bytes` stand for; a stored string is one of JavaScript again. */
export function untokenised(bytes: Buffer): string {
  let text = "";
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const word = texts.get(byte);
    if (word !== undefined) text += ` ${word} `;
    else if (byte === smallNumber) text += ` ${bytes.readUInt8(++at)} `;
    else if (byte === middleNumber) {
      text += ` ${bytes.readUInt16LE(at + 1)} `;
      at += 2;
    } else if (byte === longString) {
      const from = at + 3;
      at += 2 + bytes.readUInt16LE(at + 1);
      text += JSON.stringify(bytes.toString("latin1", from, at + 1));
    } else text += String.fromCharCode(byte);
  }
  return text;
}

/** As bytes where that is shorter. */
function numberBytes(text: string): Uint8Array {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= 100 && value <= mostSmall) return Buffer.from([smallNumber, value]);
  if (/^[0-9]+$/.test(text) && value >= 1000 && value <= mostMiddle)
    return Buffer.from([middleNumber, value & 0xff, value >> 8]);
  return Buffer.from(text, "latin1");
}

function mustPart(before: string, text: string): boolean {
  return (/[\w$]$/.test(before) && /^[\w$]/.test(text)) || (/[+-]$/.test(before) && before.endsWith(text[0] ?? " "));
}
