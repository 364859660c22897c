// One layer of a model: Keras' `get_layer`.

import type { LayerSummary, Numbers, PredictOptions, Rows, Weight } from "./types";

/** What a layer asks of its model. */
interface Asked {
  output: (name: string, x: Rows, options: PredictOptions) => Promise<Float32Array>;
  get_weights: () => Promise<Weight[]>;
  set_weights: (weights: readonly { name: string; values: Numbers }[]) => Promise<void>;
}

/** A layer of a model, as {@link Model.get_layer} gives it. */
export class Layer implements LayerSummary {
  readonly name: string;
  readonly type: string;
  readonly output_shape: number[];
  readonly parameters: number;
  readonly further_outputs: string[];
  readonly #asked: Asked;

  /** @internal */
  constructor({ name, type, output_shape, parameters, further_outputs }: LayerSummary, asked: Asked) {
    this.name = name;
    this.type = type;
    this.output_shape = output_shape;
    this.parameters = parameters;
    this.further_outputs = further_outputs ?? [];
    this.#asked = asked;
  }

  /** How many weights it has, moving statistics among them. */
  count_params(): number {
    return this.parameters;
  }

  /** What it makes of these rows, as in `predict`: row after row, each of {@link output_shape}. */
  output(x: Rows, options: PredictOptions = {}): Promise<Float32Array> {
    return this.#asked.output(this.name, x, options);
  }

  /** Its own weights. */
  async get_weights(): Promise<Weight[]> {
    return (await this.#asked.get_weights()).filter(({ name }) => name.startsWith(`${this.name}/`));
  }

  /** Other values for some or all of them. */
  async set_weights(weights: readonly { name: string; values: Numbers }[]): Promise<void> {
    const foreign = weights.find(({ name }) => !name.startsWith(`${this.name}/`));
    if (foreign) throw new Error(`set_weights: expected weights of "${this.name}", found "${foreign.name}"`);
    await this.#asked.set_weights(weights);
  }
}
