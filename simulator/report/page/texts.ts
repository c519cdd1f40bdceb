/** The catalogues of the report, one per language. */
import { english } from "./english.ts";
import { swedish } from "./swedish.ts";

export const languages = ["en", "sv"] as const;
export type Language = (typeof languages)[number];
/** Every text of a page, as plain strings and small functions. */
export type Texts = typeof english;

export function catalogue(language: Language): Texts {
  return language === "sv" ? swedish : english;
}
