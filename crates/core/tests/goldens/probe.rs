//! Layers that change nothing, put behind the inputs of a model: the gradients of their kernels tell those of the inputs.

use std::ops::Range;

use ndarray::ArrayView2;
use serde_json::{Value, json};
use tabgrad_core::ModelSpec;

/// An input that is looked at.
pub struct Input {
    /// `input` where the model does not name it.
    pub name: String,
    /// Which numbers of a row are its own.
    pub columns: Range<usize>,
}

impl Input {
    /// Name of the kernel whose gradient is `x^T d_x`.
    pub fn kernel(&self) -> String {
        format!("{}/kernel", probe(&self.name))
    }

    /// `x^T d_x` of the first batch, whose rows are `d_x`, each of `width` numbers.
    pub fn expected(&self, x: ArrayView2<'_, f32>, d_x: &[f32], width: usize) -> Vec<f32> {
        let size = self.columns.len();
        let mut sums = vec![0.0f64; size * size];
        for (x, d_x) in x.rows().into_iter().zip(d_x.chunks(width)) {
            for (i, from) in self.columns.clone().enumerate() {
                for (j, to) in self.columns.clone().enumerate() {
                    sums[i * size + j] += f64::from(x[from]) * f64::from(d_x[to]);
                }
            }
        }
        sums.into_iter().map(|sum| sum as f32).collect()
    }
}

fn probe(input: &str) -> String {
    format!("{input}_probe")
}

/// The layers behind an input: flattened, times a kernel, and back in its shape.
fn layers(input: &str, shape: &[usize]) -> Vec<Value> {
    let size: usize = shape.iter().product();
    vec![
        json!({ "type": "flatten", "name": format!("{input}_flat"), "inputs": [input] }),
        json!({ "type": "dense", "name": probe(input), "units": size, "use_bias": false }),
        json!({ "type": "reshape", "name": probed(input), "target_shape": shape }),
    ]
}

fn probed(input: &str) -> String {
    format!("{input}_probed")
}

/// The model with a probe behind each of its inputs, of which a model that does not say has one of shape `input`.
pub fn put_behind_inputs(model: &ModelSpec, input: &[usize]) -> (ModelSpec, Vec<Input>) {
    let mut model = model.to_value();
    let list = model["layers"].as_array_mut().expect("a model has layers");
    let named: Vec<(String, Vec<usize>)> = list
        .iter()
        .filter(|layer| layer["type"] == "input")
        .map(|layer| {
            let shape = serde_json::from_value(layer["shape"].clone()).unwrap_or_else(|_| input.to_vec());
            (layer["name"].as_str().unwrap_or("input").to_owned(), shape)
        })
        .collect();
    let inputs = if named.is_empty() { vec![("input".to_owned(), input.to_vec())] } else { named };
    for taken in list.iter_mut().filter_map(|layer| layer["inputs"].as_array_mut()).flatten() {
        if inputs.iter().any(|(name, _)| taken == name) {
            *taken = json!(probed(taken.as_str().expect("inputs are names")));
        }
    }
    let starts = list.iter().take_while(|layer| layer["type"] == "input").count();
    list.splice(starts..starts, inputs.iter().flat_map(|(name, shape)| layers(name, shape)));
    let mut from = 0;
    let columns = inputs.into_iter().map(|(name, shape)| {
        let columns = from..from + shape.iter().product::<usize>();
        from = columns.end;
        Input { name, columns }
    });
    (ModelSpec::parse(&model).expect("with a probe it is a model still"), columns.collect())
}
