/** Scenarios for commands: found by path or by the name of a shipped one, read, and described; mistakes for people to read. */
import { existsSync } from "node:fs";
import type { Scenario } from "../simulator/scenario/scenario.ts";
import { ScenarioError } from "../simulator/scenario/scenario-error.ts";
import { readScenario } from "../simulator/scenario/scenario-file.ts";
import { durationText, nearest } from "../simulator/scenario/scenario-units.ts";
import { shippedScenarios } from "./shipped-scenarios.ts";
import { UserError } from "./user-error.ts";

/** `file`: a path, or the name of a shipped scenario. `set`: parameters, each as "homes=400". Throws UserError with exit code 2. */
export function openScenario(file: string, set: readonly string[] = []): Scenario {
  try {
    return readScenario(pathOf(file), set);
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    const hint = "`livlina sim schema` lists every key; `livlina sim check FILE` reads without playing";
    const error = new UserError(thrown.message, hint, 2);
    error.cause = thrown;
    throw error;
  }
}

/** All of them, or one UserError with what is wrong with any. */
export function openScenarios(files: readonly string[], set: readonly string[] = []): Scenario[] {
  const scenarios: Scenario[] = [];
  const errors: UserError[] = [];
  for (const file of files)
    try {
      scenarios.push(openScenario(file, set));
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      errors.push(thrown);
    }
  const [first] = errors;
  if (first === undefined) return scenarios;
  throw errors.length === 1 ? first : new UserError(errors.map(({ message }) => message).join("\n"), first.hint, 2);
}

function pathOf(file: string): string {
  if (existsSync(file)) return file;
  const shipped = shippedScenarios();
  const named = shipped.find((each) => each.name === file);
  if (named !== undefined) return named.path;
  const near = nearest(
    file,
    shipped.map((each) => each.name),
  );
  const hint = near === undefined ? "livlina sim list" : `did you mean "${near}"? All names: livlina sim list`;
  throw new UserError(`there is no scenario file ${file}`, hint, 2);
}

export function unitCount(scenario: Scenario): number {
  return scenario.fleet.reduce((sum, group) => sum + group.units.length, 0);
}

/** "Staffanstorp server fault: 412 units, 3 h, 1 fault, 11 expectations". */
export function sizeText(scenario: Scenario): string {
  const { faults, expectations, durationMs, name } = scenario;
  const counts = [
    counted(unitCount(scenario), "unit"),
    durationText(durationMs),
    counted(faults.length, "fault"),
    counted(expectations.length, "expectation"),
  ];
  return `${name}: ${counts.join(", ")}`;
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** "Staffanstorp server fault" → "staffanstorp-server-fault"; never a path out of the folder. */
export function folderName(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return slug === "" ? "scenario" : slug;
}

/** Of all chance. Throws UserError with exit code 2. */
export function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d{1,10}$/.test(text) && seed <= 0xffff_ffff) return seed;
  throw new UserError(`"${text}" is no seed`, "a whole number from 0 to 4294967295, such as --seed 1", 2);
}
