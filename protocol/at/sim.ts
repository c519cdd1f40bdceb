/**
 * The SIM as a thing with a number that hands can pull out: its ICCID (ITU-T E.118) by each vendor's command or from the card's
 * own file (3GPP 27.007 8.18, EF-ICCID of ETSI TS 102 221 13.2), and what modems say unasked when it comes or goes.
 */
import type { Fact, SimState } from "./answers.ts";
import { fieldsOf, numberOf } from "./answers.ts";
import type { Exchange } from "./commands.ts";
import { exchange, wish } from "./commands.ts";

const iccidHeads: readonly string[] = ["+QCCID:", "+ICCID:", "+CCID:"];
const shortest = 18;
const longest = 20;
/** READ BINARY of EF-ICCID (2FE2), ten bytes. */
const readFile = exchange("AT+CRSM=176,12258,0,0,10", "+CRSM:", 5_000, true);
/** <SW1> of a command that went well (102.221 10.2.1.1). */
const wentWell = 144;
/** <state> of +UUSIMSTAT by place. */
const ubloxStates: readonly (SimState | undefined)[] = ["absent", "pin", "puk", "puk", "faulty", undefined, "ready"];

/** The questions for the ICCID, to be asked in this order until one is answered; by the name of the dialect (`Dialect.name`). */
export function iccidQuestions(dialect: string): readonly Exchange[] {
  if (dialect === "simcom") return [question("AT+CICCID", "+ICCID:"), readFile];
  if (dialect.startsWith("ublox")) return [question("AT+CCID", "+CCID:"), readFile];
  return [question("AT+QCCID", "+QCCID:"), readFile];
}

/** Told once after each start, each may be refused: the modem says when the card comes or goes; by the name of the dialect. */
export function simWatch(dialect: string): readonly Exchange[] {
  if (dialect === "simcom") return [wish("AT+UIMHOTSWAPON=1", 2_000)];
  if (dialect.startsWith("ublox")) return [wish("AT+USIMSTAT=7", 2_000)];
  return [wish("AT+QSIMSTAT=1", 2_000)];
}

/** The ICCID in an answer line, 18 to 20 digits; "" where it holds none. */
export function iccidOf(line: string): string {
  if (line.startsWith("+CRSM:")) return iccidOfFile(line);
  for (const head of iccidHeads) if (line.startsWith(head)) return checked(fieldsOf(line)[0] as string);
  return checked(line.trim());
}

/** What a line says of the card coming and going, beside +CPIN; undefined where it says nothing of it. */
export function simNewsOf(line: string): Fact | undefined {
  let sim: SimState | undefined;
  if (line.startsWith("+QSIMSTAT:")) {
    // +QSIMSTAT: <enable>,<inserted>; 2 is not known. A card that is put in is not ready yet, and +CPIN tells of that.
    if (numberOf(fieldsOf(line)[1]) === 0) sim = "absent";
  } else if (line.startsWith("+UUSIMSTAT:")) sim = ubloxStates[numberOf(fieldsOf(line)[0])];
  else if (line.startsWith("+SIMCARD: NOT AVAILABLE") || line.startsWith("+CPIN: SIM REMOVED")) sim = "absent";
  return sim === undefined ? undefined : { type: "sim", sim };
}

function question(text: string, prefix: string): Exchange {
  return exchange(text, prefix, 5_000, true);
}

/** +CRSM: 144,0,"<ten bytes>": each byte has its two digits the other way round, and an F fills the last. */
function iccidOfFile(line: string): string {
  const fields = fieldsOf(line);
  const bytes = fields[2];
  if (numberOf(fields[0]) !== wentWell || bytes === undefined || bytes.length !== longest) return "";
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) text += bytes.charAt(i + 1) + bytes.charAt(i);
  return checked(text.toUpperCase().endsWith("FF") ? text.substring(0, longest - 2) : text);
}

/** Without the F that fills some cards up: the same card has the same number, whoever read it. */
function checked(told: string): string {
  const last = told.charAt(told.length - 1);
  const text = last === "F" || last === "f" ? told.substring(0, told.length - 1) : told;
  if (text.length < shortest || text.length > longest) return "";
  for (let i = 0; i < text.length; i++) if ("0123456789".indexOf(text.charAt(i)) < 0) return "";
  return text;
}
