/**
 * The data half of a SIMCom modem's stand-in: the network service, its UDP sockets and its connections, as the public TCP/IP
 * manuals of the SIM7500, SIM7600 and A76xx series describe them. TLS stands in simulator/peers/modem-simcom-tls.ts.
 */
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import type { PeerSocket } from "./modem-context.ts";
import { ModemContext, within } from "./modem-context.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import { SimcomTls } from "./modem-simcom-tls.ts";
import { type PeerStream, StreamSet } from "./modem-streams.ts";
import type { ModemSockets } from "./modem-vendors.ts";

const lastSocket = 9;
const datagramLimit = 1_500;
const alreadyOpen = 4;
const networkClosed = 2;
/** Of +IPCLOSE: the other side has closed. */
const byPeer = 1;

export class SimcomSockets implements ModemSockets {
  readonly commands: CommandTable;
  readonly tellsSim: boolean;
  private readonly modem: ModemPeer;
  private readonly cellular: Cellular;
  private readonly context: ModemContext;
  private readonly streams: StreamSet;
  private readonly tls: SimcomTls;
  private waits: boolean;
  private tellsOrigin: boolean;

  constructor(modem: ModemPeer, cellular: Cellular) {
    this.modem = modem;
    this.tellsSim = true;
    this.cellular = cellular;
    this.waits = false;
    this.tellsOrigin = false;
    this.context = new ModemContext(modem, cellular, {
      onLost: () => modem.tell("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"),
      onArrived: (id) => modem.tell("+CIPRXGET: 1," + id),
    });
    this.streams = new StreamSet(this.context, {
      onOpened: (id, fault) => modem.tell("+CIPOPEN: " + id + "," + openError(fault)),
      onArrived: (id) => modem.tell("+CIPRXGET: 1," + id),
      onClosed: (id) => modem.tell("+IPCLOSE: " + id + "," + byPeer),
    });
    this.tls = new SimcomTls(modem, this.context);
    this.commands = new Map([...this.table(), ...this.tls.commands]);
  }

  bootNews(): readonly string[] {
    this.waits = false;
    this.tellsOrigin = false;
    this.tls.restart();
    for (const line of ["SMS DONE", "PB DONE"]) this.modem.after(1_000, () => this.modem.tell(line));
    return ["*ATREADY: 1"];
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    table.set("+CGDCONT", () => done);
    table.set("+CGAUTH", () => done);
    table.set("+NETOPEN", () => this.openNetwork());
    table.set("+NETCLOSE", () => this.closeNetwork());
    table.set("+IPADDR", () => {
      const address = this.context.address;
      if (address === undefined) return this.refuse("Network not opened");
      this.modem.add("+IPADDR: " + address);
      return done;
    });
    table.set("+CIPOPEN", (command) => this.open(command));
    table.set("+CIPSEND", (command) => this.send(command));
    table.set("+CIPRXGET", (command) => this.receive(command));
    table.set("+CIPCLOSE", (command) => this.close(command));
    table.set("+CDNSGIP", (command) => this.resolve(command));
    table.set("+CIPSRIP", (command) => {
      this.tellsOrigin = command.text === "1";
      return done;
    });
    table.set("+AUTOCSQ", (command) => {
      const on = argumentsOf(command.text)[0] === "1";
      this.cellular.signalNews = on ? (signal) => "+CSQ: " + signal + ",99" : undefined;
      return done;
    });
    return table;
  }

  private refuse(reason: string): number {
    this.modem.add("+IP ERROR: " + reason);
    return error;
  }

  private openNetwork(): number {
    if (this.context.address !== undefined) return this.refuse("Network is already opened");
    this.context.activate((isUp) => this.modem.tell("+NETOPEN: " + (isUp ? 0 : 1)));
    return done;
  }

  private closeNetwork(): number {
    if (this.context.address === undefined) {
      this.modem.add("+NETCLOSE: " + networkClosed);
      return error;
    }
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      this.context.drop();
      this.modem.tell("+NETCLOSE: 0");
    });
    return done;
  }

  private open(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = within(fields[0], 0, lastSocket);
    const isUdp = fields[1] === "UDP";
    const localPort = within(fields[4] ?? "0", 0, 65_535);
    const port = within(fields[3], 1, 65_535);
    const host = fields[2] ?? "";
    if (id === undefined || localPort === undefined || (!isUdp && fields[1] !== "TCP")) return error;
    if (!isUdp && (host === "" || port === undefined)) return error;
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      const exists = this.context.sockets.has(id) || (this.streams.get(id)?.at ?? "over") !== "over";
      const code = this.context.address === undefined ? networkClosed : exists ? alreadyOpen : 0;
      if (code === 0 && !isUdp) {
        this.streams.open(id, { host, port: port as number }, undefined);
        return;
      }
      if (code === 0) this.context.open(id, localPort);
      this.modem.tell("+CIPOPEN: " + id + "," + code);
    });
    return done;
  }

  private send(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const length = within(fields[1], 1, datagramLimit);
    const carry = this.carrier(id, fields[2], within(fields[3], 1, 65_535));
    if (carry === undefined || length === undefined) return error;
    this.modem.prompt(">", length, 0, (data) => {
      const fails = this.modem.takeSendFailure() || !carry(data);
      this.modem.after(this.modem.answerMs(), () => {
        this.modem.tell("+CIPSEND: " + id + "," + length + "," + (fails ? 0 : length));
        this.modem.end("OK");
      });
    });
    return later;
  }

  /** What takes the data of this socket or connection, false where it cannot; undefined where there is none. */
  private carrier(
    id: number,
    host: string | undefined,
    port: number | undefined,
  ): ((data: Uint8Array) => boolean) | undefined {
    const stream = this.streams.get(id);
    if (stream !== undefined) return stream.at === "open" ? (data) => this.streams.write(stream, data) : undefined;
    const socket = this.context.sockets.get(id);
    if (socket === undefined || host === undefined || port === undefined) return undefined;
    return (data) => {
      this.context.send(data, socket, { host, port });
      return true;
    };
  }

  /** 1 lets data wait, 2 fetches it, 4 tells how much there is. */
  private receive(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    if (fields[0] === "1" || fields[0] === "0") {
      this.waits = fields[0] === "1";
      return done;
    }
    const stream = this.streams.get(Number(fields[1]));
    const socket = this.context.sockets.get(Number(fields[1]));
    if (stream !== undefined && this.waits) return this.receiveStream(fields, stream);
    if (socket === undefined || !this.waits) return this.refuse("No data");
    if (fields[0] === "2") return this.fetch(fields[1] as string, socket, within(fields[2], 1, datagramLimit));
    if (fields[0] !== "4") return error;
    const count = countOf(socket);
    if (count === 0) socket.announced = false;
    this.modem.add("+CIPRXGET: 4," + fields[1] + "," + count);
    return done;
  }

  private fetch(id: string, socket: PeerSocket, most: number | undefined): number {
    const first = socket.waiting.shift();
    if (first === undefined || most === undefined) return this.refuse("No data");
    const bytes = first.bytes.subarray(0, most);
    if (bytes.length < first.bytes.length)
      socket.waiting.unshift({ bytes: first.bytes.subarray(bytes.length), from: first.from });
    if (this.tellsOrigin) this.modem.add("RECV FROM:" + first.from.host + ":" + first.from.port);
    this.modem.endWithData("+CIPRXGET: 2," + id + ",", bytes, "," + countOf(socket) + "\r\n");
    return later;
  }

  private receiveStream(fields: readonly string[], stream: PeerStream): number {
    const most = within(fields[2], 1, datagramLimit);
    if (fields[0] === "4") {
      this.modem.add("+CIPRXGET: 4," + fields[1] + "," + stream.waiting.length);
      return done;
    }
    if (fields[0] !== "2" || most === undefined) return error;
    const bytes = this.streams.fetch(stream, most);
    if (bytes.length === 0) return this.refuse("No data");
    this.modem.endWithData("+CIPRXGET: 2," + fields[1] + ",", bytes, "," + stream.waiting.length + "\r\n");
    return later;
  }

  private close(command: ModemCommand): number {
    if (command.form === "read") {
      let flags = "";
      for (let id = 0; id <= lastSocket; id++) flags += (id === 0 ? "" : ",") + (this.isOpen(id) ? 1 : 0);
      this.modem.add("+CIPCLOSE: " + flags);
      return done;
    }
    const id = Number(argumentsOf(command.text)[0]);
    const existed = this.context.sockets.delete(id) || this.streams.close(id);
    if (!existed) {
      this.modem.add("+CIPCLOSE: " + id + "," + alreadyOpen);
      return error;
    }
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => this.modem.tell("+CIPCLOSE: " + id + ",0"));
    return done;
  }

  private isOpen(id: number): boolean {
    return this.context.sockets.has(id) || this.streams.get(id)?.at === "open";
  }

  /** Answers before its result code, however long the network takes. */
  private resolve(command: ModemCommand): number {
    const name = argumentsOf(command.text)[0] ?? "";
    if (name === "" || this.context.address === undefined) return error;
    this.context.resolve(name, (address) => {
      this.modem.add(address === undefined ? "+CDNSGIP: 0,10" : '+CDNSGIP: 1,"' + name + '","' + address + '"');
      this.modem.finish(address === undefined ? error : done);
    });
    return later;
  }
}

function countOf(socket: PeerSocket): number {
  let count = 0;
  for (const one of socket.waiting) count += one.bytes.length;
  return count;
}

/** Error numbers of the TCP/IP manuals; 0: it stands. */
function openError(fault: StreamFault | undefined): number {
  switch (fault) {
    case undefined:
      return 0;
    case "connect-timeout":
      return 10;
    case "name-not-found":
      return 11;
    default:
      return 1;
  }
}
