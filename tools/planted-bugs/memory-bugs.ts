/** Mistakes in what must outlive a power cut: journal, log, names, settings, starts. */
import type { PlantedBug } from "./bug.ts";

export const memoryBugs: readonly PlantedBug[] = [
  {
    name: "a record that a power cut tore counts as whole",
    file: "firmware/storage/record.ts",
    line: "if (getU32(bytes, headerLength + length) !== this.crcOf(address, epoch, headerLength + length)) return false;",
    instead: "",
    tests: ["firmware/storage/journal-cuts.test.ts"],
  },
  {
    name: "what flash was told to keep is not read back",
    file: "firmware/storage/journal-area.ts",
    line: "if (this.flash.program(address, bytes) && this.load(address)) return address;",
    instead: "if (this.flash.program(address, bytes)) return address;",
    tests: ["firmware/storage/journal.test.ts"],
  },
  {
    name: "a start writes over what a power cut left half written",
    file: "firmware/storage/journal.ts",
    line: "this.active.seal();",
    instead: "",
    tests: ["firmware/storage/journal-cuts.test.ts"],
  },
  {
    name: "of two areas the fuller one is in force, not the newer one",
    file: "firmware/storage/journal.ts",
    line: "if (better > 0 || (better === 0 && second.recordCount > first.recordCount)) {",
    instead: "if (second.recordCount > first.recordCount) {",
    tests: ["firmware/storage/journal-cuts.test.ts"],
  },
  {
    name: "a commit in doubt is not outbid before its area is erased",
    file: "firmware/storage/journal.ts",
    line: "if (!clean || this.sequence === 0) kept",
    instead: "if (this.sequence === 0) kept",
    tests: ["firmware/storage/journal-pairs.test.ts"],
  },
  {
    name: "a report number is given twice after a power cut",
    file: "firmware/storage/report-numbers.ts",
    line: "this.following = known ? reservedIn(kept) : 0;",
    instead: "this.following = known ? reservedIn(kept) - blockSize : 0;",
    tests: ["firmware/storage/report-numbers.test.ts"],
  },
  {
    name: "a fault that flaps wears the log's flash out",
    file: "firmware/storage/write-allowance.ts",
    line: "bucket.left--;",
    instead: "",
    tests: ["firmware/storage/event-log.test.ts"],
  },
  {
    name: "settings under which no receiver answers are kept",
    file: "firmware/storage/settings-trial-machine.ts",
    line: 'return go(settledTrial, [{ type: "roll-back", version: state.version }, { type: "restart" }]);',
    instead: 'return go(settledTrial, [{ type: "prove", version: state.version }]);',
    tests: ["firmware/storage/settings-trial-machine.test.ts"],
  },
  {
    name: "new settings restart the unit while a person's alarm waits",
    file: "firmware/storage/settings-trial-machine.ts",
    line: '? go({ at: "waiting", version: event.version, isPending: true }, [])',
    instead: "? begin(event.version)",
    tests: ["firmware/storage/settings-trial-machine.test.ts"],
  },
  {
    name: "a full journal gives up what matters most first",
    file: "firmware/storage/giving-up.ts",
    line: "for (let i = 0; i < own; i++) {",
    instead: "for (let i = own - 1; i >= 0; i--) {",
    tests: ["firmware/storage/giving-up.test.ts"],
  },
  {
    name: "a restart that somebody ordered counts as a crash",
    file: "firmware/boot/boot-machine.ts",
    line: "before.shortLives + (isSuspect ? 1 : 0)",
    instead: "before.shortLives + 1",
    tests: ["firmware/boot/boot-machine.test.ts"],
  },
  {
    name: "minimal alarm mode is left in the middle of an alarm",
    file: "firmware/boot/boot-machine.ts",
    line: 'if (state.kept.mode === "full" || state.isPending || nowMs <',
    instead: 'if (state.kept.mode === "full" || nowMs <',
    tests: ["firmware/boot/boot-machine.test.ts"],
  },
];
