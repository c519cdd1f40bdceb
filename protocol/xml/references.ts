/** Character references of XML 1.0 (4.1, 4.6): the five predefined entities and `&#38;` or `&#x26;`, nothing else. */

/** Digits that a number below 1114112 needs, with a few zeros before it. */
const digitLimit = 10;

const semicolon = 59;

interface Entity {
  readonly name: string;
  readonly text: string;
}

/** Offset behind the reference that begins at `at`, or -1 where there is none that may be used. */
export function referenceAt(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] === 35) {
    const hex = bytes[at + 2] === 120;
    const first = at + (hex ? 3 : 2);
    let end = first;
    while (end - first < digitLimit && digitOf(bytes[end] as number, hex) >= 0) end++;
    if (end === first || bytes[end] !== semicolon) return -1;
    return isCharacter(numberIn(bytes, first, end, hex)) ? end + 1 : -1;
  }
  const entity = entityAt(bytes, at + 1);
  return entity === undefined ? -1 : at + entity.name.length + 2;
}

/** The text of a reference that `referenceAt` has found to reach from `at` to `behind`. */
export function referenceText(bytes: Uint8Array, at: number, behind: number): string {
  if (bytes[at + 1] !== 35) return (entityAt(bytes, at + 1) as Entity).text;
  const hex = bytes[at + 2] === 120;
  const point = numberIn(bytes, at + (hex ? 3 : 2), behind - 1, hex);
  if (point < 0x10000) return String.fromCharCode(point);
  return String.fromCharCode(0xd7c0 + (point >> 10)) + String.fromCharCode(0xdc00 | (point & 0x3ff));
}

function entityAt(bytes: Uint8Array, at: number): Entity | undefined {
  for (let i = 0; i < entities.length; i++) {
    const entity = entities[i] as Entity;
    let same = 0;
    while (same < entity.name.length && bytes[at + same] === entity.name.charCodeAt(same)) same++;
    if (same === entity.name.length && bytes[at + same] === semicolon) return entity;
  }
  return undefined;
}

function numberIn(bytes: Uint8Array, from: number, to: number, hex: boolean): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * (hex ? 16 : 10) + digitOf(bytes[i] as number, hex);
  return value;
}

function digitOf(byte: number, hex: boolean): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (!hex) return -1;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return byte >= 65 && byte <= 70 ? byte - 55 : -1;
}

/** XML 1.0 2.2: no control characters but tab and line ends, no halves of surrogate pairs. */
function isCharacter(point: number): boolean {
  if (point < 32) return point === 9 || point === 10 || point === 13;
  if (point >= 0xd800 && point < 0xe000) return false;
  return point !== 0xfffe && point !== 0xffff && point <= 0x10ffff;
}

const entities: readonly Entity[] = [
  { name: "amp", text: "&" },
  { name: "lt", text: "<" },
  { name: "gt", text: ">" },
  { name: "quot", text: '"' },
  { name: "apos", text: "'" },
];
