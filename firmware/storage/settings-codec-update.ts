/** The field of a unit's settings that says where it asks for newer firmware. */
import type { Reader } from "../../protocol/bytes/reader.ts";
import type { Writer } from "../../protocol/bytes/writer.ts";
import type { UpdateSettings } from "../update/update-settings.ts";
import { putChoice, putFlag, putText, putWhole, takeChoice, takeFlag, takeText } from "./settings-codec-fields.ts";

/** As they are numbered here; a number keeps its meaning. */
const modes: readonly UpdateSettings["mode"][] = ["off", "on"];
const transports: readonly UpdateSettings["transport"][] = ["tls", "tcp"];

export function putUpdate(update: UpdateSettings, to: Writer): void {
  putChoice(to, modes, update.mode);
  putText(to, update.host);
  putWhole(to, update.port, 2);
  putChoice(to, transports, update.transport);
  putFlag(to, update.overMobile);
  putWhole(to, update.askEveryMs, 4);
  putWhole(to, update.provenWithinMs, 4);
  putWhole(to, update.heardWithinMs, 4);
}

/** Fields stand in the order of `putUpdate`: what an object literal names first is read first. */
export function takeUpdate(from: Reader): UpdateSettings {
  return {
    mode: takeChoice(from, modes),
    host: takeText(from),
    port: from.u16(),
    transport: takeChoice(from, transports),
    overMobile: takeFlag(from),
    askEveryMs: from.u32(),
    provenWithinMs: from.u32(),
    heardWithinMs: from.u32(),
  };
}
