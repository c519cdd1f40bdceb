/** CRC-32 of ISO/IEC 8802-3 (reflected 0xEDB88320): guards journal records. By table, since bit loops are slow on a board. */

/**
 * CRC-32 of `bytes` from `start` to `end`, as an unsigned number. `before` is the CRC of what precedes them, 0 where
 * nothing does, so that a CRC can run over several pieces.
 */
export function crc32(bytes: Uint8Array, start: number, end: number, before: number): number {
  let crc = ~before;
  for (let i = start; i < end; i++) crc = (table[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function makeTable(): Int32Array {
  const out = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    out[i] = crc;
  }
  return out;
}

const table = makeTable();
