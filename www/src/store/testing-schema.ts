// A schema for tests, with an argument of every kind and a layer of every family.

import type { Argument, ArgumentKind, Choice, Kind, Schema } from "../engine/protocol";

const choice = (type: string, doc = `What ${type} does.`): Choice => ({
  type,
  label: type.charAt(0).toUpperCase() + type.slice(1).replaceAll("_", " "),
  doc,
});

const argument = (name: string, kind: ArgumentKind, usual: unknown, more: Partial<Argument> = {}): Argument => ({
  ...choice(name, `What ${name} is.`),
  name,
  kind,
  default: usual,
  ...more,
});

const common = { common: true };

const kind = (type: string, args: Argument[] = [], more: Partial<Kind> = {}): Kind => ({
  ...choice(type),
  arguments: args,
  ...more,
});

const weights = [
  argument("use_bias", "boolean", true),
  argument("kernel_initializer", "initializer", "glorot_uniform"),
  argument("kernel_regularizer", "regularizer", null),
  argument("kernel_constraint", "constraint", null),
];

const convolution = (type: string): Kind =>
  kind(
    type,
    [
      argument("filters", "integer", 32, { min: 1, ...common }),
      argument("kernel_size", "sizes", 3, { min: 1, ...common }),
      argument("strides", "sizes", 1, { min: 1 }),
      argument("padding", "choice", "valid", { choices: [choice("valid"), choice("same")] }),
      argument("activation", "activation", "linear", common),
      ...weights,
    ],
    { family: "convolution" },
  );

const recurrent = (type: string): Kind =>
  kind(
    type,
    [
      argument("units", "integer", 16, { min: 1, ...common }),
      argument("return_sequences", "boolean", false, common),
      argument("recurrent_dropout", "number", 0, { min: 0, max: 0.95 }),
      ...weights,
    ],
    { family: "recurrent" },
  );

const family = (name: string, ...types: string[]): Kind[] => types.map((type) => kind(type, [], { family: name }));

export const testingSchema: Schema = {
  layers: [
    kind(
      "dense",
      [
        argument("units", "integer", 8, { min: 1, ...common }),
        argument("activation", "activation", "linear", common),
        ...weights,
      ],
      { family: "core" },
    ),
    kind(
      "embedding",
      [
        argument("input_dim", "integer", 1000, { min: 1, ...common }),
        argument("output_dim", "integer", 16, { min: 1, ...common }),
        argument("mask_zero", "boolean", false),
      ],
      { family: "core" },
    ),
    kind("activation", [argument("activation", "activation", "relu", common)], { family: "activation" }),
    ...family("activation", "prelu", "leaky_relu", "elu"),
    ...["conv1d", "conv2d", "conv2d_transpose", "depthwise_conv2d", "separable_conv2d"].map(convolution),
    kind("max_pooling2d", [argument("pool_size", "sizes", 2, { min: 1, ...common }), argument("strides", "sizes", null)], {
      family: "pooling",
    }),
    ...family("pooling", "average_pooling2d", "global_average_pooling1d", "global_average_pooling2d"),
    ...["lstm", "gru", "simple_rnn"].map(recurrent),
    kind(
      "bidirectional",
      [argument("layer", "layer", { type: "lstm", units: 16 }, common), argument("merge_mode", "text", "concat")],
      { family: "recurrent" },
    ),
    kind(
      "multi_head_attention",
      [argument("num_heads", "integer", 8, { min: 1, ...common }), argument("key_dim", "integer", 64, { min: 1, ...common })],
      { family: "attention" },
    ),
    kind("layer_normalization", [argument("axis", "axes", -1), argument("epsilon", "number", 0.001)], {
      family: "normalization",
    }),
    ...family("normalization", "batch_normalization", "group_normalization"),
    kind("dropout", [argument("rate", "number", 0.5, { min: 0, max: 0.95, ...common })], { family: "regularization" }),
    kind("flatten", [], { family: "reshaping" }),
    kind("reshape", [argument("target_shape", "shape", [16], common)], { family: "reshaping" }),
    ...family("merging", "add", "concatenate", "multiply"),
    kind("transformer_block", [argument("num_heads", "integer", 2, common)], { family: "block" }),
  ],
  losses: [
    kind("mean_squared_error", [], { tasks: ["regression"] }),
    kind("binary_crossentropy", [argument("label_smoothing", "number", 0, { min: 0, max: 1 })], { tasks: ["binary"] }),
    kind("sparse_categorical_crossentropy", [], { tasks: ["multiclass"] }),
  ],
  optimizers: [
    kind("sgd", [argument("learning_rate", "schedule", 0.01, common), argument("momentum", "number", 0, { min: 0, max: 1 })]),
    kind("adam", [argument("learning_rate", "schedule", 0.001, common), argument("clipnorm", "number", null, { min: 0 })]),
  ],
  regularizers: [
    kind("l2", [argument("l2", "number", 0.01, { logarithmic: true, min: 0 })]),
    kind("orthogonal_regularizer", [argument("factor", "number", 0.01), argument("mode", "choice", "rows", { choices: [choice("rows"), choice("columns")] })]),
  ],
  initializers: [
    kind("glorot_uniform"),
    kind("random_normal", [argument("mean", "number", 0), argument("stddev", "number", 0.05)]),
  ],
  constraints: [kind("non_neg"), kind("max_norm", [argument("max_value", "number", 2), argument("axis", "axes", 0)])],
  schedules: [
    kind("exponential_decay", [
      argument("initial_learning_rate", "number", 0.01, common),
      argument("decay_steps", "integer", 1000, { min: 1 }),
      argument("decay_rate", "number", 0.9),
    ]),
    kind("piecewise_constant_decay", [
      argument("boundaries", "numbers", [100, 1000]),
      argument("values", "numbers", [0.1, 0.01, 0.001]),
    ]),
    kind("linear_warmup", [
      argument("warmup_steps", "integer", 100, common),
      argument("initial_learning_rate", "number", 0),
      argument("schedule", "schedule", 0.01, common),
    ]),
  ],
  callbacks: [
    kind("early_stopping", [
      argument("patience", "integer", 10, { min: 0, ...common }),
      argument("restore_best_weights", "boolean", true),
    ]),
    kind("terminate_on_nan"),
  ],
  activations: [
    kind("linear"),
    kind("relu"),
    kind("softmax"),
    kind("leaky_relu", [argument("negative_slope", "number", 0.2)]),
    kind("gelu", [argument("approximate", "boolean", false)]),
  ],
  metrics: [
    { ...choice("accuracy"), tasks: ["binary", "multiclass"] },
    { ...choice("top_k_categorical_accuracy"), tasks: ["multiclass"], arguments: [argument("k", "integer", 5, { min: 1 })] },
    { ...choice("mean_absolute_error"), tasks: ["regression"] },
  ],
};

/** A layer of the fixture. */
export function layerKind(type: string): Kind {
  const found = testingSchema.layers.find((layer) => layer.type === type);
  if (!found) throw new Error(`the fixture has no layer "${type}"`);
  return found;
}
