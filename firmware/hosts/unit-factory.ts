/** A unit's factory page: the settings it starts with until somebody gives it others, its service key among them. */
import { bad, type Result } from "../../protocol/result.ts";
import { settingsFault, type UnitSettings } from "../settings.ts";
import { decodeSettings, encodeSettings } from "../storage/settings-codec.ts";
import { factoryPage, readFactoryPage } from "./factory-page.ts";

/** Undefined where the settings do not fit, as `encodeSettings` judges. */
export function unitFactoryPage(settings: UnitSettings): Uint8Array | undefined {
  const payload = encodeSettings(settings);
  return payload === undefined ? undefined : factoryPage("unit", payload);
}

/** Settings that a unit can start with. */
export function readUnitFactory(sector: Uint8Array): Result<UnitSettings> {
  const page = readFactoryPage(sector, "unit");
  if (!page.ok) return bad(page.fault);
  const settings = decodeSettings(page.value);
  if (!settings.ok) return settings;
  const fault = settingsFault(settings.value);
  return fault === undefined ? settings : bad({ kind: "malformed", at: 0, what: fault });
}
