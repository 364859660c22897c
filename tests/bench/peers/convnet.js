// ConvNetJS: a row at a time, an update after each batch. It has no Adam; adadelta, which keeps as much, stands in for it.
// It looks for a window.
self.window = self;
importScripts("node_modules/convnetjs/build/convnet.js");

/* global convnetjs */
const MAKERS = {
  dense: ({ units, activation }) => ({ type: "fc", num_neurons: units, activation }),
  conv2d: ({ filters, kernel_size: sx, activation }) => ({ type: "conv", sx, filters, stride: 1, pad: (sx - 1) / 2, activation }),
  max_pooling2d: ({ pool_size: sx }) => ({ type: "pool", sx, stride: sx }),
  flatten: () => null,
};

self.peer = {
  start: () => "0.3.0",

  prepare({ layers, training, input, predict, steps }, { x, y, rows, width, classes }) {
    const unknown = layers.find(({ type }) => !MAKERS[type]);
    if (unknown || input.length === 2) throw new Error(`has no ${unknown?.type}`);
    const [out_sx, out_sy, out_depth] = input.length === 3 ? input : [1, 1, width];
    const last = classes ? { type: "softmax", num_classes: classes } : { type: "regression", num_neurons: 1 };
    const net = new convnetjs.Net();
    const middle = layers.slice(0, -1).map((layer) => MAKERS[layer.type](layer)).filter(Boolean);
    net.makeLayers([{ type: "input", out_sx, out_sy, out_depth }, ...middle, last]);
    const volumes = Array.from({ length: rows }, (_, row) => {
      const volume = new convnetjs.Vol(out_sx, out_sy, out_depth, 0);
      volume.w.set(x.subarray(row * width, (row + 1) * width));
      return volume;
    });
    if (predict) {
      return () => {
        for (const volume of volumes) net.forward(volume);
        return 1;
      };
    }
    const { type, learning_rate } = training.optimizer;
    const method = type === "sgd" ? "sgd" : "adadelta";
    const trainer = new convnetjs.Trainer(net, { method, learning_rate, momentum: 0, batch_size: training.batch_size, l2_decay: 0 });
    return () => {
      for (const [row, volume] of volumes.entries()) trainer.train(volume, classes ? y[row] : [y[row]]);
      return steps;
    };
  },
};
