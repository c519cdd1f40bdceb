/** One run per rig: a lock that names who holds it and since when, and that a run which died does not keep. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { UserError } from "../../tools/user-error.ts";

/** After so long without a sign of life a lock is nobody's; signs come ten times as often. */
const staleMs = 60_000;
const lookMs = 500;

export interface RigLock {
  /** Aborted when somebody else took the lock, as after a machine that slept. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

interface Holder {
  readonly user: string;
  readonly process: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly run: string;
}

/** Where a rig's lock lies: one place per machine, whichever clone a run is started from. */
export function lockPath(key: string): string {
  const name = createHash("sha256").update(key).digest("hex").slice(0, 16);
  return join(tmpdir(), "livlina-rigs", `${name}.json`);
}

/** What two runs must not share. `key`: a text that is equal for the same hardware. */
export interface Lockable {
  readonly name: string;
  readonly key: string;
}

/** Waits up to `waitMs` for its turn. Rejects with UserError (3) that names who holds the rig, and how long already. */
export async function lockRig(rig: Lockable, run: string, waitMs: number, signal: AbortSignal): Promise<RigLock> {
  const path = lockPath(rig.key);
  const untilMs = performance.now() + waitMs;
  const lost = new AbortController();
  // Others of this machine lock here as well.
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o777 });
  for (;;) {
    try {
      const release = await lock(path, {
        realpath: false,
        stale: staleMs,
        update: staleMs / 10,
        onCompromised: () => lost.abort(),
      });
      const holder: Holder = { user: userInfo().username, process: process.pid, since: new Date().toISOString(), run };
      writeFileSync(path, JSON.stringify(holder));
      return { lost: lost.signal, release: () => release().catch(() => undefined) };
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException;
      if (code !== "ELOCKED")
        throw new UserError(`${path}: ${message}`, "a folder for temporary files that can be written", 3);
      if (signal.aborted || performance.now() >= untilMs)
        throw new UserError(
          `the rig ${rig.name} is locked: ${holderText(path)}`,
          "wait for it with --wait SECONDS; nothing was touched",
          3,
        );
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }
}

function holderText(path: string): string {
  try {
    const { user, process: id, since, run } = JSON.parse(readFileSync(path, "utf8")) as Holder;
    const minutes = Math.floor((Date.now() - Date.parse(since)) / 60_000);
    return `run ${run} of ${user} (process ${id}) has it since ${since}, ${minutes} min`;
  } catch {
    return "another run has just taken it";
  }
}
