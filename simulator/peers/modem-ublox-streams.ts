/** The connections of a u-blox modem's stand-in: a socket is made, given a security profile where TLS is wanted, and connected. */
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import type { ModemPeer } from "./modem.ts";
import { type ModemContext, within } from "./modem-context.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import { type PeerStream, StreamSet } from "./modem-streams.ts";
import { UbloxTls } from "./modem-ublox-tls.ts";

const lengthLimit = 1_024;
const notAllowed = 3;
/** Data that comes sooner after the prompt is lost. */
const deafMs = 50;
/** Of +USOCTL: inactive, waiting for the other side to answer, established, closed by the other side. */
const tcpStates = { made: 0, opening: 2, open: 4, over: 7 };

interface Made {
  profile: number | undefined;
  /** Whether the command ends before the connection stands, which news tells then. */
  tells: boolean;
}

export class UbloxStreams {
  readonly commands: CommandTable;
  private readonly modem: ModemPeer;
  private readonly context: ModemContext;
  private readonly streams: StreamSet;
  private readonly tls: UbloxTls;
  /** Every TCP socket, connected or not. */
  private readonly made: Map<number, Made>;

  constructor(modem: ModemPeer, context: ModemContext) {
    this.modem = modem;
    this.context = context;
    this.made = new Map();
    this.streams = new StreamSet(context, {
      onOpened: (id, fault) => this.opened(id, fault),
      onArrived: (id, count) => modem.tell("+UUSORD: " + id + "," + count),
      onClosed: (id) => this.closed(id),
      onForgotten: () => this.made.clear(),
    });
    this.tls = new UbloxTls(modem);
    this.commands = new Map([...this.table(), ...this.tls.commands]);
  }

  restart(): void {
    this.made.clear();
    this.tls.restart();
  }

  has(id: number): boolean {
    return this.made.has(id);
  }

  create(id: number): void {
    this.made.set(id, { profile: undefined, tells: false });
  }

  close(id: number): boolean {
    this.streams.close(id);
    return this.made.delete(id);
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    table.set("+USOSEC", (command) => this.secure(command));
    table.set("+USOCO", (command) => this.connect(command));
    table.set("+USOWR", (command) => this.send(command));
    table.set("+USORD", (command) => this.read(command));
    table.set("+USOCTL", (command) => this.tellState(command));
    return table;
  }

  private secure(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const made = this.made.get(Number(fields[0]));
    if (made === undefined || this.streams.get(Number(fields[0])) !== undefined) return notAllowed;
    made.profile = fields[1] === "1" ? (within(fields[2], 0, 4) ?? 0) : undefined;
    return done;
  }

  private connect(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const made = this.made.get(id);
    const host = fields[1] ?? "";
    const port = within(fields[2], 1, 65_535);
    if (made === undefined || host === "" || port === undefined || this.streams.get(id) !== undefined)
      return notAllowed;
    const security = made.profile === undefined ? undefined : this.tls.securityOf(made.profile, host);
    if (this.context.address === undefined || (made.profile !== undefined && security === undefined)) return notAllowed;
    made.tells = fields[3] === "1";
    this.streams.open(id, { host, port }, security);
    return made.tells ? done : later;
  }

  /** A socket that could not be connected stays until it is closed. */
  private opened(id: number, fault: StreamFault | undefined): void {
    const made = this.made.get(id);
    if (made === undefined) return;
    if (made.tells) this.modem.tell("+UUSOCO: " + id + "," + socketError(fault));
    else this.modem.finish(fault === undefined ? done : error);
  }

  /** What has arrived can still be read; then the number is free. */
  private closed(id: number): void {
    this.modem.tell("+UUSOCL: " + id);
    if (this.streams.get(id)?.waiting.length === 0) this.close(id);
  }

  private send(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const stream = this.streams.get(id);
    const length = within(fields[1], 1, lengthLimit);
    if (stream === undefined || stream.at !== "open" || length === undefined) return notAllowed;
    this.modem.prompt("@", length, deafMs, (data) => {
      const fails = this.modem.takeSendFailure() || !this.streams.write(stream, data);
      this.modem.after(this.modem.answerMs(), () => {
        if (!fails) this.modem.add("+USOWR: " + id + "," + length);
        this.modem.finish(fails ? notAllowed : done);
      });
    });
    return later;
  }

  /** A length of 0 asks how much waits. */
  private read(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const stream = this.streams.get(id);
    const most = within(fields[1], 0, lengthLimit);
    if (stream === undefined || most === undefined) return notAllowed;
    if (most === 0) {
      this.modem.add("+USORD: " + id + "," + stream.waiting.length);
      return done;
    }
    const bytes = this.streams.fetch(stream, most);
    if (bytes.length === 0) {
      this.modem.add("+USORD: " + id + ',""');
      return done;
    }
    if (stream.at === "over" && stream.waiting.length === 0) this.close(id);
    this.modem.endWithData("+USORD: " + id + ",", bytes, ',"', '"\r\n\r\nOK\r\n');
    return later;
  }

  /** Parameter 10 is the state of the connection. */
  private tellState(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    if (!this.made.has(id) || fields[1] !== "10") return notAllowed;
    const stream: PeerStream | undefined = this.streams.get(id);
    this.modem.add("+USOCTL: " + id + ",10," + tcpStates[stream?.at ?? "made"]);
    return done;
  }
}

/** Error numbers as in errno; 0: it stands. */
function socketError(fault: StreamFault | undefined): number {
  switch (fault) {
    case undefined:
      return 0;
    case "certificate":
      return 1;
    case "name-not-found":
      return 2;
    case "connect-timeout":
      return 110;
    default:
      return 111;
  }
}
