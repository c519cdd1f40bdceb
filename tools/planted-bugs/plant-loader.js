/**
 * Plants the bug that LIVLINA_PLANT holds (as JSON: file, line, instead) into a process whose `--import` names this file. Plain
 * JavaScript, loaded before TypeScript is read: whoever reads it gets the source with the bug in it.
 */
import { register } from "node:module";

const bug = JSON.parse(process.env["LIVLINA_PLANT"] ?? "null");
if (bug !== null) register(new URL("plant-hooks.js", import.meta.url), { data: bug });
