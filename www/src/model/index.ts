// What programs load: `import { Model } from ".../model.js"`. Beside tabgrad.js the only script of the built folder whose name
// stays the same; its types lie beside it in model.d.ts.

export { Model } from "./model";
export type { Layer } from "./layer";
export type { ModelOptimizer } from "./optimizer";
export type {
  Callback,
  CompileOptions,
  EvaluateOptions,
  FitOptions,
  History,
  LayerSpec,
  LayerSummary,
  LoadOptions,
  Logs,
  ModelOptions,
  Named,
  Numbers,
  Optimizer,
  Parts,
  PredictOptions,
  RangeTest,
  RangeTestOptions,
  Rows,
  SampleWeight,
  ScoreList,
  Spec,
  Summary,
  Target,
  TestOnBatchOptions,
  TrainOnBatchOptions,
  Weight,
} from "./types";
