/** The files that a modem's stand-in keeps: certificates and keys that were uploaded by name. They outlive a restart. */

export interface ModemFile {
  /** Without the name of a drive before it. */
  readonly name: string;
  readonly text: string;
}

const fileLimit = 8;
/** Larger than any certificate. */
export const fileLengthLimit = 8_192;

export class ModemFiles {
  private readonly files: Map<string, Uint8Array>;

  /** With those that it has from the factory. */
  constructor(first: readonly ModemFile[]) {
    this.files = new Map(first.map(({ name, text }) => [name, new TextEncoder().encode(text)]));
  }

  /** False where there is no room for one more. */
  keep(name: string, bytes: Uint8Array): boolean {
    if (!this.files.has(name) && this.files.size >= fileLimit) return false;
    this.files.set(name, bytes);
    return true;
  }

  has(name: string): boolean {
    return this.files.has(name);
  }

  names(): readonly string[] {
    return [...this.files.keys()];
  }

  lengthOf(name: string): number {
    return this.files.get(name)?.length ?? 0;
  }

  remove(name: string): boolean {
    return this.files.delete(name);
  }

  /** The file as text; undefined where there is none. */
  text(name: string): string | undefined {
    const bytes = this.files.get(name);
    return bytes === undefined ? undefined : new TextDecoder("latin1").decode(bytes);
  }
}
