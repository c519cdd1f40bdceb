/** The run as a JUnit file, so that any CI shows each checker and each promise as a test of its own. */
import type { RunResult } from "../record/run-result.ts";
import { durationText } from "../scenario/scenario-units.ts";
import { escapeMarkup } from "./html.ts";

export function junitXml(result: RunResult): string {
  const cases: string[] = [];
  let failures = 0;
  const add = (group: string, name: string, held: boolean, found: string): void => {
    const open = `    <testcase classname="${escapeMarkup(`${result.scenario.name}.${group}`)}" name="${escapeMarkup(name)}" time="0"`;
    if (held) {
      cases.push(`${open}/>`);
      return;
    }
    failures++;
    cases.push(`${open}>\n      <failure message="${escapeMarkup(found)}"/>\n    </testcase>`);
  };
  if (result.interruptedMs !== null)
    add("run", "the run was played to its end", false, `interrupted after ${durationText(result.interruptedMs)}`);
  for (const check of result.checks)
    add("checks", check.rule, check.held, check.found.join("; ") || `${check.violations} times`);
  for (const each of result.expectations) add("expectations", each.text, each.held, each.found);
  const name = escapeMarkup(`${result.scenario.name}, seed ${result.seed}`);
  const time = (result.wallMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}" time="${time}">`,
    `  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${time}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
