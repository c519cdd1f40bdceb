/** `livlina explain CODE`: what a number or a word means that a command, a report or a receiver has said. */
import type { Command } from "commander";
import { type CodedTag, codeTable, describeCode } from "../../protocol/scaip/codes.ts";
import { nearest } from "../../simulator/scenario/scenario-units.ts";
import { exitCodes } from "../exit-codes.ts";
import { faultTexts } from "../help/fault-texts.ts";
import { sipStatuses } from "../help/sip-statuses.ts";
import { wrap } from "../progress.ts";
import { UserError } from "../user-error.ts";

interface Meaning {
  /** Where such codes stand: "exit", "sip", "fault", or SCAIP's element ("stc"). */
  readonly kind: string;
  readonly code: string;
  readonly means: string;
}

/** Elements of a SCAIP message with a table, and what each is called. */
const elements: Readonly<Partial<Record<CodedTag, string>>> = {
  snu: "SCAIP status number, the receiver's answer",
  stc: "SCAIP status code, what happened",
  dty: "SCAIP device type, where it happened",
  dco: "SCAIP device component",
  lco: "SCAIP location code",
  mre: "SCAIP media reply",
  cre: "SCAIP call handling reply",
};
const kinds: Readonly<Record<string, string>> = {
  exit: "exit code of livlina",
  sip: "SIP status",
  fault: "what goes wrong in a scenario",
  ...elements,
};

export function register(program: Command): void {
  program
    .command("explain <code...>")
    .description("what a code means: exit codes, SIP and SCAIP codes, faults")
    .option("--json", "all meanings as one JSON array on stdout")
    .addHelpText("after", help)
    .action((words: readonly string[], { json }: { readonly json?: boolean }) => explain(words, json === true));
}

const help = `
A number alone is looked up in every table; a word before it names one: exit, sip,
snu, stc, dty, dco, lco, mre, cre. The word alone shows the whole table; so does fault.

Examples:
  livlina explain 503
  livlina explain stc 24
  livlina explain exit 3
  livlina explain silent-after-200
`;

function explain(words: readonly string[], json: boolean): void {
  const found = meaningsOf(words.join(" ").toLowerCase());
  if (found.length === 0) throw unknownCode(words.join(" "));
  if (json) {
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  for (const { kind, code, means } of found)
    process.stdout.write(`${wrap(`${kind} ${code} (${kinds[kind] ?? kind}): ${means}`, 78, "  ")}\n`);
}

/** `asked`: a number, a fault's name, a table's name for all of it, or both ("stc 24", "snu=0", "sip/503"). */
function meaningsOf(asked: string): Meaning[] {
  const [, kind = "", number = ""] = /^([a-z]*)[\s:=/-]*(\d{0,5})$/.exec(asked) ?? [];
  if (number !== "") {
    const code = String(Number(number));
    return Object.keys(kinds).flatMap((each) => {
      if (kind !== "" && kind !== each) return [];
      const found = tableOf(each).filter((row) => row.code === code);
      return found.length === 0 && kind === each && each in elements ? [bare(each, Number(code))] : found;
    });
  }
  if (kind in kinds) return tableOf(kind);
  const name = asked.replace(/^fault\s+/, "");
  return tableOf("fault").filter((row) => row.code === name);
}

/** Every code of one kind. */
function tableOf(kind: string): Meaning[] {
  if (kind === "exit")
    return exitCodes.map(({ code, meaning, next }) => ({ kind, code: `${code}`, means: `${meaning}. Next: ${next}` }));
  if (kind === "sip")
    return sipStatuses.map(({ code, phrase, says }) => ({ kind, code: `${code}`, means: `${phrase}. ${says}` }));
  if (kind === "fault")
    return Object.entries(faultTexts).map(([code, { of, says }]) => ({
      kind,
      code,
      means: `${says} Happens to: ${of}.`,
    }));
  return codeTable(kind as CodedTag).map(({ code, en, sv }) => ({ kind, code: `${code}`, means: `${en} · ${sv}` }));
}

/** A number that its element has no name for. */
function bare(kind: string, code: number): Meaning {
  const tag = kind as CodedTag;
  return { kind, code: `${code}`, means: `${describeCode(tag, code, "en")} · ${describeCode(tag, code, "sv")}` };
}

function unknownCode(asked: string): UserError {
  const [kind = ""] = asked.split(" ");
  const near = nearest(asked, Object.keys(faultTexts)) ?? nearest(kind, Object.keys(kinds));
  const hint =
    near === undefined
      ? "a number, a fault's name, or both of a table and a number: livlina explain stc 24"
      : `did you mean "${near}"? See livlina explain --help`;
  return new UserError(`no table holds "${asked}"`, hint, 2);
}
