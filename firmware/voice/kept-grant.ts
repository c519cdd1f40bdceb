/** What a receiver granted of a call, as it stands in the journal until the call is over: a restart does not forget it. */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { Journal } from "../storage/journal.ts";
import { voiceGrantKind } from "../storage/record-kinds.ts";
import { putText, takeText } from "../storage/settings-codec-fields.ts";
import type { CallReply } from "./call-plan.ts";

export interface KeptGrant {
  /** Of the accepted alarm. */
  readonly number: number;
  readonly receiver: number;
  readonly reply: CallReply;
}

const lengthLimit = 160;

/** Of several numbers to call the first is kept. */
export function keepGrant(records: Journal, grant: KeptGrant): void {
  const bytes = new Uint8Array(lengthLimit);
  const to = new Writer(bytes);
  to.u32(grant.number);
  to.u8(grant.receiver);
  to.u8(grant.reply.mre);
  to.u8(grant.reply.cre);
  putText(to, grant.reply.tnu[0] ?? "");
  if (!to.overrun) records.write(voiceGrantKind, 0, bytes.subarray(0, to.at));
}

export function forgetGrant(records: Journal): void {
  if (records.read(voiceGrantKind, 0) !== undefined) records.remove(voiceGrantKind, 0);
}

export function keptGrant(records: Journal): KeptGrant | undefined {
  const bytes = records.read(voiceGrantKind, 0);
  if (bytes === undefined) return undefined;
  const from = new Reader(bytes, 0, bytes.length);
  const number = from.u32();
  const receiver = from.u8();
  const mre = from.u8();
  const cre = from.u8();
  const tnu = takeText(from);
  return from.overrun ? undefined : { number, receiver, reply: { mre, cre, tnu: tnu === "" ? [] : [tnu] } };
}
