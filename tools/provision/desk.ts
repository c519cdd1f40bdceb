/** Whoever stands before the unit: what is said to him, what he is asked, and what he answers. */
import { createInterface, type Interface } from "node:readline";
import { UserError } from "../user-error.ts";

export interface Desk {
  say(text: string): void;
  /** The next line that is typed. Rejects with UserError (3) where nobody will answer any more. */
  ask(question: string): Promise<string>;
  close(): void;
}

/** Questions on stderr, answers from stdin: a terminal, or lines that were prepared. */
export function openDesk(input: NodeJS.ReadableStream = process.stdin): Desk {
  return new LineDesk(input);
}

class LineDesk implements Desk {
  private readonly input: NodeJS.ReadableStream;
  private lines: Interface | undefined;
  private typed: string[];
  private waiting:
    | { readonly resolve: (line: string) => void; readonly reject: (error: UserError) => void }
    | undefined;
  private over: boolean;

  constructor(input: NodeJS.ReadableStream) {
    this.input = input;
    this.lines = undefined;
    this.typed = [];
    this.waiting = undefined;
    this.over = false;
  }

  say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  ask(question: string): Promise<string> {
    process.stderr.write(`${question} `);
    this.open();
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.settle();
    });
  }

  close(): void {
    this.lines?.close();
  }

  private open(): void {
    if (this.lines !== undefined) return;
    this.lines = createInterface({ input: this.input });
    this.lines.on("line", (line) => {
      this.typed.push(line.trim());
      this.settle();
    });
    this.lines.on("close", () => {
      this.over = true;
      this.settle();
    });
  }

  private settle(): void {
    const { waiting } = this;
    if (waiting === undefined) return;
    const line = this.typed.shift();
    if (line === undefined && !this.over) return;
    this.waiting = undefined;
    if (line !== undefined) waiting.resolve(line);
    else
      waiting.reject(
        new UserError(
          "nobody answers: the input is at its end",
          "give the command at a terminal; it goes on where it stopped",
          3,
        ),
      );
  }
}

/** Yes in the languages of those who install. */
export function isYes(answer: string): boolean {
  return ["y", "yes", "j", "ja"].includes(answer.toLowerCase());
}

/** Throws UserError (4) where it is not wanted. */
export async function confirm(desk: Desk, what: string, isSure: boolean): Promise<void> {
  if (isSure) return;
  if (!isYes(await desk.ask(`${what} Go on? (yes/no)`)))
    throw new UserError("nothing was done", "answer yes, or give --yes", 4);
}
