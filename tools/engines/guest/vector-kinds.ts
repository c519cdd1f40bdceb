/**
 * What an engine makes of one golden vector of `protocol/vectors`, as text: values as they are read, and as they are written
 * again. Whether that is what the vector wants is judged outside (`tools/engines/vectors.ts`), alike for every engine.
 */

import { cipherOf } from "../../../firmware/hosts/espruino/own-cipher.ts";
import { Writer } from "../../../protocol/bytes/writer.ts";
import { decodeEnvelope, openPayload, sealPayload } from "../../../protocol/radio/envelope.ts";
import { open, seal } from "../../../protocol/radio/sealing.ts";
import { faultText, type Result } from "../../../protocol/result.ts";
import { refusalOf } from "../../../protocol/scaip/refusal.ts";
import { decodeRequest, encodeRequest } from "../../../protocol/scaip/request.ts";
import { decodeResponse, encodeResponse } from "../../../protocol/scaip/response.ts";
import { decodeSip, encodeSip } from "../../../protocol/sip/message.ts";
import {
  decodeSmsAlarm,
  decodeSmsAnswer,
  encodeSmsAlarm,
  encodeSmsAnswer,
} from "../../../protocol/sms-alarm/sms-alarm.ts";
import { bytesOf, revived, textOf } from "./parts.ts";

/** A sealed text as `protocol/vectors/radio/ccm.json` has it, all in bytes. */
interface SealedText {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly header: Uint8Array;
  readonly text: Uint8Array;
  readonly tagLength: number;
  readonly sealed: Uint8Array;
}

interface SealedFrame {
  readonly key: Uint8Array;
  readonly code: number;
  readonly address: number;
  readonly counter: number;
  readonly payload: Uint8Array;
  readonly frame: Uint8Array;
}

interface SignedText {
  readonly key: Uint8Array;
  readonly alarm: boolean;
  readonly text: string;
}

/** `text`: the vector as JSON, its bytes as lists write them; of messages, the message itself. */
export function vectorText(kind: string, text: string): string {
  switch (kind) {
    case "ccm":
      return sealedText(revived(JSON.parse(text)) as SealedText);
    case "frame":
      return frameText(revived(JSON.parse(text)) as SealedFrame);
    case "scaip-request":
      return readAndWritten(decodeRequest(bytesOf(text)), encodeRequest);
    case "scaip-heard":
      return resultText(heard(text));
    case "scaip-response":
      return readAndWritten(decodeResponse(bytesOf(text)), encodeResponse);
    case "scaip-refused":
      return refusedText(heard(text));
    case "sip":
      return readAndWritten(decodeSip(bytesOf(text)), encodeSip);
    case "sms-alarm":
      return signedText(revived(JSON.parse(text)) as SignedText);
    default:
      throw new Error("vectors: there is no kind " + kind);
  }
}

function resultText(result: Result<unknown>): string {
  return result.ok ? textOf(result.value) : "! " + faultText(result.fault);
}

function readAndWritten<T>(result: Result<T>, write: (value: T) => Uint8Array): string {
  return resultText(result) + (result.ok ? "\n" + textOf(write(result.value)) : "");
}

function sealedText(vector: SealedText): string {
  const cipher = cipherOf(vector.key);
  const sealed = seal(cipher, vector.nonce, vector.header, vector.text, vector.tagLength);
  return textOf(sealed) + "\n" + resultText(open(cipher, vector.nonce, vector.header, vector.sealed, vector.tagLength));
}

function frameText(vector: SealedFrame): string {
  const cipher = cipherOf(vector.key);
  const payload = new Writer(new Uint8Array(vector.payload.length));
  payload.put(vector.payload);
  const sealed = sealPayload(cipher, vector.code, vector.address, vector.counter, payload);
  const header = decodeEnvelope(vector.frame);
  const opened = header.ok ? resultText(openPayload(cipher, header.value, vector.frame)) : resultText(header);
  return textOf(sealed) + "\n" + opened;
}

/** A request or a response, whichever its root says. */
function heard(text: string): Result<unknown> {
  return text.indexOf("<mrs") >= 0 ? decodeResponse(bytesOf(text)) : decodeRequest(bytesOf(text));
}

function refusedText(result: Result<unknown>): string {
  return result.ok ? "accepted" : faultText(result.fault) + "\n" + textOf(refusalOf(result.fault));
}

function signedText(vector: SignedText): string {
  const cipher = cipherOf(vector.key);
  if (vector.alarm) {
    const alarm = decodeSmsAlarm(vector.text, cipher);
    return resultText(alarm) + (alarm.ok ? "\n" + encodeSmsAlarm(alarm.value, cipher) : "");
  }
  const answer = decodeSmsAnswer(vector.text, cipher);
  return resultText(answer) + (answer.ok ? "\n" + encodeSmsAnswer(answer.value, cipher) : "");
}
