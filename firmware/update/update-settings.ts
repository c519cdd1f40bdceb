/** Where a unit asks for newer firmware, how often, and how long a new image has to prove itself. */
import { isWithin } from "../department.ts";

export interface UpdateSettings {
  /** A unit without a server is updated on the bench alone. */
  readonly mode: "off" | "on";
  /** Name or address of the release server, up to 64 characters. */
  readonly host: string;
  readonly port: number;
  /** Plain connections are for a laboratory: the image is signed all the same, but anybody may hear which unit asks. */
  readonly transport: "tls" | "tcp";
  /** Also over the mobile network, where the unit has broadband; without broadband always. */
  readonly overMobile: boolean;
  /** 1 to 168 hours, each time up to a quarter later by chance. */
  readonly askEveryMs: number;
  /** A new image is taken back where no receiver accepts a message, or the self-check does not pass, within this time. */
  readonly provenWithinMs: number;
  /** ... or no device of the unit's own is heard within this time, where one was heard on the day before. */
  readonly heardWithinMs: number;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
const hostLimit = 64;

export const updateDefaults: UpdateSettings = {
  mode: "off",
  host: "",
  port: 443,
  transport: "tls",
  overMobile: false,
  askEveryMs: 6 * hourMs,
  provenWithinMs: 15 * minuteMs,
  heardWithinMs: 25 * hourMs,
};

/** What is wrong with the settings, in words, or undefined. */
export function updateFault(settings: UpdateSettings): string | undefined {
  if (settings.mode !== "off" && settings.mode !== "on") return "updates must be off or on";
  if (settings.mode === "on" && settings.host === "") return "updates need a server";
  if (settings.host.length > hostLimit) return "the name of the release server is too long";
  for (let i = 0; i < settings.host.length; i++) {
    const code = settings.host.charCodeAt(i);
    if (code <= 0x20 || code > 0x7e || code === 0x2f) return "the release server's name has a letter that no name has";
  }
  if (!isWithin(settings.port, 1, 65_535)) return "the release server's port must be 1 to 65,535";
  if (settings.transport !== "tls" && settings.transport !== "tcp") return "updates come over tls or tcp";
  if (!isWithin(settings.askEveryMs, hourMs, 168 * hourMs)) return "a unit asks for updates each 1 to 168 h";
  if (!isWithin(settings.provenWithinMs, 5 * minuteMs, hourMs)) return "a new image has 5 to 60 min to prove itself";
  if (!isWithin(settings.heardWithinMs, hourMs, 72 * hourMs)) return "a new image has 1 to 72 h to hear a device";
  return undefined;
}
