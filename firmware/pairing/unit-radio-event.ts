/** What the unit's radio tells its owner: proven frames of its own buttons, and nothing else. */
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import type { PressReason } from "../../protocol/radio/button-press.ts";
import type { ReportKind } from "../../protocol/radio/button-report.ts";

/** `bond` is the place in the table of bonds; `name` the 32-bit name of a press. */
export type UnitRadioEvent =
  | {
      /** A press not heard before, or known and not yet acknowledged by the owner, or telling of more presses. */
      readonly type: "press-heard";
      readonly bond: number;
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
    }
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
