// TensorFlow.js by its layers: `trainOnBatch`, which waits for the loss of every step.
importScripts("node_modules/@tensorflow/tfjs/dist/tf.min.js", "node_modules/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js");

/* global tf */
const MAKERS = {
  dense: ({ units, activation }) => tf.layers.dense({ units, activation }),
  conv2d: ({ filters, kernel_size: kernelSize, padding, activation }) => tf.layers.conv2d({ filters, kernelSize, padding, activation }),
  max_pooling2d: ({ pool_size: poolSize }) => tf.layers.maxPooling2d({ poolSize }),
  flatten: () => tf.layers.flatten(),
  lstm: ({ units }) => tf.layers.lstm({ units }),
};

self.peer = {
  async start({ threads, backend }) {
    if (backend === "wasm") {
      tf.wasm.setWasmPaths(new URL("node_modules/@tensorflow/tfjs-backend-wasm/dist/", location.href).href);
      tf.wasm.setThreadsCount(threads);
    }
    await tf.setBackend(backend);
    await tf.ready();
    if (tf.getBackend() !== backend) throw new Error(`there is no backend ${backend}`);
    return tf.version.tfjs;
  },

  product(form, m, n, k) {
    const a = tf.randomUniform(form === "tn" ? [k, m] : [m, k]);
    const b = tf.randomUniform(form === "nt" ? [n, k] : [k, n]);
    return () => {
      const c = tf.matMul(a, b, form === "tn", form === "nt");
      c.dataSync();
      c.dispose();
      return 1;
    };
  },

  async prepare({ layers, training, input, predict, tokens }, { x, y, classes }) {
    const unknown = layers.find(({ type, inputs }) => !MAKERS[type] || inputs);
    if (unknown || tokens) throw new Error(`not built here: ${unknown?.type ?? "tokens"}`);
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: input }));
    for (const layer of layers) model.add(MAKERS[layer.type](layer));
    const batch = predict ?? training.batch_size;
    const width = input.reduce((a, b) => a * b);
    const rows = tf.tensor(x.slice(0, batch * width), [batch, ...input]);
    if (predict) {
      return () => {
        tf.tidy(() => model.predict(rows).dataSync());
        return 1;
      };
    }
    const { type, learning_rate: rate } = training.optimizer;
    model.compile({ optimizer: tf.train[type](rate), loss: classes ? "categoricalCrossentropy" : "meanSquaredError" });
    const labels = y.slice(0, batch);
    const targets = classes ? tf.oneHot(tf.tensor1d(labels, "int32"), classes) : tf.tensor2d(labels, [batch, 1]);
    return async () => {
      await model.trainOnBatch(rows, targets);
      return 1;
    };
  },
};
