/**
 * The data half of a u-blox modem's stand-in: its sockets on the context of 27.007 or on a profile of their own, as the
 * public AT command manuals of the SARA-R4 and SARA-R5 series describe them. Its connections stand in
 * simulator/peers/modem-ublox-streams.ts.
 */
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import type { PeerSocket } from "./modem-context.ts";
import { ModemContext, within } from "./modem-context.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import { UbloxStreams } from "./modem-ublox-streams.ts";
import type { ModemSockets } from "./modem-vendors.ts";

const socketLimit = 7;
const datagramLimit = 1_024;
const notAllowed = 3;
/** Data that comes sooner after the prompt is lost. */
const deafMs = 50;

export class UbloxSockets implements ModemSockets {
  readonly commands: CommandTable;
  readonly tellsSim: boolean;
  private readonly modem: ModemPeer;
  private readonly cellular: Cellular;
  private readonly context: ModemContext;
  private readonly streams: UbloxStreams;
  private readonly hasProfile: boolean;
  private greeting: string;
  private contextNews: boolean;

  /** With a profile it speaks as a SARA-R5, without as a SARA-R4. */
  constructor(modem: ModemPeer, cellular: Cellular, hasProfile: boolean) {
    this.modem = modem;
    this.tellsSim = false;
    this.cellular = cellular;
    this.hasProfile = hasProfile;
    this.greeting = "";
    this.contextNews = false;
    this.context = new ModemContext(modem, cellular, {
      onLost: (sockets) => this.tellLost(sockets),
      onArrived: (id, socket) => modem.tell("+UUSORF: " + id + "," + firstOf(socket)),
    });
    this.streams = new UbloxStreams(modem, this.context);
    this.commands = new Map([...this.table(), ...this.streams.commands]);
  }

  /** It starts without a word, unless it was given one: the greeting outlives a restart. */
  bootNews(): readonly string[] {
    this.contextNews = false;
    this.streams.restart();
    return this.greeting === "" ? [] : [this.greeting];
  }

  private tellLost(sockets: readonly number[]): void {
    for (const id of sockets) this.modem.tell("+UUSOCL: " + id);
    if (this.hasProfile) this.modem.tell("+UUPSDD: 0");
    else if (this.contextNews) this.modem.tell("+CGEV: NW PDN DEACT 1");
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    for (const name of ["+CGDCONT", "+UAUTHREQ"]) table.set(name, () => done);
    table.set("+CSGT", (command) => {
      const fields = argumentsOf(command.text);
      this.greeting = fields[0] === "1" ? (fields[1] ?? "") : "";
      return done;
    });
    table.set("+CGEREP", (command) => {
      this.contextNews = argumentsOf(command.text)[0] !== "0";
      return done;
    });
    if (this.hasProfile) this.addProfile(table);
    else this.addContext(table);
    table.set("+USOCR", (command) => this.open(command));
    table.set("+USOST", (command) => this.send(command));
    table.set("+USORF", (command) => this.read(command));
    table.set("+USOCL", (command) => {
      const id = Number(argumentsOf(command.text)[0]);
      return this.context.sockets.delete(id) || this.streams.close(id) ? done : notAllowed;
    });
    table.set("+UDNSRN", (command) => this.resolve(command));
    return table;
  }

  private addContext(table: Map<string, (command: ModemCommand) => number>): void {
    table.set("+CGACT", (command) => {
      if (command.text === "0,1") this.context.drop();
      else {
        if (!this.cellular.hasService()) return error;
        this.context.activate((isUp) => this.modem.finish(isUp ? done : error));
        return later;
      }
      return done;
    });
    table.set("+CGPADDR", () => {
      const address = this.context.address;
      this.modem.add(address === undefined ? "+CGPADDR: 1" : '+CGPADDR: 1,"' + address + '"');
      return done;
    });
  }

  private addProfile(table: Map<string, (command: ModemCommand) => number>): void {
    table.set("+UPSD", () => done);
    table.set("+UPSDA", (command) => {
      if (command.text === "0,4") {
        if (this.context.address === undefined) return notAllowed;
        this.context.drop();
        return done;
      }
      if (this.context.address !== undefined || !this.cellular.hasService()) return notAllowed;
      this.context.activate((isUp) =>
        this.modem.tell(isUp ? '+UUPSDA: 0,"' + this.context.address + '"' : "+UUPSDA: 102"),
      );
      return done;
    });
    table.set("+UPSND", () => {
      this.modem.add('+UPSND: 0,0,"' + (this.context.address ?? "0.0.0.0") + '"');
      return done;
    });
  }

  /** The lowest number that is free; a port that is taken is refused. */
  private open(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const isTcp = fields[0] === "6";
    const localPort = within(fields[1], 1, 65_535);
    let id = 0;
    while (this.context.sockets.has(id) || this.streams.has(id)) id++;
    for (const socket of this.context.sockets.values()) if (!isTcp && socket.localPort === localPort) return notAllowed;
    if (!isTcp && (fields[0] !== "17" || localPort === undefined)) return notAllowed;
    if (id >= socketLimit || this.context.address === undefined) return notAllowed;
    if (isTcp) this.streams.create(id);
    else this.context.open(id, localPort as number);
    this.modem.add("+USOCR: " + id);
    return done;
  }

  /** The address behind a name, before the result code. */
  private resolve(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const name = fields[1] ?? "";
    if (fields[0] !== "0" || name === "" || this.context.address === undefined) return notAllowed;
    this.context.resolve(name, (address) => {
      if (address !== undefined) this.modem.add('+UDNSRN: "' + address + '"');
      this.modem.finish(address === undefined ? notAllowed : done);
    });
    return later;
  }

  private send(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const socket = this.context.sockets.get(id);
    const host = fields[1];
    const port = within(fields[2], 1, 65_535);
    const length = within(fields[3], 1, datagramLimit);
    if (socket === undefined || host === undefined || length === undefined || port === undefined) return notAllowed;
    this.modem.prompt("@", length, deafMs, (data) => {
      const fails = this.modem.takeSendFailure();
      if (!fails) this.context.send(data, socket, { host, port });
      this.modem.after(this.modem.answerMs(), () => {
        if (!fails) this.modem.add("+USOST: " + id + "," + length);
        this.modem.finish(fails ? notAllowed : done);
      });
    });
    return later;
  }

  /** A length of 0 asks how much the next datagram has. */
  private read(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const socket = this.context.sockets.get(Number(fields[0]));
    const most = within(fields[1], 0, datagramLimit);
    if (socket === undefined || most === undefined) return notAllowed;
    const first = socket.waiting[0];
    if (first === undefined) socket.announced = false;
    if (first === undefined || most === 0) {
      this.modem.add("+USORF: " + fields[0] + "," + firstOf(socket));
      return done;
    }
    socket.waiting.shift();
    const bytes = first.bytes.subarray(0, most);
    if (bytes.length < first.bytes.length)
      socket.waiting.unshift({ bytes: first.bytes.subarray(bytes.length), from: first.from });
    const origin = ',"' + first.from.host + '",' + first.from.port + ",";
    this.modem.endWithData("+USORF: " + fields[0] + origin, bytes, ',"', '"\r\n\r\nOK\r\n');
    return later;
  }
}

function firstOf(socket: PeerSocket): number {
  return socket.waiting[0]?.bytes.length ?? 0;
}
