/** Which part of the program takes the processor's time: V8's own sampling, summed by folder. */
import { type Profiler, Session } from "node:inspector";
import { promisify } from "node:util";

export interface Share {
  /** A folder such as `protocol/sip`, or `packages`, `node`, `collector`. */
  readonly part: string;
  /** Of all samples but the idle ones, 0 to 1. */
  readonly share: number;
}

const root = new URL("../../", import.meta.url).href;

/** Parts by falling share; the sum is 1. */
export async function sharesOf(work: () => Promise<unknown>): Promise<Share[]> {
  const session = new Session();
  session.connect();
  const post = promisify(session.post.bind(session)) as (method: string) => Promise<unknown>;
  await post("Profiler.enable");
  await post("Profiler.start");
  try {
    await work();
    const { profile } = (await post("Profiler.stop")) as Profiler.StopReturnType;
    return sharesIn(profile);
  } finally {
    session.disconnect();
  }
}

/** By each function's own time, without what it calls. */
export function sharesIn(profile: Profiler.Profile): Share[] {
  const parts = new Map(profile.nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  const times = new Map<string, number>();
  let whole = 0;
  for (const [i, id] of (profile.samples ?? []).entries()) {
    const part = parts.get(id) ?? "";
    const time = profile.timeDeltas?.[i] ?? 0;
    if (part === "") continue;
    whole += time;
    times.set(part, (times.get(part) ?? 0) + time);
  }
  return [...times]
    .map(([part, time]) => ({ part, share: time / whole }))
    .sort((one, other) => other.share - one.share);
}

/** "" for what is no work. */
function partOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  if (functionName === "(garbage collector)") return "collector";
  if (functionName.startsWith("(") && functionName !== "(anonymous)") return "";
  if (url.includes("/node_modules/")) return "packages";
  if (!url.startsWith(root)) return "node";
  const folders = url.slice(root.length).split("/").slice(0, -1);
  return folders.slice(0, 2).join("/");
}
