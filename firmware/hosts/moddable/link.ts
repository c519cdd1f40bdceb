/** The Ethernet link: whether there is one, under which address, and who is told when that changes. */
import type { SocketFault } from "../../ports/socket.ts";
import type { NetworkInterface, NetworkIo } from "./ecma419.ts";

export interface LinkWatcher {
  /** There is an address from now on; it may be another one than before. */
  linkUp(address: string): void;
  linkDown(fault: SocketFault): void;
}

/** More sockets and streams than a unit ever has open at once. */
const watcherLimit = 32;
/** ECMA-419 network interfaces: from here on there is a link, an address too. */
const linked = 400;
const ready = 500;

export class NetworkLink {
  private readonly network: NetworkInterface;
  private readonly watchers: LinkWatcher[];
  private state: SocketFault | undefined;
  private current: string;

  constructor(io: NetworkIo) {
    this.watchers = [];
    this.state = "no-link";
    this.current = "";
    this.network = new io({ onChanged: () => this.changed() });
    this.ask();
    this.changed();
  }

  /** Own address, or "" while there is none. */
  get address(): string {
    return this.current;
  }

  /** Undefined: it can be used. */
  get fault(): SocketFault | undefined {
    return this.state;
  }

  watch(watcher: LinkWatcher): void {
    if (this.watchers.length >= watcherLimit) throw new Error("link: too many sockets");
    this.watchers.push(watcher);
  }

  unwatch(watcher: LinkWatcher): void {
    const at = this.watchers.indexOf(watcher);
    if (at >= 0) this.watchers.splice(at, 1);
  }

  /** An address is asked for anew each time a link comes: the former may be another house's. */
  private ask(): void {
    try {
      this.network.connect();
    } catch {
      // It asks already.
    }
  }

  private changed(): void {
    const before = this.state;
    const formerly = this.current;
    const connection = this.network.connection;
    this.current = connection >= ready ? (this.network.address ?? "") : "";
    this.state = this.current !== "" ? undefined : connection >= linked ? "no-address" : "no-link";
    if (this.state === "no-address" && before === "no-link") this.ask();
    if (this.state === before && this.current === formerly) return;
    // Whoever is told may open or close others.
    const told = this.watchers.concat([]);
    for (const watcher of told) this.tell(watcher);
  }

  private tell(watcher: LinkWatcher): void {
    if (this.watchers.indexOf(watcher) < 0) return;
    if (this.state === undefined) watcher.linkUp(this.current);
    else watcher.linkDown(this.state);
  }
}
