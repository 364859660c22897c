import { expect, it, vi } from "vitest";
import { labOn, reportOf, summaryOf } from "./testing";

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it("the report is asked for when it is opened, and again whenever training stops while it is open", async () => {
  const { lab, engine } = labOn("iris");
  engine.say({ type: "table", report: reportOf() });
  const asked = vi.spyOn(engine, "report");
  engine.say({ type: "stopped", reason: "paused", epoch: 3 });
  expect(asked, "nobody looks at it").not.toHaveBeenCalled();
  lab.report.toggle();
  await settled();
  expect(lab.state.report).toMatchObject({ open: true, epoch: 3, result: { rows: 30 } });
  engine.say({ type: "stopped", reason: "paused", epoch: 8 });
  await settled();
  expect(asked).toHaveBeenCalledTimes(2);
  expect(lab.state.report.epoch).toBe(8);
  lab.report.choose("train");
  await settled();
  expect(lab.state.report.result?.part).toBe("train");
  lab.report.toggle();
  engine.say({ type: "stopped", reason: "paused", epoch: 9 });
  expect(asked).toHaveBeenCalledTimes(3);
});

it("a report that cannot be made says why, and another table forgets it", async () => {
  const { lab, engine } = labOn("iris");
  vi.spyOn(engine, "report").mockRejectedValue(new Error("There are no test rows to score."));
  lab.report.toggle();
  await settled();
  expect(lab.state.report).toMatchObject({ result: null, problem: "There are no test rows to score." });
  engine.say({ type: "table", report: reportOf() });
  expect(lab.state.report.problem).toBeNull();
});

it("the curve of a schedule is asked for while somebody looks, and a constant has none", async () => {
  const { lab, engine } = labOn("iris");
  engine.say({ type: "table", report: reportOf() });
  engine.say({ type: "configured", summary: summaryOf() });
  const leave = lab.rates.watch();
  await settled();
  expect(lab.state.rates.curve).toBeNull();
  const { optimizer } = lab.state.choices.training;
  lab.changeTraining({ optimizer: { ...optimizer, learning_rate: { type: "cosine_decay", decay_steps: 10 } } });
  engine.say({ type: "configured", summary: summaryOf() });
  await settled();
  expect(lab.state.rates.curve?.epochs).toBe(10);
  leave();
  const asked = vi.spyOn(engine, "learningRates");
  engine.say({ type: "configured", summary: summaryOf() });
  expect(asked).not.toHaveBeenCalled();
});

it("a range test is one at a time", async () => {
  const { lab, engine } = labOn("iris");
  const asked = vi.spyOn(engine, "rangeTest");
  void lab.rates.test();
  void lab.rates.test();
  expect(lab.state.rates.testing).toBe(true);
  await settled();
  expect(asked).toHaveBeenCalledTimes(1);
  expect(lab.state.rates.test?.suggested).toBe(0.25);
  lab.rates.closeTest();
  expect(lab.state.rates.test).toBeNull();
});

it("going back takes later epochs off the curves", () => {
  const { lab, engine } = labOn("iris");
  const scores = { loss: 1, metrics: {} };
  lab.store.set({ history: [1, 2, 3].map((epoch) => ({ epoch, train: scores, validation: null })) });
  lab.restoreKept(1);
  expect(engine.last("restore_kept")).toEqual({ type: "restore_kept", callback: 1 });
  engine.say({ type: "went_back", epoch: 2 });
  expect(lab.state.history.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(lab.state.run).toMatchObject({ status: "paused", epoch: 2 });
});
