/** Every kind of fault that a scenario file can hold, and how a story comes by one. A test holds this table to the schema. */
import { receiverModes } from "../peers/receiver-modes.ts";
import type { Draft, Window } from "./draft.ts";
import type { Draw } from "./draw.ts";
import { canSpare, type RouteKind } from "./spare.ts";
import type { FaultEntry } from "./story.ts";

/** Undefined where the story has nothing that this could befall, or no time left for it. */
export type FaultGenerator = (draft: Draft, draw: Draw) => FaultEntry | undefined;

/** What only receivers do that are out of the ordinary: drawn where a story has such, so that others have more of what happens. */
export const oddModes = ["longer-ref", "unknown-snu", "least-only", "stale-nonces", "password-changed"] as const;

const links = ["down", "no-data", "slow", "lossy", "congested", "gone"] as const;

/** By "object fault", as in the file: "operator no-data". */
export const faultWords: ReadonlyMap<string, FaultGenerator> = new Map<string, FaultGenerator>([
  ...receiverModes.map((fault) => word("receiver", fault, (draft, draw) => ofReceiver(draft, draw, fault))),
  word("receiver", "loaded", (draft, draw) =>
    on(draft, draw, "receivers", (receiver, window) => ({
      receiver,
      fault: "loaded",
      "messages-per-second": draw.pick([0.05, 0.5, 2]),
      ...window,
    })),
  ),
  ...ofLink("operator", "operators", [...links, "denied", "stale-sessions", "wrong-time"]),
  ...ofLink("cell", "cells", [...links, "denied", "stale-sessions", "wrong-time"]),
  ...ofLink("broadband", "broadband", [...links, "no-address", "no-names"]),
  word("power", "off", (draft, draw) =>
    on(draft, draw, "power", (power, window) => ({ power, fault: "off", ...window, ...draft.share(draw) })),
  ),
  word("building", "jammed", (draft, draw) =>
    onOne(draft, draw, "building", draft.buildings(), (building, window) => ({
      building,
      fault: "jammed",
      ...(draw.percent(50) ? { loss: draw.pick(["40 %", "80 %"]) } : {}),
      ...window,
    })),
  ),
  ...ofUnits(["dead", "power-cuts", "clock-drift", "worn-flash", "frozen-modem", "bad-release"]),
  ...(["forged", "borrowed", "replayed"] as const).map((fault) =>
    word("strangers", fault, (draft, draw) =>
      onOne(
        draft,
        draw,
        "strangers",
        draft.fleet.map(({ name }) => name),
        (strangers, window) => ({ strangers, fault, ...window }),
      ),
    ),
  ),
]);

function word(object: string, fault: string, generate: FaultGenerator): [string, FaultGenerator] {
  return [`${object} ${fault}`, generate];
}

function ofReceiver(draft: Draft, draw: Draw, fault: (typeof receiverModes)[number]): FaultEntry | undefined {
  return on(draft, draw, "receivers", (receiver, window) => {
    const over = draw.percent(15) ? { over: draw.pick(["mobile", "broadband"] as const) } : {};
    return { receiver, fault, ...over, ...window, ...draft.share(draw) };
  });
}

function ofLink(object: string, of: RouteKind, faults: readonly string[]): [string, FaultGenerator][] {
  return faults.map((fault) =>
    word(object, fault, (draft, draw) => {
      // The words go with their objects: the schema says which, and the file that comes of them is read by it.
      const entry = (name: string, window: Window): FaultEntry =>
        ({
          [object]: name,
          fault,
          ...effectOf(draw, fault),
          ...(fault === "gone" ? {} : draft.share(draw)),
          ...window,
        }) as unknown as FaultEntry;
      return fault === "gone" ? goneForGood(draft, draw, of, entry) : on(draft, draw, of, entry);
    }),
  );
}

function effectOf(draw: Draw, fault: string): { delay?: string; loss?: string; clock?: string } {
  if (fault === "slow") return { delay: draw.pick(["800ms", "3s", "6s"]) };
  if (fault === "lossy") return { loss: draw.pick(["25 %", "60 %", "90 %"]) };
  if (fault === "congested") return { delay: draw.pick(["1s", "4s"]), loss: draw.pick(["10 %", "50 %"]) };
  return fault === "wrong-time" ? { clock: draw.pick(["1h ahead", "1h behind", "40s ahead", "5d behind"]) } : {};
}

function ofUnits(faults: readonly string[]): [string, FaultGenerator][] {
  return (["unit", "group"] as const).flatMap((object) =>
    faults.map((fault) =>
      word(object, fault, (draft, draw) => {
        const names = object === "unit" ? draft.units().map(({ name }) => name) : draft.fleet.map(({ name }) => name);
        const entry = (name: string, window: Window): FaultEntry =>
          ({ [object]: name, fault, ...harmOf(draw, fault), ...window }) as unknown as FaultEntry;
        if (fault !== "dead") return onOne(draft, draw, object, names, entry);
        const name = draw.pick(names);
        const window = draft.end(draw, `${object} ${name}`);
        return window === undefined ? undefined : entry(name, window);
      }),
    ),
  );
}

function harmOf(draw: Draw, fault: string): object {
  if (fault === "power-cuts")
    return { "per-day": draw.between(50, 400), "off-for": draw.pick(["2s to 30s", "1s to 2m"]) };
  if (fault === "clock-drift") return { ppm: draw.pick([-300, -40, 60, 500]) };
  return fault === "worn-flash" ? { cells: draw.pick(["3 %", "10 %"]) } : {};
}

type Entry = (name: string, window: Window) => FaultEntry;

function on(draft: Draft, draw: Draw, of: Parameters<Draft["names"]>[0], entry: Entry): FaultEntry | undefined {
  return onOne(draft, draw, of, draft.names(of), entry);
}

function onOne(draft: Draft, draw: Draw, of: string, names: readonly string[], entry: Entry): FaultEntry | undefined {
  const name = draw.pickAny(names.filter((each) => !draft.isGone(`${of} ${each}`)));
  const window = name === undefined ? undefined : draft.window(draw, `${of} ${name}`);
  return name === undefined || window === undefined ? undefined : entry(name, window);
}

/** Only what nobody depends on alone may go for good: the others must be well again in the end. */
function goneForGood(draft: Draft, draw: Draw, of: RouteKind, entry: Entry): FaultEntry | undefined {
  const may = draft.names(of).filter((name) => !draft.isGone(`${of} ${name}`) && canSpare(draft, of, name));
  const name = draw.pickAny(may);
  const window = name === undefined ? undefined : draft.end(draw, `${of} ${name}`);
  return name === undefined || window === undefined ? undefined : entry(name, window);
}
