/** Lines for stdout, those of one turn of the event loop in one write: under load the writes of single lines cost as much as the work. */
export class BatchedLines {
  private readonly write: (text: string) => void;
  private waiting: string;

  constructor(write: (text: string) => void) {
    this.write = write;
    this.waiting = "";
  }

  /** `text` without its end. */
  line(text: string): void {
    if (this.waiting === "") setImmediate(() => this.flush());
    this.waiting += `${text}\n`;
  }

  /** What waits goes out now. */
  flush(): void {
    if (this.waiting !== "") this.write(this.waiting);
    this.waiting = "";
  }
}
