/** Every step that a scenario file's timeline can hold, and how a story comes by some. A test holds this table to the schema. */
import { accessoryActs, keyNames } from "../scenario/timeline.ts";
import type { Draft } from "./draft.ts";
import type { Draw } from "./draw.ts";
import type { Feature } from "./features.ts";
import type { Group, StepEntry } from "./story.ts";

/** One step, or several that belong together; none where nobody could do that. Nobody does anything after `lastS`. */
export type StepGenerator = (draft: Draft, draw: Draw, lastS: number) => readonly StepEntry[];

/** By the step's own key. */
export const stepWords: ReadonlyMap<string, StepGenerator> = new Map<string, StepGenerator>([
  ["press", ofButton((press) => ({ press }))],
  [
    "key",
    (draft, draw, lastS) => {
      const key = draw.pick(["help", ...keyNames] as const);
      const held = draw.percent(25) ? { held: "long" as const } : {};
      return [{ at: draft.instant(draw, lastS), key, unit: someUnit(draft, draw).name, ...held }];
    },
  ],
  ["button-battery", ofButton((unit) => ({ "button-battery": unit }))],
  [
    "fall",
    (draft, draw, lastS) => {
      const takenBack = draw.percent(40) ? { "taken-back-after": `${draw.between(2, 25)}s` } : {};
      return ofButton((fall) => ({ fall, ...takenBack }))(draft, draw, lastS);
    },
  ],
  [
    "range",
    (draft, draw, lastS) => {
      const { name } = someUnit(draft, draw);
      return pair(draft, draw, lastS, (at, isFirst) => ({ at, range: isFirst ? "out" : "home", unit: name }));
    },
  ],
  ["lose-button", ofButton((unit) => ({ "lose-button": unit }))],
  [
    "find-button",
    (draft, draw, lastS) => {
      const { name } = someUnit(draft, draw);
      return pair(draft, draw, lastS, (at, isFirst) =>
        isFirst ? { at, "lose-button": name } : { at, "find-button": name },
      );
    },
  ],
  ["revoke-button", ofButton((unit) => ({ "revoke-button": unit }))],
  ["replace-button", ofButton((unit) => ({ "replace-button": unit }))],
  [
    "install",
    (draft, draw, lastS) => {
      const { name } = someUnit(draft, draw);
      return [{ at: draft.instant(draw, lastS), install: name }];
    },
  ],
  [
    "life",
    (draft, draw, lastS) => {
      const { name } = someUnit(draft, draw);
      return [{ at: draft.instant(draw, lastS), life: draw.pick(["suspended", "in-service", "returned"]), unit: name }];
    },
  ],
  ["handle", handled],
  [
    "announce",
    (draft, draw, lastS) => {
      const { name } = someUnit(draft, draw);
      const soon = draw.percent(50) ? {} : { in: `${draw.between(1, 10)}m` };
      return [{ at: draft.instant(draw, lastS), announce: name, ...soon, for: `${draw.between(1, 20)}m` }];
    },
  ],
  ["room", cooled],
  ["charge", emptied],
  [
    "accessory",
    (draft, draw, lastS) => {
      const owner = draw.pickAny(draft.units().filter(({ group }) => group.accessories !== undefined));
      if (owner === undefined) return [];
      const accessory = accessoryOf(owner.group, draw);
      return pair(draft, draw, lastS, (at, isFirst) => {
        const happens = isFirst ? draw.pick(["alarm", "alarm", ...accessoryActs] as const) : "restored";
        return { at, accessory, unit: owner.name, happens };
      });
    },
  ],
  [
    "accessory-battery",
    (draft, draw, lastS) => {
      const owner = draw.pickAny(draft.units().filter(({ group }) => group.accessories !== undefined));
      if (owner === undefined) return [];
      return [
        { at: draft.instant(draw, lastS), "accessory-battery": accessoryOf(owner.group, draw), unit: owner.name },
      ];
    },
  ],
]);

const everybodyOnS = 65;

/** What a story must have for a step to come up at all; the others come to any story. */
export const stepFeatures: Readonly<Record<string, Feature>> = {
  key: "keys",
  handle: "keys",
  accessory: "accessories",
  "accessory-battery": "accessories",
  "revoke-button": "service-people",
  "replace-button": "service-people",
  install: "service-people",
  life: "service-people",
  room: "cool-rooms",
  charge: "empty-batteries",
  announce: "service-people",
};

function someUnit(draft: Draft, draw: Draw): { readonly name: string; readonly group: Group } {
  return draw.pick(draft.units());
}

function accessoryOf({ accessories = [] }: Group, draw: Draw): string {
  const accessory = draw.pick(accessories);
  return accessory.name ?? accessory.kind;
}

function ofButton(step: (unit: string) => object): StepGenerator {
  return (draft, draw, lastS) => {
    const { name, group } = someUnit(draft, draw);
    const button = draw.between(1, group.buttons ?? 1);
    const which = button === 1 ? {} : { button };
    return [{ at: draft.instant(draw, lastS), ...step(name), ...which } as StepEntry];
  };
}

/** Something and its end, some time later. */
function pair(
  draft: Draft,
  draw: Draw,
  lastS: number,
  step: (at: string, isFirst: boolean) => StepEntry,
): readonly StepEntry[] {
  const fromS = draw.between(65, lastS - 10);
  const toS = draw.between(fromS + 5, lastS);
  return [step(draft.free(fromS), true), step(draft.free(toS), false)];
}

function handled(draft: Draft, draw: Draw, lastS: number): readonly StepEntry[] {
  const { name } = someUnit(draft, draw);
  const [first, second] = draw.pick([
    ["opened", "closed"],
    ["unplugged", "plugged-in"],
    ["switched-off", "switched-on"],
    ["dropped", undefined],
    ["moved", undefined],
  ] as const);
  const fromS = draw.between(65, Math.max(70, lastS - 300));
  const steps: StepEntry[] = [{ at: draft.free(fromS), handle: first, unit: name }];
  if (second !== undefined) steps.push({ at: draft.free(fromS + draw.between(5, 280)), handle: second, unit: name });
  return steps;
}

/** A room that is cold when its unit begins to look, an hour after its start, and warms to the border while it looks once more. */
function cooled(draft: Draft, draw: Draw, lastS: number): readonly StepEntry[] {
  const { name } = someUnit(draft, draw);
  const coldS = Math.max(everybodyOnS, lastS - 700);
  // Where frames are lost by chance no home is calm enough to be asked what it must have told.
  draft.world.radio = { loss: "0 %" };
  return [
    { at: draft.free(coldS), room: 14, unit: name },
    { at: draft.free(coldS + draw.between(170, 270)), room: 15, unit: name },
  ];
}

/** A power cut that finds a battery all but empty, and lasts for several looks at it. */
function emptied(draft: Draft, draw: Draw, lastS: number): readonly StepEntry[] {
  const { name } = someUnit(draft, draw);
  const offS = draw.between(1_000, 1_500);
  const fromS = draw.between(everybodyOnS, Math.max(everybodyOnS, lastS - offS - 5));
  if (fromS + offS + 5 > lastS) return [];
  return [
    { at: draft.free(fromS), charge: draw.pick(["4 %", "5 %"]), unit: name },
    { at: draft.free(fromS + 3), handle: "unplugged", unit: name },
    { at: draft.free(fromS + offS), handle: "plugged-in", unit: name },
  ];
}
