/** A second reading of what is sealed on the air, by the radio's own text (2.2) and another library than the devices': what both ends get wrong alike shows here. */
import { createDecipheriv } from "node:crypto";

const headerLength = 9;
const tagLength = 8;
const nonceLength = 13;

/** Which of the two ends' nonces a frame of at least 17 bytes was sealed under, if this is its key: each direction has its own. */
export function opensAs(end: "unit" | "device", key: Uint8Array, frame: Uint8Array): boolean {
  const nonce = new Uint8Array(nonceLength);
  nonce[0] = end === "unit" ? 1 : 0;
  nonce.set(frame.subarray(1, headerLength), 1);
  const textEnd = frame.length - tagLength;
  const decipher = createDecipheriv("aes-128-ccm", key, nonce, { authTagLength: tagLength });
  decipher.setAuthTag(frame.subarray(textEnd));
  decipher.setAAD(frame.subarray(0, headerLength), { plaintextLength: textEnd - headerLength });
  try {
    decipher.update(frame.subarray(headerLength, textEnd));
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
