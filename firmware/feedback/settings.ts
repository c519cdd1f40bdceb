/** How a unit speaks to its wearer; provisioning may change it. */
import { isWithin } from "../department.ts";
import type { Language } from "../ports/speech.ts";
import { type QuietHours, quietByNight, quietHoursFault } from "./quiet-hours.ts";

export interface FeedbackSettings {
  readonly language: Language;
  readonly quiet: QuietHours;
  /** Said in place of the stored phrase when no path is left: whom to call; empty keeps the stored phrase. */
  readonly whereToTurn: string;
  /** How long paths are missing before the wearer hears of it, and how long until "no path" is said again. */
  readonly noPathAfterMs: number;
  readonly noPathRepeatMs: number;
}

export const feedbackDefaults: FeedbackSettings = {
  language: "sv",
  quiet: quietByNight,
  whereToTurn: "",
  noPathAfterMs: 600_000,
  noPathRepeatMs: 10_800_000,
};

/** About ten seconds of speech. */
export const whereToTurnLimit = 140;

/** What is wrong with the settings, in words, or undefined. */
export function feedbackFault(settings: FeedbackSettings): string | undefined {
  if (settings.language !== "sv" && settings.language !== "en") return "the language must be sv or en";
  if (settings.whereToTurn.length > whereToTurnLimit) {
    return "where to turn takes at most " + whereToTurnLimit + " characters";
  }
  if (!isWithin(settings.noPathAfterMs, 60_000, 86_400_000)) return "no path is told after 1 minute to 1 day";
  if (!isWithin(settings.noPathRepeatMs, 600_000, 86_400_000)) return "no path is told again after 10 minutes to 1 day";
  return quietHoursFault(settings.quiet);
}
