/** `mrs`: what a receiving centre answers to a request (SS 91100 4 and table 2). */
import { ok, type Result } from "../result.ts";
import { decodeDocument, encodeDocument, type Values } from "./document.ts";
import { responseFields } from "./fields.ts";

/** Names are the standard's own tags; a property that is missing or undefined is not sent. */
export interface ScaipResponse {
  /** The `ref` of the request. */
  readonly ref: string;
  /** Status number; 0 is the only one that means accepted. */
  readonly snu: number;
  /** Text on the status, 128 characters. */
  readonly ste?: string | undefined;
  /** Version the centre uses, `dd.dd`. */
  readonly cve?: string | undefined;
  /** Voice: 0 or absent no call, 1 both ways, 2 the centre only listens, 3 the centre only talks. */
  readonly mre?: number | undefined;
  /** Who calls whom: 1 to 60 minutes in which the centre calls, 61 or absent the unit's own receiver, 62 what `tnu` says. */
  readonly cre?: number | undefined;
  /** Where to call, one per medium: `sip:` or `gsm:` and what follows. */
  readonly tnu?: readonly string[] | undefined;
  /** Interval of heartbeats in minutes, 1 to 1440. */
  readonly hbi?: number | undefined;
}

/** The bytes of a response. Texts are cut to their length; any other value outside its bounds is a mistake and throws. */
export function encodeResponse(response: ScaipResponse): Uint8Array {
  return encodeDocument(responseFields, response as unknown as Values);
}

/**
 * A response as a unit takes it. Only `ref` and `snu` decide whether it is one; any other element that cannot be read, or
 * whose number is out of its range, counts as absent.
 */
export function decodeResponse(bytes: Uint8Array): Result<ScaipResponse> {
  const decoded = decodeDocument(responseFields, bytes, "lenient");
  return decoded.ok ? ok(decoded.value as unknown as ScaipResponse) : decoded;
}
