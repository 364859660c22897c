// A library that is written in Rust, built for the browser by `cargo xtask bench --peers` from the crate of its name beside this
// file: each of them exports `version`, `Run` and `Product`. One thread.

/* exported rustPeer */
function rustPeer(name) {
  let library;
  return {
    async start() {
      const folder = new URL(`built/${name}/`, location.href);
      library = await import(new URL(`${name}.js`, folder).href);
      await library.default({ module_or_path: new URL(`${name}_bg.wasm`, folder) });
      return library.version();
    },

    product(...sizes) {
      const product = new library.Product(...sizes);
      return () => {
        product.run();
        return 1;
      };
    },

    prepare(workload, { x, y }) {
      const run = new library.Run(JSON.stringify(workload), x, y);
      return () => {
        if (workload.predict) run.predict();
        else run.step();
        return 1;
      };
    },
  };
}
