// As little memory as a telephone may give: what does not fit is refused with a button that makes it fit.

import { expect, test } from "./test";

const memory_bytes = 256 * 1024 * 1024;

test("a batch that does not fit the memory there is gets a button with one that does", async ({ lab, page }) => {
  await page.addInitScript((options) => {
    Object.assign((globalThis as unknown as { tabgradTest: object }).tabgradTest, { options });
  }, { memory_bytes });
  await lab.open();
  await page.evaluate(() => {
    interface Sending {
      send(command: object): void;
    }
    const { clients } = (globalThis as unknown as { tabgradTest: { clients: Sending[] } }).tabgradTest;
    clients[0]?.send({
      type: "configure",
      model: {
        version: 1,
        layers: [
          { type: "dense", units: 4000, activation: "relu" },
          { type: "dense", units: 3, activation: "softmax" },
        ],
      },
      training: {
        loss: "sparse_categorical_crossentropy",
        optimizer: { type: "adam", learning_rate: 0.01 },
        metrics: ["accuracy"],
        batch_size: 10_000,
        epochs: null,
        shuffle: true,
        seed: 1,
      },
      split: { validation: 0.15, test: 0.15, seed: 1 },
    });
  });
  const message = lab.messages.filter({ hasText: "at batch_size 10000" });
  await expect(message).toHaveText(/expected a model that trains in 1\d\d MB, found \d+ MB at batch_size 10000; batch_size \d+ would fit/);
  const button = message.getByRole("button", { name: /^Set the batch size to \d+$/ });
  const batch = Number((await button.innerText()).replace(/\D/g, ""));
  await button.click();
  const summary = async () => (await lab.lastHeard("configured"))?.["summary"] as { batch_size: number; bytes: number } | undefined;
  await expect.poll(async () => (await summary())?.batch_size).toBe(batch);
  expect((await summary())?.bytes).toBeLessThanOrEqual((memory_bytes / 4) * 3);
  await expect(message).toHaveCount(0);
  await lab.ready();
  await lab.trainFor(1);
});
