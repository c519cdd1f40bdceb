/** How a receiver reads the body of a MESSAGE, and which status number meets a bad one (SS 91100 table 2). */
import { faultText } from "../../protocol/result.ts";
import { findValue, refOfNobody, refusalOf } from "../../protocol/scaip/refusal.ts";
import { decodeRequest, type ScaipRequest } from "../../protocol/scaip/request.ts";

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

export function readBody(body: Uint8Array): Intake {
  const decoded = decodeRequest(body);
  if (decoded.ok) return { type: "request", request: decoded.value };
  const why = faultText(decoded.fault);
  const ref = findValue(body, "ref");
  const { snu } = refusalOf(decoded.fault);
  if (ref === undefined && snu <= 2) return { type: "unreadable", why };
  const cid = findValue(body, "cid") ?? "";
  const mty = findValue(body, "mty") ?? "ME";
  return { type: "refused", ref: ref ?? refOfNobody, cid, mty, snu, why };
}

/** Whether a Content-Type carries SCAIP: its registered type, or the plain XML that some senders use; parameters do not matter. */
export function isScaipType(contentType: string | undefined): boolean {
  if (contentType === "application/scaip+xml") return true;
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  return type === "application/scaip+xml" || type === "application/xml";
}
