/** Work that ends: in its time, or soon after it was told to, or it is given up. Nothing on a bench is waited for without it. */

/** It did not end in its time. */
export class LateError extends Error {
  /** It did not end either when it was told to: whatever it holds, it still holds. */
  readonly isHanging: boolean;

  constructor(message: string, isHanging: boolean) {
    super(message);
    this.name = "LateError";
    this.isHanging = isHanging;
  }
}

/** Somebody ended the run. */
export class InterruptedError extends Error {
  constructor() {
    super("the run was interrupted");
    this.name = "InterruptedError";
  }
}

export interface Limits {
  readonly limitMs: number;
  /** How long work that was told to end may take for it. */
  readonly graceMs: number;
}

/** What `work` answers. Rejects with its error, with LateError past the limit, with InterruptedError once `outer` is aborted. */
export async function within<T>(
  { limitMs, graceMs }: Limits,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (outer?.aborted === true) throw new InterruptedError();
  const inner = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const ending = (): Error =>
    outer?.aborted === true ? new InterruptedError() : new LateError(`did not end within ${limitMs} ms`, false);
  let giveUp = (): void => {};
  const stop = (): void => {
    if (inner.signal.aborted) return;
    inner.abort();
    timers.push(setTimeout(() => giveUp(), graceMs));
  };
  const given = new Promise<never>((_, reject) => {
    giveUp = () =>
      reject(new LateError(`did not end within ${limitMs} ms, nor ${graceMs} ms after it was told to`, true));
  });
  outer?.addEventListener("abort", stop);
  timers.push(setTimeout(stop, limitMs));
  try {
    const result = await Promise.race([work(inner.signal), given]);
    if (inner.signal.aborted) throw ending();
    return result;
  } catch (thrown) {
    if (!inner.signal.aborted || thrown instanceof LateError || thrown instanceof InterruptedError) throw thrown;
    const end = ending();
    throw end instanceof LateError ? new LateError(`${end.message}: ${messageOf(thrown)}`, false) : end;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    outer?.removeEventListener("abort", stop);
  }
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
