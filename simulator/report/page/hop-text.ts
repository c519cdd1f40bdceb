/** One hop of a ladder in words of a language, for the page, the terminal and the dashboard. */
import type { Hop } from "../ladder.ts";
import type { Texts } from "./texts.ts";

/** "alarm, primary, mobile"; "fault begins: receiver primary takes alarms and hands none on". */
export function hopText({ what, detail }: Pick<Hop, "what" | "detail">, texts: Texts): string {
  const word = texts.hops[what];
  if (detail === "") return word;
  if (what === "left-out") return `${detail} ${word}`;
  const [object, name, fault] = detail.split("|");
  if (object !== undefined && name !== undefined && fault !== undefined)
    return `${word}: ${texts.fault(object, name, fault)}`;
  const { mobile, broadband } = texts.routeNames;
  return `${word}, ${detail.replace(/, mobile\b/, `, ${mobile}`).replace(/, broadband\b/, `, ${broadband}`)}`;
}
