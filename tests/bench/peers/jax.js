// jax-js: a step (loss, gradients, update) is one compiled function. It takes all cores by itself.
importScripts("jax-networks.js");

/* global networkOf */
let jax;

const VERSION = "0.1.25";

const tree = (values, f) => values.map((value) => f(value));

/** Gradients of the mean loss; classes are given as ones among zeros. */
function gradients(apply, classes) {
  const { nn, numpy: np } = jax;
  return jax.grad((parameters, x, y) => {
    const z = apply(parameters, x);
    const rows = y.shape.slice(0, -1).reduce((a, b) => a * b);
    if (classes) return nn.logSoftmax(z, -1).mul(y).sum().mul(-1 / rows);
    return np.square(z.sub(y)).mean();
  });
}

function sgd(gradient, rate) {
  return jax.jit((parameters, x, y) => {
    const d = gradient(tree(parameters, (it) => it.ref), x, y);
    return parameters.map((it, i) => it.sub(d[i].mul(rate)));
  });
}

/** Adam without the correction of its first steps, which costs nothing; AdamW with a decay. */
function adam(gradient, rate, decay) {
  const { numpy: np } = jax;
  return jax.jit((parameters, m, v, x, y) => {
    const d = gradient(tree(parameters, (it) => it.ref), x, y);
    const first = m.map((it, i) => it.mul(0.9).add(d[i].ref.mul(0.1)));
    const second = v.map((it, i) => it.mul(0.999).add(np.square(d[i]).mul(0.001)));
    const next = parameters.map((it, i) => {
      const kept = decay ? it.mul(1 - rate * decay) : it;
      return kept.sub(first[i].ref.mul(rate).div(np.sqrt(second[i].ref).add(1e-7)));
    });
    return [next, first, second];
  });
}

self.peer = {
  async start() {
    jax = await import(new URL("node_modules/@jax-js/jax/dist/index.js", location.href).href);
    await jax.init("wasm");
    jax.defaultDevice("wasm");
    return VERSION;
  },

  product(form, m, n, k) {
    const { numpy: np } = jax;
    const noise = (rows, cols) => np.array(Float32Array.from({ length: rows * cols }, Math.random)).reshape([rows, cols]);
    const [a, b] = [form === "tn" ? noise(k, m) : noise(m, k), form === "nt" ? noise(n, k) : noise(k, n)];
    const product = jax.jit((a, b) => np.matmul(form === "tn" ? a.transpose() : a, form === "nt" ? b.transpose() : b));
    return async () => {
      await jax.blockUntilReady([product(a.ref, b.ref)]);
      return 1;
    };
  },

  async prepare(workload, data) {
    const { numpy: np } = jax;
    const { training, predict, tokens, target } = workload;
    const { shapes, shape, apply } = networkOf(jax, workload);
    const array = (values, shape) => np.array(values).reshape(shape);
    const noise = (n) => Float32Array.from({ length: n }, () => (Math.random() - 0.5) / 10);
    let parameters = shapes.map((shape) => array(noise(shape.reduce((a, b) => a * b)), shape));
    const { classes, width } = data;
    const batch = predict ?? training.batch_size;
    const values = data.x.slice(0, batch * width);
    const x = array(tokens ? Int32Array.from(values) : values, [batch, ...shape]);
    if (predict) {
      const forward = jax.jit((parameters, x) => jax.nn.softmax(apply(parameters, x), -1));
      return async () => {
        await forward(tree(parameters, (it) => it.ref), x.ref).data();
        return 1;
      };
    }
    const places = target.sequence ? [batch, target.sequence.length] : [batch];
    const rows = places.reduce((a, b) => a * b);
    const wanted = classes
      ? Float32Array.from({ length: rows * classes }, (_, i) => (data.y[Math.floor(i / classes)] === i % classes ? 1 : 0))
      : data.y.slice(0, rows);
    const y = array(wanted, [...places, classes ?? 1]);
    const { type, learning_rate: rate } = training.optimizer;
    const gradient = gradients(apply, classes);
    if (type === "sgd") {
      const step = sgd(gradient, rate);
      return async () => {
        parameters = step(parameters, x.ref, y.ref);
        await jax.blockUntilReady(tree(parameters, (it) => it.ref));
        return 1;
      };
    }
    const zeros = () => shapes.map((shape) => np.zeros(shape));
    let [m, v] = [zeros(), zeros()];
    const step = adam(gradient, rate, type === "adamw" ? 0.004 : 0);
    return async () => {
      [parameters, m, v] = step(parameters, m, v, x.ref, y.ref);
      await jax.blockUntilReady(tree([...parameters, ...m, ...v], (it) => it.ref));
      return 1;
    };
  },
};
