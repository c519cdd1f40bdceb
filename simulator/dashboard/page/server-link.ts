/** The line to the dashboard's server: its story, frames as they come, and orders. The token stays in this page. */
import type { Answer, Frame, Order, Story } from "../messages.ts";

export class ServerLink {
  private readonly token: string;

  constructor(token: string) {
    this.token = token;
  }

  async story(): Promise<Story> {
    const answer = await fetch("/story", { headers: { "x-livlina-token": this.token } });
    if (!answer.ok) throw new Error(`story: ${answer.status}`);
    return (await answer.json()) as Story;
  }

  watch(onFrame: (frame: Frame) => void, onLost: () => void): void {
    const source = new EventSource(`/frames?token=${encodeURIComponent(this.token)}`);
    source.addEventListener("message", (event) => onFrame(JSON.parse(event.data as string) as Frame));
    source.addEventListener("error", onLost);
  }

  async order(order: Order): Promise<Answer> {
    const headers = { "content-type": "application/json", "x-livlina-token": this.token };
    try {
      const answer = await fetch("/orders", { method: "POST", headers, body: JSON.stringify(order) });
      return (await answer.json()) as Answer;
    } catch {
      return { ok: false, why: "no answer" };
    }
  }
}
