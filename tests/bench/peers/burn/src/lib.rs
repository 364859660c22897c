//! Workloads of `tests/bench/workloads.json` in burn, written as its users would, one batch in memory; a module for the
//! browser that `tests/bench/peers/rust-peer.js` drives. Images have their channels first, as burn wants them.

mod network;
mod product;

use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::optim::{AdamConfig, AdamWConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use network::{Network, Rows};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// An entry of the file, as far as it is needed here.
#[derive(Deserialize)]
struct Workload {
    input: Vec<usize>,
    target: Target,
    training: Training,
    layers: Vec<network::Layer>,
    predict: Option<usize>,
    tokens: Option<usize>,
}

#[derive(Deserialize)]
struct Target {
    classes: Option<usize>,
    sequence: Option<Sequence>,
}

#[derive(Deserialize)]
struct Sequence {
    length: usize,
}

#[derive(Deserialize)]
struct Training {
    optimizer: OptimizerSpec,
    batch_size: usize,
}

#[derive(Deserialize)]
struct OptimizerSpec {
    #[serde(rename = "type")]
    kind: String,
    learning_rate: f64,
}

/// What is aimed at.
enum Targets {
    Classes(Tensor<1, Int>),
    Values(Tensor<2>),
}

/// The version of burn that the lock file has.
#[wasm_bindgen]
pub fn version() -> String {
    include_str!("../Cargo.lock")
        .split("name = \"burn\"\nversion = \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("unknown")
        .to_string()
}

/// A network with a batch and, where it is trained, its optimizer.
#[wasm_bindgen]
pub struct Run {
    /// Lent to the optimizer in every step.
    network: Option<Network>,
    x: Rows,
    y: Option<Targets>,
    update: ModuleOptimizer,
    learning_rate: f64,
}

#[wasm_bindgen]
impl Run {
    /// From an entry of the file and its rows.
    #[wasm_bindgen(constructor)]
    pub fn new(workload: &str, x: &[f32], y: &[f32]) -> Result<Run, JsError> {
        let workload: Workload = serde_json::from_str(workload)?;
        let device = Device::flex();
        // Networks that only predict note nothing for a way back.
        let device = if workload.predict.is_some() { device } else { device.autodiff() };
        let network =
            Network::new(&workload.layers, &workload.input, &device).map_err(|why| JsError::new(&why))?;
        let batch = workload.predict.unwrap_or(workload.training.batch_size);
        let x = rows(&workload, batch, x, &device);
        let targets = batch * workload.target.sequence.as_ref().map_or(1, |it| it.length);
        let has_classes = workload.target.classes.is_some() || workload.target.sequence.is_some();
        let y = match (workload.predict, has_classes) {
            (Some(_), _) => None,
            (None, true) => {
                let classes: Vec<i32> = y.iter().take(targets).map(|&class| class as i32).collect();
                Some(Targets::Classes(Tensor::from_data(TensorData::new(classes, [targets]), &device)))
            }
            (None, false) => {
                let values = TensorData::new(y[..targets].to_vec(), [targets, 1]);
                Some(Targets::Values(Tensor::from_data(values, &device)))
            }
        };
        let OptimizerSpec { kind, learning_rate } = workload.training.optimizer;
        let update = match kind.as_str() {
            "sgd" => SgdConfig::new().init(),
            "adam" => AdamConfig::new().init(),
            "adamw" => AdamWConfig::new().with_weight_decay(0.004).init(),
            other => return Err(JsError::new(&format!("not built here: {other}"))),
        };
        Ok(Self { network: Some(network), x, y, update, learning_rate })
    }

    /// One training step; gives the loss, as training loops look at it.
    pub fn step(&mut self) -> Result<f32, JsError> {
        let (Some(network), Some(y)) = (self.network.take(), &self.y) else {
            return Err(JsError::new("made for prediction"));
        };
        let outputs = network.forward(&self.x);
        let loss = match y {
            Targets::Classes(classes) => {
                CrossEntropyLossConfig::new().init(&outputs.device()).forward(outputs, classes.clone())
            }
            Targets::Values(values) => MseLoss::new().forward(outputs, values.clone(), Reduction::Mean),
        };
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        self.network = Some(self.update.step(self.learning_rate, network, gradients));
        Ok(loss.into_scalar::<f32>())
    }

    /// Predicts the batch; gives the sum of what comes out.
    pub fn predict(&self) -> Result<f32, JsError> {
        let network = self.network.as_ref().ok_or_else(|| JsError::new("a step failed"))?;
        Ok(network.forward(&self.x).sum().into_scalar::<f32>())
    }
}

fn rows(workload: &Workload, batch: usize, x: &[f32], device: &Device) -> Rows {
    let width: usize = workload.input.iter().product();
    let x = &x[..batch * width];
    if workload.tokens.is_some() {
        let tokens: Vec<i32> = x.iter().map(|&token| token as i32).collect();
        return Rows::Tokens(Tensor::from_data(TensorData::new(tokens, [batch, width]), device));
    }
    let x = x.to_vec();
    match *workload.input.as_slice() {
        [height, width, channels] => {
            Rows::Images(Tensor::from_data(TensorData::new(x, [batch, channels, height, width]), device))
        }
        [steps, width] => Rows::Steps(Tensor::from_data(TensorData::new(x, [batch, steps, width]), device)),
        _ => Rows::Values(Tensor::from_data(TensorData::new(x, [batch, width]), device)),
    }
}
