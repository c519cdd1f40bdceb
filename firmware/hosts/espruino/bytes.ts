/** The engine's lines and sockets carry bytes as text: one character of 0 to 255 each. */

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

/** What came in and waits for read(): so many bytes at most, the newest go where there is no room. */
export class BytesHeard {
  private readonly limit: number;
  private text: string;

  constructor(limit: number) {
    this.limit = limit;
    this.text = "";
  }

  get count(): number {
    return this.text.length;
  }

  put(text: string): void {
    const room = this.limit - this.text.length;
    this.text += text.length <= room ? text : text.substring(0, room);
  }

  take(): Uint8Array | undefined {
    if (this.text.length === 0) return undefined;
    const bytes = bytesOf(this.text);
    this.text = "";
    return bytes;
  }
}
