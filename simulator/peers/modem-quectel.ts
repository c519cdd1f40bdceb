/**
 * The data half of a Quectel modem's stand-in: one context and its UDP sockets, as the public TCP/IP application notes of the
 * EG9x and BG9x series describe them.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { BearerSession } from "../bearer.ts";
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";

interface Socket {
  readonly localPort: number;
  readonly waiting: { readonly bytes: Uint8Array; readonly from: Endpoint }[];
  /** Its news is out, and no further comes until a read has found nothing. */
  announced: boolean;
}

const socketLimit = 12;
const waitingLimit = 32;
const datagramLimit = 1_460;
const socketExists = 563;
const contextNotOpen = 561;

export class QuectelSockets {
  readonly commands: CommandTable;
  private readonly modem: ModemPeer;
  private readonly cellular: Cellular;
  private session: BearerSession | undefined;
  private readonly sockets: Map<number, Socket>;

  constructor(modem: ModemPeer, cellular: Cellular) {
    this.modem = modem;
    this.cellular = cellular;
    this.session = undefined;
    this.sockets = new Map();
    cellular.onLost = () => this.lose();
    this.commands = this.table();
  }

  /** The network takes the context away, for whatever reason. */
  lose(): void {
    if (this.session === undefined) return;
    this.drop();
    this.modem.tell('+QIURC: "pdpdeact",1');
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    table.set("+QICSGP", () => done);
    table.set("+QIACT", (command) => this.activate(command));
    table.set("+QIDEACT", () => {
      this.drop();
      return done;
    });
    table.set("+QIOPEN", (command) => this.open(command));
    table.set("+QISEND", (command) => this.send(command));
    table.set("+QIRD", (command) => this.read(command));
    table.set("+QICLOSE", (command) => {
      this.sockets.delete(Number(argumentsOf(command.text)[0]));
      return done;
    });
    return table;
  }

  private activate(command: ModemCommand): number {
    if (command.form === "read") {
      if (this.session !== undefined) this.modem.add('+QIACT: 1,1,1,"' + this.session.address + '"');
      return done;
    }
    if (this.session !== undefined || !this.cellular.hasService()) return error;
    this.modem.after(this.modem.draw({ least: 200, most: 1_500 }), () => {
      if (this.cellular.hasService())
        this.session = this.cellular.bearer.activate((bytes, from, toPort) => this.arrive(bytes, from, toPort));
      this.modem.finish(this.session === undefined ? error : done);
    });
    return later;
  }

  private open(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[1]);
    const localPort = Number(fields[5] ?? "0");
    if (fields[0] !== "1" || !(id >= 0 && id < socketLimit) || fields[2] !== "UDP SERVICE") return error;
    if (!(localPort >= 0 && localPort <= 65_535)) return error;
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      const code = this.session === undefined ? contextNotOpen : this.sockets.has(id) ? socketExists : 0;
      if (code === 0) this.sockets.set(id, { localPort, waiting: [], announced: false });
      this.modem.tell("+QIOPEN: " + id + "," + code);
    });
    return done;
  }

  private send(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const socket = this.sockets.get(Number(fields[0]));
    const length = Number(fields[1]);
    const host = fields[2];
    const port = Number(fields[3]);
    if (socket === undefined || host === undefined || !(length >= 1 && length <= datagramLimit)) return error;
    if (!(port >= 1 && port <= 65_535)) return error;
    this.modem.prompt(length, (data) => {
      const fails = this.modem.faults.sendFailures > 0;
      if (fails) this.modem.faults.sendFailures--;
      else this.session?.send(data, socket.localPort, { host, port });
      this.modem.after(this.modem.answerMs(), () => this.modem.end(fails ? "SEND FAIL" : "SEND OK"));
    });
    return later;
  }

  private read(command: ModemCommand): number {
    const socket = this.sockets.get(Number(argumentsOf(command.text)[0]));
    if (socket === undefined) return error;
    const first = socket.waiting.shift();
    if (first === undefined) {
      socket.announced = false;
      this.modem.add("+QIRD: 0");
      return done;
    }
    this.modem.endWithData(
      "+QIRD: " + first.bytes.length + ',"' + first.from.host + '",' + first.from.port,
      first.bytes,
    );
    return later;
  }

  private arrive(bytes: Uint8Array, from: Endpoint, toPort: number): void {
    for (const [id, socket] of this.sockets) {
      if (socket.localPort !== toPort) continue;
      if (socket.waiting.length >= waitingLimit || bytes.length > 1_500) return;
      socket.waiting.push({ bytes, from });
      if (!socket.announced) this.modem.tell('+QIURC: "recv",' + id);
      socket.announced = true;
      return;
    }
  }

  private drop(): void {
    const session = this.session;
    this.session = undefined;
    this.sockets.clear();
    session?.close();
  }
}
