/** What a receiver answers to a request that it cannot read (SS 91100 table 2): status number, text, and whose request it was. */
import { type Fault, faultText } from "../result.ts";
import { isBlank } from "../xml/scan.ts";
import { elementList, wholeMessage, xmlByteLimit } from "../xml/xml.ts";
import { isTokenCode } from "./document.ts";

export interface Refusal {
  /** 1 message too long, 2 format, 3 content, 7 element missing, 10 reference missing, 99 anything else. */
  readonly snu: number;
  /** ASCII, at most 128 characters; it never repeats what the sender wrote. */
  readonly ste: string;
}

/** The `ref` of a response to a request that has none: the element is mandatory there too (our choice). */
export const refOfNobody = "0";

const longestRef = 16;
/** The longest value that is looked for: a `cid` (SS 91100 table 1). */
const longestValue = 32;
const less = 60;
const greater = 62;
const colon = 58;

/** The answer that a fault of `decodeRequest` deserves. */
export function refusalOf(fault: Fault): Refusal {
  switch (fault.kind) {
    case "missing":
      return { snu: fault.field === "ref" ? 10 : 7, ste: fault.field + " missing" };
    case "unknown-value":
      return { snu: fault.field === "mty" ? 99 : 3, ste: fault.field + " has a value that it cannot have" };
    case "too-long":
      if (fault.what === wholeMessage || fault.what === elementList) return { snu: 1, ste: faultText(fault) };
      return { snu: isTag(fault.what) ? 3 : 2, ste: faultText(fault) };
    case "not-authentic":
      return { snu: 99, ste: faultText(fault) };
    default:
      return { snu: 2, ste: faultText(fault) };
  }
}

/**
 * A `ref`, `cid` or `mty` in a body that is no XML, so that its sender can be told: the first element of that tag whose
 * content is letters and digits and is closed by a tag. Looks at the first `xmlByteLimit` bytes only.
 */
export function findValue(bytes: Uint8Array, tag: "ref" | "cid" | "mty"): string | undefined {
  const end = Math.min(bytes.length, xmlByteLimit);
  let at = 0;
  while (at < end) {
    if (bytes[at++] !== less) continue;
    let name = at;
    while (at < end && bytes[at] !== less && bytes[at] !== greater && !isBlank(bytes[at] as number))
      if (bytes[at++] === colon) name = at;
    const isWanted = isNamed(bytes, name, at, tag);
    while (at < end && bytes[at] !== less && bytes[at] !== greater) at++;
    if (!isWanted || bytes[at] !== greater) continue;
    const found = valueAt(bytes, at + 1, end, tag === "ref" ? longestRef : longestValue);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isNamed(bytes: Uint8Array, from: number, to: number, tag: string): boolean {
  if (to - from !== tag.length) return false;
  for (let i = 0; i < tag.length; i++) if (bytes[from + i] !== tag.charCodeAt(i)) return false;
  return true;
}

function valueAt(bytes: Uint8Array, from: number, end: number, longest: number): string | undefined {
  let at = from;
  while (at < end && isBlank(bytes[at] as number)) at++;
  let value = "";
  while (at < end && value.length <= longest && isTokenCode(bytes[at] as number))
    value += String.fromCharCode(bytes[at++] as number);
  while (at < end && isBlank(bytes[at] as number)) at++;
  return value.length > 0 && value.length <= longest && at < end && bytes[at] === less ? value : undefined;
}

/** Elements of SCAIP have names of three letters; the other things that can be too long have not. */
function isTag(what: string): boolean {
  return what.length === 3;
}
