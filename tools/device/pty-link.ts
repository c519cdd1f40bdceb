/** A name for a pseudo-terminal: a symbolic link that goes with it, and that takes nobody else's place. */
import { lstatSync, readlinkSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";

const pseudoTerminal = /^\/dev\/(pts\/\d+|ttys\d+)$/;

/**
 * Makes `path` lead to `target` and answers what takes it away again. A link to a pseudo-terminal, left by one that was killed, is
 * replaced; anything else there is refused with UserError (2), a folder that cannot be written with UserError (3).
 */
export function linkPty(path: string, target: string): () => void {
  const found = leadsTo(path);
  if (found !== undefined && !pseudoTerminal.test(found))
    throw new UserError(`--link ${path}: something else stands there`, "a path that is free", 2);
  const fresh = `${path}.${process.pid}`;
  try {
    symlinkSync(target, fresh);
    renameSync(fresh, path);
  } catch (thrown) {
    throw new UserError(`--link ${path}: ${systemReason(thrown)}`, "a path in a folder that this user may write", 3);
  }
  return () => {
    if (leadsTo(path) === target) unlinkSync(path);
  };
}

/** Where a link leads; "" for what is no link, undefined where there is nothing. */
function leadsTo(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return stat.isSymbolicLink() ? readlinkSync(path) : "";
}
