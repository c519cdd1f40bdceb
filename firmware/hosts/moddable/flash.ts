/** The Flash port over one raw partition of ECMA-419 storage. What the engine throws is what the chip reported. */
import type { Flash } from "../../ports/flash.ts";
import type { RawPages } from "../board.ts";
import type { FlashIo, FlashPartition } from "./ecma419.ts";

/** Throws where the partition is smaller than the board's file says, or has sectors of another size: the image is not for this table. */
export function flashOver(io: FlashIo, path: string, pages: RawPages): Flash {
  const partition = io.open({ path, mode: "r+" });
  const status = partition.status();
  if (status.blockLength !== pages.sectorSize || status.blocks < pages.sectorCount)
    throw new Error("flash: partition " + path + " is not the one of this board");
  return new PartitionFlash(partition, pages);
}

class PartitionFlash implements Flash {
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
  private readonly partition: FlashPartition;

  constructor(partition: FlashPartition, pages: RawPages) {
    this.partition = partition;
    this.sectorSize = pages.sectorSize;
    this.sectorCount = pages.sectorCount;
    this.programUnit = pages.programUnit;
  }

  erase(sector: number): boolean {
    try {
      this.partition.eraseBlock(sector);
      return true;
    } catch {
      return false;
    }
  }

  program(address: number, bytes: Uint8Array): boolean {
    try {
      this.partition.write(bytes, address);
      return true;
    } catch {
      return false;
    }
  }

  read(address: number, into: Uint8Array): void {
    this.partition.read(into, address);
  }
}
