/**
 * Short messages of a modem's stand-in (3GPP 27.005, PDU mode alone): two memories that fill up, sending through a centre,
 * and news in the way the device has asked for.
 */
import { pduOf } from "../../protocol/at/sms.ts";
import type { SmsDeliver } from "../../protocol/at/sms-pdu.ts";
import { decodeSubmit, encodeSms, lengthForModem } from "../../protocol/at/sms-pdu.ts";
import type { Mailbox, SmsCentre } from "../network/sms-centre.ts";
import { hexOf, MessageMemory, type StoredStatus } from "./message-memory.ts";
import type { ModemPeer } from "./modem.ts";
import type { CommandTable, ModemCommand, Span } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import type { ModemPart } from "./modem-options.ts";

export interface MessagesPartOptions {
  /** Own number, with its country's. */
  readonly number: string;
  readonly centre: SmsCentre;
  /** Places of each memory; 20 where absent. */
  readonly places?: number;
  /** From Ctrl-Z to the result; 0.5 to 3 s where absent. */
  readonly sendMs?: Span;
  /** How this vendor tells that a memory is full; nothing where absent. */
  readonly fullNews?: (memory: string) => string;
  /** The memories it has, the one in use after a start first; SM and ME where absent. */
  readonly memories?: readonly string[];
}

/** What goes wrong with its messages. */
export interface MessageFaults {
  /** The next messages that are sent get these +CMS ERROR numbers. */
  sendErrors: number[];
  /** So many messages that the network takes get no answer. */
  lostAnswers: number;
  /** So many messages come without any news. */
  lostNews: number;
}

const usualPlaces = 20;
/** +CMS ERROR numbers (27.005 3.2.5). */
export const notAllowed = 302;
export const wrongPdu = 304;
export const noSim = 310;
export const wrongIndex = 321;
export const memoryFull = 322;
export const noNetwork = 331;

export class MessagesPart implements ModemPart, Mailbox {
  readonly commands: CommandTable;
  readonly faults: MessageFaults;
  private readonly modem: ModemPeer;
  private readonly options: MessagesPartOptions;
  private readonly memories: Map<string, MessageMemory>;
  /** For reading, for writing, for what comes in. */
  private used: MessageMemory[];
  private news: number[];
  private reference: number;
  private center: string;
  private running: boolean;

  constructor(modem: ModemPeer, options: MessagesPartOptions) {
    this.modem = modem;
    this.options = options;
    this.faults = { sendErrors: [], lostAnswers: 0, lostNews: 0 };
    this.memories = new Map();
    for (const name of options.memories ?? ["SM", "ME"])
      this.memories.set(name, new MessageMemory(name, options.places ?? usualPlaces));
    this.used = [];
    this.news = [];
    this.reference = 0;
    this.center = options.centre.number;
    this.running = false;
    this.commands = this.table();
    options.centre.attach(options.number, this);
  }

  start(): void {
    const first = [...this.memories.values()][0] as MessageMemory;
    this.used = [first, first, first];
    this.news = [2, 0, 0, 0, 0];
    this.running = true;
    this.modem.after(2_000, () => this.options.centre.reachable(this.options.number));
  }

  stop(): void {
    this.running = false;
  }

  /** Whether the modem has started. */
  get isOn(): boolean {
    return this.running;
  }

  /** Messages that stand in a memory. */
  count(memory: string): number {
    return this.memories.get(memory)?.count ?? 0;
  }

  /** From the centre. */
  deliver(message: SmsDeliver): boolean {
    if (!this.running || !this.modem.cellular.hasService()) return false;
    const pdu = encodeSms(message);
    if (!pdu.ok) return true;
    if (this.news[1] === 2) {
      this.tell("+CMT: ," + lengthForModem(pdu.value) + "\r\n" + hexOf(pdu.value));
      return true;
    }
    const memory = this.used[2] as MessageMemory;
    const index = memory.store(pdu.value, 0);
    if (index < 0) return false;
    if (this.news[1] === 1) this.tell('+CMTI: "' + memory.name + '",' + index);
    if (memory.isFull) this.tellFull(memory.name);
    return true;
  }

  private tell(line: string): void {
    if (this.faults.lostNews > 0) this.faults.lostNews--;
    else this.modem.tell(line);
  }

  private tellFull(memory: string): void {
    const line = this.options.fullNews?.(memory);
    if (line !== undefined) this.modem.tell(line);
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    const withSim = (handler: (command: ModemCommand) => number) => (command: ModemCommand) =>
      this.modem.cellular.simError() === done ? handler(command) : this.refuse(noSim);
    table.set("+CMGF", (command) => this.setting(command, "+CMGF: 0", "+CMGF: (0)", ["0"]));
    table.set("+CSCS", (command) => this.setting(command, '+CSCS: "GSM"', '+CSCS: ("GSM")', ["GSM"]));
    table.set("+CSMS", (command) =>
      command.form === "set"
        ? this.line("+CSMS: 1,1,1")
        : this.line(command.form === "test" ? "+CSMS: (0)" : "+CSMS: 0,1,1,1"),
    );
    table.set(
      "+CSCA",
      withSim((command) => this.serviceCentre(command)),
    );
    table.set("+CNMI", (command) => this.newsSettings(command));
    table.set(
      "+CPMS",
      withSim((command) => this.choose(command)),
    );
    table.set(
      "+CMGL",
      withSim((command) => this.list(command)),
    );
    table.set(
      "+CMGR",
      withSim((command) => this.read(command)),
    );
    table.set(
      "+CMGD",
      withSim((command) => this.remove(command)),
    );
    table.set(
      "+CMGS",
      withSim((command) => this.send(command)),
    );
    table.set(
      "+CMGW",
      withSim((command) => this.write(command)),
    );
    return table;
  }

  private line(text: string): number {
    this.modem.add(text);
    return done;
  }

  private refuse(number: number): number {
    this.modem.end("+CMS ERROR: " + number);
    return later;
  }

  private setting(command: ModemCommand, now: string, all: string, allowed: readonly string[]): number {
    if (command.form === "test") return this.line(all);
    if (command.form === "read") return this.line(now);
    return allowed.includes(argumentsOf(command.text)[0] as string) ? done : error;
  }

  private serviceCentre(command: ModemCommand): number {
    if (command.form === "read") return this.line('+CSCA: "' + this.center + '",145');
    if (command.form === "set") this.center = argumentsOf(command.text)[0] as string;
    return done;
  }

  private newsSettings(command: ModemCommand): number {
    if (command.form === "test") return this.line("+CNMI: (0,1,2),(0,1,2),(0,2),(0,1,2),(0,1)");
    if (command.form === "read") return this.line("+CNMI: " + this.news.join());
    const wanted = argumentsOf(command.text).map(Number);
    const highest = [2, 2, 2, 2, 1];
    for (let i = 0; i < wanted.length; i++) {
      const value = wanted[i] as number;
      if (!(value >= 0 && value <= (highest[i] ?? -1))) return this.refuse(notAllowed);
    }
    this.news = this.news.map((value, at) => wanted[at] ?? value);
    return done;
  }

  private choose(command: ModemCommand): number {
    const names = [...this.memories.keys()].map((name) => '"' + name + '"').join();
    if (command.form === "test") return this.line("+CPMS: (" + names + "),(" + names + "),(" + names + ")");
    const counts = (memory: MessageMemory): string => memory.count + "," + memory.size;
    if (command.form === "read")
      return this.line("+CPMS: " + this.used.map((memory) => '"' + memory.name + '",' + counts(memory)).join());
    const wanted = argumentsOf(command.text).map((name) => this.memories.get(name));
    if (wanted.length > 3 || wanted.includes(undefined)) return this.refuse(notAllowed);
    this.used = this.used.map((memory, at) => wanted[at] ?? memory);
    return this.line("+CPMS: " + this.used.map(counts).join());
  }

  private list(command: ModemCommand): number {
    if (command.form === "test") return this.line("+CMGL: (0-4)");
    const wanted = command.form === "set" ? Number(command.text) : 0;
    if (!(wanted >= 0 && wanted <= 4)) return this.refuse(notAllowed);
    for (const line of this.reading.list(wanted)) this.modem.add("+CMGL: " + line);
    return done;
  }

  private read(command: ModemCommand): number {
    const text = command.text === "" ? undefined : this.reading.read(Number(argumentsOf(command.text)[0]));
    return text === undefined ? this.refuse(wrongIndex) : this.line("+CMGR: " + text);
  }

  private remove(command: ModemCommand): number {
    if (command.form === "test") return this.line("+CMGD: (0-" + (this.reading.size - 1) + "),(0-4)");
    const fields = argumentsOf(command.text);
    if (!this.reading.remove(Number(fields[0]), Number(fields[1] ?? "0"))) return this.refuse(wrongIndex);
    this.modem.after(100, () => this.options.centre.reachable(this.options.number));
    return done;
  }

  private get reading(): MessageMemory {
    return this.used[0] as MessageMemory;
  }

  private send(command: ModemCommand): number {
    return this.takePdu(command.text, (pdu) => {
      const failure = this.faults.sendErrors.shift();
      const submit = decodeSubmit(pdu);
      if (failure !== undefined || !submit.ok) return this.refuse(failure ?? wrongPdu);
      if (!this.modem.cellular.hasService()) return this.refuse(noNetwork);
      const cause = this.options.centre.take(this.options.number, submit.value);
      if (cause !== 0) return this.refuse(cause);
      if (this.faults.lostAnswers > 0) {
        this.faults.lostAnswers--;
        this.modem.end("");
        return later;
      }
      this.reference = (this.reference + 1) % 256;
      this.modem.add("+CMGS: " + this.reference);
      return this.modem.finish(done);
    });
  }

  private write(command: ModemCommand): number {
    const status = Number(argumentsOf(command.text)[1] ?? "2") % 4;
    return this.takePdu(command.text, (pdu) => {
      const index = (this.used[1] as MessageMemory).store(pdu, status as StoredStatus);
      if (index < 0) return this.refuse(memoryFull);
      this.modem.add("+CMGW: " + index);
      return this.modem.finish(done);
    });
  }

  /** At the prompt: hexadecimal up to Ctrl-Z, as long as was promised. */
  private takePdu(text: string, onPdu: (pdu: Uint8Array) => unknown): number {
    const length = Number(argumentsOf(text)[0]);
    if (!(length > 0 && length <= 176)) return this.refuse(wrongPdu);
    this.modem.promptText("> ", (typed) => {
      if (typed === undefined) {
        this.modem.finish(done);
        return;
      }
      const pdu = pduOf(typed);
      const span = this.options.sendMs ?? { least: 500, most: 3_000 };
      this.modem.after(this.modem.draw(span), () => {
        if (!pdu.ok || pdu.value.length === 0 || lengthForModem(pdu.value) !== length) this.refuse(wrongPdu);
        else onPdu(pdu.value);
      });
    });
    return later;
  }
}
