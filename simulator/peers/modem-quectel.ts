/**
 * The data half of a Quectel modem's stand-in: one context and its UDP sockets, as the public TCP/IP application notes of the
 * EG9x and BG9x series describe them.
 */
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import { dateText } from "./modem-cellular.ts";
import { ModemContext, within } from "./modem-context.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import type { ModemSockets } from "./modem-vendors.ts";

const lastSocket = 11;
const datagramLimit = 1_460;
const socketExists = 563;
const contextNotOpen = 561;

export class QuectelSockets implements ModemSockets {
  readonly commands: CommandTable;
  readonly tellsSim: boolean;
  private readonly modem: ModemPeer;
  private readonly cellular: Cellular;
  private readonly context: ModemContext;

  constructor(modem: ModemPeer, cellular: Cellular) {
    this.modem = modem;
    this.tellsSim = true;
    this.cellular = cellular;
    this.context = new ModemContext(modem, cellular, {
      onLost: () => modem.tell('+QIURC: "pdpdeact",1'),
      onArrived: (id) => modem.tell('+QIURC: "recv",' + id),
    });
    this.commands = this.table();
  }

  bootNews(): readonly string[] {
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
      this.context.sockets.delete(Number(argumentsOf(command.text)[0]));
      return done;
    });
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
    if (fields[0] !== "1" || id === undefined || fields[2] !== "UDP SERVICE" || localPort === undefined) return error;
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      const exists = this.context.sockets.has(id);
      const code = this.context.address === undefined ? contextNotOpen : exists ? socketExists : 0;
      if (code === 0) this.context.open(id, localPort);
      this.modem.tell("+QIOPEN: " + id + "," + code);
    });
    return done;
  }

  private send(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const socket = this.context.sockets.get(Number(fields[0]));
    const length = within(fields[1], 1, datagramLimit);
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
    const socket = this.context.sockets.get(Number(argumentsOf(command.text)[0]));
    if (socket === undefined) return error;
    const first = socket.waiting.shift();
    if (first === undefined) {
      socket.announced = false;
      this.modem.add("+QIRD: 0");
      return done;
    }
    const origin = ',"' + first.from.host + '",' + first.from.port;
    this.modem.endWithData("+QIRD: " + first.bytes.length + origin + "\r\n", first.bytes, "");
    return later;
  }
}
