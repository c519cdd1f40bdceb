/**
 * A unit's settings as bytes: format (1 byte), then fields of tag (1), length (2) and value. A later version adds tags: one
 * of 128 and more may be left out by a reader that does not know it, any other makes the whole unreadable to it, since a
 * unit must never run on half of what it was set up with. Bonds are not among them: pairing keeps those in records of their own.
 */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { bad, ok, type Result } from "../../protocol/result.ts";
import { defaultStaggerMs, type UnitSettings } from "../settings.ts";
import { type Draft, receiverTag, rowOf, settingsRows } from "./settings-codec-rows.ts";

/**
 * All of it, so that two versions find room in the journal: enough for every department and four receivers whose addresses
 * are of a usual length, not for the longest of every text at once.
 */
export const settingsLimit = 1_536;
export const settingsFormat = 1;
const firstSkippable = 128;

/** Undefined where something is longer than its limit or has no place in it; what else is wrong `settingsFault` says. */
export function encodeSettings(settings: UnitSettings): Uint8Array | undefined {
  return encodeBy(settings, false);
}

/** The same without passwords, PIN and keys, to be shown to people. */
export function encodeShown(settings: UnitSettings): Uint8Array | undefined {
  return encodeBy(settings, true);
}

/** Reads settings of this or an older format. They may still be unusable: `settingsFault` judges them. */
export function decodeSettings(bytes: Uint8Array): Result<UnitSettings> {
  if (bytes.length > settingsLimit)
    return bad({ kind: "too-long", at: settingsLimit, what: "settings", limit: settingsLimit });
  const from = new Reader(bytes, 0, bytes.length);
  const format = from.u8();
  if (from.overrun) return bad({ kind: "truncated", at: 0 });
  if (format < 1 || format > settingsFormat)
    return bad({ kind: "unknown-value", at: 0, field: "format", value: format });
  const draft: Draft = {
    cid: "",
    domain: "",
    policy: undefined,
    receivers: [],
    localPort: 0,
    modem: { apn: "", user: "", password: "", pin: "" },
    staggerMs: defaultStaggerMs,
    provenWithinS: undefined,
    serviceKey: undefined,
    voice: undefined,
    sms: undefined,
    update: undefined,
    departments: undefined,
  };
  let seen = 0;
  while (from.left > 0) {
    const at = from.at;
    const tag = from.u8();
    const length = from.u16();
    if (from.overrun || length > from.left) return bad({ kind: "truncated", at });
    const row = rowOf(tag);
    if (row === undefined) {
      if (tag < firstSkippable) return bad({ kind: "unknown-value", at, field: "tag", value: tag });
      from.view(length);
      continue;
    }
    if (tag < seen) return bad({ kind: "malformed", at, what: "settings out of order" });
    if (tag === seen && tag !== receiverTag) return bad({ kind: "malformed", at, what: row.field + " stands twice" });
    seen = tag;
    const value = new Reader(bytes, from.at, from.at + length);
    if (!row.take(value, draft) || value.overrun || value.left > 0)
      return bad({ kind: "malformed", at, what: row.field + " cannot be read" });
    from.view(length);
  }
  return settled(draft);
}

function settled(draft: Draft): Result<UnitSettings> {
  if (draft.policy === undefined) return bad({ kind: "missing", at: 0, field: "policy" });
  const settings: { -readonly [field in keyof UnitSettings]: UnitSettings[field] } = {
    cid: draft.cid,
    domain: draft.domain,
    policy: draft.policy,
    receivers: draft.receivers,
    localPort: draft.localPort,
    modem: draft.modem,
    staggerMs: draft.staggerMs,
    bonds: [],
  };
  if (draft.departments !== undefined) settings.departments = draft.departments;
  if (draft.provenWithinS !== undefined) settings.provenWithinS = draft.provenWithinS;
  if (draft.serviceKey !== undefined) settings.serviceKey = draft.serviceKey;
  if (draft.voice !== undefined) settings.voice = draft.voice;
  if (draft.sms !== undefined) settings.sms = draft.sms;
  if (draft.update !== undefined) settings.update = draft.update;
  return ok(settings);
}

function encodeBy(settings: UnitSettings, shown: boolean): Uint8Array | undefined {
  const to = new Writer(new Uint8Array(settingsLimit));
  const value = new Uint8Array(settingsLimit);
  to.u8(settingsFormat);
  for (const row of settingsRows) {
    const count = row.count(settings);
    for (let i = 0; i < count; i++) {
      const piece = new Writer(value);
      row.put(settings, i, piece, shown);
      if (piece.overrun) return undefined;
      to.u8(row.tag);
      to.u16(piece.at);
      to.put(piece.written());
    }
  }
  return to.overrun ? undefined : to.written();
}
