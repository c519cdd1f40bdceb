/** Runs what `stored-script.ts` has made as Espruino does, with this desk's own engine. */
import { createContext, runInContext } from "node:vm";
import { untokenised } from "./espruino-tokens.ts";

/** `globals`: what the script finds beside the language. */
export function runStored(script: Uint8Array, globals: Readonly<Record<string, unknown>>): void {
  const context = createContext({ Uint8Array, Uint16Array, Int32Array, ...globals });
  const functionOf = runInContext("Function", context) as (...texts: string[]) => unknown;
  context["Function"] = (...texts: string[]) =>
    functionOf(...texts.slice(0, -1), untokenised(Buffer.from(texts[texts.length - 1] ?? "", "latin1")));
  runInContext(untokenised(Buffer.from(script)), context);
}
