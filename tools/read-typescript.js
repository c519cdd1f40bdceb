/** Reads TypeScript where it stands, in this process; for others: `--import` this file. */
import { register as registerHooks } from "node:module";
import { register } from "tsx/esm/api";

register();
registerHooks("./plain-names.js", import.meta.url);
