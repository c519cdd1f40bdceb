/** Shows a SCAIP document, `mrq` or `mrs`, element by element as it stands in the bytes (SS 91100 tables 1 and 2). */
import { bad, ok, type Result } from "../../protocol/result.ts";
import { type Field, requestFields, responseFields } from "../../protocol/scaip/fields.ts";
import { decodeRequest, type ScaipRequest } from "../../protocol/scaip/request.ts";
import { decodeResponse, type ScaipResponse } from "../../protocol/scaip/response.ts";
import { XmlElements } from "../../protocol/xml/xml.ts";
import { type Report, type ReportLine, shifted } from "./report.ts";
import { labelOf, meaningOf } from "./scaip-words.ts";

interface ScaipReport extends Report {
  readonly values: ScaipRequest | ScaipResponse;
}

/** Bytes that begin at `offset` of the input, their lines at `depth`. A request is taken as a receiver, a response as a unit takes it. */
export function reportScaip(bytes: Uint8Array, offset = 0, depth = 0): Result<ScaipReport> {
  const elements = new XmlElements();
  const broken = elements.read(bytes);
  if (broken !== undefined) return bad(shifted(broken, offset));
  const isResponse = elements.key[0] === responseFields.root.key;
  const document = isResponse ? responseFields : requestFields;
  const decoded: Result<ScaipRequest | ScaipResponse> = isResponse ? decodeResponse(bytes) : decodeRequest(bytes);
  if (!decoded.ok) return bad(shifted(decoded.fault, offset));
  const { tag } = document.root;
  const lines: ReportLine[] = [{ at: offset + atTag(elements, 0), depth, label: tag, text: labelOf(tag) }];
  const view: View = { elements, offset, depth: depth + 1, lines };
  showInside(view, 0, document.fields, decoded.value as unknown as Shown);
  return ok({ values: decoded.value, lines });
}

/** The decoded values by tag. */
interface Shown {
  readonly [tag: string]: string | number | readonly string[] | Shown | undefined;
}

interface View {
  readonly elements: XmlElements;
  readonly offset: number;
  readonly depth: number;
  readonly lines: ReportLine[];
}

function showInside(view: View, parent: number, fields: readonly Field[], values: Shown): void {
  const { elements, offset, depth, lines } = view;
  const met = new Map<string, number>();
  for (let index = parent + 1; index < elements.count; index++) {
    if (elements.parent[index] !== parent) continue;
    const at = offset + atTag(elements, index);
    const field = fields.find(({ key }) => key === elements.key[index]);
    if (field === undefined) {
      lines.push({ at, depth, label: nameAt(elements, index), text: "passed over: not in the standard's table" });
      continue;
    }
    const { tag } = field;
    const before = met.get(tag) ?? 0;
    met.set(tag, before + 1);
    const value = values[tag];
    const label = labelOf(tag);
    if (isInside(value)) {
      lines.push({ at, depth, label: tag, text: label });
      showInside({ ...view, depth: depth + 1 }, index, field.inner, value);
      continue;
    }
    const own = Array.isArray(value) ? (value[before] as string | undefined) : before === 0 ? value : undefined;
    lines.push({ at, depth, label: tag, text: textOfValue(tag, label, own as string | number | undefined) });
  }
}

function isInside(value: Shown[string]): value is Shown {
  return typeof value === "object" && !Array.isArray(value);
}

function textOfValue(tag: string, label: string, value: string | number | undefined): string {
  if (value === undefined) return `${label}: counts as absent`;
  const meaning = meaningOf(tag, value);
  if (meaning.startsWith(`${value} (`)) return `${label}: ${meaning}`; // a number that no table holds
  return `${label}: ${value}${meaning === "" ? "" : ` = ${meaning}`}`;
}

/** Offset of the start tag's `<`. */
function atTag(elements: XmlElements, index: number): number {
  return (elements.at[index] ?? 0) - 1;
}

function nameAt(elements: XmlElements, index: number): string {
  const from = elements.at[index] ?? 0;
  const name = /^[^\s/>]*/.exec(Buffer.from(elements.bytes.subarray(from, from + 64)).toString("utf8"));
  return name?.[0] ?? "";
}
