/**
 * Rings: in which order units get a release, and when that is stopped: first few, then more, then
 * all. Two units that stand in for each other, and too many of one receiver or network, are never in one ring's step at once.
 */
import { createHash } from "node:crypto";
import { parse } from "yaml";
import { z } from "zod";
import { checked, readText } from "../provision/files.ts";
import { UserError } from "../user-error.ts";

const percent = z.number().min(0).max(100);
const account = z.string().regex(/^\d{1,16}$/, "an account number of 1 to 16 digits");

const ringSchema = z.strictObject({
  name: z.string().min(1).max(40),
  units: z.array(account).max(1_000).optional().describe("These, by account number"),
  percent: percent.optional().describe("... and so many of all units in total, ring by ring"),
});

export const ringsSchema = z.strictObject({
  rings: z.array(ringSchema).min(1).max(10),
  holdHours: z
    .number()
    .min(0)
    .max(1_000)
    .default(24)
    .describe("From a ring's last unit that keeps the release to the next ring"),
  donePercent: percent.default(95).describe("A ring is through when so many of its units keep the release"),
  atOnce: z.int().min(1).max(100_000).default(50).describe("Units that may be under way at a time"),
  atOnceOfOne: percent
    .default(25)
    .describe("... and at most so many of the units of one receiver, operator or provider, but one always"),
  apart: z
    .array(z.array(account).min(2).max(10))
    .max(10_000)
    .default([])
    .describe("Units that stand in for each other"),
  stop: z
    .strictObject({
      failedPercent: percent.default(2),
      failedLeast: z.int().min(1).max(1_000).default(1),
      silentMinutes: z
        .int()
        .min(5)
        .max(10_080)
        .default(600)
        .describe("A unit that has begun to load counts as silent after that"),
      silentPercent: percent.default(2),
      silentLeast: z.int().min(1).max(1_000).default(1),
    })
    .prefault({}),
});

export type Rings = z.output<typeof ringsSchema>;

/** What the order of units rests on. */
export interface FleetUnit {
  readonly cid: string;
  /** Receivers, mobile operator, broadband and power: units that share one are spread. */
  readonly shares: readonly string[];
}

export interface RingPlan {
  readonly name: string;
  /** In the order in which they are offered the release. */
  readonly units: readonly string[];
}

/** YAML or JSON. Throws UserError (2). */
export function readRings(path: string): Rings {
  let value: unknown;
  try {
    value = parse(readText(path));
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(
      `${path}: ${(thrown as Error).message}`,
      "a file like the example of `livlina ota plan --help`",
      2,
    );
  }
  return checked(path, value, ringsSchema, "a file like the example of `livlina ota plan --help`");
}

/** Who is in which ring: the named ones first, then by a hash of release and account, so that no home is always the first. Throws UserError (2). */
export function planRings(rings: Rings, fleet: readonly FleetUnit[], release: string): RingPlan[] {
  const known = new Set(fleet.map(({ cid }) => cid));
  const named = rings.rings.flatMap(({ units = [] }) => units);
  const stranger = named.find((cid) => !known.has(cid));
  if (stranger !== undefined)
    throw new UserError(`no unit of the fleet has the account number ${stranger}`, "one of the fleet's", 2);
  const twice = named.find((cid, at) => named.indexOf(cid) !== at);
  if (twice !== undefined) throw new UserError(`unit ${twice} stands in two rings`, "each unit in one", 2);
  const rest = [...known]
    .filter((cid) => !named.includes(cid))
    .map((cid) => ({ cid, place: createHash("sha256").update(`${release} ${cid}`).digest("hex") }))
    .sort((one, other) => (one.place < other.place ? -1 : 1))
    .map(({ cid }) => cid);
  let taken = 0;
  return rings.rings.map((ring, at) => {
    const own = ring.units ?? [];
    const isLast = at === rings.rings.length - 1;
    const upTo = isLast ? known.size : Math.ceil((known.size * (ring.percent ?? 0)) / 100);
    taken += own.length;
    const more = rest.splice(0, Math.max(0, isLast ? rest.length : upTo - taken));
    taken += more.length;
    return { name: ring.name, units: [...own, ...more] };
  });
}
