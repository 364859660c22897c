//! Blocks become the layers that they are made of.
//!
//! ```text
//! transformer_block     x ─┬─ attention ──── (+) norm ─┬─ dense ─ dense ─ (+) norm      post-norm
//!                          └──────────────────┘        └───────────────────┘
//!                       x ─┬─ norm attention (+) ──────┬─ norm dense dense (+)          pre-norm
//!                          └──────────────────┘        └────────────────────┘
//! residual_block        x ─┬─ conv norm act ─ conv norm ─ (+) act
//!                          └─ as it is, or conv norm ──────┘
//!   preactivation       x ─┬─ norm act ─┬─ conv ─ norm act conv ─ (+)
//!                          └── as it is, or conv from there ───────┘
//! vgg_block             x ── (conv norm act) several times ── max pooling
//! ```
//!
//! Sources: "Attention is all you need" (2017) with the arguments of KerasHub's `TransformerEncoder`, "Deep residual learning"
//! (2015) and "Identity mappings" (2016) by He et al., strides of a bottleneck at its middle as later ones have it; "Very deep
//! convolutional networks" by Simonyan and Zisserman (2014).

use super::{Lower, Site, shown};
use crate::error::{Code, Error};
use crate::plan::TensorId;
use crate::spec::layers::{BlockNormalization, Padding, Pair, SequencePadding};
use crate::spec::{Activation, ActivationKind, Constraint, Initializer, Regularizer, layers};

impl Lower for layers::TransformerBlock {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let [_, width] = site.steps(inputs[0])?;
        let attention = layers::MultiHeadAttention {
            num_heads: self.num_heads,
            key_dim: self.head_size(site, width)?,
            use_causal_mask: self.use_causal_mask,
            dropout: self.dropout,
            use_bias: self.use_bias,
            sliding_window: self.sliding_window,
            use_rotary: self.use_rotary,
            kernel_initializer: self.kernel_initializer.clone(),
            bias_initializer: self.bias_initializer.clone(),
            kernel_regularizer: self.kernel_regularizer.clone(),
            bias_regularizer: self.bias_regularizer.clone(),
            kernel_constraint: self.kernel_constraint.clone(),
            bias_constraint: self.bias_constraint.clone(),
            ..Default::default()
        };
        let x = self.added(site, inputs[0], "self_attention_layer_norm", &|site, x| {
            site.inner("self_attention_layer", &attention, &[x])
        })?;
        self.added(site, x, "feedforward_layer_norm", &|site, x| {
            let inner = self.dense(self.intermediate_dim, self.activation);
            let x = site.inner("feedforward_intermediate_dense", &inner, &[x])?;
            site.inner("feedforward_output_dense", &self.dense(width, Activation::LINEAR), &[x])
        })
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl layers::TransformerBlock {
    /// How many values a head has, for steps of `width` values.
    fn head_size(&self, site: &Site<'_>, width: usize) -> Result<usize, Error> {
        match self.key_dim {
            Some(size) => Ok(size),
            None if width.is_multiple_of(self.num_heads) => Ok(width / self.num_heads),
            None => {
                let expected = format!("a divisor of the {width} values of a step");
                let found = self.num_heads.to_string();
                Err(Error::new(Code::Mismatch, site.path("num_heads"), expected, found)
                    .hint("or say with key_dim how many values a head has"))
            }
        }
    }

    fn dense(&self, units: usize, activation: Activation) -> layers::Dense {
        layers::Dense {
            units,
            activation,
            use_bias: self.use_bias,
            kernel_initializer: self.kernel_initializer.clone(),
            bias_initializer: self.bias_initializer.clone(),
            kernel_regularizer: self.kernel_regularizer.clone(),
            bias_regularizer: self.bias_regularizer.clone(),
            kernel_constraint: self.kernel_constraint.clone(),
            bias_constraint: self.bias_constraint.clone(),
            ..Default::default()
        }
    }

    /// `x + dropout(part(x))`, normalized in front of the part or behind the sum.
    fn added(
        &self,
        site: &mut Site<'_>,
        x: TensorId,
        norm: &str,
        part: &dyn Fn(&mut Site<'_>, TensorId) -> Result<TensorId, Error>,
    ) -> Result<TensorId, Error> {
        let norm = |site: &mut Site<'_>, x| site.normalized(norm, self.normalization, self.epsilon, 0.99, x);
        let inside = if self.normalize_first { norm(site, x)? } else { x };
        let y = part(site, inside)?;
        let y = site.dropped(self.dropout, y)?;
        let sum = site.inner("add", &layers::Add {}, &[y, x])?;
        if self.normalize_first { Ok(sum) } else { norm(site, sum) }
    }
}

/// What the convolutions of a block have in common.
struct Convolutions<'a> {
    /// 1 for sequences, 2 for images.
    rank: usize,
    activation: Activation,
    normalization: BlockNormalization,
    momentum: f64,
    epsilon: f64,
    use_bias: bool,
    initializers: [&'a Initializer; 2],
    regularizers: [&'a Option<Regularizer>; 2],
    constraints: [&'a Option<Constraint>; 2],
}

macro_rules! convolutions {
    ($of:expr, $site:expr, $x:expr) => {
        Convolutions {
            rank: $site.sides($x)?,
            activation: $of.activation,
            normalization: $of.normalization,
            momentum: $of.momentum,
            epsilon: $of.epsilon,
            use_bias: $of.use_bias,
            initializers: [&$of.kernel_initializer, &$of.bias_initializer],
            regularizers: [&$of.kernel_regularizer, &$of.bias_regularizer],
            constraints: [&$of.kernel_constraint, &$of.bias_constraint],
        }
    };
}

impl Convolutions<'_> {
    /// A convolution with padding "same".
    fn convolve(
        &self,
        site: &mut Site<'_>,
        name: &str,
        (filters, kernel_size, strides): (usize, usize, usize),
        x: TensorId,
    ) -> Result<TensorId, Error> {
        macro_rules! layer {
            ($Layer:ident, $Padding:ident, $size:expr) => {
                layers::$Layer {
                    filters,
                    kernel_size: $size(kernel_size),
                    strides: $size(strides),
                    padding: $Padding::Same,
                    use_bias: self.use_bias,
                    kernel_initializer: self.initializers[0].clone(),
                    bias_initializer: self.initializers[1].clone(),
                    kernel_regularizer: self.regularizers[0].clone(),
                    bias_regularizer: self.regularizers[1].clone(),
                    kernel_constraint: self.constraints[0].clone(),
                    bias_constraint: self.constraints[1].clone(),
                    ..Default::default()
                }
            };
        }
        if self.rank == 1 {
            site.inner(name, &layer!(Conv1D, SequencePadding, |size| size), &[x])
        } else {
            site.inner(name, &layer!(Conv2D, Padding, |size| Pair([size; 2])), &[x])
        }
    }

    fn normalize(&self, site: &mut Site<'_>, name: &str, x: TensorId) -> Result<TensorId, Error> {
        site.normalized(name, self.normalization, self.epsilon, self.momentum, x)
    }

    /// Of every value: what comes out has the same shape.
    fn activate(&self, site: &mut Site<'_>, x: TensorId) -> Result<TensorId, Error> {
        if self.activation.kind == ActivationKind::Glu {
            let expected = "an activation that gives as many values as it takes";
            return Err(Error::new(Code::Mismatch, site.path("activation"), expected, "\"glu\""));
        }
        site.activation(self.activation, x)
    }
}

impl Lower for layers::ResidualBlock {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let parts = convolutions!(self, site, inputs[0]);
        let (filters, size) = (self.filters, self.kernel_size);
        let outputs = if self.bottleneck { filters.saturating_mul(4) } else { filters };
        let sizes: &[_] = if self.bottleneck {
            &[(filters, 1, 1), (filters, size, self.strides), (outputs, 1, 1)]
        } else {
            &[(filters, size, self.strides), (filters, size, 1)]
        };
        let channels = site.shape(inputs[0]).last().copied();
        let is_convolved = self.conv_shortcut || self.strides > 1 || channels != Some(outputs);
        let (mut x, mut shortcut) = (inputs[0], inputs[0]);
        for (i, &size) in sizes.iter().enumerate() {
            let (conv, norm) = (format!("conv{}", i + 1), format!("norm{}", i + 1));
            if self.preactivation {
                x = parts.normalize(site, &norm, x)?;
                x = parts.activate(site, x)?;
            }
            if i == 0 && is_convolved {
                // From where the first convolution takes it too.
                shortcut = parts.convolve(site, "shortcut", (outputs, 1, self.strides), x)?;
                if !self.preactivation {
                    shortcut = parts.normalize(site, "shortcut_norm", shortcut)?;
                }
            }
            if i + 1 == sizes.len() {
                x = site.dropped(self.dropout, x)?;
            }
            x = parts.convolve(site, &conv, size, x)?;
            if !self.preactivation {
                x = parts.normalize(site, &norm, x)?;
                if i + 1 < sizes.len() {
                    x = parts.activate(site, x)?;
                }
            }
        }
        let sum = site.inner("add", &layers::Add {}, &[x, shortcut])?;
        if self.preactivation { Ok(sum) } else { parts.activate(site, sum) }
    }

    fn outputs_argument(&self) -> Option<&'static str> {
        Some("filters")
    }
}

impl Lower for layers::VggBlock {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let parts = convolutions!(self, site, inputs[0]);
        let mut x = inputs[0];
        self.check_pool(site, x)?;
        for i in 1..=self.convolutions {
            x = parts.convolve(site, &format!("conv{i}"), (self.filters, self.kernel_size, 1), x)?;
            x = parts.normalize(site, &format!("norm{i}"), x)?;
            x = parts.activate(site, x)?;
        }
        x = match (self.pool_size, parts.rank) {
            (None, _) => x,
            (Some(pool_size), 1) => {
                site.inner("pool", &layers::MaxPooling1D { pool_size, ..Default::default() }, &[x])?
            }
            (Some(size), _) => {
                let pool = layers::MaxPooling2D { pool_size: Pair([size; 2]), ..Default::default() };
                site.inner("pool", &pool, &[x])?
            }
        };
        site.dropped(self.dropout, x)
    }

    fn outputs_argument(&self) -> Option<&'static str> {
        Some("filters")
    }
}

impl layers::VggBlock {
    /// The convolutions keep the sides, so the window must fit what comes in.
    fn check_pool(&self, site: &Site<'_>, x: TensorId) -> Result<(), Error> {
        let shape = site.shape(x);
        let sides = &shape[..shape.len() - 1];
        let (Some(size), Some(&shortest)) = (self.pool_size, sides.iter().min()) else { return Ok(()) };
        if size <= shortest {
            return Ok(());
        }
        let expected = format!("at most {shortest} for an input of {}", shown(&shape));
        let error = Error::new(Code::Mismatch, site.path("pool_size"), expected, size.to_string());
        Err(error.hint("or null for no pooling"))
    }
}

impl Site<'_> {
    /// The number of sides of what filters slide over: 1 of a sequence, 2 of an image.
    fn sides(&self, x: TensorId) -> Result<usize, Error> {
        let shape = self.shape(x);
        match shape.len() {
            2 => Ok(1),
            3 => Ok(2),
            _ => {
                let expected =
                    "an image of shape (height, width, channels) or a sequence of shape (steps, channels)";
                Err(self.mismatch("inputs", expected, &shape).hint(
                    "say the shape of the data in a first layer, as in {\"type\": \"input\", \"shape\": [8, 8, 1]}",
                ))
            }
        }
    }

    /// Normalized values, of which the same steps count.
    fn normalized(
        &mut self,
        name: &str,
        kind: BlockNormalization,
        epsilon: f64,
        momentum: f64,
        x: TensorId,
    ) -> Result<TensorId, Error> {
        let y = match kind {
            BlockNormalization::None => return Ok(x),
            BlockNormalization::Batch => self.inner(
                name,
                &layers::BatchNormalization { epsilon, momentum, ..Default::default() },
                &[x],
            ),
            BlockNormalization::Layer => {
                self.inner(name, &layers::LayerNormalization { epsilon, ..Default::default() }, &[x])
            }
            BlockNormalization::Rms => {
                self.inner(name, &layers::RmsNormalization { epsilon, ..Default::default() }, &[x])
            }
        }?;
        let mask = self.mask(x);
        self.set_mask(y, mask);
        Ok(y)
    }

    /// `x` after dropout, if there is any.
    fn dropped(&mut self, rate: f64, x: TensorId) -> Result<TensorId, Error> {
        if rate == 0.0 {
            return Ok(x);
        }
        self.inner("dropout", &layers::Dropout { rate, noise_shape: None }, &[x])
    }
}
