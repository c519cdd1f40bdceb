/** The words of the dashboard by language. */
import { english, type Texts } from "./english.ts";
import { swedish } from "./swedish.ts";

export type Language = "en" | "sv";

export function catalogue(language: Language): Texts {
  return language === "sv" ? swedish : english;
}
