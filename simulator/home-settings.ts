/** What a unit is set up with because of the home that it stands in: its bonds, its doors, the state of its life, a service key where somebody will come. */
import type { DoorRule } from "../firmware/accessories/doors.ts";
import type { Bond } from "../firmware/pairing/bonds.ts";
import { departmentDefaults, type UnitSettings } from "../firmware/settings.ts";
import { Stream } from "./core/prng.ts";
import type { HomeOptions } from "./home.ts";
import type { Resident } from "./residents.ts";

const keyLength = 16;

export function homeSettings(
  resident: Resident,
  seed: number,
): Pick<UnitSettings, "bonds" | "departments" | "serviceKey"> {
  const { bonds, delivered, group, index, isServiced } = resident;
  const { accessories, inactivityMs, life } = group.home;
  const doors: DoorRule[] = [];
  accessories.forEach(({ door }, at) => {
    if (door !== undefined) doors.push({ ...door, address: (bonds[group.buttons + at] as Bond).address });
  });
  const { household, radio } = departmentDefaults;
  const { inactivity } = household;
  const watched = inactivityMs > 0 ? { ...inactivity, mode: "rolling" as const, periodMs: inactivityMs } : inactivity;
  const departments = {
    ...departmentDefaults,
    household: { ...household, firstLife: life, inactivity: watched },
    radio: { ...radio, doors },
  };
  const serviceKey = new Uint8Array(keyLength);
  if (isServiced) new Stream(seed, "service key", index).fill(serviceKey);
  return {
    bonds: delivered,
    ...(doors.length > 0 || inactivityMs > 0 || life !== household.firstLife ? { departments } : {}),
    ...(isServiced ? { serviceKey } : {}),
  };
}

/** The home itself, beside its unit. */
export function homePlace({
  bonds,
  group,
  name,
}: Resident): Required<
  Pick<HomeOptions, "building" | "radio" | "radioLossPpm" | "wallsDb" | "bonds" | "charges" | "memoryUsedPpm">
> {
  const { accessories, buttonChargePermille, memoryUsedPpm, radio, radioLossPpm, wallsDb } = group.home;
  return {
    building: group.building ?? name,
    radio,
    radioLossPpm,
    wallsDb,
    memoryUsedPpm,
    bonds,
    charges: [
      ...new Array<number>(group.buttons).fill(buttonChargePermille),
      ...accessories.map(({ chargePermille }) => chargePermille),
    ],
  };
}
