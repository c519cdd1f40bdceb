/**
 * SCAIP read by two public XML libraries, for comparison. They are no part of what is shipped: each is loaded only here
 * and may be missing. What they read is turned into the same values by the same tables, without the checks of our decoder.
 */
import { type DocumentFields, type Field, requestFields, responseFields } from "../../protocol/scaip/fields.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { ScaipResponse } from "../../protocol/scaip/response.ts";
import type { XmlReader } from "./exchange.ts";

/** A library's reader, or its name alone where it is not installed. */
export interface Found {
  readonly name: string;
  readonly reader: XmlReader | undefined;
}

/** Texts by tag; a list where the element stands several times, an object where it holds elements. */
interface Texts {
  [tag: string]: string | string[] | Texts;
}

/** Reads one document to the texts inside its root. */
type ReadTexts = (bytes: Uint8Array, document: DocumentFields) => Texts;

/** Looks for both, in this order: saxes, fast-xml-parser. */
export async function findLibraries(load: (name: string) => Promise<unknown> = loadPackage): Promise<Found[]> {
  return [
    await find("saxes", (library) => withSaxes(library as Saxes), load),
    await find("fast-xml-parser", (library) => withFastXmlParser(library as FastXmlParser), load),
  ];
}

async function find(
  name: string,
  readerOf: (library: unknown) => ReadTexts,
  load: (name: string) => Promise<unknown>,
): Promise<Found> {
  try {
    return { name, reader: withTables(name, readerOf(await load(name))) };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw thrown;
    return { name, reader: undefined };
  }
}

function loadPackage(name: string): Promise<unknown> {
  return import(name);
}

function withTables(name: string, read: ReadTexts): XmlReader {
  return {
    name,
    request: (bytes) => {
      const values = valuesOf(read(bytes, requestFields), requestFields.fields);
      const { mty = "ME" } = values;
      return { ...values, mty } as unknown as ScaipRequest;
    },
    response: (bytes) => valuesOf(read(bytes, responseFields), responseFields.fields) as unknown as ScaipResponse,
  };
}

function valuesOf(texts: Texts, fields: readonly Field[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const text = texts[field.tag];
    if (text === undefined || text === "") continue;
    if (field.content === "group") values[field.tag] = valuesOf(text as Texts, field.inner);
    else if (field.content === "number") values[field.tag] = Number(text);
    else values[field.tag] = field.times > 1 && typeof text === "string" ? [text] : text;
  }
  return values;
}

/** The part of saxes 6 that is used. */
interface Saxes {
  readonly SaxesParser: new () => {
    on(event: "opentag", handler: (tag: { readonly name: string }) => void): void;
    on(event: "text", handler: (text: string) => void): void;
    on(event: "closetag", handler: (tag: { readonly name: string }) => void): void;
    write(text: string): { close(): void };
  };
}

/** One parser serves all messages, as its makers intend. */
function withSaxes(library: Saxes): ReadTexts {
  const parser = new library.SaxesParser();
  let open: Texts[] = [];
  let text = "";
  parser.on("opentag", () => {
    open.push({});
    text = "";
  });
  parser.on("text", (piece) => {
    text += piece;
  });
  parser.on("closetag", (tag) => {
    const inner = open.pop() ?? {};
    const outer = open.at(-1);
    if (outer === undefined) open = [inner];
    else add(outer, tag.name, isEmpty(inner) ? text.trim() : inner);
    text = "";
  });
  const decoder = new TextDecoder();
  return (bytes) => {
    open = [];
    parser.write(decoder.decode(bytes)).close();
    return open[0] ?? {};
  };
}

function isEmpty(texts: Texts): boolean {
  for (const _tag in texts) return false;
  return true;
}

function add(texts: Texts, tag: string, value: string | Texts): void {
  const before = texts[tag];
  if (before === undefined) texts[tag] = value;
  else if (Array.isArray(before)) before.push(value as string);
  else texts[tag] = [before as string, value as string];
}

/** The part of fast-xml-parser 5 that is used. */
interface FastXmlParser {
  readonly XMLParser: new (options: object) => { parse(text: string): Record<string, Texts> };
}

function withFastXmlParser(library: FastXmlParser): ReadTexts {
  const parser = new library.XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true });
  const decoder = new TextDecoder();
  return (bytes, document) => parser.parse(decoder.decode(bytes))[document.root.tag] ?? {};
}
