/** Recorded lists as files: one JSON a line, packed; and the digest that says whether an engine did the same. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { type ListHead, listFormat } from "./guest/list.ts";

export interface EventList {
  readonly head: ListHead;
  /** As the device is given them: time, answers, input. */
  readonly lines: readonly string[];
}

export interface RecordedList extends EventList {
  /** What the device did, lines with their ends. */
  readonly told: readonly string[];
}

export const listFolder = fileURLToPath(new URL("lists", import.meta.url));
const ending = ".jsonl.gz";
const digestFile = "digests.json";

/** The text that is packed: the head, then a line each. */
export function listText(list: EventList): string {
  return `${[JSON.stringify(list.head), ...list.lines].join("\n")}\n`;
}

export function writeList(folder: string, list: EventList): number {
  const packed = gzipSync(listText(list), { level: 9 });
  writeFileSync(join(folder, list.head.name + ending), packed);
  return packed.length;
}

export function removeList(folder: string, name: string): void {
  rmSync(join(folder, name + ending));
}

/** All lists of the folder by name. Throws where one is of another format. */
export function readLists(folder: string): EventList[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  const lists = names.map((name) => readList(join(folder, name)));
  return lists.sort((one, other) => (one.head.name < other.head.name ? -1 : 1));
}

function readList(path: string): EventList {
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
  const head = JSON.parse(lines.shift() ?? "") as ListHead;
  if (head.format !== listFormat) throw new Error(`${path}: format ${head.format}, not ${listFormat}: record it anew`);
  return { head, lines };
}

/** The digest of what each device told as its list was recorded, by name. */
export function readDigests(folder: string): Record<string, string> {
  const path = join(folder, digestFile);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, string>) : {};
}

export function writeDigests(folder: string, digests: Readonly<Record<string, string>>): void {
  const sorted = Object.fromEntries(Object.entries(digests).sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(join(folder, digestFile), `${JSON.stringify(sorted, undefined, 2)}\n`);
}

/** SHA-256 over all that a device told, in order; 16 digits of it. */
export class ToldDigest {
  private readonly hash = createHash("sha256");

  /** Lines, each with its end. */
  add(text: string): void {
    this.hash.update(text);
  }

  value(): string {
    return this.hash.digest("hex").slice(0, 16);
  }
}
