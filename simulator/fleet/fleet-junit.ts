/** The fleet as a JUnit file: each checker, each promise and each town that could not be played as a test of its own. */
import { escapeMarkup } from "../report/html.ts";
import type { FleetResult } from "./fleet-result.ts";

/** Nothing of it depends on the machine, so there are no times in it. */
export function fleetJunit(result: FleetResult): string {
  const { fleet, checks, expectations, promises, broken } = result;
  const cases: string[] = [];
  let failures = 0;
  const add = (group: string, name: string, failure: string | undefined): void => {
    const open = `    <testcase classname="${escapeMarkup(`${fleet.name}.${group}`)}" name="${escapeMarkup(name)}"`;
    if (failure !== undefined) failures++;
    cases.push(
      failure === undefined
        ? `${open}/>`
        : `${open}>\n      <failure message="${escapeMarkup(failure)}"/>\n    </testcase>`,
    );
  };
  const inTowns = (towns: number, found: FleetResult["checks"][number]["found"]): string =>
    `in ${towns} of ${result.towns} towns: ${found.map(({ town, text }) => `town ${town}: ${text}`).join("; ")}`;
  for (const { rule, held, towns, found } of checks) add("checks", rule, held ? undefined : inTowns(towns, found));
  for (const { text, held, towns, found } of expectations)
    add("expectations", text, held ? undefined : inTowns(towns, found));
  for (const { text, held, found } of promises) add("fleet", text, held ? undefined : found);
  for (const { town, why } of broken) add("towns", `town ${town} is played to its end`, why);
  const suite = escapeMarkup(`${fleet.name}, ${fleet.towns} towns, seed ${fleet.seed}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="${suite}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
