/**
 * The elements of SCAIP's two documents as tables that drive both directions: the request `mrq` (SS 91100 table 1) and the
 * response `mrs` (table 2). An order of elements is kept when sending and ignored when receiving.
 *
 * Where a row says nothing, at least two published programs agree with it. "bought standard": seen only in the text of the
 * standard, which is for sale and has to be checked before a product claims it. "our choice": nobody has published it.
 */
import { utf8 } from "../text/utf8.ts";
import { nameKey } from "../xml/xml.ts";

/**
 * What an element holds: `token` A-Z a-z 0-9 · `digits` a text of digits · `printable` ASCII 32 to 126 · `text` Unicode ·
 * `number` a whole number, compared without its zeros (real units send `2`, `02` and `0002` for one code) · `type` one of
 * the message types · `group` elements of its own.
 */
export type Content = "token" | "digits" | "printable" | "text" | "number" | "type" | "group";

export interface Field {
  readonly tag: string;
  readonly content: Content;
  /** Most characters that are sent, and most that are taken from others; of a number, its digits. */
  readonly sends: number;
  readonly takes: number;
  /** Digits that a number is sent with at least, and its range in both directions. */
  readonly width: number;
  readonly least: number;
  readonly most: number;
  readonly mandatory: boolean;
  /** Whether zero means the same as the element's absence and is not sent. */
  readonly zeroIsAbsent: boolean;
  /** Most times that the element may stand; above 1 the value is a list. */
  readonly times: number;
  readonly inner: readonly Field[];
  /** The local name as `XmlElements` lists it, and the tags as they are sent. */
  readonly key: number;
  readonly startTag: Uint8Array;
  readonly endTag: Uint8Array;
}

/** A document and its elements, at most 31 of them. */
export interface DocumentFields {
  readonly root: Field;
  readonly fields: readonly Field[];
}

export type MessageType = "ME" | "RE" | "IN" | "PI";

/** Most `crd` and most `tnu` in one message (our choice; the standard has no bound). */
export const mediaLimit = 8;

/** Longest interval of heartbeats that a centre may ask for, in minutes (SS 91100 4.5). */
export const longestHeartbeatMin = 1440;

interface Traits {
  readonly width?: number;
  readonly least?: number;
  readonly most?: number;
  readonly mandatory?: boolean;
  readonly zeroIsAbsent?: boolean;
  readonly times?: number;
  readonly inner?: readonly Field[];
}

function field(tag: string, content: Content, sends: number, takes: number, traits: Traits): Field {
  return {
    tag,
    content,
    sends,
    takes,
    width: traits.width ?? 0,
    least: traits.least ?? 0,
    most: traits.most ?? largest(sends),
    mandatory: traits.mandatory ?? false,
    zeroIsAbsent: traits.zeroIsAbsent ?? false,
    times: traits.times ?? 1,
    inner: traits.inner ?? [],
    key: nameKey(tag),
    startTag: utf8("<" + tag + ">"),
    endTag: utf8("</" + tag + ">"),
  };
}

/** The largest number of so many digits. */
function largest(digits: number): number {
  let number = 0;
  for (let i = 0; i < digits && i < 9; i++) number = number * 10 + 9;
  return number;
}

const optional: Traits = {};
const mandatory: Traits = { mandatory: true };
const code3: Traits = { width: 3 };
const code4: Traits = { width: 4 };
const defaultZero: Traits = { zeroIsAbsent: true };
const media: Traits = { times: mediaLimit };

/** SS 91100 table 1, `lge`: geographic position. */
const positionFields: readonly Field[] = [
  // WGS-84 `latitude,longitude` in degrees. The schemas know no minus; RFC 5870 does, and so do we (our choice).
  field("geo", "printable", 23, 32, optional),
  // The standard writes the zone as `+hh`; RFC 3339's longer forms are taken too (our choice).
  field("tim", "printable", 22, 32, optional),
  field("gga", "printable", 81, 96, optional),
];

/** SS 91100 table 1. A unit sends these, a receiving centre takes them. */
export const requestFields: DocumentFields = {
  root: field("mrq", "group", 0, 0, mandatory),
  fields: [
    field("ref", "token", 16, 16, mandatory),
    field("ver", "printable", 5, 16, optional),
    // 0 is in the table of the standard and not in the published schemas, so it is left out (our choice).
    field("sco", "number", 1, 2, defaultZero),
    field("cha", "number", 1, 2, optional),
    field("mty", "type", 2, 2, optional),
    // The standard's yes is `001`, the schemas have room for one digit; 1, 01 and 001 are all taken (our choice).
    field("hbo", "number", 3, 3, { width: 3, zeroIsAbsent: true }),
    // 32 digits in the standard, 16 in the published schemas: the shorter is sent, the longer taken (our choice).
    field("cid", "digits", 16, 32, mandatory),
    field("dty", "number", 4, 4, { width: 4, mandatory: true }),
    // 16 characters in the standard, 8 in the published schemas.
    field("did", "printable", 8, 16, optional),
    field("dco", "number", 3, 3, code3),
    field("dte", "text", 32, 32, optional),
    // More than one: bought standard. Two published programs refuse a second.
    field("crd", "printable", 256, 256, media),
    field("stc", "number", 4, 4, code4),
    field("stt", "text", 32, 32, optional),
    field("pri", "number", 1, 2, optional),
    field("lco", "number", 3, 3, code3),
    field("lva", "printable", 2, 2, optional),
    field("lge", "group", 0, 0, { inner: positionFields }),
    field("lte", "text", 32, 32, optional),
    field("ico", "number", 3, 3, code3),
    field("ite", "text", 128, 128, optional),
    // Parts of a split message still to come. A part count of 0 is never sent, and we never split (our choice).
    field("ame", "number", 4, 4, defaultZero),
  ],
};

/** SS 91100 table 2. A receiving centre sends these, a unit takes them. */
export const responseFields: DocumentFields = {
  root: field("mrs", "group", 0, 0, mandatory),
  fields: [
    field("ref", "token", 16, 16, mandatory),
    // 1 to 3 digits in the standard, up to 5 in a published schema: read as a number (our choice).
    field("snu", "number", 3, 5, { mandatory: true, most: 99999 }),
    // ASCII in the standard; a Swedish word in it must not cost an acceptance, so Unicode is taken (our choice).
    field("ste", "text", 128, 128, optional),
    field("cve", "printable", 5, 16, optional),
    // One digit in a published program, two in the schemas: one is sent, both are taken (our choice).
    field("mre", "number", 1, 2, optional),
    // 01 to 60 as the minutes of a call-back: bought standard. 61 and 62 are published.
    field("cre", "number", 2, 2, { width: 2, least: 1, most: 62 }),
    field("tnu", "printable", 256, 256, media),
    field("hbi", "number", 4, 4, { least: 1, most: longestHeartbeatMin }),
  ],
};
