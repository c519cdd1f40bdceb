/** Sound as G.711 has it: one byte for each sample, by A-law or mu-law (ITU-T G.711 tables 1 and 2; as RTP payload: RFC 3551 4.5.14). */

/** Named as in session descriptions. */
export type Law = "PCMA" | "PCMU";

/** Samples in one second, and in one millisecond: the RTP clock of both laws. */
export const sampleRateHz = 8000;
export const samplesPerMs = 8;

/** Payload types that RFC 3551 6 fixes. */
export const payloadTypeOf: { readonly [law in Law]: number } = { PCMA: 8, PCMU: 0 };

/** Every other bit of a byte is sent inverted (G.711 table 1, note 2). */
const evenBits = 0x55;
/** Added to a magnitude before its segment is looked for, in steps of our samples: the laws' segments then double. */
const muLawBias = 132;
const muLawHighest = 32767 - muLawBias;

/**
 * The byte of one sample of -32768 to 32767. G.711 counts A-law to 4096: its unit is 8 of ours. A value on the border of
 * two steps belongs to the outer one, on both sides of zero.
 */
export function encodeALaw(sample: number): number {
  const magnitude = Math.min(sample < 0 ? -sample : sample, 32767);
  const segment = segmentOf(magnitude >> 8);
  const step = segment === 0 ? magnitude >> 4 : (magnitude >> (segment + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | step) ^ evenBits;
}

/** The sample of one byte: the middle of its step. */
export function decodeALaw(byte: number): number {
  const code = byte ^ evenBits;
  const segment = (code >> 4) & 7;
  const step = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 256) << (segment - 1);
  return (code & 0x80) === 0 ? -magnitude : magnitude;
}

/** The byte of one sample of -32768 to 32767. G.711 counts mu-law to 8159: its unit is 4 of ours. */
export function encodeMuLaw(sample: number): number {
  const magnitude = Math.min(sample < 0 ? -sample : sample, muLawHighest) + muLawBias;
  const segment = segmentOf(magnitude >> 8);
  const step = (magnitude >> (segment + 3)) & 0x0f;
  return ((segment << 4) | step) ^ (sample < 0 ? 0x7f : 0xff);
}

/** The sample of one byte: the middle of its step. Both bytes for zero give 0. */
export function decodeMuLaw(byte: number): number {
  const code = byte ^ 0xff;
  const magnitude = ((((code & 0x0f) << 3) + muLawBias) << ((code >> 4) & 7)) - muLawBias;
  return (code & 0x80) === 0 ? magnitude : 0 - magnitude;
}

/** Writes as many bytes as there are samples; `into` must have the room. */
export function encodeSound(law: Law, samples: Int16Array, into: Uint8Array): void {
  if (into.length < samples.length) throw new Error("g711: no room for the bytes");
  const encode = law === "PCMA" ? encodeALaw : encodeMuLaw;
  for (let i = 0; i < samples.length; i++) into[i] = encode(samples[i] as number);
}

/** Writes as many samples as there are bytes; `into` must have the room. */
export function decodeSound(law: Law, bytes: Uint8Array, into: Int16Array): void {
  if (into.length < bytes.length) throw new Error("g711: no room for the samples");
  const decode = law === "PCMA" ? decodeALaw : decodeMuLaw;
  for (let i = 0; i < bytes.length; i++) into[i] = decode(bytes[i] as number);
}

/** How often `high` (0 to 127) can be halved before nothing is left of it. */
function segmentOf(high: number): number {
  let segment = 0;
  for (let left = high; left > 0; left >>= 1) segment++;
  return segment;
}
