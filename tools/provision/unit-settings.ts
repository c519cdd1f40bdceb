/** A unit's settings over its service line: read whole, sent whole, and followed until they are in force or taken back. */

import type { UnitSettings } from "../../firmware/settings.ts";
import { decodeSettings, encodeSettings } from "../../firmware/storage/settings-codec.ts";
import { crc32 } from "../../protocol/bytes/crc.ts";
import { type OrderRefusal, settingsPieceLength } from "../../protocol/console/orders.ts";
import { faultText } from "../../protocol/result.ts";
import { UserError } from "../user-error.ts";
import { refusalOf } from "./refusals.ts";
import type { EventOf, ServiceLink } from "./service-link.ts";

export interface ReadSettings {
  /** Without passwords, PIN and keys. */
  readonly settings: UnitSettings;
  readonly state: EventOf<"settings">;
}

/** What the unit runs on. Throws UserError (1) where it is of a version that this tool cannot read. */
export async function readSettings(link: ServiceLink): Promise<ReadSettings> {
  const state = await link.ask({ type: "settings-state" }, "settings");
  const bytes = new Uint8Array(state.length);
  for (let at = 0; at < state.length; at += settingsPieceLength) {
    const part = await link.ask({ type: "settings-get", at }, "settings-part");
    if (part.at !== at || part.bytes.length === 0 || at + part.bytes.length > bytes.length)
      throw new UserError("the unit's settings changed while they were read", "give the command again", 1);
    bytes.set(part.bytes, at);
  }
  const read = decodeSettings(bytes);
  if (read.ok) return { settings: read.value, state };
  throw new UserError(
    `the unit's settings cannot be read: ${faultText(read.fault)}`,
    "a tool of the unit's version",
    1,
  );
}

/** How new settings ended: in force and proven, in force as the first of all, or taken back since nobody accepted anything under them. */
export type SettingsEnd = "proven" | "first" | "taken-back";

const restartMs = 30_000;
const provenMs = 630_000;
const askEachMs = 500;

/** Sends them, and waits until the unit runs on them for good, or on the former ones again. `say` hears how far it came. */
export async function sendSettings(
  link: ServiceLink,
  settings: UnitSettings,
  say: (text: string) => void,
): Promise<SettingsEnd> {
  const bytes = encodeSettings(settings);
  if (bytes === undefined) throw new Error("settings: they were checked");
  const before = await link.ask({ type: "settings-state" }, "settings");
  const { pending } = await link.ask({ type: "status" }, "answer");
  await link.order({ type: "settings-begin", length: bytes.length, crc: crc32(bytes, 0, bytes.length, 0) });
  for (let at = 0; at < bytes.length; at += settingsPieceLength)
    await link.order({ type: "settings-put", at, bytes: bytes.subarray(at, at + settingsPieceLength) });
  link.forget("boot");
  const answer = await link.tryOrder({ type: "settings-end" });
  if (answer !== "done" && answer !== "begun") await refuseUnlessTaken(link, before.version, answer);
  // The first settings of all have nothing to be taken back to, so they wait for no proof and for no restart of the unit's own.
  const isFirst = before.stage === "none";
  if (isFirst) await link.order({ type: "restart" });
  say(isFirst ? "the unit starts anew on its first settings" : "the unit starts anew, with the new settings on trial");
  if (pending > 0) say("an alarm waits: it is kept, and the unit starts anew once somebody has accepted it");
  await link.restarted(pending > 0 ? provenMs : restartMs);
  return isFirst ? "first" : followTrial(link, before.version, say);
}

/** Asked twice because the line ate the first answer, the unit has nothing left to end: then it has them already. */
async function refuseUnlessTaken(link: ServiceLink, version: number, answer: OrderRefusal): Promise<void> {
  const state = await link.ask({ type: "settings-state" }, "settings");
  if (answer !== "not-now" || Math.max(state.version, state.staged) <= version)
    throw refusalOf({ type: "settings-end" }, answer);
}

/** Until the settings after that version are proven or taken back: a version that failed its trial is in force no more. */
async function followTrial(link: ServiceLink, version: number, say: (text: string) => void): Promise<SettingsEnd> {
  const endMs = performance.now() + provenMs;
  say("waiting for a receiver to accept something under them, 10 minutes at most");
  while (performance.now() < endMs) {
    const state = await link.ask({ type: "settings-state" }, "settings");
    if (state.stage === "proven") return state.version > version ? "proven" : "taken-back";
    if ((await link.next("boot", askEachMs)) !== undefined) await link.unlock();
  }
  return "taken-back";
}
