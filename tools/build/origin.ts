/** Which source an image was made from: the version of the repository's package, and its commit. Equal origins give equal bytes. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Origin {
  readonly version: string;
  /** 40 digits; "" where the folder is no clone. */
  readonly commit: string;
  /** What goes into an image, or makes it, differs from that commit. */
  readonly changed: boolean;
  /** Seconds since 1970 of the commit, or what SOURCE_DATE_EPOCH says; undefined where neither is known. */
  readonly epochS: number | undefined;
}

/** What an image depends on. */
const inputs = ["protocol", "firmware", "tools/build", "tools/boards.ts", "package-lock.json"];

export function originOf(root: string): Origin {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const commit = git(root, "rev-parse", "--verify", "HEAD");
  const asked = Number(process.env["SOURCE_DATE_EPOCH"] ?? "");
  const committed = Number(commit === "" ? "" : git(root, "log", "-1", "--format=%ct"));
  return {
    version,
    commit,
    changed: commit !== "" && git(root, "status", "--porcelain", "--", ...inputs) !== "",
    epochS: asked > 0 ? asked : committed > 0 ? committed : undefined,
  };
}

/** As a device shows it: 7 digits, with "+" behind where the tree had changes. */
export function shortCommit({ commit, changed }: Origin): string {
  return commit.slice(0, 7) + (changed ? "+" : "");
}

/** "" where there is no git, or the folder is not the top of a clone. */
function git(root: string, ...words: readonly string[]): string {
  const run = (args: readonly string[]): string =>
    execFileSync("git", ["-C", root, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return run(["rev-parse", "--show-prefix"]) === "" ? run(words) : "";
  } catch {
    return "";
  }
}
