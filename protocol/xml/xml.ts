/**
 * The small XML that SCAIP needs (XML 1.0, UTF-8): one pass over the bytes to a flat list of elements, no tree. Document
 * types and entities of their own are refused, so nothing can expand; size, depth and number of elements are bounded.
 */
import { bad, type Fault, ok, type Result } from "../result.ts";
import { narrowText, textOf, utf8, utf8Length } from "../text/utf8.ts";
import { referenceAt, referenceText } from "./references.ts";
import { closing, isBlank, isNameByte, startsWith, trimmed } from "./scan.ts";

export const xmlByteLimit = 4096;
export const xmlElementLimit = 64;
/** Levels of elements, the root included. */
export const xmlDepthLimit = 4;

/** What `too-long` faults name when a bound of the whole document is passed, and not that of one field. */
export const wholeMessage = "the message";
export const elementList = "the list of elements";
export const nesting = "the nesting of elements";

const blank = 32;
const bang = 33;
const quote = 34;
const ampersand = 38;
const apostrophe = 39;
const dash = 45;
const slash = 47;
const colon = 58;
const less = 60;
const equals = 61;
const greater = 62;
const question = 63;

/** What stands between an element's tags. */
const plain = 0;
const needsResolving = 1;
const hasElements = 2;

/**
 * The elements of one document in the order of their start tags. The arrays are filled by `read` and hold until the next
 * `read`; only the first `count` entries mean anything.
 */
export class XmlElements {
  count: number;
  /** The last four bytes of the local name as one number (see `nameKey`); a name of at most three bytes has a key of its own. */
  readonly key: Int32Array;
  /** Index of the enclosing element, -1 for the root. */
  readonly parent: Int8Array;
  /** Offset of the start tag's name. */
  readonly at: Uint16Array;
  /** Offsets of the content without the blanks around it. */
  readonly start: Uint16Array;
  readonly end: Uint16Array;
  private readonly form: Uint8Array;
  private readonly nameEnd: Uint16Array;
  private readonly depth: Uint8Array;
  /** The document itself. */
  bytes: Uint8Array;
  private fault: Fault | undefined;

  constructor() {
    this.count = 0;
    this.key = new Int32Array(xmlElementLimit);
    this.parent = new Int8Array(xmlElementLimit);
    this.at = new Uint16Array(xmlElementLimit);
    this.start = new Uint16Array(xmlElementLimit);
    this.end = new Uint16Array(xmlElementLimit);
    this.form = new Uint8Array(xmlElementLimit);
    this.nameEnd = new Uint16Array(xmlElementLimit);
    this.depth = new Uint8Array(xmlElementLimit);
    this.bytes = new Uint8Array(0);
    this.fault = undefined;
  }

  /** Reads a whole document; the fault says what is wrong and at which byte. The bytes must not change while the list is used. */
  read(bytes: Uint8Array): Fault | undefined {
    this.bytes = bytes;
    this.count = 0;
    this.fault = undefined;
    if (bytes.length > xmlByteLimit)
      return { kind: "too-long", at: xmlByteLimit, what: wholeMessage, limit: xmlByteLimit };
    let open = -1;
    let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    while (at >= 0 && at < bytes.length) {
      if (bytes[at] !== less) at = open < 0 ? this.outside(at) : this.content(at, open);
      else {
        const next = bytes[at + 1];
        if (next === slash) {
          at = this.endTag(at, open);
          if (at >= 0) open = this.parent[open] as number;
        } else if (next === bang) at = this.marked(at, open);
        else if (next === question) at = this.instruction(at, open);
        else {
          at = this.startTag(at + 1, open);
          if (at >= 0 && bytes[at - 2] !== slash) open = this.count - 1;
        }
      }
    }
    if (at >= 0 && (open >= 0 || this.count === 0)) return { kind: "truncated", at: bytes.length };
    return this.fault;
  }

  /** Whether the element encloses other elements. */
  isGroup(index: number): boolean {
    return this.form[index] === hasElements;
  }

  /** Whether the content is one piece of text, so that its bytes mean what they say. */
  isPlain(index: number): boolean {
    return this.form[index] === plain;
  }

  /** The text of an element, blanks around it left off; a fault where it holds elements or its bytes are not UTF-8. */
  text(index: number): Result<string> {
    const start = this.start[index] as number;
    const end = this.end[index] as number;
    if (this.isGroup(index)) return bad({ kind: "malformed", at: start, what: "elements where text was expected" });
    const text = this.form[index] === plain ? this.piece(start, end) : this.resolved(start, end);
    return text === undefined ? bad({ kind: "malformed", at: start, what: "the text is not UTF-8" }) : ok(text);
  }

  /**
   * The same where it is one piece of at most `limit` ASCII characters that each have one of the `bits` in `kinds`, without
   * a detour; undefined wherever more is to be looked at.
   */
  plainText(index: number, limit: number, kinds: Uint8Array, bits: number): string | undefined {
    const start = this.start[index] as number;
    const end = this.end[index] as number;
    if (this.form[index] !== plain || end - start > limit) return undefined;
    const bytes = this.bytes;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte > 127 || ((kinds[byte] as number) & bits) === 0) return undefined;
    }
    return narrowText(bytes, start, end);
  }

  private piece(start: number, end: number): string | undefined {
    const bytes = this.bytes;
    for (let i = start; i < end; i++) {
      if ((bytes[i] as number) < 0x80) continue;
      const text = textOf(bytes, start, end);
      // Each byte that is not UTF-8 became a U+FFFD, which is three bytes long.
      return utf8Length(text) === end - start ? text : undefined;
    }
    return narrowText(bytes, start, end);
  }

  private resolved(start: number, end: number): string | undefined {
    const bytes = this.bytes;
    let text = "";
    let from = start;
    while (from < end) {
      let to = from;
      while (to < end && bytes[to] !== ampersand && bytes[to] !== less) to++;
      const piece = this.piece(from, to);
      if (piece === undefined) return undefined;
      text += piece;
      from = to;
      if (to >= end) break;
      if (bytes[to] === ampersand) {
        from = referenceAt(bytes, to);
        text += referenceText(bytes, to, from);
      } else if (bytes[to + 1] === bang && bytes[to + 2] !== dash) {
        from = closing(bytes, to + 9, "]]>");
        const data = this.piece(to + 9, from - 3);
        if (data === undefined) return undefined;
        text += data;
      } else if (bytes[to + 1] === bang) from = closing(bytes, to + 4, "-->");
      else from = closing(bytes, to + 2, "?>");
    }
    return trimmed(text);
  }

  private refuse(at: number, what: string): number {
    this.fault =
      at >= this.bytes.length ? { kind: "truncated", at: this.bytes.length } : { kind: "malformed", at, what };
    return -1;
  }

  private outside(from: number): number {
    return isBlank(this.bytes[from] as number) ? from + 1 : this.refuse(from, "text outside the root element");
  }

  /** Text up to the next tag. */
  private content(from: number, open: number): number {
    const bytes = this.bytes;
    let at = from;
    while (at < bytes.length) {
      const byte = bytes[at] as number;
      if (byte > less || (byte >= blank && byte !== ampersand && byte !== less)) at++;
      else if (byte === less) return at;
      else if (byte === ampersand) {
        const behind = referenceAt(bytes, at);
        if (behind < 0) return this.refuse(at, "an entity that XML does not define by itself");
        if (this.form[open] === plain) this.form[open] = needsResolving;
        at = behind;
      } else if (isBlank(byte)) at++;
      else return this.refuse(at, "a control character");
    }
    return at;
  }

  private startTag(from: number, open: number): number {
    const index = this.count;
    if (open < 0 && index > 0) return this.refuse(from, "a second root element");
    const depth = open < 0 ? 1 : (this.depth[open] as number) + 1;
    if (depth > xmlDepthLimit) return this.exceed(from, nesting, xmlDepthLimit);
    if (index >= xmlElementLimit) return this.exceed(from, elementList, xmlElementLimit);
    if (open >= 0) this.form[open] = hasElements;
    const bytes = this.bytes;
    let key = 0;
    let at = from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === colon) key = 0;
      else if (isNameByte(byte)) key = (key << 8) | byte;
      else break;
    }
    if (key === 0) return this.refuse(at, "a tag without a name");
    this.key[index] = key;
    this.parent[index] = open;
    this.at[index] = from;
    this.nameEnd[index] = at;
    this.depth[index] = depth;
    this.form[index] = plain;
    if (bytes[at] !== greater) at = this.attributes(at);
    if (at < 0) return -1;
    this.start[index] = at + 1;
    this.end[index] = at + 1;
    this.count = index + 1;
    return at + 1;
  }

  /** Skips attributes; answers the offset of the tag's `>`. */
  private attributes(from: number): number {
    const bytes = this.bytes;
    let at = from;
    for (;;) {
      const gap = at;
      while (isBlank(bytes[at] as number)) at++;
      if (bytes[at] === greater) return at;
      if (bytes[at] === slash) return bytes[at + 1] === greater ? at + 1 : this.refuse(at + 1, "a slash inside a tag");
      if (at === gap || !isNameByte(bytes[at] as number))
        return this.refuse(at, "a tag that holds something else than attributes");
      while (isNameByte(bytes[at] as number) || bytes[at] === colon) at++;
      while (isBlank(bytes[at] as number)) at++;
      if (bytes[at] !== equals) return this.refuse(at, "an attribute without a value");
      at++;
      while (isBlank(bytes[at] as number)) at++;
      const mark = bytes[at];
      if (mark !== quote && mark !== apostrophe) return this.refuse(at, "an attribute value without quotes");
      at++;
      while (at < bytes.length && bytes[at] !== mark) {
        if (bytes[at] === less) return this.refuse(at, "a tag inside an attribute");
        if (bytes[at] === ampersand && referenceAt(bytes, at) < 0)
          return this.refuse(at, "an entity that XML does not define by itself");
        at++;
      }
      at++;
    }
  }

  private endTag(from: number, open: number): number {
    if (open < 0) return this.refuse(from, "an end tag without its start");
    const bytes = this.bytes;
    let at = from + 2;
    for (let name = this.at[open] as number; name < (this.nameEnd[open] as number); name++, at++)
      if (bytes[at] !== bytes[name]) return this.refuse(at, "an end tag of another element");
    while (isBlank(bytes[at] as number)) at++;
    if (bytes[at] !== greater) return this.refuse(at, "an end tag of another element");
    let start = this.start[open] as number;
    let end = from;
    while (end > start && isBlank(bytes[end - 1] as number)) end--;
    while (start < end && isBlank(bytes[start] as number)) start++;
    this.start[open] = start;
    this.end[open] = end;
    return at + 1;
  }

  /** A comment, or a CDATA section inside an element; anything else that begins with `<!` is a document type. */
  private marked(from: number, open: number): number {
    const bytes = this.bytes;
    const isComment = startsWith(bytes, from + 2, "--");
    if (!isComment && (open < 0 || !startsWith(bytes, from + 2, "[CDATA[")))
      return this.refuse(from + 2, "a document type or another declaration");
    if (open >= 0 && this.form[open] === plain) this.form[open] = needsResolving;
    const behind = isComment ? closing(bytes, from + 4, "-->") : closing(bytes, from + 9, "]]>");
    return behind < 0 ? this.refuse(bytes.length, "") : behind;
  }

  private instruction(from: number, open: number): number {
    if (open >= 0 && this.form[open] === plain) this.form[open] = needsResolving;
    const behind = closing(this.bytes, from + 2, "?>");
    return behind < 0 ? this.refuse(this.bytes.length, "") : behind;
  }

  private exceed(at: number, what: string, limit: number): number {
    this.fault = { kind: "too-long", at, what, limit };
    return -1;
  }
}

/** The key under which `XmlElements` lists a local name of at most three characters. */
export function nameKey(name: string): number {
  let key = 0;
  const bytes = utf8(name);
  for (let i = 0; i < bytes.length; i++) key = (key << 8) | (bytes[i] as number);
  return key;
}
