import { expect, test } from "vitest";
import { VirtualPort } from "./virtual-port.ts";

test("a port that was pulled is nowhere, and comes back under another number", () => {
  const port = new VirtualPort({ nowMs: () => 0, after: () => ({ cancel: () => {} }), graceMs: 0 });
  const before = port.path;
  port.pull();
  expect(port.path).toBeUndefined();
  port.plug();
  expect([before, undefined]).not.toContain(port.path);
  port.pull();
});
