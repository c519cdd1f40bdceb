/** What cannot be although each entry is right by itself: promises about nobody, and two things in one place. */
import type { AlarmsExpectation, Expectation } from "./expectation.ts";
import type { FleetGroup } from "./fleet.ts";
import type { Scenario } from "./scenario.ts";
import type { Complain, FilePath } from "./scenario-names.ts";

/** Looks at a scenario that is otherwise sound. */
export function findContradictions(scenario: Scenario, complain: Complain): void {
  findSharedAddresses(scenario, complain);
  scenario.expectations.forEach((expectation, index) => {
    const at: FilePath = ["expect", index];
    if (expectation.type === "alarms") findEmptyPromise(expectation, scenario, at, complain);
    if (expectation.type === "noticed") findNothingToNotice(expectation, scenario, at, complain);
  });
}

/** Receivers may share a host, but not a host and a port: the second would hear nothing. */
function findSharedAddresses({ world }: Scenario, complain: Complain): void {
  const taken = new Map<string, string>();
  for (const { name, host, port } of world.receivers) {
    const at: FilePath = ["world", "receivers", name];
    const address = `${host}:${port}`;
    const other = taken.get(address);
    if (other !== undefined) complain(at, `receiver "${other}" is at ${address} too`, 'give one another "port"');
    else taken.set(address, name);
    if (Number(host.split(".")[3]) > 255) complain(at, "there is no address left for it", 'give it a "host"');
  }
}

function findEmptyPromise(
  { choice, route, receiver }: AlarmsExpectation,
  { fleet, faults }: Scenario,
  at: FilePath,
  complain: Complain,
): void {
  const named = fleet.filter(
    ({ name, units }) =>
      (choice.group === undefined || choice.group === name) &&
      (choice.unit === undefined || units.includes(choice.unit)),
  );
  const meant = named.filter(({ receivers }) => {
    if (choice.alarms === "with-second-receiver") return receivers.length > 1;
    return choice.alarms !== "without-second-receiver" || receivers.length === 1;
  });
  if (meant.length === 0) {
    const which = choice.alarms === "with-second-receiver" ? "has a second receiver" : "is without a second receiver";
    complain([...at, "alarms"], `none of these units ${which}`);
  } else if (route !== undefined && !meant.some((group) => hasRoute(group, route)))
    complain([...at, "route"], `none of these units has ${route}`);
  else if (receiver !== undefined && !meant.some(({ receivers }) => receivers.includes(receiver)))
    complain([...at, "receiver"], `none of these units knows receiver "${receiver}"`);
  if (choice.pressed === "during-faults" && faults.length === 0)
    complain([...at, "pressed"], "nothing is pressed during a fault where there is none", 'add "faults:"');
}

function hasRoute({ mobile, broadband, policy }: FleetGroup, route: "mobile" | "broadband"): boolean {
  const place = route === "mobile" ? mobile : broadband;
  return place !== undefined && (policy.endsWith("-first") || policy === `${route}-only`);
}

function findNothingToNotice(
  { object, name }: Extract<Expectation, { readonly type: "noticed" }>,
  { faults }: Scenario,
  at: FilePath,
  complain: Complain,
): void {
  if (faults.some((fault) => fault.object === object && fault.name === name)) return;
  complain(at, `${object} "${name}" has no fault that could be noticed`, 'add one, or use "suspicions-at-most: 0"');
}
