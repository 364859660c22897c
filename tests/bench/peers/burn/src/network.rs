//! A chain of layers, or the tiny GPT of W7.

mod gpt;

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig, Lstm, LstmConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor};
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

/// What a batch is.
pub enum Rows {
    Values(Tensor<2>),
    Steps(Tensor<3>),
    Images(Tensor<4>),
    Tokens(Tensor<2, Int>),
}

/// Convolutions (with relu) and pooling, or an LSTM, then dense layers; or a GPT.
#[derive(Module, Debug)]
pub struct Network {
    convolutions: Vec<Conv2d>,
    /// Behind the convolution of this number.
    pools: Vec<MaxPool2d>,
    pooled: Vec<usize>,
    lstm: Option<Lstm>,
    dense: Vec<Linear>,
    /// Between dense layers, else relu.
    is_tanh: bool,
    gpt: Option<Gpt>,
}

impl Network {
    pub fn new(layers: &[Layer], input: &[usize], device: &Device) -> Result<Self, String> {
        let mut network = Self {
            convolutions: Vec::new(),
            pools: Vec::new(),
            pooled: Vec::new(),
            lstm: None,
            dense: Vec::new(),
            is_tanh: layers.iter().any(|layer| layer.activation.as_deref() == Some("tanh")),
            gpt: None,
        };
        if layers.iter().any(|layer| !layer.inputs.is_empty()) {
            // The one workload whose layers have names for their inputs.
            network.gpt = Some(Gpt::new(device));
            return Ok(network);
        }
        let mut shape = match *input {
            [height, width, channels] => vec![channels, height, width],
            ref other => other.to_vec(),
        };
        for layer in layers {
            let size = |it: Option<usize>| it.ok_or_else(|| format!("{} lacks a size", layer.kind));
            match layer.kind.as_str() {
                "dense" => {
                    let units = size(layer.units)?;
                    network.dense.push(LinearConfig::new(shape.iter().product(), units).init(device));
                    shape = vec![units];
                }
                "conv2d" => {
                    let (filters, kernel) = (size(layer.filters)?, size(layer.kernel_size)?);
                    let channels = std::mem::replace(&mut shape[0], filters);
                    let config = Conv2dConfig::new([channels, filters], [kernel, kernel]);
                    network.convolutions.push(config.with_padding(PaddingConfig2d::Same).init(device));
                }
                "max_pooling2d" => {
                    let pool = size(layer.pool_size)?;
                    shape[1] /= pool;
                    shape[2] /= pool;
                    network.pools.push(MaxPool2dConfig::new([pool, pool]).init());
                    network.pooled.push(network.convolutions.len());
                }
                "flatten" => {}
                "lstm" => {
                    let units = size(layer.units)?;
                    network.lstm = Some(LstmConfig::new(shape[1], units, true).init(device));
                    shape = vec![units];
                }
                other => return Err(format!("not built here: {other}")),
            }
        }
        Ok(network)
    }

    /// Logits or values.
    pub fn forward(&self, x: &Rows) -> Tensor<2> {
        match x {
            Rows::Values(x) => self.dense(x.clone()),
            Rows::Images(x) => self.dense(self.images(x.clone())),
            Rows::Steps(x) => {
                let [batch, _, width] = x.dims();
                match &self.lstm {
                    Some(lstm) => self.dense(lstm.forward(x.clone(), None).1.hidden),
                    None => self.dense(x.clone().reshape([batch, width])),
                }
            }
            Rows::Tokens(x) => match &self.gpt {
                Some(gpt) => gpt.forward(x.clone()),
                None => self.dense(x.clone().float()),
            },
        }
    }

    fn images(&self, mut x: Tensor<4>) -> Tensor<2> {
        for (index, convolution) in self.convolutions.iter().enumerate() {
            x = relu(convolution.forward(x));
            if let Some(at) = self.pooled.iter().position(|&behind| behind == index + 1) {
                x = self.pools[at].forward(x);
            }
        }
        x.flatten(1, 3)
    }

    fn dense(&self, mut x: Tensor<2>) -> Tensor<2> {
        for (index, layer) in self.dense.iter().enumerate() {
            x = layer.forward(x);
            // The loss takes logits.
            if index + 1 < self.dense.len() {
                x = if self.is_tanh { x.tanh() } else { relu(x) };
            }
        }
        x
    }
}
