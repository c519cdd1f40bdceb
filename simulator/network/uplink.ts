/**
 * The mobile network behind routers with a SIM of their own. The home sees the router's link whatever becomes of it: an
 * uplink that is down carries nothing, and says nothing.
 */
import type { CellLoad } from "./cell-load.ts";
import { linkThrough, type Reach } from "./cells.ts";
import type { FaultyLink, Link } from "./outage.ts";

export class Uplink {
  /** The newest generation first: the first that carries is used. */
  private readonly ways: readonly { readonly link: FaultyLink; readonly load: CellLoad | undefined }[];
  private last: { readonly own: Link; readonly far: Link; readonly both: Link } | undefined;

  constructor(reach: readonly Reach[]) {
    this.ways = reach.map((one) => ({ link: linkThrough(one), load: one.cell.load }));
    this.last = undefined;
  }

  /** A way over `own` and then over the uplink; undefined where nothing passes. */
  after(own: Link, atMs: number): Link | undefined {
    const far = this.way(atMs)?.link.at(atMs);
    if (far === undefined) return undefined;
    if (this.last === undefined || this.last.own !== own || this.last.far !== far)
      this.last = { own, far, both: inRow(own, far) };
    return this.last.both;
  }

  take(atMs: number): number | undefined {
    const load = this.way(atMs)?.load;
    return load === undefined ? 0 : load.take(atMs);
  }

  private way(atMs: number): (typeof this.ways)[number] | undefined {
    return this.ways.find(({ link }) => link.at(atMs) !== undefined && !turnsAway(link, atMs));
  }
}

/** A router is connected all the time, so that a session which has gone stale is its own. */
function turnsAway(link: FaultyLink, atMs: number): boolean {
  return link.has("denied", atMs) || link.has("stale-sessions", atMs);
}

function inRow(one: Link, other: Link): Link {
  const leastMs = one.delay.leastMs + other.delay.leastMs;
  const mostMs = one.delay.mostMs + other.delay.mostMs;
  const bothPpm = Math.floor((one.lossPpm * other.lossPpm) / 1_000_000);
  return { delay: { leastMs, mostMs }, lossPpm: one.lossPpm + other.lossPpm - bothPpm };
}
