// candle (Rust), built for the browser by `cargo xtask bench --peers` from the crate beside this file; one thread.
let candle;

self.peer = {
  async start() {
    const folder = new URL("built/candle/", location.href);
    candle = await import(new URL("candle.js", folder).href);
    await candle.default({ module_or_path: new URL("candle_bg.wasm", folder) });
    return candle.version();
  },

  product(...sizes) {
    const product = new candle.Product(...sizes);
    return () => {
      product.run();
      return 1;
    };
  },

  prepare(workload, { x, y }) {
    const run = new candle.Run(JSON.stringify(workload), x, y);
    return () => {
      if (workload.predict) run.predict();
      else run.step();
      return 1;
    };
  },
};
