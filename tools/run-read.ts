/** The folder of a run as commands read it: its `report.json`, and the newest one where nobody named a folder. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type RunResult, runResultVersion } from "../simulator/record/run-result.ts";
import { UserError } from "./user-error.ts";

const usualPlace = "out";

/** The folder below `out` that a run has filled last. Throws UserError (2) where there is none. */
export function newestRun(place: string = usualPlace): string {
  const runs = foldersIn(place)
    .map((folder) => ({ folder, seal: join(folder, "replay") }))
    .filter(({ seal }) => existsSync(seal))
    .map(({ folder, seal }) => ({ folder, atMs: statSync(seal).mtimeMs }))
    .sort((a, b) => b.atMs - a.atMs);
  const [newest] = runs;
  if (newest !== undefined) return newest.folder;
  throw new UserError(`no run has left a report in ${place}`, "livlina sim run NAME, or --run DIR", 2);
}

/** Throws UserError (2) where there is no report of this version. */
export function readRun(folder: string): RunResult {
  const path = join(folder, "report.json");
  if (!existsSync(path))
    throw new UserError(`${folder} holds no report`, "a folder that `livlina sim run --out` has made", 2);
  const result = parsed(path);
  const isOurs = result?.formatVersion === runResultVersion && Array.isArray(result.journeys);
  if (result === undefined || !isOurs)
    throw new UserError(`${path} is no report of this version`, "play the run anew: livlina sim run", 2);
  return result;
}

function parsed(path: string): RunResult | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as RunResult;
  } catch {
    // Half a file, or a folder of that name: neither is a report.
    return undefined;
  }
}

function foldersIn(place: string): string[] {
  try {
    return readdirSync(place, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(place, name));
  } catch {
    // Nothing was played from here yet.
    return [];
  }
}
