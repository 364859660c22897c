// jax-js: networks of dense layers; a step (loss, gradients, update) is one compiled function.
let jax;

const tree = (values, f) => values.map((value) => f(value));

/** What a network of dense layers gives; takes what it is called with, as all functions of jax-js do. */
function apply(layers, parameters, x) {
  const { nn, numpy: np } = jax;
  const activations = { relu: nn.relu, tanh: np.tanh, linear: (x) => x, softmax: (x) => x };
  return layers.reduce(
    (x, { activation }, i) => activations[activation](np.matmul(x, parameters[2 * i]).add(parameters[2 * i + 1])),
    x,
  );
}

/** Gradients of the mean loss. */
function gradients(layers, classes) {
  const { nn, numpy: np } = jax;
  return jax.grad((parameters, x, y) => {
    const z = apply(layers, parameters, x);
    if (classes) return nn.logSoftmax(z, -1).mul(y).sum().mul(-1 / y.shape[0]);
    return np.square(z.sub(y)).mean();
  });
}

function sgd(layers, classes, rate) {
  const gradient = gradients(layers, classes);
  return jax.jit((parameters, x, y) => {
    const d = gradient(tree(parameters, (it) => it.ref), x, y);
    return parameters.map((it, i) => it.sub(d[i].mul(rate)));
  });
}

/** Adam without the correction of its first steps, which costs nothing. */
function adam(layers, classes, rate) {
  const { numpy: np } = jax;
  const gradient = gradients(layers, classes);
  return jax.jit((parameters, m, v, x, y) => {
    const d = gradient(tree(parameters, (it) => it.ref), x, y);
    const first = m.map((it, i) => it.mul(0.9).add(d[i].ref.mul(0.1)));
    const second = v.map((it, i) => it.mul(0.999).add(np.square(d[i]).mul(0.001)));
    const next = parameters.map((it, i) => it.sub(first[i].ref.mul(rate).div(np.sqrt(second[i].ref).add(1e-7))));
    return [next, first, second];
  });
}

self.peer = {
  async start() {
    jax = await import(new URL("node_modules/@jax-js/jax/dist/index.js", location.href).href);
    await jax.init("wasm");
    jax.defaultDevice("wasm");
    return "0.1.25";
  },

  async prepare({ layers, training, input, predict }, data) {
    const { numpy: np } = jax;
    const unknown = layers.find(({ type }) => type !== "dense");
    if (unknown || input.length > 1) throw new Error(`not built here: ${unknown?.type}`);
    const array = (values, shape) => np.array(values).reshape(shape);
    const noise = (n) => Float32Array.from({ length: n }, () => (Math.random() - 0.5) / 10);
    const shapes = layers.flatMap(({ units }, i) => [[i ? layers[i - 1].units : data.width, units], [units]]);
    let parameters = shapes.map((shape) => array(noise(shape.reduce((a, b) => a * b)), shape));
    const { classes, width } = data;
    const batch = predict ?? training.batch_size;
    const x = array(data.x.slice(0, batch * width), [batch, width]);
    if (predict) {
      const forward = jax.jit((parameters, x) => jax.nn.softmax(apply(layers, parameters, x), -1));
      return async () => {
        await forward(tree(parameters, (it) => it.ref), x.ref).data();
        return 1;
      };
    }
    const target = classes
      ? Float32Array.from({ length: batch * classes }, (_, i) => (data.y[Math.floor(i / classes)] === i % classes ? 1 : 0))
      : data.y.slice(0, batch);
    const y = array(target, [batch, classes ?? 1]);
    const { type, learning_rate: rate } = training.optimizer;
    if (type === "sgd") {
      const step = sgd(layers, classes, rate);
      return async () => {
        parameters = step(parameters, x.ref, y.ref);
        await jax.blockUntilReady(tree(parameters, (it) => it.ref));
        return 1;
      };
    }
    const zeros = () => shapes.map((shape) => np.zeros(shape));
    let [m, v] = [zeros(), zeros()];
    const step = adam(layers, classes, rate);
    return async () => {
      [parameters, m, v] = step(parameters, m, v, x.ref, y.ref);
      await jax.blockUntilReady(tree([...parameters, ...m, ...v], (it) => it.ref));
      return 1;
    };
  },
};
