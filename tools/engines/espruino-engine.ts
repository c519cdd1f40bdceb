/**
 * Espruino, where LIVLINA_ESPRUINO names an interpreter that runs here: scripts lie in the Storage of its flash and are booted from
 * there, as on a board. The flash is a file, so a script is put into it as its uploader would leave it: a head of length and name,
 * then the text, each from a word's border on.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Engine, Session } from "./engine.ts";
import { EspruinoConsole } from "./espruino-console.ts";

const bootName = ".bootcde";
const markName = "livlina-mark";
const markText = "mark";
const nameLength = 28;
const wordLength = 4;

/** Undefined where no interpreter is named. */
export function espruinoProgram(): string | undefined {
  const program = process.env["LIVLINA_ESPRUINO"] ?? "";
  return program === "" ? undefined : program;
}

export function espruinoEngine(program: string): Engine {
  return {
    name: "espruino",
    open: async (script) => {
      const folder = mkdtempSync(join(tmpdir(), "livlina-espruino-"));
      const drop = (): void => rmSync(folder, { recursive: true, force: true });
      try {
        await store(program, folder, script);
        return await boot(program, folder, script, drop);
      } catch (error) {
        drop();
        throw error;
      }
    },
  };
}

/** Where its Storage begins is the interpreter's own affair: it writes a small file there first, and ours stands behind it. */
async function store(program: string, folder: string, script: string): Promise<void> {
  const writer = new EspruinoConsole(program, folder);
  await writer.ask(`require("Storage").write("${markName}","${markText}")`);
  await writer.close();
  const path = join(folder, "espruino.flash");
  const flash = readFileSync(path);
  const mark = flash.indexOf(markName);
  const head = Buffer.alloc(wordLength + nameLength);
  head.writeUInt32LE(script.length);
  head.write(bootName, wordLength, "latin1");
  const at = mark + nameLength + markText.length;
  const file = Buffer.concat([head, Buffer.from(script, "latin1")]);
  if (mark < 0 || at + file.length > flash.length) throw new Error("espruino: its storage has no room for the script");
  file.copy(flash, at);
  writeFileSync(path, flash);
}

async function boot(program: string, folder: string, script: string, drop: () => void): Promise<Session> {
  const console = new EspruinoConsole(program, folder);
  try {
    const said = await console.booted();
    if (said.includes("Uncaught"))
      throw new Error(`espruino: ${said.slice(said.indexOf("Uncaught")).replaceAll(/\s+/g, " ")}`);
    const length = Number(await console.ask(`require("Storage").read("${bootName}").length`));
    if (length !== script.length) throw new Error(`espruino: booted ${length} bytes, not ${script.length}`);
    return sessionOf(console, drop);
  } catch (error) {
    await console.close();
    throw error;
  }
}

/** Memory is counted in JsVars; of its steps it tells nothing. */
function sessionOf(console: EspruinoConsole, drop: () => void): Session {
  const answer = async (code: string): Promise<Answer> => ({ told: await console.ask(code), computrons: 0, slots: 0 });
  return {
    start: async (list, telling) => {
      await console.put("text", escaped(JSON.stringify(list.head)));
      return answer(`livlina.start(text,"${telling}")`);
    },
    hear: async (line) => {
      await console.put("text", escaped(line));
      return answer("livlina.hear(text)");
    },
    vectors: async (kind, text) => {
      await console.put("text", text.startsWith("{") ? escaped(text) : text);
      return console.ask(`livlina.vectors("${kind}",text)`);
    },
    live: async () => Number(await console.ask("text=undefined,process.memory().usage")),
    close: async () => {
      await console.close();
      drop();
    },
  };
}

/** JSON with escapes for all that is beyond ASCII: builds that know Unicode would take some raw bytes together for one character. */
function escaped(json: string): string {
  return json.replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
