// The address mirrors what was chosen, so that a link brings another reader to the same experiment:
//
//   #preset=moons&seed=3&net=dense(units:8,activation:relu);dense(units:1,activation:sigmoid)&lr=0.01&batch=16
//   #preset=iris&targets=4+3&outputs=species+petal_width&losses=sparse_categorical_crossentropy+huber(delta:2)
//     &loss-weights=1+0.5&metrics=accuracy+precision;mean_absolute_error            of each output in their order
//
// Only what differs from the preset is written, and never anything of the user's own data: with a file open the address is
// empty. What comes from an address is not trusted: each value has a range, names are looked up, the rest is ignored.

import type { BuiltinOptions, LayerSpec, ModelSpec, Named, Spec, SplitSpec, TableReport, TrainingSpec } from "../engine/protocol";
import { findPreset, type Preset } from "../presets/presets";
import { MAX_LAYERS, MAX_UNITS, metricsFor } from "./layers";
import type { Choices, DataSource } from "./state";
import { isOfRow, lossOf, metricsOf, weightedMetricsOf, weightOf } from "./targets";

export interface Linked {
  preset: Preset;
  options: BuiltinOptions;
  model: ModelSpec;
  training: TrainingSpec;
  split: SplitSpec;
  /** Columns to predict, where it is not the last one; none: the row itself, or of a sequence the label so many steps ahead. */
  targets?: number[];
  ahead?: number;
  /** The column that weighs the rows. */
  weight?: number;
}

const MAX_HASH = 4000;

interface Range {
  min: number;
  max: number;
  integer?: boolean;
}

const seeds: Range = { min: 0, max: 4294967295, integer: true };
const place: Range = { min: 0, max: 9999, integer: true };
const share: Range = { min: 0, max: 0.9 };

/** Arguments of layers whose range the page knows; of all others a link carries names, numbers and short lists. */
const layerArguments: Record<string, Range> = {
  units: { min: 1, max: MAX_UNITS, integer: true },
  rate: { min: 0, max: 0.95 },
  momentum: { min: 0, max: 1 },
  epsilon: { min: 0, max: 1 },
  l1: { min: 0, max: 100 },
  l2: { min: 0, max: 100 },
};

const WORD = /^[a-z][a-z0-9_]{0,39}$/;
/** The same as a value, which may be a further output of a layer: "encoder:1". */
const VALUE = /^[a-z][a-z0-9_]{0,39}(:\d{1,2})?$/;
const any: Range = { min: -1e12, max: 1e12 };
const weights: Range = { min: 0, max: 1e6 };
/** Of a list in a link: sizes, axes, names of inputs. */
const MOST_ITEMS = 8;
/** Of losses or metrics. */
const MOST_KINDS = 20;
/** What belongs to a layer besides its arguments. */
const NO_ARGUMENTS = new Set(["type", "constructor"]);

/** A value as a link has it, "3", "same", "true" or "3+3"; undefined: it cannot be said in one. */
function writeValue(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => (Array.isArray(item) ? undefined : writeValue(item)));
    const whole = items.length > 0 && items.length <= MOST_ITEMS && items.every((item) => item !== undefined);
    return whole ? items.join("+") + (items.length === 1 ? "+" : "") : undefined;
  }
  const text = typeof value === "string" || typeof value === "number" || value === true || value === false ? `${value}` : "";
  return VALUE.test(text) || (typeof value === "number" && Number.isFinite(value)) ? text.replace("+", "") : undefined;
}

/** The other way; undefined: no value of ours. */
function readValue(text: string, range: Range | undefined): unknown {
  if (text.includes("+")) {
    const items = text.replace(/\+$/, "").split("+");
    const values = items.map((item) => readValue(item, range));
    return items.length <= MOST_ITEMS && values.every((value) => value !== undefined) ? values : undefined;
  }
  if (range === undefined && (text === "true" || text === "false")) return text === "true";
  if (range === undefined && VALUE.test(text)) return text;
  return within(text, range ?? any);
}

/** The part of the address after `#`, or "" where there is nothing to share. */
export function writeHash(source: DataSource | null, choices: Choices, report: TableReport | null = null): string {
  if (source?.kind !== "builtin") return "";
  const preset = findPreset(choices.preset);
  if (!preset || preset.data.name !== source.name) return "";
  const { training, split, model } = choices;
  const pairs: [string, string][] = [["preset", preset.name]];
  const differs = (key: string, value: number | string | null | undefined, usual: unknown) => {
    if (value !== undefined && value !== usual) pairs.push([key, value === null ? "none" : String(value)]);
  };
  differs("rows", source.options.rows, preset.data.options.rows);
  differs("noise", source.options.noise, preset.data.options.noise);
  differs("data-seed", source.options.seed, preset.data.options.seed);
  differs("weight", weightOf(report), undefined);
  if (report && isOfRow(report)) pairs.push(["targets", report.ahead ? "next" : "none"]);
  const isUsual = !report || report.targets || isOfRow(report) || report.target === report.columns.length - 1;
  if (!isUsual) pairs.push(["targets", String(report.target)]);
  if (report?.targets && model.outputs) {
    differs("targets", writeValue(report.targets.map(({ column }) => column)), "");
    differs("outputs", writeValue(model.outputs), "");
    differs("losses", writeKinds(model.outputs.map((output) => lossOf(training, output))), "");
    const factors = model.outputs.map((output) => training.loss_weights?.[output] ?? 1);
    if (factors.some((factor) => factor !== 1)) differs("loss-weights", writeValue(factors), "");
  }
  const outputs: readonly (string | undefined)[] = model.outputs ?? [undefined];
  const usual = report?.targets?.map(({ task }) => metricsFor(task)) ?? [metricsOf(preset.training, undefined)];
  differs("metrics", writeLists(outputs.map((output) => metricsOf(training, output))), writeLists(usual));
  const weighted = outputs.map((output) => weightedMetricsOf(training, output));
  if (weighted.some((list) => list.length > 0)) differs("weighted-metrics", writeLists(weighted), "");
  const net = writeModel(model);
  differs("net", net, writeModel(preset.model));
  // A link has no words for schedules: the reader begins with the preset's rate.
  const { learning_rate } = training.optimizer;
  if (typeof learning_rate === "number") differs("lr", learning_rate, preset.training.optimizer.learning_rate);
  differs("batch", training.batch_size, preset.training.batch_size);
  differs("optimizer", training.optimizer.type, preset.training.optimizer.type);
  if (outputs.length === 1) differs("loss", writeKinds([lossOf(training, outputs[0])]), preset.training.loss);
  differs("epochs", training.epochs, preset.training.epochs);
  differs("shuffle", String(training.shuffle), String(preset.training.shuffle));
  differs("seed", training.seed, preset.training.seed);
  differs("validation", split.validation, preset.split.validation);
  differs("test", split.test, preset.split.test);
  differs("split-seed", split.seed, preset.split.seed);
  return pairs.map(([key, value]) => `${key}=${value}`).join("&");
}

/** What a link asks for; null where it names no preset of ours. */
export function readHash(hash: string): Linked | null {
  const text = safelyDecoded(hash.replace(/^#/, ""));
  if (text === null || text.length > MAX_HASH) return null;
  const values = new Map<string, string>();
  for (const pair of text.split("&")) {
    const at = pair.indexOf("=");
    if (at > 0) values.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const preset = findPreset(values.get("preset"));
  if (!preset) return null;

  const numberOr = (key: string, usual: number, range: Range): number => within(values.get(key), range) ?? usual;
  const wordOr = (key: string, usual: string): string => {
    const word = values.get(key);
    return word !== undefined && WORD.test(word) ? word : usual;
  };
  const { data, training } = preset;
  const options: BuiltinOptions = { ...data.options, seed: numberOr("data-seed", data.options.seed, seeds) };
  if (data.options.rows !== undefined) {
    options.rows = numberOr("rows", data.options.rows, { min: 10, max: 100_000, integer: true });
  }
  if (data.options.noise !== undefined) options.noise = numberOr("noise", data.options.noise, { min: 0, max: 10 });

  const type = wordOr("optimizer", training.optimizer.type);
  const learning_rate =
    within(values.get("lr"), { min: 1e-8, max: 100 }) ?? training.optimizer.learning_rate;
  const optimizer =
    type === training.optimizer.type ? { ...training.optimizer, learning_rate } : { type, learning_rate };
  const epochs =
    values.get("epochs") === "none" ? null : within(values.get("epochs"), { min: 1, max: 1e6, integer: true });
  let split: SplitSpec = {
    validation: numberOr("validation", preset.split.validation, share),
    test: numberOr("test", preset.split.test, share),
    seed: numberOr("split-seed", preset.split.seed, seeds),
  };
  if (split.validation + split.test > 0.9) split = preset.split;
  const list = (key: string, range?: Range) => {
    const value = readValue(values.get(key) ?? "", range);
    return Array.isArray(value) ? (value as unknown[]) : [];
  };
  const targets = list("targets", place) as number[];
  const outputs = list("outputs").filter((name) => typeof name === "string");
  const losses = readKinds(values.get("losses") ?? "") ?? [];
  const factors = list("loss-weights", weights) as number[];
  const several = targets.length > 1 && outputs.length === targets.length && new Set(targets).size === targets.length;
  /** What is said of each output in their order; nothing where it is said of another number of them. */
  const byOutput = <T>(said: readonly T[] | undefined): Record<string, T> | undefined =>
    several && said?.length === outputs.length
      ? Object.fromEntries(outputs.map((output, i) => [output, said[i] as T]))
      : undefined;
  const lists = (key: string): TrainingSpec["metrics"] | undefined => {
    const said = values.has(key) ? readLists(values.get(key) ?? "") : undefined;
    return several ? byOutput(said) : said?.length === 1 ? said[0] : undefined;
  };
  const loss_weights = byOutput(factors);
  const weighted_metrics = lists("weighted-metrics");
  const [loss = training.loss, ...others] = readKinds(values.get("loss") ?? "") ?? [];
  const row = ["none", "next"].find((word) => word === values.get("targets"));
  // Of built-in data the last column is the target, where nothing else is said.
  const one = within(values.get("targets"), place);
  const net = readModel(values.get("net")) ?? preset.model;
  const weight = within(values.get("weight"), { min: 0, max: 10_000, integer: true });
  return {
    preset,
    options,
    ...(weight === undefined ? {} : { weight }),
    model: several ? { ...net, outputs } : net,
    ...(several ? { targets } : one !== undefined ? { targets: [one] } : row ? { targets: [], ahead: row === "next" ? 1 : 0 } : {}),
    training: {
      ...training,
      loss: byOutput(losses) ?? (others.length === 0 ? loss : training.loss),
      ...(loss_weights ? { loss_weights } : {}),
      metrics: lists("metrics") ?? training.metrics,
      ...(weighted_metrics ? { weighted_metrics } : {}),
      optimizer,
      batch_size: numberOr("batch", training.batch_size, { min: 1, max: 65_536, integer: true }),
      epochs: epochs === undefined ? training.epochs : epochs,
      shuffle: values.has("shuffle") ? values.get("shuffle") !== "false" : training.shuffle,
      seed: numberOr("seed", training.seed, seeds),
    },
    split,
  };
}

function safelyDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function within(text: string | undefined, range: Range): number | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < range.min || value > range.max) return undefined;
  return range.integer && !Number.isInteger(value) ? undefined : value;
}

/** "dense(units:8,activation:relu);dropout(rate:0.2)", or undefined for a network that this cannot say in full. */
export function writeModel(model: ModelSpec): string | undefined {
  const layers: string[] = [];
  for (const layer of model.layers) {
    const parts: string[] = [];
    for (const [key, value] of Object.entries(layer)) {
      if (key === "type" || value === undefined || value === null) continue;
      if (key === "kernel_regularizer" && typeof value === "object") {
        const { type, l1, l2 } = value as Named & { l1?: number; l2?: number };
        if (!/^l[12](_l2)?$/.test(type)) return undefined;
        if (l1) parts.push(`l1:${l1}`);
        if (l2) parts.push(`l2:${l2}`);
      } else {
        const written = writeArgument(key, value);
        if (written === undefined) return undefined;
        parts.push(...written);
      }
    }
    layers.push(`${layer.type}(${parts.join(",")})`);
  }
  return layers.join(";");
}

/** "units:8", or of a kind with arguments of its own "activation:elu" and "activation.alpha:0.5". */
function writeArgument(key: string, value: unknown): string[] | undefined {
  if (!WORD.test(key)) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const written = writeValue(value);
    return written === undefined ? undefined : [`${key}:${written}`];
  }
  const parts: string[] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined || inner === null) continue;
    const written = writeValue(inner);
    if (written === undefined || !WORD.test(name)) return undefined;
    parts.push(`${name === "type" ? key : `${key}.${name}`}:${written}`);
  }
  return "type" in value ? parts : undefined;
}

/** Losses or metrics, "accuracy+precision(thresholds:0.7)"; undefined where this cannot say them in full. */
function writeKinds(kinds: readonly Spec[]): string | undefined {
  const written = kinds.map((kind) => {
    const { type, ...given } = typeof kind === "string" ? { type: kind } : kind;
    const parts = Object.entries(given).flatMap(([key, value]) => (value == null ? [] : (writeArgument(key, value) ?? [""])));
    return parts.includes("") || !WORD.test(type) ? "" : parts.length > 0 ? `${type}(${parts.join(",")})` : type;
  });
  return written.length > MOST_KINDS || written.includes("") ? undefined : written.join("+");
}

/** The other way; undefined where any of them is not as it should be. */
function readKinds(text: string): Spec[] | undefined {
  if (text === "") return [];
  // What stands in brackets is a list of its own.
  const pieces = text.split(/\+(?![^(]*\))/);
  const kinds = pieces.map((piece): Spec | null => {
    const kind = readLayer(piece.includes("(") ? piece : `${piece}()`);
    return kind && Object.keys(kind).length === 1 ? kind.type : kind;
  });
  return kinds.length <= MOST_KINDS && kinds.every((kind) => kind !== null) ? kinds : undefined;
}

/** Lists of them, one for each output: "accuracy+precision;mean_absolute_error". */
function writeLists(lists: readonly (readonly Spec[])[]): string | undefined {
  const written = lists.map(writeKinds);
  return written.includes(undefined) ? undefined : written.join(";");
}

function readLists(text: string): Spec[][] | undefined {
  const lists = text.split(";").map(readKinds);
  return lists.every((list) => list !== undefined) ? lists : undefined;
}

/** The network of a link, or null where any part of it is not as it should be. */
export function readModel(text: string | undefined): ModelSpec | null {
  if (!text) return null;
  const pieces = text.split(";");
  if (pieces.length > MAX_LAYERS) return null;
  const layers: LayerSpec[] = [];
  for (const piece of pieces) {
    const layer = readLayer(piece);
    if (!layer) return null;
    layers.push(layer);
  }
  return { version: 1, layers };
}

function readLayer(text: string): LayerSpec | null {
  const match = /^([a-z0-9_]{1,40})\(([^()]*)\)$/.exec(text);
  const [, type, inside] = match ?? [];
  if (!type || inside === undefined || !WORD.test(type)) return null;
  const layer: LayerSpec = { type };
  const penalty: { l1?: number; l2?: number } = {};
  for (const part of inside === "" ? [] : inside.split(",")) {
    const at = part.indexOf(":");
    const key = part.slice(0, at);
    const written = part.slice(at + 1);
    const range = Object.hasOwn(layerArguments, key) ? layerArguments[key] : undefined;
    const value = readValue(written, range);
    const [outer = "", inner, ...more] = key.split(".");
    if (inner !== undefined) {
      if (!WORD.test(inner) || NO_ARGUMENTS.has(inner) || NO_ARGUMENTS.has(outer) || more.length > 0) return null;
      const kind: unknown = Object.hasOwn(layer, outer) ? layer[outer] : undefined;
      const named = typeof kind === "string" ? { type: kind } : kind;
      if (typeof named !== "object" || named === null || value === undefined) return null;
      layer[outer] = { ...named, [inner]: value };
      continue;
    }
    if (at < 1 || !WORD.test(key) || value === undefined) return null;
    if (key === "l1" || key === "l2") penalty[key] = Number(value);
    else if (NO_ARGUMENTS.has(key)) return null;
    else layer[key] = key === "inputs" && !Array.isArray(value) ? [value] : value;
  }
  const { l1, l2 } = penalty;
  if (l1 || l2) layer.kernel_regularizer = { type: l1 && l2 ? "l1_l2" : l1 ? "l1" : "l2", ...penalty };
  return layer;
}
