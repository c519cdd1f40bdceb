/**
 * Tests against foreign programs (a SIP tester, a browser, a packet reader): skipped, and said so, where the program is
 * not installed; failed where LIVLINA_REQUIRE names it, as the forge's run does, so that nothing is skipped there unseen.
 */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface Foreign {
  readonly here: boolean;
  /** Why not, and how to get it; "" when it is here. */
  readonly reason: string;
}

/** The part of a test's context that a skip needs. */
interface Skippable {
  skip(reason: string): void;
}

/** Debian's package of each program whose name differs from it. */
const packages: Readonly<Record<string, string>> = {
  sipp: "sip-tester",
  baresip: "baresip-core",
  dnsmasq: "dnsmasq-base",
};

/**
 * Looks for `program` on the PATH. For `test.skipIf(!foreign("sipp").here)`; `needs` also shows the reason in the results.
 * Throws when it is missing although LIVLINA_REQUIRE (names apart by blanks) demands it, which fails the test file.
 */
export function foreign(program: string): Foreign {
  return found(
    program,
    pathOf(program) !== undefined,
    `${program} is not installed (Debian: ${packages[program] ?? program})`,
  );
}

/** The same for what is found elsewhere than on the PATH; `reason` says how to get it. */
export function found(program: string, here: boolean, reason: string): Foreign {
  if (here) return { here, reason: "" };
  const demanded = (process.env["LIVLINA_REQUIRE"] ?? "").split(/\s+/).includes(program);
  if (demanded) throw new Error(`${reason}, and LIVLINA_REQUIRE demands it`);
  return { here: false, reason };
}

/** First line of a test that needs `program`: `test("…", (context) => { needs(context, "sipp"); … })`. */
export function needs(context: Skippable, program: string): void {
  const sought = foreign(program);
  if (!sought.here) context.skip(sought.reason);
}

/** Where that program lies; undefined where it is not on the PATH. */
export function pathOf(program: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not in this folder: the next may have it.
    }
  }
  return undefined;
}
