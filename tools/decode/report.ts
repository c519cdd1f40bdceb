/** What every decoder of `livlina decode` answers: values for programs, and lines with byte offsets for people. */
import type { Fault } from "../../protocol/result.ts";

export interface ReportLine {
  /** Offset of the first byte in the input; undefined for what a line adds to the one before. */
  readonly at: number | undefined;
  /** 0 for the outermost. */
  readonly depth: number;
  readonly label: string;
  readonly text: string;
}

export interface Report {
  /** What --json prints: no bytes, they are hexadecimal text. */
  readonly values: object;
  readonly lines: readonly ReportLine[];
}

/** The lines in columns: offset, label with two blanks per depth, text. */
export function reportText(lines: readonly ReportLine[]): string {
  const offsetWidth = Math.max(...lines.map(({ at }) => String(at ?? "").length));
  const labelWidth = Math.min(24, Math.max(...lines.map(({ depth, label }) => 2 * depth + label.length)));
  const shown = lines.map(({ at, depth, label, text }) => {
    const name = `${"  ".repeat(depth)}${label}`.padEnd(labelWidth);
    return `${String(at ?? "").padStart(offsetWidth)}  ${name}  ${printable(text)}`.trimEnd();
  });
  return `${shown.join("\n")}\n`;
}

/** The same fault in a larger input, where its bytes begin at `offset`. */
export function shifted(fault: Fault, offset: number): Fault {
  return { ...fault, at: fault.at + offset };
}

export function hexText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** What a foreign message holds must not command the terminal, nor turn its lines round. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Bidi_Control}]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
