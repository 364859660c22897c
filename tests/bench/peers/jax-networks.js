// What networks are in jax-js: the shapes of their parameters, and a function from parameters and rows to logits or values.
// Functions of jax-js take what they are called with; what is used twice is referred to (`.ref`) the first time.

/* exported networkOf */
function networkOf(jax, { layers, input }) {
  return layers.some(({ inputs }) => inputs) ? gpt(jax) : chain(jax, layers, input);
}

/** Dense layers, convolutions and pooling one after the other; images have their channels first. */
function chain({ nn, numpy: np, lax }, layers, input) {
  const activations = { relu: nn.relu, tanh: np.tanh, linear: (x) => x, softmax: (x) => x };
  const shapes = [];
  const steps = [];
  let [channels, height, width] = input.length === 3 ? [input[2], input[0], input[1]] : [input[0], 1, 1];
  for (const { type, units, filters, kernel_size: side, pool_size: pool, padding, activation = "linear" } of layers) {
    const at = shapes.length;
    const act = activations[activation];
    if (type === "dense") {
      shapes.push([channels, units], [units]);
      steps.push((p, x) => act(np.matmul(x, p[at]).add(p[at + 1])));
      channels = units;
    } else if (type === "conv2d" && padding === "same") {
      shapes.push([filters, channels, side, side], [filters]);
      steps.push((p, x) => act(lax.conv(x, p[at], [1, 1], "SAME").add(p[at + 1].reshape([1, filters, 1, 1]))));
      channels = filters;
    } else if (type === "max_pooling2d") {
      [height, width] = [height / pool, width / pool];
      const windows = [-1, channels, height, pool, width, pool];
      steps.push((_, x) => np.max(x.reshape(windows), [3, 5]));
    } else if (type === "flatten") {
      channels *= height * width;
      const values = channels;
      steps.push((_, x) => x.reshape([-1, values]));
    } else {
      throw new Error(`not built here: ${type}`);
    }
  }
  const shape = input.length === 3 ? [input[2], input[0], input[1]] : input;
  return { shapes, shape, apply: (parameters, x) => steps.reduce((x, step) => step(parameters, x), x) };
}

/** The tiny GPT of W7; tokens come as the rows of one another that they are, one of `vocabulary` each. */
function gpt({ nn, numpy: np }) {
  const [vocabulary, width, heads, context, blocks] = [64, 64, 4, 64, 2];
  const shapes = [];
  const take = (...shape) => shapes.push(shape) - 1;
  const dense = (inputs, outputs) => [take(inputs, outputs), take(outputs)];
  const norm = () => [take(width), take(width)];
  const tokens = take(vocabulary, width);
  const places = take(context, width);
  const plan = Array.from({ length: blocks }, () => ({
    first: norm(),
    query: dense(width, width),
    key: dense(width, width),
    value: dense(width, width),
    out: dense(width, width),
    second: norm(),
    wide: dense(width, 4 * width),
    narrow: dense(4 * width, width),
  }));
  const last = norm();
  const head = dense(width, vocabulary);
  const apply = (p, x) => {
    const linear = (x, [weights, bias]) => np.matmul(x, p[weights]).add(p[bias]);
    const normal = (x, [scale, shift]) => nn.standardize(x, -1).mul(p[scale]).add(p[shift]);
    const attention = (x, { query, key, value, out }) => {
      const split = (x, to) => linear(x, to).reshape([-1, context, heads, width / heads]);
      const [q, k, v] = [split(x.ref, query), split(x.ref, key), split(x, value)];
      return linear(nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([-1, context, width]), out);
    };
    let h = np.matmul(nn.oneHot(x, vocabulary), p[tokens]).add(p[places]);
    for (const block of plan) {
      h = h.ref.add(attention(normal(h, block.first), block));
      const wide = nn.gelu(linear(normal(h.ref, block.second), block.wide), { approximate: false });
      h = h.add(linear(wide, block.narrow));
    }
    return linear(normal(h, last), head);
  };
  return { shapes, shape: [context], apply };
}
