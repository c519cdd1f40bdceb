/** V8 as it stands in Node: the reference of every other engine. A script runs in a context of its own. */
import { createContext, Script } from "node:vm";
import type { Answer, Engine, Session } from "./engine.ts";

interface Guest {
  start(head: string, telling: string): string;
  hear(line: string): string;
  vectors(kind: string, text: string): string;
}

/** `file`: the name that coverage knows the script by. */
export function nodeEngine(file = "device.js"): Engine {
  return {
    name: "node",
    open: async (script) => {
      const context = createContext({});
      new Script(script, { filename: file }).runInContext(context);
      return sessionOf(new Script("livlina").runInContext(context) as Guest);
    },
  };
}

function sessionOf(guest: Guest): Session {
  const free = async (told: string): Promise<Answer> => ({ told, computrons: 0, slots: 0 });
  return {
    start: (list, telling) => free(guest.start(JSON.stringify(list.head), telling)),
    hear: (line) => free(guest.hear(line)),
    vectors: async (kind, text) => guest.vectors(kind, text),
    live: async () => 0,
    close: async () => {},
  };
}
