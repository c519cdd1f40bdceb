/**
 * A modem at the byte level (V.250 line discipline; the commands come from tables): echo, command lines, answers after a
 * while, prompts with raw data, and news that never stands inside a running answer.
 */
import { newPiece } from "../../protocol/bytes/sheet.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import { Cellular } from "./modem-cellular.ts";
import { ModemFiles } from "./modem-files.ts";
import { ModemInput } from "./modem-input.ts";
import type { Handler, ModemCommand, Span } from "./modem-line.ts";
import { commandsOf, done, error, errorText, handlersOf, later } from "./modem-line.ts";
import type { ModemFaults, ModemHost, ModemPart, ModemPeerOptions } from "./modem-options.ts";
import { noFaults } from "./modem-options.ts";
import { ModemOutput } from "./modem-output.ts";
import type { ModemSockets } from "./modem-vendors.ts";
import { socketsOf } from "./modem-vendors.ts";

const inputLimit = 8_192;
const newsLimit = 64;
const okBehindData = "\r\n\r\nOK\r\n";

export class ModemPeer {
  readonly faults: ModemFaults;
  readonly host: ModemHost;
  readonly cellular: Cellular;
  readonly files: ModemFiles;
  readonly sockets: ModemSockets;
  /** Command lines answered. */
  lineCount: number;
  private readonly options: ModemPeerOptions;
  private readonly parts: readonly ModemPart[];
  private readonly handlers: Map<string, Handler>;
  private readonly input: ModemInput;
  private readonly output: ModemOutput;
  private life: number;
  private state: "off" | "booting" | "command" | "busy" | "data";
  private echo: boolean;
  private errors: number;
  /** Heard while it was busy. */
  private early: Uint8Array[];
  private earlyCount: number;
  private commands: ModemCommand[];
  private commandAt: number;
  private answer: string;
  private news: string[];
  private deafUntilMs: number;
  private abort: (() => void) | undefined;

  /** `write` is called with what it says; `receive` takes what it hears. */
  constructor(host: ModemHost, options: ModemPeerOptions, write: (bytes: Uint8Array) => void) {
    this.host = host;
    this.options = options;
    this.faults = noFaults();
    this.output = new ModemOutput(host, this.faults, write);
    this.lineCount = 0;
    this.life = 0;
    this.state = "off";
    this.echo = true;
    this.errors = 0;
    this.input = new ModemInput((line) => this.run(line));
    this.early = [];
    this.earlyCount = 0;
    this.commands = [];
    this.commandAt = 0;
    this.answer = "";
    this.news = [];
    this.deafUntilMs = 0;
    this.abort = undefined;
    this.cellular = new Cellular(this, options);
    this.files = new ModemFiles(options.files ?? []);
    this.sockets = socketsOf(this, this.cellular, options.model ?? "");
    this.parts = (options.parts ?? []).map((part) => part(this));
    this.handlers = handlersOf(
      this.parts.map((part) => part.commands),
      [this.sockets.commands, this.cellular.commands],
    );
    if (options.powered !== false) this.power(true);
  }

  /** Its power comes or goes; to give power twice changes nothing. */
  power(on: boolean): void {
    if (on === (this.state !== "off")) return;
    this.stop();
    if (on) this.boot();
  }

  /** Starts anew in the middle of whatever it was doing, as after a crash or AT+CFUN=1,1. */
  restart(): void {
    if (this.state === "off") return;
    this.stop();
    this.boot();
  }

  receive(bytes: Uint8Array): void {
    if (this.state === "off" || this.state === "booting" || this.faults.silent) return;
    if (this.state === "busy") this.hearEarly(this.input.withoutLineFeed(bytes));
    else this.take(bytes);
  }

  /** Says raw bytes at once, wherever in an answer that may be: noise on the line. */
  disturb(bytes: Uint8Array): void {
    this.output.say(bytes);
  }

  /** A line nobody asked for: at once, or behind the answer that is running. */
  tell(line: string): void {
    if (this.state === "off" || this.state === "booting" || this.news.length >= newsLimit) return;
    if (this.state === "command" && !this.input.isInLine) this.say("\r\n" + line + "\r\n");
    else this.news.push(line);
  }

  /** Adds a line to the running answer. */
  add(line: string): void {
    this.answer += "\r\n" + line + "\r\n";
  }

  /** Calls back unless it has restarted or lost its power meanwhile. */
  after(delayMs: number, callback: () => void): void {
    const life = this.life;
    this.host.after(delayMs, () => {
      if (life === this.life) callback();
    });
  }

  draw(span: Span): number {
    return span.least + this.host.below(span.most - span.least + 1);
  }

  answerMs(): number {
    return this.draw(this.options.answerMs ?? { least: 20, most: 300 }) + this.faults.slowMs;
  }

  /** Whether the next datagram meets a full buffer; counts it. */
  takeSendFailure(): boolean {
    if (this.faults.sendFailures <= 0) return false;
    this.faults.sendFailures--;
    return true;
  }

  /** Any byte ends the command that answered `later`; then `abort` must finish it. */
  allowAbort(abort: () => void): void {
    this.abort = abort;
  }

  /** Ends a command that answered `later`. */
  finish(result: number): void {
    if (this.state !== "busy") return;
    this.abort = undefined;
    this.commandAt++;
    if (result === done) this.runNext();
    else this.end(result === error || this.errors === 0 ? "ERROR" : "+CME ERROR: " + errorText(this.errors, result));
  }

  /** The running command is over with a result code of its own, such as SEND OK. */
  end(final: string): void {
    this.output.answer(ascii(this.answer + "\r\n" + final + "\r\n"));
    this.rest();
  }

  /** The running command is over with raw data, its length told between `before` and `behind`; `tail` stands behind the data. */
  endWithData(before: string, data: Uint8Array, behind: string, tail = okBehindData): void {
    const head = ascii(this.answer + "\r\n" + before + this.output.toldLength(data.length) + behind);
    const middle = this.output.dataOf(data);
    const all = newPiece(head.length + middle.length + tail.length);
    all.set(head, 0);
    all.set(middle, head.length);
    all.set(ascii(tail), head.length + middle.length);
    this.output.answer(all);
    this.rest();
  }

  /**
   * Says the prompt and waits for exactly `length` bytes; `onData` must end the command. What comes within `deafMs` of the
   * prompt is lost.
   */
  prompt(sign: string, length: number, deafMs: number, onData: (data: Uint8Array) => void): void {
    this.deafUntilMs = this.host.nowMs() + deafMs;
    this.input.expectData(length, (data) => {
      this.state = "busy";
      onData(data);
    });
    this.sayPrompt(sign);
  }

  /** Says the prompt and waits for text up to Ctrl-Z, undefined where Escape took it back; `onText` must end the command. */
  promptText(sign: string, onText: (text: string | undefined) => void): void {
    const early = this.early;
    this.input.expectText((text) => {
      this.state = "busy";
      onText(text);
    });
    this.sayPrompt(sign);
    // A client that waits for no prompt has typed its text already.
    for (const bytes of early) this.receive(bytes);
  }

  private sayPrompt(sign: string): void {
    this.state = "data";
    // What came before the prompt is the line feed of a CR LF; as data it would be the first byte.
    this.early = [];
    this.earlyCount = 0;
    if (this.faults.lostPrompts > 0) this.faults.lostPrompts--;
    else this.say("\r\n" + sign);
  }

  private stop(): void {
    this.life++;
    // What is lost now is lost without a word.
    this.state = "off";
    this.input.clear();
    this.output.clear();
    this.early = [];
    this.earlyCount = 0;
    this.news = [];
    this.abort = undefined;
    for (const part of this.parts) part.stop();
    this.cellular.stop();
  }

  private boot(): void {
    this.state = "booting";
    this.echo = true;
    this.errors = 0;
    this.after(this.draw(this.options.bootMs ?? { least: 2_000, most: 5_000 }), () => {
      this.state = "command";
      for (const line of this.sockets.bootNews()) this.tell(line);
      this.cellular.start(this.sockets.tellsSim);
      for (const part of this.parts) part.start();
    });
  }

  private take(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.state === "busy") {
        this.receive(bytes.subarray(at));
        return;
      }
      if (this.state === "data" && this.host.nowMs() < this.deafUntilMs) return;
      at = this.input.take(bytes, at);
    }
  }

  /** While it works: that ends what can be aborted, and waits otherwise. */
  private hearEarly(bytes: Uint8Array): void {
    const abort = this.abort;
    if (bytes.length === 0 || this.earlyCount + bytes.length > inputLimit) return;
    if (abort !== undefined) {
      this.abort = undefined;
      abort();
      return;
    }
    this.early.push(bytes);
    this.earlyCount += bytes.length;
  }

  private run(line: string): void {
    if (this.echo && line !== "") this.say(line + "\r");
    this.output.sayHeld();
    const commands = commandsOf(line);
    if (commands === undefined) {
      this.tellWaiting();
      return;
    }
    this.lineCount++;
    this.state = "busy";
    this.answer = "";
    this.commands = commands;
    this.commandAt = 0;
    this.after(this.answerMs(), () => this.runNext());
  }

  private runNext(): void {
    while (this.commandAt < this.commands.length) {
      const result = this.execute(this.commands[this.commandAt] as ModemCommand);
      if (result === later) return;
      if (result !== done) {
        this.finish(result);
        return;
      }
      this.commandAt++;
    }
    this.end("OK");
  }

  private execute(command: ModemCommand): number {
    for (const refusal of this.faults.refusals) {
      if (refusal.name !== command.name || refusal.count <= 0) continue;
      refusal.count--;
      return refusal.code >= 0 ? refusal.code : error;
    }
    switch (command.name) {
      case "E":
        this.echo = command.text !== "0";
        return done;
      case "Z":
      case "&F":
        this.echo = true;
        this.errors = 0;
        return done;
      case "+CMEE":
        if (command.form === "read") this.add("+CMEE: " + this.errors);
        else if (command.form === "set") this.errors = Number(command.text) % 3;
        return done;
      default:
        return this.lookUp(command);
    }
  }

  private lookUp(command: ModemCommand): number {
    const handler = this.handlers.get(command.name);
    if (handler !== undefined) return command.form === "test" && !handler.takesTests ? done : handler.run(command);
    // Basic settings such as V1 or S0=0 change nothing here and are not refused; an unknown extended command is.
    return command.name.length > 1 && command.name.charAt(0) !== "&" ? 100 : done;
  }

  /** The answer is out: news that waited, then what was said meanwhile. */
  private rest(): void {
    this.state = "command";
    this.tellWaiting();
    const early = this.early;
    this.early = [];
    this.earlyCount = 0;
    for (const bytes of early) this.receive(bytes);
  }

  private tellWaiting(): void {
    if (this.news.length === 0) return;
    const text = "\r\n" + this.news.join("\r\n\r\n") + "\r\n";
    this.news = [];
    this.say(text);
  }

  private say(text: string): void {
    this.output.say(ascii(text));
  }
}
