/** Messages that wait to be sent to one receiver over one route, for its name (RFC 3263 4) or for its registrar (RFC 3261 10). */

/** Messages that wait for a name or a registrar at once; beyond, the oldest waits no longer. */
export const waitingLimit = 8;

/** A message that is to go out. */
export interface Waiting {
  readonly attempt: number;
  readonly method: "MESSAGE" | "OPTIONS";
  readonly body: Uint8Array;
  /** It waits for no registrar, nor for a name that was known before. */
  readonly urgent: boolean;
  /** All else has failed: it goes out even where the certificate is wrong. */
  readonly lastResort: boolean;
}

/** Takes out what waits for that attempt. */
export function drop(waiting: Waiting[], attempt: number): void {
  for (let i = waiting.length - 1; i >= 0; i--) if ((waiting[i] as Waiting).attempt === attempt) waiting.splice(i, 1);
}
