// Networks whose target is the row itself: through a narrow place and back (an autoencoder), for columns, pictures and sequences;
// and one that says the next label of every step. Code of its own: it comes when somebody asks for it.
//
//   row ── wide ── code ── wide ── row again          the code is narrower than the row, so that copying is no way

import type { LayerSpec, ModelSpec, TableReport, TrainingSpec, SplitSpec } from "../engine/protocol";
import { typeOf } from "../store/kinds";
import { lossOf, metricsOf } from "../store/targets";
import { dense } from "./networks";
import { countInputs, propose } from "./propose";

/** The narrow place, by its name on the page. */
const code = (units: number): LayerSpec => ({ ...dense(units, "linear"), name: "code" });

export function proposeRow(report: TableReport): { model: ModelSpec; training: TrainingSpec; split: SplitSpec } {
  const usual = propose(report);
  return {
    ...usual,
    model: { version: 1, layers: layersFor(report) },
    training: rowTraining(usual.training, report),
  };
}

/** What is made small and scored: how far off a value is, in standard deviations, or the share of steps that are right. */
export function rowTraining(training: TrainingSpec, { task }: TableReport): TrainingSpec {
  const [loss, able, metrics] =
    task === "sequence"
      ? (["sparse_categorical_crossentropy", ["sparse_categorical_crossentropy"], ["accuracy"]] as const)
      : (["mean_squared_error", NUMERIC, ["root_mean_squared_error", "mean_absolute_error"]] as const);
  const fits = able.some((type) => type === typeOf(lossOf(training, undefined)));
  const given = metricsOf(training, undefined);
  return {
    ...training,
    loss: fits ? training.loss : loss,
    metrics: fits && given.length > 0 && typeOf(given[0] ?? "") !== "accuracy" ? given : [...metrics],
    class_weight: null,
  };
}

/** Losses that a row of numbers may be made again with. */
const NUMERIC = ["mean_squared_error", "mean_absolute_error", "huber", "log_cosh", "cosine_similarity"] as const;

function layersFor(report: TableReport): LayerSpec[] {
  const { form, ahead = 0 } = report;
  if (form && "tokens" in form) return ahead > 0 ? nextToken(form.tokens) : sequence(form.tokens);
  if (form) return picture(form.image);
  const features = countInputs(report);
  const width = Math.min(64, Math.max(8, 2 ** Math.ceil(Math.log2(2 * features))));
  const narrow = Math.min(16, Math.max(1, Math.floor(features / 2)));
  return [dense(width, "relu"), code(narrow), dense(width, "relu"), dense(features, "linear")];
}

function picture({ height, width, channels }: { height: number; width: number; channels: number }): LayerSpec[] {
  return [
    { type: "flatten" },
    dense(64, "relu"),
    code(16),
    dense(64, "relu"),
    dense(height * width * channels, "linear"),
    { type: "reshape", target_shape: [height, width, channels] },
  ];
}

interface Tokens {
  length: number;
  vocabulary: number;
}

function sequence({ length, vocabulary }: Tokens): LayerSpec[] {
  return [
    { type: "embedding", input_dim: vocabulary, output_dim: 8 },
    { type: "lstm", units: 32, name: "code" },
    { type: "repeat_vector", n: length },
    { type: "lstm", units: 32, return_sequences: true },
    dense(vocabulary, "softmax"),
  ];
}

/** What stands later is not seen: a recurrent layer knows what came before. */
function nextToken({ vocabulary }: Tokens): LayerSpec[] {
  return [
    { type: "embedding", input_dim: vocabulary, output_dim: 16 },
    { type: "lstm", units: 32, return_sequences: true },
    dense(vocabulary, "softmax"),
  ];
}
