/**
 * A script in the form in which Espruino stores it best: tokens, and functions that are called seldom apart (`on-call.ts`). They stand in one
 * long string behind a table of where each begins, and the engine reads that string where it lies in flash.
 */
import { storedString, tokenised } from "./espruino-tokens.ts";
import { onCall, type Part } from "./on-call.ts";

const placeLength = 2;
/** A place has two bytes. */
const mostOfStore = 0xffff;

/** `foreign`: members that objects of the engine have too. */
export function storedScript(script: string, foreign: ReadonlySet<string>): Buffer {
  const { script: rest, parts, maker } = onCall(script, foreign);
  const stores = storesOf(parts.map((part) => tokenised(part.body)));
  const pieces = [tokenised("var ")];
  let choice = "";
  let first = 0;
  stores.forEach((bodies, index) => {
    const store = `${maker}${maker}${index}`;
    choice += index === 0 ? `let s=${store},m=n;` : `if(n>=${first})s=${store},m=n-${first};`;
    pieces.push(tokenised(`${store}=`), storedString(withTable(bodies)), tokenised(","));
    first += bodies.length;
  });
  const byte = (further: number): string => `s.charCodeAt(2*m+${further})`;
  const body = `const b=s.substring(${byte(0)}*256+${byte(1)},${byte(2)}*256+${byte(3)})`;
  pieces.push(tokenised(`${maker}=n=>{${choice}${body};return ${madeOf(parts, 0, parts.length)}};`), tokenised(rest));
  return Buffer.concat(pieces);
}

/** As many as places of two bytes ask for. */
function storesOf(bodies: readonly Buffer[]): Buffer[][] {
  const stores: Buffer[][] = [[]];
  let length = placeLength;
  for (const body of bodies) {
    if (length + placeLength + body.length > mostOfStore) {
      stores.push([]);
      length = placeLength;
    }
    length += placeLength + body.length;
    stores[stores.length - 1]?.push(body);
  }
  return stores;
}

/** Where each begins, and where the last one ends; then all of them. */
function withTable(bodies: readonly Buffer[]): Buffer {
  const table = Buffer.alloc(placeLength * (bodies.length + 1));
  let at = table.length;
  table.writeUInt16BE(at, 0);
  bodies.forEach((body, index) => {
    at += body.length;
    table.writeUInt16BE(at, placeLength * (index + 1));
  });
  return Buffer.concat([table, ...bodies]);
}

/** An expression that makes the function of the parts `from` to `to`: numbers are halved until all have the same parameters. */
function madeOf(parts: readonly Part[], from: number, to: number): string {
  const borders: number[] = [];
  for (let at = from + 1; at < to; at++)
    if (parts[at]?.params.join() !== parts[at - 1]?.params.join()) borders.push(at);
  const border = borders[borders.length >> 1];
  if (border !== undefined) return `n<${border}?${madeOf(parts, from, border)}:${madeOf(parts, border, to)}`;
  return `Function(${[...(parts[from]?.params ?? []).map((name) => JSON.stringify(name)), "b"].join()})`;
}
