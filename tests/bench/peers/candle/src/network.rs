//! A chain of layers, or the tiny GPT of W7.

mod gpt;

use candle_core::{Error, Module, Result, Tensor};
use candle_nn::{Conv2d, Conv2dConfig, LSTM, Linear, RNN, VarBuilder};
use gpt::Gpt;
use serde::Deserialize;

/// A layer of `workloads.json`.
#[derive(Deserialize)]
pub struct Layer {
    #[serde(rename = "type")]
    kind: String,
    units: Option<usize>,
    filters: Option<usize>,
    kernel_size: Option<usize>,
    pool_size: Option<usize>,
    activation: Option<String>,
    #[serde(default)]
    inputs: Vec<String>,
}

/// What gives logits or values.
pub enum Network {
    Chain(Vec<Step>),
    Gpt(Gpt),
}

/// What happens to the values on their way.
pub enum Step {
    Dense(Linear),
    Conv(Conv2d),
    MaxPool(usize),
    Flatten,
    /// The state after the last step.
    Lstm(LSTM),
    Relu,
    Tanh,
}

impl Network {
    pub fn new(layers: &[Layer], input: &[usize], at: VarBuilder) -> Result<Self> {
        if layers.iter().any(|layer| !layer.inputs.is_empty()) {
            // The one workload whose layers have names for their inputs.
            return Ok(Self::Gpt(Gpt::new(at)?));
        }
        let mut shape = match *input {
            [height, width, channels] => vec![channels, height, width],
            ref other => other.to_vec(),
        };
        let mut steps = Vec::new();
        for (index, layer) in layers.iter().enumerate() {
            let at = at.pp(index);
            let size =
                |it: Option<usize>| it.ok_or_else(|| Error::Msg(format!("{} lacks a size", layer.kind)));
            steps.push(match layer.kind.as_str() {
                "dense" => {
                    let units = size(layer.units)?;
                    let inputs = shape.iter().product();
                    shape = vec![units];
                    Step::Dense(candle_nn::linear(inputs, units, at)?)
                }
                "conv2d" => {
                    let (filters, kernel) = (size(layer.filters)?, size(layer.kernel_size)?);
                    let config = Conv2dConfig { padding: kernel / 2, ..Conv2dConfig::default() };
                    let channels = std::mem::replace(&mut shape[0], filters);
                    Step::Conv(candle_nn::conv2d(channels, filters, kernel, config, at)?)
                }
                "max_pooling2d" => {
                    let pool = size(layer.pool_size)?;
                    shape[1] /= pool;
                    shape[2] /= pool;
                    Step::MaxPool(pool)
                }
                "flatten" => Step::Flatten,
                "lstm" => {
                    let units = size(layer.units)?;
                    let inputs = shape[1];
                    shape = vec![units];
                    Step::Lstm(candle_nn::lstm(inputs, units, Default::default(), at)?)
                }
                other => return Err(Error::Msg(format!("not built here: {other}"))),
            });
            // The loss takes logits.
            match layer.activation.as_deref() {
                Some("relu") => steps.push(Step::Relu),
                Some("tanh") => steps.push(Step::Tanh),
                _ => {}
            }
        }
        Ok(Self::Chain(steps))
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Chain(steps) => steps.iter().try_fold(x.clone(), |x, step| step.forward(&x)),
            Self::Gpt(gpt) => gpt.forward(x),
        }
    }
}

impl Step {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Dense(layer) => layer.forward(x),
            Self::Conv(layer) => layer.forward(x),
            Self::MaxPool(size) => x.max_pool2d(*size),
            Self::Flatten => x.flatten_from(1),
            Self::Lstm(layer) => {
                let states = layer.seq(x)?;
                let last = states.last().ok_or_else(|| Error::Msg("no steps".into()))?;
                Ok(last.h().clone())
            }
            Self::Relu => x.relu(),
            Self::Tanh => x.tanh(),
        }
    }
}
