import { expect, it } from "vitest";
import { Callbacks } from "./callbacks";
import { allow, nearest, wholeNumber } from "./options";

it("an option that there is not is refused, with the nearest one", () => {
  const known = ["epochs", "batch_size", "validation_split"];
  expect(() => allow("fit", { epochs: 3 }, known)).not.toThrow();
  expect(() => allow("fit", { epoch: 3 }, known)).toThrow(
    'fit: expected options among epochs, batch_size, validation_split, found "epoch": did you mean "epochs"?',
  );
  expect(() => allow("fit", { verbose: 1 }, known)).toThrow(/found "verbose"$/);
});

it("few letters other, more, fewer or swapped make the nearest name", () => {
  expect(nearest("bacth_size", ["batch_size", "epochs"])).toBe("batch_size");
  expect(nearest("Epochs", ["batch_size", "epochs"])).toBe("epochs");
  expect(nearest("validation_spilt", ["validation_data", "validation_split"])).toBe("validation_split");
  expect(nearest("transformer", ["dense", "dropout"])).toBeUndefined();
});

it("numbers of things are whole", () => {
  wholeNumber("steps", undefined);
  wholeNumber("steps", 3);
  wholeNumber("epochs", 0, 0);
  expect(() => wholeNumber("steps", 0)).toThrow("steps: expected a whole number of at least 1, found 0");
  expect(() => wholeNumber("steps", 2.5)).toThrow("found 2.5");
});

it("callbacks are asked at the moments that they look at, one after the other", async () => {
  const said: string[] = [];
  const callbacks = new Callbacks([
    "csv_logger",
    { type: "time_limit", seconds: 3 },
    {
      async on_epoch_end(epoch, logs) {
        await Promise.resolve();
        said.push(`first ${String(epoch)} ${String(logs["loss"])}`);
        return false;
      },
    },
    { on_epoch_end: (epoch) => said.push(`second ${String(epoch)}`) },
  ]);
  expect(callbacks.specs).toHaveLength(2);
  expect(callbacks.moments()).toEqual(["epoch_end"]);
  expect(await callbacks.tell({ at: "epoch_end", epoch: 4, logs: { loss: 2 } })).toBe(false);
  expect(await callbacks.tell({ at: "epoch_begin", epoch: 5 })).toBe(true);
  expect(said).toEqual(["first 4 2", "second 4"]);
});

it("a method that would never be called is refused, of a class too", () => {
  class Mine {
    on_epoch_ends(): void {}
  }
  expect(() => new Callbacks([new Mine() as object])).toThrow(/callbacks\[0\].*found "on_epoch_ends": did you mean "on_epoch_end"\?/);
});
