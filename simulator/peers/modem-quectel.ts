/**
 * The data half of a Quectel modem's stand-in: one context, its UDP sockets and its connections, as the public TCP/IP
 * application notes of the EG9x and BG9x series describe them. TLS stands in simulator/peers/modem-quectel-tls.ts.
 */
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import { dateText } from "./modem-cellular.ts";
import { ModemContext, type PeerSocket, within } from "./modem-context.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import {
  contextNotOpen,
  lastSocket,
  nameUnknown,
  openError,
  readFrom,
  sendLimit,
  sendOn,
  socketExists,
  stateOf,
} from "./modem-quectel-streams.ts";
import { QuectelTls } from "./modem-quectel-tls.ts";
import { StreamSet } from "./modem-streams.ts";
import type { ModemSockets } from "./modem-vendors.ts";

export class QuectelSockets implements ModemSockets {
  readonly commands: CommandTable;
  readonly tellsSim: boolean;
  private readonly modem: ModemPeer;
  private readonly cellular: Cellular;
  private readonly context: ModemContext;
  private readonly streams: StreamSet;
  private readonly tls: QuectelTls;

  constructor(modem: ModemPeer, cellular: Cellular) {
    this.modem = modem;
    this.tellsSim = true;
    this.cellular = cellular;
    this.context = new ModemContext(modem, cellular, {
      onLost: () => modem.tell('+QIURC: "pdpdeact",1'),
      onArrived: (id) => modem.tell('+QIURC: "recv",' + id),
    });
    this.streams = new StreamSet(this.context, {
      onOpened: (id, fault) => modem.tell("+QIOPEN: " + id + "," + openError(fault)),
      onArrived: (id) => modem.tell('+QIURC: "recv",' + id),
      onClosed: (id) => modem.tell('+QIURC: "closed",' + id),
    });
    this.tls = new QuectelTls(modem, this.context);
    this.commands = new Map([...this.table(), ...this.tls.commands]);
  }

  bootNews(): readonly string[] {
    this.tls.restart();
    return ["RDY", "+CFUN: 1"];
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    table.set("+QICSGP", () => done);
    table.set("+QIACT", (command) => this.activate(command));
    table.set("+QIDEACT", () => {
      this.context.drop();
      return done;
    });
    table.set("+QIOPEN", (command) => this.open(command));
    table.set("+QISEND", (command) => this.send(command));
    table.set("+QIRD", (command) => this.read(command));
    table.set("+QICLOSE", (command) => {
      const id = Number(argumentsOf(command.text)[0]);
      this.context.sockets.delete(id);
      this.streams.close(id);
      return done;
    });
    table.set("+QISTATE", (command) => this.tellState(command));
    table.set("+QIDNSGIP", (command) => this.resolve(command));
    table.set("+QLTS", () => {
      const wallMs = this.cellular.wallMs();
      this.modem.add(wallMs === undefined ? '+QLTS: ""' : '+QLTS: "' + dateText(wallMs) + '+04,0"');
      return done;
    });
    table.set("+QINDCFG", (command) => {
      const fields = argumentsOf(command.text);
      if (fields[0] === "csq")
        this.cellular.signalNews = fields[1] === "1" ? (signal) => '+QIND: "csq",' + signal + ",99" : undefined;
      return done;
    });
    return table;
  }

  private activate(command: ModemCommand): number {
    const address = this.context.address;
    if (command.form === "read") {
      if (address !== undefined) this.modem.add('+QIACT: 1,1,1,"' + address + '"');
      return done;
    }
    if (address !== undefined || !this.cellular.hasService()) return error;
    this.context.activate((isUp) => this.modem.finish(isUp ? done : error));
    return later;
  }

  private open(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = within(fields[1], 0, lastSocket);
    const localPort = within(fields[5] ?? "0", 0, 65_535);
    if (fields[0] !== "1" || id === undefined || localPort === undefined) return error;
    if (fields[2] === "TCP") return this.openStream(id, fields[3], within(fields[4], 1, 65_535));
    if (fields[2] !== "UDP SERVICE") return error;
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      const code = this.openFault(id);
      if (code === 0) this.context.open(id, localPort);
      this.modem.tell("+QIOPEN: " + id + "," + code);
    });
    return done;
  }

  private openStream(id: number, host: string | undefined, port: number | undefined): number {
    if (host === undefined || host === "" || port === undefined) return error;
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      const code = this.openFault(id);
      if (code === 0) this.streams.open(id, { host, port }, undefined);
      else this.modem.tell("+QIOPEN: " + id + "," + code);
    });
    return done;
  }

  private openFault(id: number): number {
    if (this.context.address === undefined) return contextNotOpen;
    return this.context.sockets.has(id) || this.streams.get(id) !== undefined ? socketExists : 0;
  }

  private send(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const stream = this.streams.get(id);
    if (stream !== undefined) return sendOn(this.modem, this.streams, stream, fields[1], "+QISEND: ");
    const socket = this.context.sockets.get(id);
    const length = within(fields[1], 1, sendLimit);
    const host = fields[2];
    const port = within(fields[3], 1, 65_535);
    if (socket === undefined || host === undefined || length === undefined || port === undefined) return error;
    this.modem.prompt("> ", length, 0, (data) => {
      const fails = this.modem.takeSendFailure();
      if (!fails) this.context.send(data, socket, { host, port });
      this.modem.after(this.modem.answerMs(), () => this.modem.end(fails ? "SEND FAIL" : "SEND OK"));
    });
    return later;
  }

  private read(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const stream = this.streams.get(id);
    if (stream !== undefined) return readFrom(this.modem, this.streams, stream, fields[1], "+QIRD: ");
    const socket = this.context.sockets.get(id);
    return socket === undefined ? error : this.readDatagram(socket);
  }

  private readDatagram(socket: PeerSocket): number {
    const first = socket.waiting.shift();
    if (first === undefined) {
      socket.announced = false;
      this.modem.add("+QIRD: 0");
      return done;
    }
    const origin = ',"' + first.from.host + '",' + first.from.port;
    this.modem.endWithData("+QIRD: ", first.bytes, origin + "\r\n");
    return later;
  }

  /** Of one connection (1,<id>), or of all (0,<context>). */
  private tellState(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const wanted = fields[0] === "1" ? Number(fields[1]) : undefined;
    if (wanted === undefined && command.form === "set" && fields[0] !== "0") return error;
    for (let id = 0; id <= lastSocket; id++) {
      if (wanted !== undefined && id !== wanted) continue;
      const stream = this.streams.get(id);
      const socket = this.context.sockets.get(id);
      if (stream !== undefined)
        this.modem.add("+QISTATE: " + id + ',"TCP",' + stateOf(stream) + ",1," + id + ',0,"uart1"');
      else if (socket !== undefined)
        this.modem.add(
          "+QISTATE: " + id + ',"UDP SERVICE","127.0.0.1",0,' + socket.localPort + ",2,1," + id + ',0,"uart1"',
        );
    }
    return done;
  }

  /** OK first; how many addresses there are, and each of them, is told behind it. */
  private resolve(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const name = fields[1];
    if (fields[0] !== "1" || name === undefined || name === "" || this.context.address === undefined) return error;
    this.context.resolve(name, (address) => {
      if (address === undefined) this.modem.tell('+QIURC: "dnsgip",' + nameUnknown);
      else {
        this.modem.tell('+QIURC: "dnsgip",0,1,600');
        this.modem.tell('+QIURC: "dnsgip","' + address + '"');
      }
    });
    return done;
  }
}
