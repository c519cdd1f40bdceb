/**
 * The data half of a u-blox modem's stand-in: its UDP sockets on the context of 27.007 or on a profile of their own, as the
 * public AT command manuals of the SARA-R4 and SARA-R5 series describe them.
 */
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import type { PeerSocket } from "./modem-context.ts";
import { ModemContext, within } from "./modem-context.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
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
    this.commands = this.table();
  }

  /** It starts without a word, unless it was given one: the greeting outlives a restart. */
  bootNews(): readonly string[] {
    this.contextNews = false;
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
    table.set("+USOCL", (command) =>
      this.context.sockets.delete(Number(argumentsOf(command.text)[0])) ? done : notAllowed,
    );
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
    const localPort = within(fields[1], 1, 65_535);
    let id = 0;
    while (this.context.sockets.has(id)) id++;
    const isUdp = fields[0] === "17" && localPort !== undefined;
    for (const socket of this.context.sockets.values()) if (socket.localPort === localPort) return notAllowed;
    if (!isUdp || id >= socketLimit || this.context.address === undefined) return notAllowed;
    this.context.open(id, localPort);
    this.modem.add("+USOCR: " + id);
    return done;
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
    this.modem.endWithData("+USORF: " + fields[0] + origin + bytes.length + ',"', bytes, '"');
    return later;
  }
}

function firstOf(socket: PeerSocket): number {
  return socket.waiting[0]?.bytes.length ?? 0;
}
