/** What every page of ours stands in: one HTML file with style, script and data inside, that opens without a network. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { html, jsonMarkup, type Markup, trusted } from "./html.ts";

export interface FramedPage {
  readonly title: string;
  /** As it is drawn before the script draws it again. */
  readonly content: Markup;
  /** What the script finds in the element `view`. */
  readonly view: unknown;
  /** The script's own file. */
  readonly script: URL;
}

/** By file: bundled once a process. */
const scripts = new Map<string, Markup>();

export function framed({ title, content, view, script }: FramedPage): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${own("tokens.css")}
${own("page.css")}
${own("drawing.css")}
${own("print.css")}</style>
</head>
<body>
<div id="page">${content}</div>
<script type="application/json" id="view">${jsonMarkup(view)}</script>
<script>${clientScript(fileURLToPath(script))}</script>
</body>
</html>
`.text;
}

/** The code that drew the page draws it again in the browser. */
function clientScript(path: string): Markup {
  const script = scripts.get(path) ?? bundle(path);
  scripts.set(path, script);
  return script;
}

function bundle(path: string): Markup {
  const { outputFiles } = buildSync({
    entryPoints: [path],
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
