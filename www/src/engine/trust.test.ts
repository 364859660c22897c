import { afterEach, expect, test, vi } from "vitest";

type Rules = { createScriptURL(url: string): string };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("own blobs pass, other addresses do not, and the policy is made once", async () => {
  const createPolicy = vi.fn<(name: string, rules: Rules) => void>();
  vi.stubGlobal("trustedTypes", { createPolicy });
  const { trustOwnBlobs } = await import("./trust");
  trustOwnBlobs();
  trustOwnBlobs();
  expect(createPolicy).toHaveBeenCalledTimes(1);
  const [name, rules] = createPolicy.mock.calls[0] ?? [];
  expect(name).toBe("default");
  const own = `blob:${location.origin}/7`;
  expect(rules?.createScriptURL(own)).toBe(own);
  expect(() => rules?.createScriptURL("https://elsewhere.example/a.js")).toThrow("not a script of the engine");
});

test("a host that forbids the policy breaks nothing", async () => {
  vi.stubGlobal("trustedTypes", {
    createPolicy() {
      throw new TypeError("refused");
    },
  });
  const { trustOwnBlobs } = await import("./trust");
  expect(trustOwnBlobs).not.toThrow();
});
