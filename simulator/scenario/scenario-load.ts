/** What a receiver can do in a second, in a scenario file, to its plain form; and a load that takes some of it away. */
import type { ReceiverLoad } from "./fault.ts";
import type { ScenarioCapacity, Shift } from "./scenario.ts";
import type { Complain, FilePath } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseHours } from "./scenario-units.ts";

type Receiver = NonNullable<ScenarioFile["world"]["receivers"]>[string];
type FaultEntry = NonNullable<ScenarioFile["faults"]>[number];
type LoadEntry = Extract<FaultEntry, { readonly fault: "loaded" }>;

export function resolveCapacity(receiver: Receiver): ScenarioCapacity | undefined {
  const { capacity } = receiver ?? {};
  if (capacity === undefined) return undefined;
  return {
    messagesPerThousandSeconds: perThousandSeconds(capacity["messages-per-second"]),
    queueLimit: capacity.queue ?? 1_000,
    whenFull: capacity["when-full"] ?? "refuse",
  };
}

export function resolveLoad(entry: LoadEntry): Omit<ReceiverLoad, "name" | "fromMs" | "toMs"> {
  return {
    object: "receiver",
    fault: "loaded",
    over: undefined,
    messagesPerThousandSeconds: perThousandSeconds(entry["messages-per-second"] ?? 1),
  };
}

/** How many speak at which hours. Shifts may not overlap; at other hours it is `count`. */
export function resolveShifts(receiver: Receiver, at: FilePath, complain: Complain): readonly Shift[] {
  const shifts: Shift[] = [];
  (receiver?.operators?.shifts ?? []).forEach(({ hours, count }, index) => {
    const parsed = parseHours(hours);
    if (parsed === undefined) {
      const hint = 'a night is two shifts, such as "22:00-24:00" and "00:00-07:00"';
      complain([...at, index, "hours"], "expected hours whose end comes after their beginning", hint);
      return;
    }
    if (shifts.some((other) => other.fromMinute < parsed.toMinute && parsed.fromMinute < other.toMinute))
      complain([...at, index, "hours"], "another shift has some of these hours", "let one end where the other begins");
    shifts.push({ ...parsed, count });
  });
  return shifts;
}

function perThousandSeconds(perSecond: number): number {
  return Math.max(1, Math.round(perSecond * 1_000));
}
