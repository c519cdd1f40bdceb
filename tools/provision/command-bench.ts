/** For tests: commands as a user gives them, run in this process, with what they print and their exit code. */
import { vi } from "vitest";
import { main } from "../cli.ts";

export const passphrase = "correct horse battery";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function livlina(...args: readonly string[]): Promise<Ran> {
  return livlinaHeard(() => {}, ...args);
}

/** `onSaid` hears each thing that is said on stderr, as it is said. */
export async function livlinaHeard(onSaid: (text: string) => void, ...args: readonly string[]): Promise<Ran> {
  const said = { stdout: "", stderr: "" };
  vi.stubEnv("LIVLINA_PASSPHRASE", passphrase);
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      said[name] += String(text);
      if (name === "stderr") onSaid(String(text));
      return true;
    }),
  );
  try {
    process.exitCode = 0;
    return { code: await main(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
    process.exitCode = 0;
  }
}
