/**
 * How a script is made for each engine, and what the engine is called in a bill of materials. Espruino gets the text that one reads, with
 * class fields lowered and nothing else; XS takes newer text, but gets the same source, since one dialect holds for all.
 */
import type { BuildOptions } from "esbuild";

/** `xsnap`: the XS inside a package, which runs tests on a desktop and has no modules. */
export type Engine = "espruino" | "moddable" | "xsnap";

/** What Espruino 2v29 parses; the `false` rows are lowered or, where esbuild cannot, refused by the dialect check. */
const espruinoFeatures = {
  arrow: true,
  class: true,
  "const-and-let": true,
  "template-literal": true,
  "object-extensions": true,
  "nullish-coalescing": true,
  "optional-catch-binding": true,
  "class-field": false,
  "class-static-field": false,
  "class-static-blocks": false,
  "optional-chain": false,
  "exponent-operator": false,
  "logical-assignment": false,
  "object-rest-spread": false,
  bigint: false,
};

/** Modules inside the engine's own image; a Moddable project names them in its manifest. */
const moddableModules = ["embedded:*", "timer", "time", "crypt", "rng", "net", "preference", "resetReason"];

/** What `require` finds inside Espruino's image. */
const espruinoModules = ["Flash", "Storage", "Wifi", "crypto", "dgram", "net", "tls"];

/** Fields are lowered for all: a script that ran on one engine means the same on the others. */
export const engineOptions: Readonly<Record<Engine, BuildOptions>> = {
  espruino: {
    // In a format of esbuild's own each `require` would become a stand-in that Espruino cannot run; so the function around all is ours.
    format: "cjs",
    platform: "node",
    banner: { js: "(()=>{" },
    footer: { js: "})();" },
    target: "es2015",
    supported: espruinoFeatures,
    external: espruinoModules,
  },
  moddable: {
    format: "esm",
    target: "es2022",
    supported: { "class-field": false, "class-static-field": false },
    external: moddableModules,
  },
  xsnap: { format: "iife", target: "es2021" },
};

export interface EngineFacts {
  readonly name: string;
  /** SPDX. */
  readonly license: string;
  /** Package URL without the version. */
  readonly purl: string;
}

export const engineFacts: Readonly<Record<"espruino" | "moddable", EngineFacts>> = {
  espruino: { name: "Espruino", license: "MPL-2.0", purl: "pkg:github/espruino/Espruino" },
  moddable: { name: "Moddable XS", license: "LGPL-3.0-or-later", purl: "pkg:github/Moddable-OpenSource/moddable" },
};
