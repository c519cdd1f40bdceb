/** The states of a unit's life, from the shelf to the wipe, and what each of them does: one table, no other place decides it. */

export type LifeName = "stored" | "prepared" | "installed" | "in-service" | "suspended" | "returned" | "wiped";

/** In the order of their numbers in the journal. */
export const lifeNames: readonly LifeName[] = [
  "stored",
  "prepared",
  "installed",
  "in-service",
  "suspended",
  "returned",
  "wiped",
];

/** An alarm that is heard is sent in every state: it is better to have contact. */
export interface LifeDuties {
  /** Whether the unit hears buttons and accessories. */
  readonly radio: boolean;
  /** Whether routes are kept open and heartbeats sent. An alarm opens them in any state. */
  readonly beats: boolean;
  /** Buttons, activity, room and lid are watched, and test messages sent. */
  readonly supervision: boolean;
  /** Days between self-checks; 0: none. */
  readonly selfCheckDays: number;
  /** What every report says beside its codes (`stt`); empty: nothing. */
  readonly mark: string;
}

export function dutiesOf(life: LifeName): LifeDuties {
  switch (life) {
    case "stored":
      return { radio: false, beats: false, supervision: false, selfCheckDays: 30, mark: "stored" };
    case "prepared":
      return { radio: true, beats: true, supervision: false, selfCheckDays: 1, mark: "prepared" };
    case "installed":
      return { radio: true, beats: true, supervision: true, selfCheckDays: 1, mark: "not verified" };
    case "in-service":
      return { radio: true, beats: true, supervision: true, selfCheckDays: 1, mark: "" };
    case "suspended":
      return { radio: true, beats: true, supervision: false, selfCheckDays: 1, mark: "suspended" };
    case "returned":
      return { radio: true, beats: false, supervision: false, selfCheckDays: 0, mark: "returned" };
    case "wiped":
      return { radio: false, beats: false, supervision: false, selfCheckDays: 0, mark: "wiped" };
  }
}

/** Why an order is not followed. */
export type LifeRefusal = "unauthorised" | "not-from-here" | "not-kept";

/** What speaks against going from `from` to `to`, or undefined. */
export function lifeRefusal(from: LifeName, to: LifeName, authorised: boolean): LifeRefusal | undefined {
  if (!authorised) return "unauthorised";
  return nextOf(from).indexOf(to) < 0 ? "not-from-here" : undefined;
}

/** Only a wipe ends in `wiped`, and only what was wiped or never left the bench is put into store. */
function nextOf(life: LifeName): readonly LifeName[] {
  switch (life) {
    case "stored":
      return ["prepared", "wiped"];
    case "prepared":
      return ["installed", "stored", "wiped"];
    case "installed":
      return ["in-service", "suspended", "returned"];
    case "in-service":
      return ["suspended", "returned"];
    case "suspended":
      return ["in-service", "returned"];
    case "returned":
      return ["in-service", "wiped"];
    case "wiped":
      return ["stored", "prepared"];
  }
}
