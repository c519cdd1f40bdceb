/** The report as one HTML file that opens without a network. It is drawn here once, so that it can be read without its script. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import type { RunResult } from "../record/run-result.ts";
import { html, jsonMarkup, type Markup, trusted } from "./html.ts";
import { body } from "./page/body.ts";
import { catalogue } from "./page/texts.ts";
import { viewOf } from "./view-of.ts";

/** Room for drawings before a browser has said how much there is, in pixels. */
const usualWidth = 960;
let script: Markup | undefined;

export function reportPage(result: RunResult): string {
  const view = viewOf(result);
  const texts = catalogue("en");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${view.scenario.name}: ${texts.verdicts[view.verdict]}</title>
<style>${own("tokens.css")}
${own("page.css")}
${own("drawing.css")}
${own("print.css")}</style>
</head>
<body>
<div id="page">${body(view, texts, usualWidth)}</div>
<script type="application/json" id="view">${jsonMarkup(view)}</script>
<script>${clientScript()}</script>
</body>
</html>
`.text;
}

/** Bundled once a process: the code that drew the page draws it again in the browser. */
function clientScript(): Markup {
  script ??= bundle();
  return script;
}

function bundle(): Markup {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("page/client.js", import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    charset: "utf8",
  });
  const text = outputFiles[0]?.text ?? "";
  // No text of ours may end the element that it stands in.
  return trusted(text.replace(/<\/script/gi, "<\\/script"));
}

function own(name: string): Markup {
  return trusted(readFileSync(new URL(`page/${name}`, import.meta.url), "utf8"));
}
