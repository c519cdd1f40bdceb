/**
 * The telephone of a modem's stand-in (V.250 6.3, 27.007 6 and 7): its call commands and news, joined to the simulated
 * telephone network. One call, and one more that waits.
 */
import type { CallEnd } from "../../firmware/ports/voice.ts";
import type { Call, Exchange, Party, Side } from "../house/phone-exchange.ts";
import type { ModemPeer } from "./modem.ts";
import type { CallVendor, Stat } from "./modem-call-news.ts";
import { callerLine, endLines, hungUpLines, keyLine, moveLines, stats } from "./modem-call-news.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, later } from "./modem-line.ts";
import type { ModemPart } from "./modem-options.ts";

export interface ModemCallsOptions {
  readonly exchange: Exchange;
  /** The SIM's own. */
  readonly number: string;
  readonly vendor: CallVendor;
  /** A module without voice: it knows none of these commands, and cannot be called. */
  readonly dataOnly?: boolean;
  /** Whether AT+CMUT and AT+VMUTE are refused without a call; SIMCom's are. */
  readonly mutesInCallOnly?: boolean;
}

interface PeerCall {
  readonly index: number;
  readonly call: Call;
  readonly party: Party;
  readonly number: string;
  stat: Stat;
  upSinceMs: number;
}

const ringMs = 3_000;
const keySwitches: Record<CallVendor, string> = { quectel: "+QTONEDET", simcom: "+DDET", ublox: "+UDTMFD" };
const notAllowed = 3;
const notFound = 22;
const noService = 30;
const outOfRange = 50;
/** A call outlives its network by so much. */
const serviceCheckMs = 1_000;

export class ModemCalls implements ModemPart {
  readonly commands: CommandTable;
  /** What the far side hears of the home, and the home of the far side. */
  isMicrophoneMuted: boolean;
  isSpeakerMuted: boolean;
  /** As AT+CLVL set it; -1: as it came. */
  level: number;
  private readonly modem: ModemPeer;
  private readonly options: ModemCallsOptions;
  private own: PeerCall | undefined;
  private second: PeerCall | undefined;
  /** Switched on since the start: +CLIP and its like. */
  private readonly on: Set<string>;
  private isRunning: boolean;

  constructor(modem: ModemPeer, options: ModemCallsOptions) {
    this.modem = modem;
    this.options = options;
    this.isMicrophoneMuted = false;
    this.isSpeakerMuted = false;
    this.level = -1;
    this.own = undefined;
    this.second = undefined;
    this.on = new Set();
    this.isRunning = false;
    this.commands = options.dataOnly === true ? refusals() : this.table();
    options.exchange.connect(options.number, { ring: (from, call) => this.rung(from, call) });
  }

  /** How far the call is, "" without one. */
  get at(): Stat | "" {
    return this.own === undefined ? "" : this.own.stat;
  }

  start(): void {
    this.isRunning = true;
    this.isMicrophoneMuted = false;
    this.isSpeakerMuted = false;
    this.level = -1;
    this.on.clear();
  }

  stop(): void {
    this.isRunning = false;
    const calls = [this.own, this.second];
    this.own = undefined;
    this.second = undefined;
    for (const one of calls) one?.call.drop();
  }

  /** The network loses the call. */
  drop(): void {
    this.own?.call.drop();
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    table.set("D", (command) => this.dial(command.text));
    table.set("A", () => this.answer());
    table.set("H", () => this.hangUp());
    table.set("+CHUP", (command) => (command.form === "run" ? this.hangUp() : done));
    table.set("+CLCC", (command) => (command.form === "run" ? this.list() : done));
    table.set("+CHLD", (command) => (command.form === "set" ? this.hold(command.text) : done));
    for (const name of ["+CLIP", "+CRC", "+CCWA", "+COLP"]) this.addSwitch(table, name);
    this.addSound(table);
    this.addVendor(table);
    return table;
  }

  private addSwitch(table: Map<string, (command: ModemCommand) => number>, name: string): void {
    table.set(name, (command) => {
      if (command.form === "read") this.modem.add(`${name}: ${this.on.has(name) ? 1 : 0}`);
      if (command.form === "set") this.turn(name, argumentsOf(command.text)[0] === "1");
      return done;
    });
  }

  private turn(name: string, on: boolean): void {
    if (on) this.on.add(name);
    else this.on.delete(name);
  }

  private addSound(table: Map<string, (command: ModemCommand) => number>): void {
    const { vendor } = this.options;
    table.set("+CMUT", (command) =>
      this.mute(command, (on) => {
        this.isMicrophoneMuted = on;
      }),
    );
    if (vendor === "simcom")
      table.set("+VMUTE", (command) =>
        this.mute(command, (on) => {
          this.isSpeakerMuted = on;
        }),
      );
    table.set("+CLVL", (command) => {
      const level = Number(command.text);
      if (command.form !== "set") return done;
      if (!Number.isInteger(level) || level < 0 || level > (vendor === "ublox" ? 100 : 5)) return outOfRange;
      this.level = level;
      return done;
    });
    table.set("+VTS", (command) => {
      const own = this.own;
      if (command.form !== "set") return done;
      if (own?.stat !== "active") return notAllowed;
      own.call.press(own.party, command.text);
      return done;
    });
  }

  private mute(command: ModemCommand, turn: (on: boolean) => void): number {
    if (command.form !== "set") return done;
    const inCallOnly = this.options.mutesInCallOnly ?? this.options.vendor === "simcom";
    if (inCallOnly && this.own?.stat !== "active") return notAllowed;
    turn(command.text === "1");
    return done;
  }

  private addVendor(table: Map<string, (command: ModemCommand) => number>): void {
    const { vendor } = this.options;
    if (vendor !== "ublox") {
      this.addSwitch(table, keySwitches[vendor]);
      return;
    }
    this.addSwitch(table, "+UCALLSTAT");
    table.set("+UDTMFD", (command) => {
      const fields = argumentsOf(command.text);
      if (command.form === "set") this.turn("+UDTMFD", fields[0] !== "0" && fields[1] === "2");
      return done;
    });
  }

  /** OK says that the network was asked, no more. */
  private dial(text: string): number {
    const digits = text.toUpperCase().startsWith("T") || text.toUpperCase().startsWith("P") ? text.substring(1) : text;
    const number = digits.split(";")[0]?.split(" ").join("") ?? "";
    if (!digits.endsWith(";") || number === "" || this.own !== undefined) return this.endWith("NO CARRIER");
    if (!this.modem.cellular.hasService()) return noService;
    const own: PeerCall = {
      index: 1,
      call: this.options.exchange.call(
        this.options.number,
        number,
        this.side(() => own),
      ),
      party: "caller",
      number,
      stat: "dialing",
      upSinceMs: -1,
    };
    this.own = own;
    this.tell(moveLines(this.options.vendor, own.index, "dialing", this.on.has("+UCALLSTAT")));
    this.watch(own);
    return done;
  }

  private answer(): number {
    const own = this.own;
    if (own?.stat !== "incoming") return this.endWith("NO CARRIER");
    this.modem.after(this.modem.draw({ least: 50, most: 300 }), () => {
      if (this.own !== own) {
        this.modem.end("NO CARRIER");
        return;
      }
      own.call.answer();
      this.comeUp(own);
      this.modem.finish(done);
    });
    return later;
  }

  private endWith(result: string): number {
    this.modem.end(result);
    return later;
  }

  /** 27.007 6.5: the call that is up, or rings; one that waits rings on as the only one. */
  private hangUp(): number {
    const own = this.own;
    if (own === undefined) return done;
    own.call.hangUp(own.party);
    this.forget(own);
    this.tell(hungUpLines(this.options.vendor, own.index, this.talkedS(own), this.on.has("+UCALLSTAT")));
    return done;
  }

  private list(): number {
    for (const one of [this.own, this.second]) {
      if (one === undefined) continue;
      const type = one.number.startsWith("+") ? 145 : 129;
      const incoming = one.party === "callee" ? 1 : 0;
      this.modem.add(`+CLCC: ${one.index},${incoming},${stats[one.stat]},0,0,"${one.number}",${type}`);
    }
    return done;
  }

  private hold(text: string): number {
    const second = this.second;
    if (text !== "0") return notAllowed;
    if (second === undefined) return notFound;
    this.second = undefined;
    second.call.hangUp("callee");
    return done;
  }

  private rung(from: string, call: Call): Side | "busy" | "away" {
    if (!this.isRunning || this.options.dataOnly === true || !this.modem.cellular.hasService()) return "away";
    const isFirst = this.own === undefined;
    if (!isFirst && (this.second !== undefined || this.own?.stat !== "active")) return "busy";
    const one: PeerCall = {
      index: isFirst ? 1 : 2,
      call,
      party: "callee",
      number: from,
      stat: isFirst ? "incoming" : "waiting",
      upSinceMs: -1,
    };
    if (isFirst) {
      this.own = one;
      this.modem.after(0, () => this.ring(one));
      this.watch(one);
    } else {
      this.second = one;
      this.tell(moveLines(this.options.vendor, 2, "waiting", this.on.has("+UCALLSTAT")));
      if (this.on.has("+CCWA")) this.tell([callerLine("+CCWA", from)]);
    }
    return this.side(() => one);
  }

  private ring(one: PeerCall): void {
    if (this.own !== one || one.stat !== "incoming") return;
    this.tell(moveLines(this.options.vendor, one.index, "incoming", this.on.has("+UCALLSTAT")));
    this.tell([this.on.has("+CRC") ? "+CRING: VOICE" : "RING"]);
    if (this.on.has("+CLIP")) this.tell([callerLine("+CLIP", one.number)]);
    this.modem.after(ringMs, () => this.ring(one));
  }

  private comeUp(own: PeerCall): void {
    own.stat = "active";
    own.upSinceMs = this.modem.host.nowMs();
    this.tell(moveLines(this.options.vendor, own.index, "active", this.on.has("+UCALLSTAT")));
  }

  private side(own: () => PeerCall): Side {
    return {
      onAlerting: () => {
        const one = own();
        if (this.own !== one) return;
        one.stat = "alerting";
        this.tell(moveLines(this.options.vendor, one.index, "alerting", this.on.has("+UCALLSTAT")));
      },
      onAnswered: () => {
        if (this.own === own()) this.comeUp(own());
      },
      onKey: (key) => {
        if (this.own === own() && this.on.has(keySwitches[this.options.vendor]))
          this.tell([keyLine(this.options.vendor, key)]);
      },
      onEnded: (reason) => this.ended(own(), reason),
    };
  }

  private ended(one: PeerCall, reason: CallEnd): void {
    if (this.second === one) this.second = undefined;
    if (this.own !== one) return;
    this.forget(one);
    const call = { index: one.index, outgoing: one.party === "caller", number: one.number, talkedS: this.talkedS(one) };
    this.tell(endLines(this.options.vendor, call, reason, this.on.has("+UCALLSTAT")));
  }

  /** The microphone's state ends with the call (27.007 8.24); who waits rings on. */
  private forget(own: PeerCall): void {
    this.isMicrophoneMuted = false;
    this.isSpeakerMuted = false;
    this.own = this.second;
    this.second = undefined;
    const next = this.own;
    if (next === undefined) return;
    next.stat = own.stat === "active" ? "incoming" : next.stat;
    this.modem.after(0, () => this.ring(next));
    this.watch(next);
  }

  /** Where the network has gone, the call goes too. */
  private watch(own: PeerCall): void {
    this.modem.after(serviceCheckMs, () => {
      if (this.own !== own) return;
      if (this.modem.cellular.hasService()) this.watch(own);
      else own.call.drop();
    });
  }

  private talkedS(one: PeerCall): number {
    return one.upSinceMs < 0 ? -1 : Math.floor((this.modem.host.nowMs() - one.upSinceMs) / 1_000);
  }

  private tell(lines: readonly string[]): void {
    for (const line of lines) this.modem.tell(line);
  }
}

/** Dialling alone is known to every modem, and refused by one without voice. */
function refusals(): CommandTable {
  const table = new Map<string, (command: ModemCommand) => number>();
  for (const name of ["D", "A"]) table.set(name, () => notAllowed);
  return table;
}
