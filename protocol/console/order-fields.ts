/** Fields that several orders and their answers share; orders.ts puts them into its rows. */
import { accessoryTypes } from "../radio/accessory-types.ts";
import { buttonForms } from "../radio/button-flags.ts";
import { numberField, textField, wordField } from "./fields.ts";
import type { LifeWord } from "./orders.ts";

export const highestWord = 0xffffffff;
/** Highest place in the table of bonds, and highest slot of a person. */
export const places = 31;
const persons = 32;
/** Stands for days that nobody knows yet. */
export const unknownDays = 9_999;

const lifeWords: readonly LifeWord[] = [
  "stored",
  "prepared",
  "installed",
  "in-service",
  "suspended",
  "returned",
  "wiped",
];

function deviceForms(): readonly string[] {
  const words: string[] = [];
  for (const form of buttonForms) words.push(form);
  for (const type of accessoryTypes) words.push(type);
  return words;
}

export const to = numberField("to", highestWord, "number of the command answered");
export const place = numberField("place", places, "in the table of bonds");
export const person = numberField("person", persons, "slot, from 1; 0 for nobody");
export const where = textField("where", 20, "a room, never a name");
export const days = numberField("days", unknownDays, "until a battery should be changed; 9999 where nobody knows");
export const life = wordField("life", lifeWords, "life state of the unit");
export const form = wordField("form", deviceForms(), "what it is");
