import { expect, test } from "vitest";
import type { Records } from "../radio-counters.ts";
import { longestMaintenanceS, Maintenance } from "./maintenance.ts";

const fromS = 1_800_000_000;
const toS = fromS + 7_200;

class KeptRecords implements Records {
  private readonly kept = new Map<number, Uint8Array>();
  full = false;

  read(kind: number, key: number): Uint8Array | undefined {
    return this.kept.get(kind * 65_536 + key);
  }

  write(kind: number, key: number, bytes: Uint8Array): boolean {
    if (!this.full) this.kept.set(kind * 65_536 + key, bytes);
    return !this.full;
  }
}

test("inside its window a technical report says that the work is planned, and from its end on no longer", () => {
  const maintenance = new Maintenance(new KeptRecords());
  expect(maintenance.plan({ fromS, toS })).toBeUndefined();
  const label = (wallS: number) => maintenance.label("technical", "receiver 1", wallS);
  expect([fromS - 1, fromS, toS - 1, toS].map(label)).toEqual([
    "receiver 1",
    "receiver 1, planerat arbete",
    "receiver 1, planerat arbete",
    "receiver 1",
  ]);
  expect(maintenance.label("technical", "", fromS)).toBe("planerat arbete");
  expect(maintenance.label("technical", "a text of twenty-six signs", fromS)).toBe("planerat arbete");
});

test("alarms, tests and reports at an unknown time are never touched", () => {
  const maintenance = new Maintenance(new KeptRecords());
  maintenance.plan({ fromS, toS });
  for (const kind of ["user-alarm", "life-safety", "test", "statistics"] as const)
    expect(maintenance.label(kind, "fall", fromS)).toBe("fall");
  expect(maintenance.label("technical", "receiver 1", -1)).toBe("receiver 1");
});

test("a window outlives a restart, and one that is no plan is refused with a reason", () => {
  const records = new KeptRecords();
  new Maintenance(records).plan({ fromS, toS });
  const later = new Maintenance(records);
  expect(later.plan({ fromS, toS: fromS })).toBe("the maintenance must end after it begins");
  expect(later.plan({ fromS, toS: fromS + longestMaintenanceS + 1 })).toBe(
    "maintenance is announced for 24 hours at most",
  );
  records.full = true;
  expect(later.plan({ fromS: toS, toS: toS + 60 })).toBe("the window could not be stored");
  expect(later.label("technical", "", fromS)).toBe("planerat arbete");
});
