/** Lines a modem says, asked for or not, as values: 3GPP 27.007 (registration, SIM, signal, operator, errors) and its clocks. */

export type Generation = "2g" | "3g" | "4g" | "unknown";
export type SimState = "ready" | "pin" | "puk" | "absent" | "faulty";
/** +CREG <stat>: 0 is not registered and not searching. */
export type Registration = "none" | "home" | "searching" | "denied" | "roaming";

/** What one line says. The same line means the same whether it answers a question or comes unasked. */
export type Fact =
  /** The modem has just started, whatever was going on. */
  | { readonly type: "started" }
  | { readonly type: "powered-down" }
  | { readonly type: "model"; readonly model: string }
  | { readonly type: "sim"; readonly sim: SimState }
  | {
      readonly type: "registration";
      /** Packet is LTE (+CEREG), circuit is 2G and 3G (+CREG). */
      readonly domain: "packet" | "circuit";
      readonly registration: Registration;
      readonly generation: Generation;
    }
  /** 0 to 31, 99 unknown (27.007 8.5). */
  | { readonly type: "signal"; readonly signal: number }
  | { readonly type: "operator"; readonly operator: string; readonly generation: Generation }
  | { readonly type: "context"; readonly active: boolean; readonly address: string }
  | { readonly type: "context-lost" }
  /** The network's wall clock, in ms since 1970. */
  | { readonly type: "clock"; readonly wallMs: number }
  /** The network has told the time; asking for it now is worth while. */
  | { readonly type: "clock-set" }
  | { readonly type: "socket-opened"; readonly socket: number /** 0 is success. */; readonly error: number }
  /** The modem has made a socket and chosen this number. */
  | { readonly type: "socket-chosen"; readonly socket: number }
  | { readonly type: "socket-readable"; readonly socket: number }
  | { readonly type: "socket-closed"; readonly socket: number }
  /** Where the datagram that is being read came from, told by a line of its own. */
  | { readonly type: "datagram-origin"; readonly host: string; readonly port: number }
  /** The address of the name that was asked for last; "" where there is none. */
  | { readonly type: "name-resolved"; readonly address: string };

const quote = 34;
const comma = 44;
const space = 32;
const zero = 48;
const dayMs = 86_400_000;
const daysBefore: readonly number[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const registrations: readonly Registration[] = ["none", "home", "searching", "denied", "none", "roaming"];

/** Facts of 27.007 lines; undefined where the line is none of them or says nothing usable. */
export function commonFactOf(line: string): Fact | undefined {
  if (!line.startsWith("+C")) return undefined;
  if (line.startsWith("+CEREG:")) return registrationOf(line, "packet");
  if (line.startsWith("+CREG:")) return registrationOf(line, "circuit");
  if (line.startsWith("+CSQ:")) return signalOf(line);
  if (line.startsWith("+COPS:")) return operatorOf(line);
  if (line.startsWith("+CPIN:")) return { type: "sim", sim: simOf(line.substring(6).trim()) };
  if (line.startsWith("+CCLK:")) return clockOf(line, true);
  if (line.startsWith("+CTZE:") || line.startsWith("+CTZV:")) return { type: "clock-set" };
  if (line.startsWith("+CGPADDR:")) return addressOf(line);
  // The network ends context 1, or all of them (27.007 10.1.19).
  if (line === "+CGEV: NW PDN DEACT 1" || line === "+CGEV: NW DETACH") return { type: "context-lost" };
  return undefined;
}

/** The model in a line of the answer to AT+CGMM (27.007 5.2); "" where the line is news that came between. */
export function modelOf(line: string): string {
  if (line.startsWith("+CGMM:")) return fieldsOf(line)[0] as string;
  const first = line.charAt(0);
  return first === "+" || first === "*" || first === "^" || line.endsWith(" DONE") || line.endsWith(" READY")
    ? ""
    : line;
}

/** What follows the colon, split at commas outside quotes; quotes and blanks around a field are gone. */
export function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let at = line.indexOf(":") + 1;
  for (;;) {
    while (line.charCodeAt(at) === space) at++;
    let start = at;
    let end: number;
    if (line.charCodeAt(at) === quote) {
      start = at + 1;
      end = line.indexOf('"', start);
      if (end < 0) end = line.length;
      at = line.indexOf(",", end);
    } else {
      at = line.indexOf(",", at);
      end = at < 0 ? line.length : at;
      while (end > start && line.charCodeAt(end - 1) === space) end--;
    }
    fields.push(line.substring(start, end));
    if (at < 0) return fields;
    at++;
  }
}

/** The whole number a field holds, or -1 where it holds none; more than nine digits are none. */
export function numberOf(field: string | undefined): number {
  if (field === undefined || field.length === 0 || field.length > 9) return -1;
  let value = 0;
  for (let i = 0; i < field.length; i++) {
    const digit = field.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The number of +CME ERROR: <n> or +CMS ERROR: <n> (27.007 9.2), 0 where it is text, -1 where the line is no such error. */
export function errorNumberOf(line: string): number {
  if (!line.startsWith("+CME ERROR:") && !line.startsWith("+CMS ERROR:")) return -1;
  return Math.max(0, numberOf(line.substring(11).trim()));
}

/** What a failed +CPIN? means (27.007 9.2.1); undefined for passing states such as "SIM busy". */
export function simFaultOf(error: number): SimState | undefined {
  if (error === 10) return "absent";
  if (error === 12 || error === 18) return "puk";
  if (error === 11 || error === 17) return "pin";
  if (error === 13 || error === 15) return "faulty";
  return undefined;
}

/** <AcT> of 27.007 7.3 and 10.1.22. */
export function generationOf(technology: number): Generation {
  if (technology === 0 || technology === 1 || technology === 3 || technology === 8)
    return technology === 8 ? "4g" : "2g";
  if (technology === 2 || (technology >= 4 && technology <= 6)) return "3g";
  if (technology === 7 || technology === 9) return "4g";
  return "unknown";
}

/** "2026/03/02,06:10:05+04" or with a two-digit year; `local` takes the zone (in quarter hours) off. */
export function clockOf(line: string, local: boolean): Fact | undefined {
  const text = fieldsOf(line)[0] as string;
  const slash = text.indexOf("/");
  const year = numberOf(text.substring(0, slash));
  if ((slash !== 2 && slash !== 4) || year < 0 || text.length < slash + 16) return undefined;
  const two = (at: number): number => numberOf(text.substring(slash + at, slash + at + 2));
  const wallMs = wallMsOf(slash === 2 ? 2000 + year : year, two(1), two(4), two(7), two(10), two(13));
  if (wallMs < 0) return undefined;
  const zone = local ? numberOf(text.substring(slash + 16, slash + 18)) : 0;
  if (zone < 0 || zone > 96) return undefined;
  return { type: "clock", wallMs: text.charAt(slash + 15) === "-" ? wallMs + zone * 900_000 : wallMs - zone * 900_000 };
}

/** Ms since 1970 of a calendar time in UTC; -1 where it is none, or outside 2020 to 2069: unset clocks show 1970, 1980 or 2000. */
function wallMsOf(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  if (year < 2020 || year > 2069 || month < 1 || month > 12 || day < 1 || day > 31) return -1;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  // From 1970 to 2069 every fourth year is a leap year.
  const leapDays = Math.floor((year - 1969) / 4) + (year % 4 === 0 && month > 2 ? 1 : 0);
  const days = (year - 1970) * 365 + leapDays + (daysBefore[month - 1] as number) + day - 1;
  return days * dayMs + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** +CREG: <stat>[,"lac","ci",<AcT>] unasked, or +CREG: <n>,<stat>[,...] when asked: only a status is one bare digit. */
function registrationOf(line: string, domain: "packet" | "circuit"): Fact | undefined {
  const fields = fieldsOf(line);
  const asked = fields.length > 1 && (fields[1] as string).length === 1 && bareSecond(line);
  const status = numberOf(fields[asked ? 1 : 0]);
  if (status < 0) return undefined;
  const registration = status === 6 ? "home" : status === 7 ? "roaming" : registrations[status];
  if (registration === undefined) return undefined;
  const technology = numberOf(fields[asked ? 4 : 3]);
  const generation = technology < 0 && domain === "packet" ? "4g" : generationOf(technology);
  return { type: "registration", domain, registration, generation };
}

/** +CGPADDR: <cid>[,<address>] (27.007 10.1.14) of context 1; without an address, or with 0.0.0.0, it is not active. */
function addressOf(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  if (fields[0] !== "1") return undefined;
  const address = fields[1];
  const active = address !== undefined && address !== "" && address !== "0.0.0.0";
  return { type: "context", active, address: active ? (address as string) : "" };
}

function bareSecond(line: string): boolean {
  const at = line.indexOf(",") + 1;
  return line.charCodeAt(at) !== quote && line.charCodeAt(at) !== comma;
}

function signalOf(line: string): Fact | undefined {
  const signal = numberOf(fieldsOf(line)[0]);
  if (signal < 0) return undefined;
  return { type: "signal", signal: signal > 31 ? 99 : signal };
}

/** +COPS: <mode>[,<format>,"name"[,<AcT>]]; without a name there is no operator now. */
function operatorOf(line: string): Fact | undefined {
  const fields = fieldsOf(line);
  if (numberOf(fields[0]) < 0) return undefined;
  const operator = fields[2] === undefined ? "" : fields[2];
  return { type: "operator", operator, generation: generationOf(numberOf(fields[3])) };
}

function simOf(text: string): SimState {
  if (text === "READY") return "ready";
  if (text === "SIM PIN" || text === "SIM PIN2") return "pin";
  if (text === "SIM PUK" || text === "SIM PUK2") return "puk";
  if (text === "NOT INSERTED" || text === "NOT READY") return "absent";
  return "faulty";
}
