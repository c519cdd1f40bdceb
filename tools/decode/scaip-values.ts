/** Checks SCAIP values that a person wrote before they are encoded (SS 91100 tables 1 and 2): nothing is cut or guessed. */
import { encodeDocument, isTokenCode, type Values } from "../../protocol/scaip/document.ts";
import { type DocumentFields, type Field, requestFields, responseFields } from "../../protocol/scaip/fields.ts";
import { nearest } from "../../simulator/scenario/scenario-units.ts";
import { labelOf } from "./scaip-words.ts";

/** The message names the tag; `allowed` says what it may hold. */
export class WrongValueError extends Error {
  readonly allowed: string;

  constructor(message: string, allowed: string) {
    super(message);
    this.name = "WrongValueError";
    this.allowed = allowed;
  }
}

/** The bytes of a response where there is an `snu`, else of a request. Throws WrongValueError. */
export function encodeScaip(values: unknown): Uint8Array {
  if (!isObject(values))
    throw new WrongValueError("not a JSON object", 'elements by tag: {"ref":"A1","cid":"46","dty":3}');
  const document = values.snu === undefined ? requestFields : responseFields;
  checkAll(document, document.fields, values);
  try {
    return encodeDocument(document, values as Values);
  } catch (thrown) {
    throw new WrongValueError((thrown as Error).message, "fewer or shorter elements");
  }
}

interface Written {
  readonly [tag: string]: unknown;
  readonly snu?: unknown;
}

function checkAll(document: DocumentFields, fields: readonly Field[], values: Written): void {
  const tags = fields.map(({ tag }) => tag);
  for (const tag of Object.keys(values))
    if (!tags.includes(tag)) {
      const near = nearest(tag, tags);
      throw new WrongValueError(
        `${tag} is no element of ${document.root.tag}`,
        `${near === undefined ? "" : `did you mean ${near}? `}there are ${tags.join(" ")}`,
      );
    }
  for (const field of fields) {
    const value = values[field.tag];
    if (value === undefined) {
      if (field.mandatory) throw new WrongValueError(`${field.tag} is missing`, allowedText(field));
    } else if (field.content === "group") {
      if (!isObject(value)) throw wrong(field, value);
      checkAll(document, field.inner, value);
    } else if (field.times > 1) {
      if (!Array.isArray(value) || value.length === 0 || value.length > field.times) throw wrong(field, value);
      for (const each of value) if (!fits(field, each)) throw wrong(field, each);
    } else if (!fits(field, value)) throw wrong(field, value);
  }
}

function fits(field: Field, value: unknown): boolean {
  if (field.content === "number")
    return typeof value === "number" && Number.isInteger(value) && value >= field.least && value <= field.most;
  if (typeof value !== "string" || value === "" || /^[ \t\r\n]|[ \t\r\n]$/.test(value)) return false;
  if ([...value].length > field.sends) return false;
  switch (field.content) {
    case "token":
      return [...value].every((character) => isTokenCode(character.charCodeAt(0)));
    case "digits":
      return /^\d+$/.test(value);
    case "printable":
      return /^[ -~]+$/.test(value);
    case "type":
      return ["ME", "RE", "IN", "PI"].includes(value);
    default:
      // What XML cannot hold, and halves of a pair, which UTF-8 cannot.
      return [...value].every((character) => character >= " ") && !/\p{Cs}/u.test(value);
  }
}

function wrong(field: Field, value: unknown): WrongValueError {
  const shown = JSON.stringify(value);
  return new WrongValueError(
    `${field.tag} cannot be ${shown.length > 60 ? `${shown.slice(0, 60)}...` : shown}`,
    allowedText(field),
  );
}

function allowedText(field: Field): string {
  const { tag, content, sends, times, least, most } = field;
  const one = (): string => {
    switch (content) {
      case "number":
        return `a whole number from ${least} to ${most}`;
      case "group":
        return `an object of ${field.inner.map((inner) => inner.tag).join(", ")}`;
      case "type":
        return '"ME", "RE", "IN" or "PI"';
      case "token":
        return `1 to ${sends} of A-Z a-z 0-9`;
      case "digits":
        return `a text of 1 to ${sends} digits`;
      case "printable":
        return `1 to ${sends} characters of ASCII, blanks not at the ends`;
      case "text":
        return `1 to ${sends} characters, blanks not at the ends`;
    }
  };
  return `${tag} (${labelOf(tag)}): ${times > 1 ? `a list of 1 to ${times}, each ` : ""}${one()}`;
}

function isObject(value: unknown): value is Written {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
