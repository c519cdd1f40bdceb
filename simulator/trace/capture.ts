/**
 * `traffic.pcapng`: SIP of all receivers as packets on the simulated addresses, the bytes of modems and of the short-range radio
 * on link types of their own, and what happened between them. Memory is bounded by one buffer, each lane of the file by
 * a limit, after which its packets are only counted; the file's last blocks tell the counts.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { WholeFile } from "../report/files.ts";
import {
  countsBlock,
  datagramBlock,
  fileHead,
  type LaneName,
  lanes,
  messageBlock,
  type PacketHead,
  plainBlock,
} from "./pcapng.ts";

const bufferBytes = 256 * 1024;

type SipLane = "sip" | "sip-in-connection";
export type CaptureLimits = Readonly<Record<LaneName, number>>;
/** Bytes of the file. What a tester of receivers asks for comes first. */
export const captureLimits: CaptureLimits = {
  sip: 1_000_000_000,
  "sip-in-connection": 1_000_000_000,
  at: 100_000_000,
  radio: 50_000_000,
  events: 50_000_000,
};

interface Room {
  seen: number;
  dropped: number;
  size: number;
}

export class Capture {
  private readonly file: WholeFile | undefined;
  private readonly limits: CaptureLimits;
  private readonly rooms: ReadonlyMap<LaneName, Room>;
  private waiting: Uint8Array[];
  private waitingCount: number;
  private lastWallMs: number;

  /** Without a path nothing is kept. Throws UnwritableError. */
  constructor(path: string | undefined, limits: CaptureLimits = captureLimits) {
    this.file = path === undefined ? undefined : new WholeFile(path);
    this.limits = limits;
    this.rooms = new Map(lanes.map(({ name }) => [name, { seen: 0, dropped: 0, size: 0 }]));
    this.waiting = [];
    this.waitingCount = 0;
    this.lastWallMs = 0;
    this.put(fileHead());
  }

  /** Packets that found no room, by lane; lanes with none are not named. */
  get dropped(): readonly { readonly lane: LaneName; readonly packets: number }[] {
    return [...this.rooms].flatMap(([lane, { dropped }]) => (dropped === 0 ? [] : [{ lane, packets: dropped }]));
  }

  /** One message between two addresses; the lane says how it was carried. */
  addMessage(head: PacketHead & { readonly lane: SipLane }, from: Endpoint, to: Endpoint, bytes: Uint8Array): void {
    const blockOf = head.lane === "sip" ? datagramBlock : messageBlock;
    if (this.hasRoom(head, bytes)) this.keep(head.lane, blockOf(head, from, to, bytes));
  }

  /** Bytes of another lane, as they are. */
  addBytes(head: PacketHead, bytes: Uint8Array): void {
    if (this.hasRoom(head, bytes)) this.keep(head.lane, plainBlock(head, bytes));
  }

  /** The file appears only now. */
  close(): void {
    for (const [lane, { seen, dropped }] of this.rooms) this.put(countsBlock(this.lastWallMs, lane, seen, dropped));
    this.flush();
    this.file?.finish();
  }

  /** The run broke off: no file is left. */
  abandon(): void {
    this.file?.abandon();
  }

  private hasRoom({ wallMs, lane }: PacketHead, bytes: Uint8Array): boolean {
    const room = this.rooms.get(lane);
    if (this.file === undefined || room === undefined) return false;
    this.lastWallMs = wallMs;
    room.seen++;
    const fits = room.size + bytes.length <= this.limits[lane];
    if (!fits) room.dropped++;
    return fits;
  }

  private keep(lane: LaneName, block: Uint8Array): void {
    const room = this.rooms.get(lane);
    if (room !== undefined) room.size += block.length;
    this.put(block);
  }

  private put(block: Uint8Array): void {
    this.waiting.push(block);
    this.waitingCount += block.length;
    if (this.waitingCount >= bufferBytes) this.flush();
  }

  private flush(): void {
    this.file?.append(Buffer.concat(this.waiting));
    this.waiting = [];
    this.waitingCount = 0;
  }
}
