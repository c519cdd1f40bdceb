/** Writes and reads SCAIP's documents from the tables in `fields.ts`; which document it is, only the tables know. */
import { bad, type Fault, ok, type Result } from "../result.ts";
import { utf8 } from "../text/utf8.ts";
import { XmlWriter } from "../xml/writer.ts";
import { XmlElements } from "../xml/xml.ts";
import type { Content, DocumentFields, Field } from "./fields.ts";

/** What an element may hold, by its tag. */
export interface Values {
  [tag: string]: string | number | readonly string[] | Values | undefined;
}

/**
 * How a reader takes a wrong optional element. A receiver is `strict`: it answers with a refusal. A unit is `lenient`: the
 * element counts as absent, since an oddity in a text must not cost it an acceptance.
 */
export type Manner = "strict" | "lenient";

/**
 * The bytes of a document. A text that is too long is cut, never a reason to fail; any other value that its field cannot
 * hold is a mistake of the caller and throws.
 */
export function encodeDocument(document: DocumentFields, values: Values): Uint8Array {
  writer.clear();
  writer.tag(document.root.startTag);
  writeFields(document.fields, values);
  writer.tag(document.root.endTag);
  if (writer.overrun) throw new Error("scaip: the message is longer than any reader takes");
  return writer.written();
}

/** The values of a document, or the first thing that is wrong with it. */
export function decodeDocument(document: DocumentFields, bytes: Uint8Array, manner: Manner): Result<Values> {
  const broken = elements.read(bytes);
  if (broken !== undefined) return bad(broken);
  if (elements.key[0] !== document.root.key)
    return bad({
      kind: "malformed",
      at: elements.at[0] as number,
      what: "the root element is not " + document.root.tag,
    });
  const values: Values = {};
  const fault = readFields(document.fields, 0, values, manner);
  return fault === undefined ? ok(values) : bad(fault);
}

function writeFields(fields: readonly Field[], values: Values): void {
  const given = rowsGiven(fields, values);
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field;
    const value = (given & (1 << i)) === 0 ? undefined : values[field.tag];
    if (value === undefined) {
      if (field.mandatory) throw new Error("scaip: " + field.tag + " is missing");
    } else if (typeof value === "string") writeText(field, value);
    else if (typeof value === "number") writeNumber(field, value);
    else if (field.content === "group") {
      writer.tag(field.startTag);
      writeFields(field.inner, value as Values);
      writer.tag(field.endTag);
    } else writeList(field, value as readonly string[]);
  }
}

/** One bit for each row that `values` has a property for; asking it for what is not there is slow. */
function rowsGiven(fields: readonly Field[], values: Values): number {
  let given = 0;
  let next = 0;
  for (const tag in values) {
    let row = next;
    while (row < fields.length && (fields[row] as Field).tag !== tag) row++;
    if (row === fields.length) {
      row = 0;
      while (row < next && (fields[row] as Field).tag !== tag) row++;
      if (row === next) continue;
    }
    given |= 1 << row;
    next = row + 1;
  }
  return given;
}

function writeNumber(field: Field, value: number): void {
  if (value === 0 && field.zeroIsAbsent) return;
  if (field.content !== "number" || value !== Math.floor(value) || value < field.least || value > field.most)
    throw new Error("scaip: " + field.tag + " cannot be " + value);
  writer.tag(field.startTag);
  writer.number(value, field.width);
  writer.tag(field.endTag);
}

function writeList(field: Field, list: readonly string[]): void {
  if (field.times === 1 || list.length > field.times) throw new Error("scaip: " + field.tag + " cannot be this list");
  for (let i = 0; i < list.length; i++) writeText(field, list[i] as string);
}

function writeText(field: Field, value: string): void {
  const isText = field.content === "text";
  const text = isText ? fitting(value, field.sends) : value;
  if (text.length === 0 && !field.mandatory) return;
  if (!isText && (text.length > field.sends || text.length === 0))
    throw new Error("scaip: " + field.tag + " cannot be " + value);
  writer.tag(field.startTag);
  if (!writer.plain(text, plainCharacters, plainBit(field.content))) {
    if (!allowed(field.content, text)) throw new Error("scaip: " + field.tag + " cannot be " + value);
    writer.text(text);
  }
  writer.tag(field.endTag);
}

/** The elements inside `parent`, as values. Elements that no row names are passed over, with all they hold. */
function readFields(fields: readonly Field[], parent: number, values: Values, manner: Manner): Fault | undefined {
  let next = 0;
  let met = 0; // one bit a row; asking `values` for what is not there is slow
  for (let index = parent + 1; index < elements.count; index++) {
    if (elements.parent[index] !== parent) continue;
    const position = findField(fields, elements.key[index] as number, next);
    if (position < 0) continue;
    next = position;
    const field = fields[position] as Field;
    const bit = 1 << position;
    const before = (met & bit) !== 0 ? values[field.tag] : undefined;
    met |= bit;
    const fault = readField(field, index, before, values, manner);
    if (fault !== undefined && (manner === "strict" || field.mandatory)) return fault;
  }
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field;
    if (field.mandatory && values[field.tag] === undefined)
      return { kind: "missing", at: elements.end[parent] as number, field: field.tag };
  }
  return undefined;
}

/** The row with this key. Most senders keep to the table's order, so the search begins where it last ended. */
function findField(fields: readonly Field[], key: number, from: number): number {
  for (let i = from; i < fields.length; i++) if ((fields[i] as Field).key === key) return i;
  for (let i = 0; i < from; i++) if ((fields[i] as Field).key === key) return i;
  return -1;
}

function readField(
  field: Field,
  index: number,
  before: Values[string],
  values: Values,
  manner: Manner,
): Fault | undefined {
  if (before !== undefined && field.times === 1) {
    if (!field.mandatory) return undefined; // the first one counts
    return { kind: "malformed", at: elements.at[index] as number, what: field.tag + " stands twice" };
  }
  if (field.content === "group") {
    const inner: Values = {};
    const fault = readFields(field.inner, index, inner, manner);
    if (fault === undefined) values[field.tag] = inner;
    return fault;
  }
  if (elements.start[index] === elements.end[index]) return undefined;
  if (field.content === "number") {
    const value = numberOf(field, index);
    if (typeof value !== "number") return value;
    values[field.tag] = value;
    return undefined;
  }
  const text = textOfField(field, index);
  if (typeof text !== "string") return text;
  if (text.length === 0) return undefined;
  if (field.times === 1) values[field.tag] = text;
  else if (before === undefined) values[field.tag] = [text];
  else {
    const list = before as string[];
    const at = elements.at[index] as number;
    if (list.length >= field.times) return { kind: "too-long", at, what: field.tag, limit: field.times };
    list.push(text);
  }
  return undefined;
}

function textOfField(field: Field, index: number): string | Fault {
  const plain = elements.plainText(index, field.takes, plainCharacters, plainBit(field.content));
  if (plain !== undefined) return plain;
  const at = elements.start[index] as number;
  const read = elements.text(index);
  if (!read.ok)
    return elements.isGroup(index) ? read.fault : { kind: "unknown-value", at, field: field.tag, value: "not UTF-8" };
  const text = read.value;
  if (text.length > field.takes && characters(text) > field.takes)
    return { kind: "too-long", at, what: field.tag, limit: field.takes };
  if (!allowed(field.content, text)) return { kind: "unknown-value", at, field: field.tag, value: text };
  return text;
}

function numberOf(field: Field, index: number): number | Fault {
  let bytes = elements.bytes;
  let from = elements.start[index] as number;
  let to = elements.end[index] as number;
  const at = from;
  if (!elements.isPlain(index)) {
    const text = elements.text(index);
    if (!text.ok) return text.fault;
    bytes = utf8(text.value);
    from = 0;
    to = bytes.length;
  }
  if (to - from > field.takes) return { kind: "too-long", at, what: field.tag, limit: field.takes };
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) {
      const text = elements.text(index);
      return { kind: "unknown-value", at, field: field.tag, value: text.ok ? text.value : "not UTF-8" };
    }
    value = value * 10 + digit;
  }
  if (value < field.least || value > field.most) return { kind: "unknown-value", at, field: field.tag, value };
  return value;
}

/** Whether every character is one that the field may hold. */
function allowed(content: Content, text: string): boolean {
  if (content === "text") return true;
  if (content === "type") return text === "ME" || text === "RE" || text === "IN" || text === "PI";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code > 126) return false;
    if (content === "digits" && !isDigit(code)) return false;
    if (content === "token" && !isTokenCode(code)) return false;
  }
  return true;
}

/** Whether a character code may stand in a `ref`. */
export function isTokenCode(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The bit in `plainCharacters` of what this content may hold; 0 where single characters do not decide. */
function plainBit(content: Content): number {
  switch (content) {
    case "token":
      return tokenBit;
    case "digits":
      return digitBit;
    case "printable":
    case "text":
      return printableBit;
  }
  return 0;
}

/** By character code; `&`, `<` and `>` are left out, since XML writes them in another way. */
function plainTable(): Uint8Array {
  const table = new Uint8Array(128);
  for (let code = 32; code < 127; code++) {
    if (code === 38 || code === 60 || code === 62) continue;
    table[code] = printableBit | (isTokenCode(code) ? tokenBit : 0) | (isDigit(code) ? digitBit : 0);
  }
  return table;
}

/** The text without blanks at its ends, cut to `limit` characters; a surrogate pair is one character and is not cut apart. */
function fitting(text: string, limit: number): string {
  const last = text.length - 1;
  if (last < limit && last >= 0 && !isEdge(text.charCodeAt(0)) && !isEdge(text.charCodeAt(last))) return text;
  let start = 0;
  while (start < text.length && isEdge(text.charCodeAt(start))) start++;
  let end = start;
  for (let count = 0; end < text.length && count < limit; count++) end += isPair(text, end) ? 2 : 1;
  while (end > start && isEdge(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.substring(start, end);
}

function isEdge(code: number): boolean {
  return code <= 32; // a control character is sent as a blank
}

function characters(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; count++) i += isPair(text, i) ? 2 : 1;
  return count;
}

function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff || at + 1 >= text.length) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** One of each serves every message: a call leaves nothing behind in them that another would need. */
const writer = new XmlWriter();
const elements = new XmlElements();

const tokenBit = 1;
const digitBit = 2;
const printableBit = 4;
const plainCharacters = plainTable();
