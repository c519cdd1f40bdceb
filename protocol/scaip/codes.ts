/**
 * SCAIP's code tables by name, and what to say about a number that they do not hold (SS 91100 annexes A to E). For people and
 * tools: the codecs know numbers only and import none of this.
 */
import { components } from "./components.ts";
import { deviceTypes } from "./device-types.ts";
import { locations } from "./locations.ts";
import { statusCodes } from "./status-codes.ts";
import { callReplies, mediaReplies, statusNumbers } from "./status-names.ts";

export interface CodeName {
  readonly code: number;
  readonly en: string;
  readonly sv: string;
}

/** Elements whose numbers have a table. */
export type CodedTag = "dty" | "dco" | "stc" | "lco" | "ico" | "snu" | "mre" | "cre";

/** The table of an element, by rising code. `ico` has none: no information code is defined. */
export function codeTable(tag: CodedTag): readonly CodeName[] {
  switch (tag) {
    case "dty":
      return deviceTypes;
    case "dco":
      return components;
    case "stc":
      return statusCodes;
    case "lco":
      return locations;
    case "ico":
      return [];
    case "snu":
      return statusNumbers;
    case "mre":
      return mediaReplies;
    case "cre":
      return callReplies;
  }
}

/** The row of a code, or undefined: any number may come, and a receiver then shows the number. */
export function nameOf(tag: CodedTag, code: number): CodeName | undefined {
  const table = codeTable(tag);
  for (let i = 0; i < table.length; i++) if ((table[i] as CodeName).code === code) return table[i];
  return undefined;
}

/** A code for people to read, also where no table holds it. */
export function describeCode(tag: CodedTag, code: number, language: "en" | "sv"): string {
  const row = nameOf(tag, code);
  if (row !== undefined) return row[language];
  if (tag === "cre" && code > 0 && code < 61)
    return language === "en"
      ? "the centre calls within " + code + " min"
      : "larmcentralen ringer inom " + code + " min";
  return code + " (" + rangeOf(tag, code)[language] + ")";
}

/** Ranges without names; the borders are seen only in the bought standard. */
function rangeOf(tag: CodedTag, code: number): CodeName {
  const isLong = tag === "dty" || tag === "stc";
  if (tag === "snu" || tag === "mre" || tag === "cre") return notListed;
  if (code >= (isLong ? 1000 : 100)) return unspecified;
  return code >= (isLong ? 900 : 90) ? byAgreement : reserved;
}

const notListed: CodeName = { code: -1, en: "not listed", sv: "finns inte i tabellen" };
const reserved: CodeName = { code: -1, en: "reserved", sv: "reserverad" };
const byAgreement: CodeName = { code: -1, en: "by agreement", sv: "enligt överenskommelse" };
const unspecified: CodeName = { code: -1, en: "unspecified", sv: "ospecificerad" };
