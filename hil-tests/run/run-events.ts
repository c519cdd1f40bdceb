/** What a run says while it goes on, one JSON object a line: in its log, and on stdout with --json. */
import type { Measurement, Verdict } from "./case.ts";
import type { CheckRecord, FlashRecord, Outcome, RunRecord, RunVerdict } from "./results.ts";

export type RunEvent =
  | {
      readonly event: "begun";
      readonly run: string;
      readonly rig: string;
      readonly board: string;
      readonly commit: string;
      readonly seed: number;
      readonly cases: number;
    }
  | ({ readonly event: "checked" } & CheckRecord)
  | ({ readonly event: "image" } & FlashRecord)
  | { readonly event: "case-begun"; readonly id: string; readonly attempt: number }
  | { readonly event: "noted"; readonly id: string; readonly text: string }
  | ({ readonly event: "measured"; readonly id: string } & Measurement)
  | {
      readonly event: "attempted";
      readonly id: string;
      readonly attempt: number;
      readonly outcome: Outcome;
      readonly message: string;
      readonly ms: number;
    }
  | { readonly event: "case-ended"; readonly id: string; readonly verdict: Verdict; readonly why: string }
  | { readonly event: "troubled"; readonly why: string }
  | {
      readonly event: "ended";
      readonly verdict: RunVerdict;
      readonly ends: RunRecord["ends"];
      readonly wallMs: number;
    };
