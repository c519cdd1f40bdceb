/**
 * The console of an Espruino interpreter that runs as a process: code goes in a line at a time, each without an echo, and what
 * it prints comes back between two marks. Its flash is a file in its working directory, which outlives the process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** Bytes of code in one line: its input buffer holds little more, and nothing slows down who writes too fast. */
const pieceLength = 300;
const begin = "\u0001";
const end = "\u0002";
/** A line that begins so is run at once, without echo and without a place in the history. */
const unseen = "\u0010";
const patienceMs = 300_000;
const shownLength = 1_500;

export class EspruinoConsole {
  private readonly process: ChildProcess;
  private readonly to: Writable;
  private heard: string;
  private isGone: boolean;
  private wake: () => void;

  /** `folder`: where its flash lies. It boots what stands there. */
  constructor(program: string, folder: string) {
    this.process = spawn(program, [], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    this.to = this.process.stdin as Writable;
    this.heard = "";
    this.isGone = false;
    this.wake = () => {};
    (this.process.stdout as Readable).on("data", (piece: Buffer) => {
      this.heard += piece.toString("latin1");
      this.wake();
    });
    this.to.on("error", () => {});
    this.process.on("exit", () => {
      this.isGone = true;
      this.wake();
    });
  }

  /** What it said while it booted. */
  async booted(): Promise<string> {
    this.to.write(`${unseen}print("\\x01\\x02");\n`, "latin1");
    await this.answer();
    return this.heard;
  }

  /** What `code`, an expression of at most some 300 characters, is as text. Throws with what was heard where nothing comes. */
  async ask(code: string): Promise<string> {
    this.heard = "";
    this.to.write(`${unseen}print("\\x01"+(${code})+"\\x02");\n`, "latin1");
    return this.answer();
  }

  /** Puts a text of any length, characters 0 to 255, into the global variable of that name. */
  async put(name: string, text: string): Promise<void> {
    await this.ask(`${name}="",0`);
    for (let at = 0; at < text.length; at += pieceLength)
      await this.ask(`${name}+=atob("${packed(text.slice(at, at + pieceLength))}"),0`);
  }

  close(): Promise<void> {
    if (this.isGone) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.process.once("exit", () => resolve()));
    this.process.kill("SIGKILL");
    return gone;
  }

  private async answer(): Promise<string> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const from = this.heard.indexOf(begin);
      const until = this.heard.indexOf(end, from);
      if (from >= 0 && until >= 0) return this.heard.slice(from + 1, until).replaceAll("\r", "");
      if (this.isGone || performance.now() > deadline) throw new Error(`espruino: ${this.heard.slice(0, shownLength)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function packed(text: string): string {
  return Buffer.from(text, "latin1").toString("base64");
}
