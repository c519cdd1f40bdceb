/** What a bench prints: the machine, and figures in columns. */
import { arch, cpus, platform } from "node:os";

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** Cells by column, the name first. A row of two is a name and a remark. */
  readonly rows: readonly (readonly string[])[];
}

/** "AMD EPYC, 2 cores, linux x64, Node v20.20.2" */
export function machineText(): string {
  const all = cpus();
  return `${all[0]?.model.trim() ?? "unknown processor"}, ${all.length} cores, ${platform()} ${arch()}, Node ${process.version}`;
}

export function tableText({ title, columns, rows }: Table): string {
  const whole = rows.filter((row) => row.length === columns.length);
  const widths = columns.map((column, i) => Math.max(column.length, ...whole.map((row) => row[i]?.length ?? 0)));
  const nameWidth = Math.max(widths[0] ?? 0, ...rows.map((row) => row[0]?.length ?? 0));
  const line = (cells: readonly string[]): string => {
    const [name = "", ...others] = cells;
    const shown = others.map((cell, i) => (others.length === 1 ? cell : cell.padStart(widths[i + 1] ?? 0)));
    return `  ${[name.padEnd(nameWidth), ...shown].join("  ").trimEnd()}`;
  };
  return `${[title, line(columns), ...rows.map(line)].join("\n")}\n`;
}

/** 12345.6 → "12,346"; small numbers keep three digits. */
export function figure(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: value < 100 ? 3 : Math.ceil(Math.log10(value + 1)) });
}
