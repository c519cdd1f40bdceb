/** Plays lists on XS, with computrons and slots of every line. */
import type { Answer, Engine } from "./engine.ts";
import { XsWorker } from "./xs-worker.ts";

/** The first letter says what is wanted, the first line with whom; texts go as UTF-8 both ways. */
const glue = `
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  globalThis.handleCommand = (bytes) => {
    const text = decoder.decode(bytes);
    if (text === "g") {
      gc();
      return bytes;
    }
    const border = text.indexOf("\\n");
    const first = text.slice(1, border);
    const rest = text.slice(border + 1);
    const told = text[0] === "h" ? livlina.hear(rest) : text[0] === "s" ? livlina.start(rest, first) : livlina.vectors(first, rest);
    return encoder.encode(told).buffer;
  };
`;

export const xsEngine: Engine = {
  name: "xs",
  open: async (script) => {
    const worker = new XsWorker();
    await worker.evaluate(script);
    await worker.evaluate(glue);
    let slots = 0;
    const live = async (): Promise<number> => {
      // Each text that is evaluated stays in the engine, so that a count by evaluating would count itself.
      ({ slots } = await worker.command("g"));
      return slots;
    };
    const answer = async (command: string): Promise<Answer> => {
      const reply = await worker.command(command);
      const taken = reply.slots - slots;
      slots = reply.slots;
      return { told: reply.result.toString("utf8"), computrons: reply.computrons, slots: taken };
    };
    await live();
    return {
      start: (list, telling) => answer(`s${telling}\n${JSON.stringify(list.head)}`),
      hear: (line) => answer(`h\n${line}`),
      vectors: async (kind, text) => (await answer(`v${kind}\n${text}`)).told,
      live,
      close: () => worker.close(),
    };
  },
};
