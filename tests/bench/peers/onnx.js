// onnxruntime-web: predictions alone. The network is written as an ONNX file here, field by field
// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), with noise for weights.
importScripts("node_modules/onnxruntime-web/dist/ort.wasm.min.js");

/* global ort */
const bytesOf = (text) => new TextEncoder().encode(text);

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

/** A field of a message: a number, or bytes (a text, a message). */
function field(number, value) {
  if (typeof value === "number") return Uint8Array.from([...varint(number * 8), ...varint(value)]);
  const bytes = typeof value === "string" ? bytesOf(value) : value;
  return join([Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}

function join(parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const FLOAT = 1;
const INTS = 7;

const attribute = (name, ints) => join([field(1, name), ...ints.map((int) => field(8, int)), field(20, INTS)]);

const node = (type, inputs, output, attributes = {}) =>
  join([
    ...inputs.map((input) => field(1, input)),
    field(2, output),
    field(4, type),
    ...Object.entries(attributes).map(([name, ints]) => field(5, attribute(name, ints))),
  ]);

function weights(name, dims) {
  const values = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => (Math.random() - 0.5) / 10);
  return join([...dims.map((dim) => field(1, dim)), field(2, FLOAT), field(8, name), field(9, new Uint8Array(values.buffer))]);
}

const tensor = (name, dims) =>
  join([field(1, name), field(2, field(1, join([field(1, FLOAT), field(2, join(dims.map((dim) => field(1, field(1, dim)))))])))]);

/** A sequence of dense, convolution and pooling layers; images have their channels first. */
function model(layers, shape) {
  const nodes = [];
  const initializers = [];
  let [last, dims] = ["x", shape];
  const add = (type, parameters, attributes, to) => {
    for (const [name, size] of parameters) initializers.push(weights(name, size));
    const output = `y${nodes.length}`;
    nodes.push(node(type, [last, ...parameters.map(([name]) => name)], output, attributes));
    [last, dims] = [output, to];
  };
  for (const [i, layer] of layers.entries()) {
    if (layer.type === "dense") {
      const [rows, inputs] = dims;
      add("Gemm", [[`w${i}`, [inputs, layer.units]], [`b${i}`, [layer.units]]], {}, [rows, layer.units]);
    } else if (layer.type === "conv2d") {
      const [rows, channels, ...image] = dims;
      const size = [layer.kernel_size, layer.kernel_size];
      const pad = (layer.kernel_size - 1) / 2;
      const parameters = [[`w${i}`, [layer.filters, channels, ...size]], [`b${i}`, [layer.filters]]];
      add("Conv", parameters, { kernel_shape: size, pads: [pad, pad, pad, pad] }, [rows, layer.filters, ...image]);
    } else if (layer.type === "max_pooling2d") {
      const size = [layer.pool_size, layer.pool_size];
      const [rows, channels, ...image] = dims;
      add("MaxPool", [], { kernel_shape: size, strides: size }, [rows, channels, ...image.map((n) => n / layer.pool_size)]);
    } else if (layer.type === "flatten") {
      add("Flatten", [], {}, [dims[0], dims.slice(1).reduce((a, b) => a * b)]);
    } else {
      throw new Error(`not built here: ${layer.type}`);
    }
    if (layer.activation === "relu") add("Relu", [], {}, dims);
    if (layer.activation === "softmax") add("Softmax", [], {}, dims);
  }
  const graph = join([
    ...nodes.map((it) => field(1, it)),
    field(2, "network"),
    ...initializers.map((it) => field(5, it)),
    field(11, tensor("x", shape)),
    field(12, tensor(last, dims)),
  ]);
  return { last, file: join([field(1, 8), field(7, graph), field(8, join([field(1, ""), field(2, 17)]))]) };
}

self.peer = {
  start({ threads }) {
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = new URL("node_modules/onnxruntime-web/dist/", location.href).href;
    return ort.env.versions.web;
  },

  async prepare({ layers, input, predict }, { x }) {
    if (!predict) throw new Error("does not train");
    const [height, width, channels] = input;
    const shape = input.length === 3 ? [predict, channels, height, width] : [predict, ...input];
    const { file, last } = model(layers, shape);
    const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"] });
    return async () => {
      const results = await session.run({ x: new ort.Tensor("float32", x, shape) });
      if (!results[last]) throw new Error("gives nothing");
      return 1;
    };
  },
};
