/** What a story can do without for good: a network, as long as every home has another route that stays. */
import type { Draft } from "./draft.ts";
import type { Group } from "./story.ts";

export type RouteKind = "operators" | "cells" | "broadband";

/** Whether every home has another route than this, which is not gone either. */
export function canSpare(draft: Draft, of: RouteKind, name: string): boolean {
  // Behind a SIM router a mobile network carries the broadband too.
  if (of !== "broadband" && Object.values(draft.world.broadband ?? {}).some((one) => one?.uplink !== undefined))
    return false;
  return draft.fleet.every((group) => {
    if (of === "broadband")
      return group.broadband !== name || (hasRoute(group, "mobile") && !isMobileGone(draft, group));
    const hasOther = hasRoute(group, "broadband") && !draft.isGone(`broadband ${group.broadband}`);
    return !isMobileOf(draft, group, of, name) || hasOther;
  });
}

function hasRoute(group: Group, route: "mobile" | "broadband"): boolean {
  const other = route === "mobile" ? "broadband" : "mobile";
  return group[route] !== undefined && group.policy !== `${other}-only`;
}

function isMobileOf(draft: Draft, group: Group, of: RouteKind, name: string): boolean {
  if (group.mobile === undefined) return false;
  return group.mobile === name || (of === "operators" && draft.world.cells?.[group.mobile]?.operator === name);
}

function isMobileGone(draft: Draft, group: Group): boolean {
  const { mobile = "" } = group;
  const operator = draft.world.cells?.[mobile]?.operator ?? mobile;
  return draft.isGone(`operators ${operator}`) || draft.isGone(`cells ${mobile}`);
}
