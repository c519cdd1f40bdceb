/**
 * What Moddable's `mcconfig` needs beside the script: a manifest with the engine's modules and memory, and the partition table in which
 * the journal has pages of its own. Both follow the board's file.
 */
import type { Board } from "../boards.ts";

/** Folder of a board's image that is given to `mcconfig`. */
export const projectFolder = "mcconfig";

const sdk = "$(MODDABLE)";

/** Text files by their path below the image's folder. Throws where the board is none of Moddable's. */
export function mcconfigFiles(board: Board): Readonly<Record<string, string>> {
  return {
    [`${projectFolder}/manifest.json`]: `${JSON.stringify(manifestOf(board), null, 2)}\n`,
    [`${projectFolder}/partitions.csv`]: partitionsOf(board),
  };
}

function manifestOf({ budget, network }: Board): object {
  const { memory } = budget;
  if (!("slots" in memory)) throw new Error("mcconfig: the board's memory is not that of XS");
  const include = [
    `${sdk}/examples/manifest_base.json`,
    `${sdk}/modules/io/manifest.json`,
    `${sdk}/modules/io/flash/manifest.json`,
    `${sdk}/modules/io/update/manifest.json`,
    `${sdk}/modules/files/preference/manifest.json`,
    `${sdk}/build/devices/esp32/modules/resetReason/manifest.json`,
    `${sdk}/examples/io/tcp/tlssocket/manifest.json`,
  ];
  if (network?.ethernet === true) include.push(`${sdk}/modules/io/ethernet/manifest.json`);
  return {
    build: { PARTITIONS_FILE: "./partitions.csv" },
    include,
    modules: { main: "../livlina" },
    creation: {
      static: 0,
      chunk: { initial: memory.chunkBytes, incremental: 0 },
      heap: { initial: memory.slots, incremental: 0 },
      stack: memory.stackSlots,
    },
  };
}

/** As ESP-IDF reads it: two slots for the program, so that an update has a place beside the one that runs. */
function partitionsOf({ storage }: Board): string {
  const { code, journal, factory } = storage;
  const rows = [
    ["nvs", "data", "nvs", 0x9000, 0x6000],
    ["otadata", "data", "ota", 0xf000, 0x2000],
    ["phy_init", "data", "phy", 0x11000, 0x1000],
    ["ota_0", "app", "ota_0", code.address, code.bytes],
    ["ota_1", "app", "ota_1", code.address + code.bytes, code.bytes],
  ];
  if (journal !== undefined)
    rows.push(["journal", "data", "0x40", journal.address, journal.sectorSize * journal.sectorCount]);
  if (factory !== undefined) rows.push(["factory_data", "data", "0x41", factory.address, factory.sectorSize]);
  const lines = rows.map((row) =>
    row.map((cell) => (typeof cell === "number" ? `0x${cell.toString(16)}` : cell)).join(", "),
  );
  return `# Name, Type, SubType, Offset, Size\n${lines.join("\n")}\n`;
}
