/** What the unit's radio tells its owner: proven frames of its own buttons, and nothing else. */
import type { AccessoryCondition } from "../../protocol/radio/accessory-event.ts";
import type { AccessoryType, Happening } from "../../protocol/radio/accessory-types.ts";
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import type { PressReason } from "../../protocol/radio/button-press.ts";
import type { ReportKind } from "../../protocol/radio/button-report.ts";
import type { FallPhase } from "../../protocol/radio/fall.ts";

/** Who calls: enough to name the device in a message. */
export interface Caller {
  /** Place in the table of bonds. */
  readonly bond: number;
  /** Device identity (SCAIP `did`): the radio address in 8 hexadecimal digits. */
  readonly did: string;
  /** Person slot, from 1. */
  readonly person: number;
  /** Where it hangs or who wears it, up to 20 characters; empty where nobody said. */
  readonly where: string;
}

/** `bond` is the place in the table of bonds; `name` the 32-bit name of a press. */
export type UnitRadioEvent =
  | (Caller & {
      /** A press not heard before, or known and not yet acknowledged by the owner, or telling of more presses. */
      readonly type: "press-heard";
      readonly name: number;
      /** The newest counter of this bond, to be kept in the alarm's own record with the name. */
      readonly counter: number;
      /** Presses of this button since the last one it was told was accepted; 255 stands for that and more. */
      readonly presses: number;
      readonly ageS: number;
      readonly reason: PressReason;
      readonly batteryMv: number;
      readonly low: boolean;
      readonly form: ButtonForm;
      readonly rssiDbm: number;
    })
  | (Caller & {
      /** A fall, by the rules of a press, under a name of its own; or the wearer took the fall of this name back. */
      readonly type: "fall-heard";
      readonly name: number;
      readonly counter: number;
      readonly falls: number;
      readonly ageS: number;
      readonly phase: FallPhase;
      readonly batteryMv: number;
      readonly low: boolean;
      readonly form: ButtonForm;
      readonly rssiDbm: number;
    })
  | (Caller & {
      /** By the rules of a press; acknowledged once what it raises is in the journal. */
      readonly type: "accessory-heard";
      readonly name: number;
      readonly counter: number;
      readonly times: number;
      readonly ageS: number;
      readonly accessory: AccessoryType;
      readonly happening: Happening;
      readonly condition: AccessoryCondition;
      readonly batteryMv: number;
      readonly low: boolean;
      readonly rssiDbm: number;
    })
  | (Caller & {
      /** Already acknowledged. */
      readonly type: "accessory-checked-in";
      readonly accessory: AccessoryType;
      readonly condition: AccessoryCondition;
      readonly batteryMv: number;
      readonly low: boolean;
      /** -128 stands for "not measured". */
      readonly temperatureC: number;
      readonly nextWithinH: number;
      readonly activations: number;
      readonly started: boolean;
      readonly rssiDbm: number;
    })
  | {
      /** The owner answers with `status`; `closed` for a name it has no open alarm of. */
      readonly type: "status-asked";
      readonly bond: number;
      readonly name: number;
      readonly batteryMv: number;
      readonly low: boolean;
      readonly form: ButtonForm;
      readonly rssiDbm: number;
    }
  | {
      /** Already acknowledged: a report is no promise. */
      readonly type: "report-heard";
      readonly bond: number;
      readonly kind: ReportKind;
      readonly batteryMv: number;
      readonly low: boolean;
      readonly form: ButtonForm;
      /** -128 stands for "not measured". */
      readonly temperatureC: number;
      readonly versionMajor: number;
      readonly versionMinor: number;
      readonly pressCount: number;
      readonly rssiDbm: number;
    }
  /** A lost button was used; told of at most once a day. */
  | { readonly type: "revoked-heard"; readonly bond: number; readonly rssiDbm: number };
