/** The tools' own service line over the line of a device under test: it hears a copy of every byte, and what it says goes out there. */
import { ServiceLink } from "../../tools/provision/service-link.ts";
import { UserError } from "../../tools/user-error.ts";

export class GuestLink {
  readonly link: ServiceLink;
  private readonly inbox: Uint8Array[];

  constructor(path: string, key: Uint8Array, send: (bytes: Uint8Array) => void) {
    this.link = new ServiceLink(path, key);
    this.inbox = [];
    this.link.connect({ read: () => this.inbox.shift(), write: send, close: () => {} });
  }

  /** Opens the lock, and answers why not where the key does not fit. Rejects with UserError where nobody answers. */
  async unlock(): Promise<string | undefined> {
    try {
      await this.link.unlock();
      return undefined;
    } catch (thrown) {
      if (thrown instanceof UserError && thrown.exitCode === 4) return thrown.message;
      throw thrown;
    }
  }

  hear(bytes: Uint8Array): void {
    this.inbox.push(bytes);
    this.link.drain();
  }
}
