/** The report as one HTML file that opens without a network. It is drawn here once, so that it can be read without its script. */
import type { RunResult } from "../record/run-result.ts";
import { body } from "./page/body.ts";
import { catalogue } from "./page/texts.ts";
import { framed } from "./page-frame.ts";
import { viewOf } from "./view-of.ts";

/** Room for drawings before a browser has said how much there is, in pixels. */
export const usualWidth = 960;

export function reportPage(result: RunResult): string {
  const view = viewOf(result);
  const texts = catalogue("en");
  return framed({
    title: `${view.scenario.name}: ${texts.verdicts[view.verdict]}`,
    content: body(view, texts, usualWidth),
    view,
    script: new URL("page/client.js", import.meta.url),
  });
}
