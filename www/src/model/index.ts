// What programs load: `import { Model } from ".../model.js"`. Beside tabgrad.js the only script of the built folder whose name
// stays the same; its types lie beside it in model.d.ts.

export { Model } from "./model";
export type {
  CompileOptions,
  EpochCallback,
  EvaluateOptions,
  FitOptions,
  History,
  LayerSpec,
  Logs,
  ModelOptions,
  Named,
  Numbers,
  Optimizer,
  Parts,
  PredictOptions,
  Rows,
  SampleWeight,
  Spec,
  Summary,
  Target,
  Weight,
} from "./types";
