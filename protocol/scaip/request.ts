/** `mrq`: what a unit tells a receiving centre, one alarm, update, withdrawal or heartbeat (SS 91100 4 and table 1). */
import { ok, type Result } from "../result.ts";
import { decodeDocument, encodeDocument, type Values } from "./document.ts";
import { type MessageType, requestFields } from "./fields.ts";

/** Names are the standard's own tags; a property that is missing or undefined is not sent. Codes are numbers. */
export interface ScaipRequest {
  /** Ties the response to the request: 1 to 16 of A-Z a-z 0-9. */
  readonly ref: string;
  /** Protocol version `dd.dd`; absent means 01.00. */
  readonly ver?: string | undefined;
  /** System set-up: 0 one unit, 1 to 3 a group whose supervisor is off duty, on duty, on duty and acting as receiver. */
  readonly sco?: number | undefined;
  /** 1 asks the centre to call back. */
  readonly cha?: number | undefined;
  /** ME message, RE withdrawal, IN update, PI heartbeat. Absent means ME; a decoded request always has it. */
  readonly mty?: MessageType | undefined;
  /** 1 lets the centre set the interval of heartbeats. */
  readonly hbo?: number | undefined;
  /** Account number of the unit, digits: 16 are sent at most, 32 taken. */
  readonly cid: string;
  /** Type of the device that caused this. */
  readonly dty: number;
  /** Identity of that device: 8 printable characters are sent at most, 16 taken. */
  readonly did?: string | undefined;
  /** Component of that device. */
  readonly dco?: number | undefined;
  /** Text on that device, 32 characters. */
  readonly dte?: string | undefined;
  /** Media for a call: `sip:`, `gsm:`, `no-voice:` and what follows; absent means `sip:`. */
  readonly crd?: readonly string[] | undefined;
  /** Status code: what happened. */
  readonly stc?: number | undefined;
  /** Text on the status, 32 characters. */
  readonly stt?: string | undefined;
  /** 0 lowest to 9 highest. */
  readonly pri?: number | undefined;
  /** Location code, its value (2 printable characters), a position, a text of 32 characters. */
  readonly lco?: number | undefined;
  readonly lva?: string | undefined;
  readonly lge?: ScaipPosition | undefined;
  readonly lte?: string | undefined;
  /** Information code (none is defined) and a text of 128 characters. */
  readonly ico?: number | undefined;
  readonly ite?: string | undefined;
  /** Parts of a split message that are still to come. */
  readonly ame?: number | undefined;
}

/** A request whose absent type has to be filled in. */
interface Decoded extends ScaipRequest {
  mty?: MessageType | undefined;
}

/** `lge`: latitude and longitude in degrees `58.41086,15.62157`, time of the fix, the NMEA GGA sentence. */
export interface ScaipPosition {
  readonly geo?: string | undefined;
  readonly tim?: string | undefined;
  readonly gga?: string | undefined;
}

/** The bytes of a request. Texts are cut to their length; any other value outside its bounds is a mistake and throws. */
export function encodeRequest(request: ScaipRequest): Uint8Array {
  return encodeDocument(requestFields, request as unknown as Values);
}

/**
 * A request as a receiver takes it: any order, blanks around values, codes without their zeros, namespaces and elements it
 * does not know are all borne with. See `refusalOf` for the answer that each fault deserves.
 */
export function decodeRequest(bytes: Uint8Array): Result<ScaipRequest> {
  const decoded = decodeDocument(requestFields, bytes, "strict");
  if (!decoded.ok) return decoded;
  const request = decoded.value as unknown as Decoded;
  if (request.mty === undefined) request.mty = "ME";
  return ok(request);
}

/**
 * What is left of a request when a receiver has refused the whole: the mandatory elements and the status. The type stays
 * unless it is the default, since a withdrawal without it would be an alarm.
 */
export function minimal(request: ScaipRequest): ScaipRequest {
  return {
    ref: request.ref,
    mty: request.mty === "ME" ? undefined : request.mty,
    cid: request.cid,
    dty: request.dty,
    stc: request.stc,
  };
}
