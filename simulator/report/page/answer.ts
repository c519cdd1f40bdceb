/** The one sentence that a report begins with. */
import type { Texts } from "./texts.ts";
import type { Promised, ReportView } from "./view.ts";

interface Broken {
  readonly count: number;
  readonly all: number;
  /** What was promised and what was found; "" where nothing is broken. */
  readonly first: string;
  readonly found: string;
}

/** Checks of every run come before promises of the scenario: they are about people. */
export function brokenOf(promises: readonly Promised[], texts?: Pick<Texts, "checks">): Broken {
  const broken = promises.filter(({ held }) => !held);
  const first = broken.find(({ checker }) => checker !== "") ?? broken[0];
  const text = texts?.checks[first?.checker ?? ""] ?? first?.text ?? "";
  return { count: broken.length, all: promises.length, first: text, found: first?.found ?? "" };
}

export function answerOfView(view: ReportView, texts: Texts): string {
  const broken = brokenOf([...view.promises, ...view.checks], texts);
  return texts.answer(view.verdict, view.answer, broken, view.scenario.durationMs);
}
