/**
 * How a modem reads a command line (V.250 5.2 to 5.4): one line may hold several commands, basic ones without any sign
 * between them, extended ones ended by a semicolon.
 */

export interface ModemCommand {
  /** "+CSQ", "E", "&F", "D"; upper case, "" for a bare AT. */
  readonly name: string;
  /** `read` is "?", `test` is "=?", `set` is "=..." or the digits of a basic command, `run` is nothing. */
  readonly form: "run" | "read" | "test" | "set";
  readonly text: string;
}

/** How a command ended: 0 and above is a +CME ERROR number; `later`: the command itself ends, with `finish` or `end`. */
export const done = -1;
export const error = -2;
export const later = -3;

const quote = 34;
const comma = 44;

/** Answers one command; a name that no table holds is unknown to this modem. */
export type CommandTable = ReadonlyMap<string, (command: ModemCommand) => number>;

/** A time that is drawn anew each time, in ms. */
export interface Span {
  readonly least: number;
  readonly most: number;
}

/** How one command is answered. */
export interface Handler {
  readonly run: (command: ModemCommand) => number;
  /** It answers the test form itself. */
  readonly takesTests: boolean;
}

/** The commands of a line, in order; undefined where the line does not say AT at all and gets no answer. */
export function commandsOf(line: string): ModemCommand[] | undefined {
  let at = line.startsWith("AT") ? 0 : line.toUpperCase().indexOf("AT");
  if (at < 0) return undefined;
  at += 2;
  const commands: ModemCommand[] = [];
  while (at < line.length) {
    const sign = line.charAt(at);
    if (sign === " " || sign === ";") at++;
    else if (isExtended(sign)) {
      const end = endOfExtended(line, at);
      commands.push(extendedOf(line.substring(at, end)));
      at = end;
    } else {
      const end = endOfBasic(line, at);
      commands.push(basicOf(line.substring(at, end)));
      at = end;
    }
  }
  return commands;
}

/** Fields between commas outside quotes, quotes taken off. */
export function argumentsOf(text: string): string[] {
  const fields: string[] = [];
  let field = "";
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== quote && (code !== comma || quoted)) continue;
    field += text.substring(start, at);
    start = at + 1;
    if (code === quote) quoted = !quoted;
    else {
      fields.push(field);
      field = "";
    }
  }
  fields.push(field + text.substring(start));
  return fields;
}

function isExtended(sign: string): boolean {
  return sign === "+" || sign === "$" || sign === "^" || sign === "#" || sign === "*" || sign === "%";
}

function endOfExtended(line: string, start: number): number {
  if (line.indexOf(";", start) < 0) return line.length;
  let quoted = false;
  for (let at = start; at < line.length; at++) {
    const sign = line.charAt(at);
    if (sign === '"') quoted = !quoted;
    else if (sign === ";" && !quoted) return at;
  }
  return line.length;
}

function extendedOf(text: string): ModemCommand {
  const equals = text.indexOf("=");
  if (equals >= 0) {
    const name = text.substring(0, equals).trim().toUpperCase();
    const rest = text.substring(equals + 1).trim();
    return rest === "?" ? { name, form: "test", text: "" } : { name, form: "set", text: rest };
  }
  const trimmed = text.trim().toUpperCase();
  if (trimmed.endsWith("?")) return { name: trimmed.substring(0, trimmed.length - 1), form: "read", text: "" };
  return { name: trimmed, form: "run", text: "" };
}

/** A letter, with "&" or S's number before it, and its digits; dialling takes the rest of the line. */
function endOfBasic(line: string, start: number): number {
  let at = start;
  if (line.charAt(at) === "&") at++;
  const letter = line.charAt(at).toUpperCase();
  at++;
  if (letter === "D") return line.length;
  while (at < line.length && "0123456789=?".includes(line.charAt(at))) at++;
  return at;
}

function basicOf(text: string): ModemCommand {
  const length = text.startsWith("&") ? 2 : 1;
  const rest = text.substring(length);
  return { name: text.substring(0, length).toUpperCase(), form: rest === "" ? "run" : "set", text: rest };
}

/** What +CME ERROR tells of an error, as a number or in words (27.007 9.1). */
export function errorText(mode: number, code: number): string {
  if (mode === 1) return "" + code;
  if (code === 10) return "SIM not inserted";
  if (code === 11) return "SIM PIN required";
  return code === 30 ? "no network service" : "unknown";
}

/** Of all tables in one; of two with the same command the first counts, and a part's before any other. */
export function handlersOf(parts: readonly CommandTable[], others: readonly CommandTable[]): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  for (const [tables, takesTests] of [[parts, true] as const, [others, false] as const])
    for (const table of tables)
      for (const [name, run] of table) if (!handlers.has(name)) handlers.set(name, { run, takesTests });
  return handlers;
}
