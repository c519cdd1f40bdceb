/**
 * TLS of a Quectel modem's stand-in: contexts, connections and uploaded certificates, as the public SSL and FILE application
 * notes of the EG9x and BG9x series describe them.
 */
import type { ModemPeer } from "./modem.ts";
import { type ModemContext, within } from "./modem-context.ts";
import { fileLengthLimit } from "./modem-files.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import {
  contextNotOpen,
  lastSocket,
  openError,
  readFrom,
  sendOn,
  socketExists,
  stateOf,
} from "./modem-quectel-streams.ts";
import { type StreamSecurity, StreamSet } from "./modem-streams.ts";

const lastContext = 5;
const fileFault = 407;

export class QuectelTls {
  readonly commands: CommandTable;
  private readonly modem: ModemPeer;
  private readonly context: ModemContext;
  private readonly streams: StreamSet;
  /** "seclevel,1" to its value. */
  private readonly settings: Map<string, string>;

  constructor(modem: ModemPeer, context: ModemContext) {
    this.modem = modem;
    this.context = context;
    this.settings = new Map();
    this.streams = new StreamSet(context, {
      // 579 is "SSL handshake failed" of the notes; a wrong certificate is one.
      onOpened: (id, fault) =>
        modem.tell("+QSSLOPEN: " + id + "," + (fault === "certificate" ? 579 : openError(fault))),
      onArrived: (id) => modem.tell('+QSSLURC: "recv",' + id),
      onClosed: (id) => modem.tell('+QSSLURC: "closed",' + id),
    });
    this.commands = this.table();
  }

  /** Settings are forgotten, files are not. */
  restart(): void {
    this.settings.clear();
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    table.set("+QSSLCFG", (command) => this.configure(command));
    table.set("+QSSLOPEN", (command) => this.open(command));
    table.set("+QSSLSEND", (command) => {
      const fields = argumentsOf(command.text);
      const stream = this.streams.get(Number(fields[0]));
      return stream === undefined ? error : sendOn(this.modem, this.streams, stream, fields[1], "+QSSLSEND: ");
    });
    table.set("+QSSLRECV", (command) => {
      const fields = argumentsOf(command.text);
      const stream = this.streams.get(Number(fields[0]));
      return stream === undefined ? error : readFrom(this.modem, this.streams, stream, fields[1], "+QSSLRECV: ");
    });
    table.set("+QSSLCLOSE", (command) => {
      this.streams.close(Number(argumentsOf(command.text)[0]));
      return done;
    });
    table.set("+QSSLSTATE", (command) => this.tellState(command));
    table.set("+QFUPL", (command) => this.upload(command));
    table.set("+QFDEL", (command) =>
      this.modem.files.remove(fileName(argumentsOf(command.text)[0])) ? done : fileFault,
    );
    table.set("+QFLST", () => {
      for (const name of this.modem.files.names())
        this.modem.add('+QFLST: "' + name + '",' + this.modem.files.lengthOf(name));
      return done;
    });
    return table;
  }

  private configure(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const key = fields[0];
    const context = within(fields[1], 0, lastContext);
    if (key === undefined || context === undefined) return error;
    const name = key + "," + context;
    const value = fields[2];
    if (value !== undefined) this.settings.set(name, value);
    else this.modem.add('+QSSLCFG: "' + key + '",' + context + "," + (this.settings.get(name) ?? "0"));
    return done;
  }

  private open(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const tls = within(fields[1], 0, lastContext);
    const id = within(fields[2], 0, lastSocket);
    const host = fields[3];
    const port = within(fields[4], 1, 65_535);
    // Access mode 0 keeps what arrives until it is read; the others are not spoken here.
    const isKnown = fields[0] === "1" && (fields[5] ?? "0") === "0";
    if (!isKnown || tls === undefined || id === undefined || host === undefined || port === undefined) return error;
    const security = this.securityOf(tls, host);
    if (security === undefined) return error;
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      const isTaken = this.streams.get(id) !== undefined;
      const code = this.context.address === undefined ? contextNotOpen : isTaken ? socketExists : 0;
      if (code === 0) this.streams.open(id, { host, port }, security);
      else this.modem.tell("+QSSLOPEN: " + id + "," + code);
    });
    return done;
  }

  /** Undefined where a certificate is to be checked against a file that is not there. */
  private securityOf(context: number, host: string): StreamSecurity | undefined {
    const setting = (key: string): string => this.settings.get(key + "," + context) ?? "";
    const level = Number(setting("seclevel"));
    const authorities: string[] = [];
    if (level > 0) {
      const text = this.modem.files.text(fileName(setting("cacert")));
      if (text === undefined) return undefined;
      authorities.push(text);
    }
    const checks = level === 0 ? "nothing" : setting("checkhost") === "1" ? "chain-and-name" : "chain";
    // The dates are ignored unless told otherwise.
    return { serverName: host, checks, authorities, dates: level > 0 && setting("ignorelocaltime") === "0" };
  }

  private tellState(command: ModemCommand): number {
    const wanted = command.form === "set" ? Number(argumentsOf(command.text)[0]) : undefined;
    for (const id of this.streams.ids()) {
      const stream = this.streams.get(id);
      if (stream === undefined || (wanted !== undefined && id !== wanted)) continue;
      this.modem.add("+QSSLSTATE: " + id + ',"SSLClient",' + stateOf(stream) + ",1," + id + ',0,"uart1",1');
    }
    return done;
  }

  /** CONNECT, the file's bytes, and its length with the sum of its byte pairs. */
  private upload(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const name = fileName(fields[0]);
    const length = within(fields[1], 1, fileLengthLimit);
    if (name === "" || length === undefined || this.modem.files.has(name)) return fileFault;
    this.modem.prompt("CONNECT\r\n", length, 0, (data) => {
      if (!this.modem.files.keep(name, data)) {
        this.modem.finish(fileFault);
        return;
      }
      this.modem.add("+QFUPL: " + length + "," + sumOf(data).toString(16));
      this.modem.finish(done);
    });
    return later;
  }
}

/** "UFS:ca.pem" and "ca.pem" are one file. */
function fileName(field: string | undefined): string {
  const name = field ?? "";
  return name.startsWith("UFS:") ? name.substring(4) : name;
}

function sumOf(data: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 2) sum ^= ((data[at] as number) << 8) | (data[at + 1] ?? 0);
  return sum;
}
