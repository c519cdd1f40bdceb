/** The error for a word that stands where one of a few may stand. */
import { nearest } from "../simulator/scenario/scenario-units.ts";
import { UserError } from "./user-error.ts";

/** `flag` as it is typed ("--mode"). Names them all, and the one that was probably meant. */
export function unknownChoice(flag: string, said: string, choices: readonly string[]): UserError {
  const near = nearest(said, choices);
  const meant = near === undefined ? "" : `; did you mean ${near}?`;
  return new UserError(`${flag} ${said} is unknown`, `one of ${choices.join(", ")}${meant}`, 2);
}
