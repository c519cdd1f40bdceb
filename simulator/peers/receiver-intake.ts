/** How a receiver reads the body of a MESSAGE, and which status number meets a bad one (SS 91100 table 2). */
import { type Fault, faultText } from "../../protocol/result.ts";
import { decodeRequest, type ScaipRequest } from "../../protocol/scaip/request.ts";
import { textOf } from "../../protocol/text/utf8.ts";
import { elementList, nesting, wholeMessage } from "../../protocol/xml/xml.ts";

export type Intake =
  | { readonly type: "request"; readonly request: ScaipRequest }
  /** Carried, and answered by an `mrs` with this number: the ref could be found, or is itself what is missing. */
  | {
      readonly type: "refused";
      readonly ref: string;
      readonly cid: string;
      readonly mty: string;
      readonly snu: number;
      readonly why: string;
    }
  /** No `mrs` is possible: SIP 400. */
  | { readonly type: "unreadable"; readonly why: string };

/** What stands for a ref that was not sent, since an `mrs` cannot be without one. */
export const noRef = "0";

export function readBody(body: Uint8Array): Intake {
  const decoded = decodeRequest(body);
  if (decoded.ok) return { type: "request", request: decoded.value };
  const why = faultText(decoded.fault);
  const text = textOf(body, 0, body.length);
  const snu = statusOf(decoded.fault);
  const ref = elementText(text, "ref", "[0-9A-Za-z]{1,16}");
  if (snu === 2 && ref === undefined) return { type: "unreadable", why };
  return {
    type: "refused",
    ref: ref ?? noRef,
    cid: elementText(text, "cid", "[0-9]{1,32}") ?? "",
    mty: elementText(text, "mty", "[A-Z]{2}") ?? "ME",
    snu,
    why,
  };
}

/** Whether a Content-Type carries SCAIP: its registered type, or the plain XML that some senders use; parameters do not matter. */
export function isScaipType(contentType: string | undefined): boolean {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return type === "application/scaip+xml" || type === "application/xml";
}

/** 1 and 99 are not used here: the one is about whole messages (which are taken at any length), the other about an unknown type. */
function statusOf(fault: Fault): number {
  switch (fault.kind) {
    case "missing":
      return fault.field === "ref" ? 10 : 7;
    case "unknown-value":
      return fault.field === "mty" ? 99 : 3;
    case "too-long":
      return fault.what === wholeMessage || fault.what === elementList || fault.what === nesting ? 2 : 3;
    default:
      return 2;
  }
}

/** The value of one element in a text that may be no XML at all. */
function elementText(text: string, tag: string, content: string): string | undefined {
  return new RegExp(`<(?:[\\w.-]{1,32}:)?${tag}\\s{0,16}>\\s{0,16}(${content})\\s{0,16}</`).exec(text)?.[1];
}
