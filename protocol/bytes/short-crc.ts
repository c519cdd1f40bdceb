/** The CRC-32 of `crc.ts` by a table of 16 in place of 256: for a button, whose memory is dear and whose records are short. */

/** CRC-32 of `bytes` from `start` to `end`, as an unsigned number. `before` is the CRC of what precedes them, 0 where nothing does. */
export function shortCrc32(bytes: Uint8Array, start: number, end: number, before: number): number {
  let crc = ~before;
  for (let i = start; i < end; i++) {
    crc ^= bytes[i] as number;
    crc = (table[crc & 15] as number) ^ (crc >>> 4);
    crc = (table[crc & 15] as number) ^ (crc >>> 4);
  }
  return ~crc >>> 0;
}

function makeTable(): Int32Array {
  const out = new Int32Array(16);
  for (let i = 0; i < 16; i++) {
    let crc = i;
    for (let bit = 0; bit < 4; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    out[i] = crc;
  }
  return out;
}

const table = makeTable();
