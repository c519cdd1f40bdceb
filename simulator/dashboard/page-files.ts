/** The dashboard's page, made when the server starts: its TypeScript is bundled there, so that a clone needs no build step. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export interface PageFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
}

export async function pageFiles(): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: ["page/page.ts", "page/page.css"].map((path) => fileURLToPath(new URL(path, import.meta.url))),
    outdir: ".",
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
    legalComments: "inline",
    logLevel: "silent",
  });
  const textOf = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  const html = readFileSync(new URL("page/page.html", import.meta.url), "utf8");
  return { html, script: textOf(".js"), style: textOf(".css") };
}
