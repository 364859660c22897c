// brain.js: a row at a time, one activation for all layers, squared errors.
importScripts("node_modules/brain.js/dist/browser.js");

/* global brain */
self.peer = {
  start: () => "2.0.0-beta.24",

  prepare({ layers, training, input, predict, steps }, { x, y, rows, width, classes }) {
    const unknown = layers.find(({ type }) => type !== "dense");
    if (unknown || input.length > 1) throw new Error(`has no ${unknown?.type}`);
    const outputs = classes ?? 1;
    const data = Array.from({ length: rows }, (_, row) => ({
      input: x.subarray(row * width, (row + 1) * width),
      output: classes ? Float32Array.from({ length: classes }, (_, at) => (at === y[row] ? 1 : 0)) : y.subarray(row, row + 1),
    }));
    const { type, learning_rate: learningRate } = training.optimizer;
    const net = new brain.NeuralNetwork({
      inputSize: width,
      hiddenLayers: layers.slice(0, -1).map(({ units }) => units),
      outputSize: outputs,
      activation: layers[0].activation,
      learningRate,
      ...(type === "adam" ? { praxis: "adam" } : {}),
    });
    net.initialize();
    if (predict) {
      return () => {
        for (const { input } of data) net.run(input);
        return 1;
      };
    }
    return () => {
      net.train(data, { iterations: 1, errorThresh: 1e-9 });
      return steps;
    };
  },
};
