/** What of a scenario does not change while it is played, as the page is told it once. */
import type { FleetGroup } from "../scenario/fleet.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Shared, type SharedKind, type Story, sharedKinds } from "./messages.ts";

export function storyOfScenario(scenario: Scenario, seed: number): Story {
  const { name, question, startWallMs, durationMs, fleet } = scenario;
  return {
    mode: "played",
    name,
    question,
    seed,
    version: 0,
    startWallMs,
    durationMs,
    units: fleet.flatMap((group) =>
      group.units.map((id) => ({ id, group: group.name, buttons: group.buttons, on: sharedOf(group) })),
    ),
    shared: sharedKinds.flatMap((object) => sharedOfKind(scenario, object)),
  };
}

/** What the homes of a group hang on in the first place. */
function sharedOf({ mobile, broadband, receivers, power }: FleetGroup): Readonly<Record<SharedKind, string>> {
  return {
    cell: mobile?.cell ?? "",
    operator: mobile?.operator ?? "",
    broadband: broadband ?? "",
    receiver: receivers[0] ?? "",
    power: power ?? "",
  };
}

function sharedOfKind({ world, fleet }: Scenario, object: SharedKind): readonly Shared[] {
  const names: Readonly<Record<SharedKind, readonly string[]>> = {
    cell: world.cells.map(({ name }) => name),
    operator: world.operators.map(({ name }) => name),
    broadband: world.broadband.map(({ name }) => name),
    receiver: world.receivers.map(({ name }) => name),
    power: world.power,
  };
  return names[object].map((name) => ({
    object,
    name,
    units: fleet.reduce((sum, group) => sum + (usesIt(group, object, name) ? group.units.length : 0), 0),
  }));
}

function usesIt(group: FleetGroup, object: SharedKind, name: string): boolean {
  return object === "receiver" ? group.receivers.includes(name) : sharedOf(group)[object] === name;
}
