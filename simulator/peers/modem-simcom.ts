/**
 * The data half of a SIMCom modem's stand-in: the network service and its UDP sockets, as the public TCP/IP manuals of the
 * SIM7500, SIM7600 and A76xx series describe them.
 */
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import type { PeerSocket } from "./modem-context.ts";
import { ModemContext, within } from "./modem-context.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import type { ModemSockets } from "./modem-vendors.ts";

const lastSocket = 9;
const datagramLimit = 1_500;
const alreadyOpen = 4;
const networkClosed = 2;

export class SimcomSockets implements ModemSockets {
  readonly commands: CommandTable;
  readonly tellsSim: boolean;
  private readonly modem: ModemPeer;
  private readonly cellular: Cellular;
  private readonly context: ModemContext;
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
    this.commands = this.table();
  }

  bootNews(): readonly string[] {
    this.waits = false;
    this.tellsOrigin = false;
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
    const localPort = within(fields[4], 0, 65_535);
    if (id === undefined || fields[1] !== "UDP" || localPort === undefined) return error;
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      const exists = this.context.sockets.has(id);
      const code = this.context.address === undefined ? networkClosed : exists ? alreadyOpen : 0;
      if (code === 0) this.context.open(id, localPort);
      this.modem.tell("+CIPOPEN: " + id + "," + code);
    });
    return done;
  }

  private send(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const socket = this.context.sockets.get(id);
    const length = within(fields[1], 1, datagramLimit);
    const host = fields[2];
    const port = within(fields[3], 1, 65_535);
    if (socket === undefined || host === undefined || length === undefined || port === undefined) return error;
    this.modem.prompt(">", length, 0, (data) => {
      const fails = this.modem.takeSendFailure();
      if (!fails) this.context.send(data, socket, { host, port });
      this.modem.after(this.modem.answerMs(), () => {
        this.modem.tell("+CIPSEND: " + id + "," + length + "," + (fails ? 0 : length));
        this.modem.end("OK");
      });
    });
    return later;
  }

  /** 1 lets data wait, 2 fetches it, 4 tells how much there is. */
  private receive(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    if (fields[0] === "1" || fields[0] === "0") {
      this.waits = fields[0] === "1";
      return done;
    }
    const socket = this.context.sockets.get(Number(fields[1]));
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
    const head = "+CIPRXGET: 2," + id + "," + bytes.length + "," + countOf(socket) + "\r\n";
    this.modem.endWithData(head, bytes, "");
    return later;
  }

  private close(command: ModemCommand): number {
    const id = Number(argumentsOf(command.text)[0]);
    if (!this.context.sockets.delete(id)) {
      this.modem.add("+CIPCLOSE: " + id + "," + alreadyOpen);
      return error;
    }
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => this.modem.tell("+CIPCLOSE: " + id + ",0"));
    return done;
  }
}

function countOf(socket: PeerSocket): number {
  let count = 0;
  for (const one of socket.waiting) count += one.bytes.length;
  return count;
}
