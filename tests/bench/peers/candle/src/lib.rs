//! Workloads of `tests/bench/workloads.json` in candle, written as its users would, one batch in memory; a module for the
//! browser that `tests/bench/peers/rust-peer.js` drives. Images have their channels first, as candle wants them.

mod network;
mod product;

use candle_core::{DType, Device, Error, Result, Tensor};
use candle_nn::{AdamW, Optimizer, ParamsAdamW, SGD, VarBuilder, VarMap};
use network::Network;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// The version of candle that the lock file has.
#[wasm_bindgen]
pub fn version() -> String {
    include_str!("../Cargo.lock")
        .split("name = \"candle-core\"\nversion = \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("unknown")
        .to_string()
}

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

enum Update {
    Sgd(SGD),
    Adam(AdamW),
}

/// A network with a batch and, where it is trained, its optimizer.
#[wasm_bindgen]
pub struct Run {
    network: Network,
    x: Tensor,
    y: Tensor,
    update: Option<Update>,
    has_classes: bool,
}

#[wasm_bindgen]
impl Run {
    /// From an entry of the file and its rows.
    #[wasm_bindgen(constructor)]
    pub fn new(workload: &str, x: &[f32], y: &[f32]) -> std::result::Result<Run, JsError> {
        let workload: Workload = serde_json::from_str(workload)?;
        Ok(Self::build(&workload, x, y)?)
    }

    /// One training step; gives the loss, as training loops look at it.
    pub fn step(&mut self) -> std::result::Result<f32, JsError> {
        Ok(self.train()?)
    }

    /// Predicts the batch; gives the first value.
    pub fn predict(&self) -> std::result::Result<f32, JsError> {
        Ok(self.network.forward(&self.x)?.flatten_all()?.get(0)?.to_scalar()?)
    }
}

impl Run {
    fn build(workload: &Workload, x: &[f32], y: &[f32]) -> Result<Self> {
        let device = Device::Cpu;
        let variables = VarMap::new();
        let at = VarBuilder::from_varmap(&variables, DType::F32, &device);
        let network = Network::new(&workload.layers, &workload.input, at)?;
        let batch = workload.predict.unwrap_or(workload.training.batch_size);
        let shape = match *workload.input.as_slice() {
            [height, width, channels] => vec![batch, channels, height, width],
            ref input => [&[batch], input].concat(),
        };
        let len = shape.iter().product();
        let x = match workload.tokens {
            Some(_) => {
                let tokens: Vec<u32> = x.iter().take(len).map(|&token| token as u32).collect();
                Tensor::from_vec(tokens, shape, &device)?
            }
            None => Tensor::from_slice(&x[..len], shape, &device)?,
        };
        let targets = batch * workload.target.sequence.as_ref().map_or(1, |it| it.length);
        let has_classes = workload.target.classes.is_some() || workload.target.sequence.is_some();
        let y = match has_classes {
            _ if workload.predict.is_some() => Tensor::zeros(1, DType::F32, &device)?,
            true => {
                let classes: Vec<u32> = y.iter().take(targets).map(|&class| class as u32).collect();
                Tensor::from_vec(classes, targets, &device)?
            }
            false => Tensor::from_slice(&y[..targets], (targets, 1), &device)?,
        };
        let OptimizerSpec { kind, learning_rate: lr } = &workload.training.optimizer;
        let adam = |weight_decay| ParamsAdamW { lr: *lr, weight_decay, ..ParamsAdamW::default() };
        let all = variables.all_vars();
        let update = match (workload.predict, kind.as_str()) {
            (Some(_), _) => None,
            (_, "sgd") => Some(Update::Sgd(SGD::new(all, *lr)?)),
            (_, "adam") => Some(Update::Adam(AdamW::new(all, adam(0.0))?)),
            (_, "adamw") => Some(Update::Adam(AdamW::new(all, adam(0.004))?)),
            (_, other) => return Err(Error::Msg(format!("not built here: {other}"))),
        };
        Ok(Self { network, x, y, update, has_classes })
    }

    fn train(&mut self) -> Result<f32> {
        let outputs = self.network.forward(&self.x)?;
        let loss = match self.has_classes {
            true => candle_nn::loss::cross_entropy(&outputs, &self.y)?,
            false => candle_nn::loss::mse(&outputs, &self.y)?,
        };
        match &mut self.update {
            Some(Update::Sgd(update)) => update.backward_step(&loss)?,
            Some(Update::Adam(update)) => update.backward_step(&loss)?,
            None => return Err(Error::Msg("made for prediction".into())),
        }
        loss.to_scalar()
    }
}
