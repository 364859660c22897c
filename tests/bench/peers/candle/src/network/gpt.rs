//! The tiny GPT of W7. Of candle's functions those that have gradients are taken: its fused layer normalization and its
//! fused softmax have none.

use candle_core::{D, Device, Module, Result, Tensor};
use candle_nn::{Embedding, Init, Linear, VarBuilder, embedding, linear, ops};

const VOCABULARY: usize = 64;
const WIDTH: usize = 64;
const HEADS: usize = 4;
const CONTEXT: usize = 64;
const BLOCKS: usize = 2;

pub struct Gpt {
    tokens: Embedding,
    places: Tensor,
    blocks: Vec<Block>,
    norm: Norm,
    head: Linear,
}

struct Block {
    norms: [Norm; 2],
    qkv: Linear,
    out: Linear,
    wide: Linear,
    narrow: Linear,
    /// Zeros up to the diagonal, minus infinity behind it.
    mask: Tensor,
}

struct Norm {
    weight: Tensor,
    bias: Tensor,
}

impl Gpt {
    pub fn new(at: VarBuilder) -> Result<Self> {
        let row = |i| (0..CONTEXT).map(move |j| if j > i { f32::NEG_INFINITY } else { 0.0 });
        let mask: Vec<f32> = (0..CONTEXT).flat_map(row).collect();
        let mask = Tensor::from_vec(mask, (CONTEXT, CONTEXT), &Device::Cpu)?;
        let blocks = (0..BLOCKS).map(|index| Block::new(at.pp("blocks").pp(index), mask.clone()));
        Ok(Self {
            tokens: embedding(VOCABULARY, WIDTH, at.pp("tokens"))?,
            places: at.get_with_hints((CONTEXT, WIDTH), "places", Init::Const(0.0))?,
            blocks: blocks.collect::<Result<_>>()?,
            norm: Norm::new(at.pp("norm"))?,
            head: linear(WIDTH, VOCABULARY, at.pp("head"))?,
        })
    }

    /// Logits of all places, one after the other.
    pub fn forward(&self, tokens: &Tensor) -> Result<Tensor> {
        let x = self.tokens.forward(tokens)?.broadcast_add(&self.places)?;
        let x = self.blocks.iter().try_fold(x, |x, block| block.forward(&x))?;
        self.head.forward(&self.norm.forward(&x)?)?.flatten_to(1)
    }
}

impl Block {
    fn new(at: VarBuilder, mask: Tensor) -> Result<Self> {
        Ok(Self {
            norms: [Norm::new(at.pp("first"))?, Norm::new(at.pp("second"))?],
            qkv: linear(WIDTH, 3 * WIDTH, at.pp("qkv"))?,
            out: linear(WIDTH, WIDTH, at.pp("out"))?,
            wide: linear(WIDTH, 4 * WIDTH, at.pp("wide"))?,
            narrow: linear(4 * WIDTH, WIDTH, at.pp("narrow"))?,
            mask,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = (x + self.attention(&self.norms[0].forward(x)?)?)?;
        let wide = self.wide.forward(&self.norms[1].forward(&x)?)?.gelu_erf()?;
        &x + self.narrow.forward(&wide)?
    }

    fn attention(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, steps, width) = x.dims3()?;
        let size = width / HEADS;
        let qkv = self.qkv.forward(x)?.reshape((batch, steps, 3, HEADS, size))?.permute((2, 0, 3, 1, 4))?;
        let [q, k, v] = [qkv.get(0)?, qkv.get(1)?, qkv.get(2)?].map(|it| it.contiguous());
        let scores = (q?.matmul(&k?.t()?)? / (size as f64).sqrt())?;
        let shares = ops::softmax(&scores.broadcast_add(&self.mask)?, D::Minus1)?;
        let mixed = shares.matmul(&v?)?.transpose(1, 2)?.reshape((batch, steps, width))?;
        self.out.forward(&mixed)
    }
}

impl Norm {
    fn new(at: VarBuilder) -> Result<Self> {
        Ok(Self {
            weight: at.get_with_hints(WIDTH, "weight", Init::Const(1.0))?,
            bias: at.get_with_hints(WIDTH, "bias", Init::Const(0.0))?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        ops::layer_norm_slow(x, &self.weight, &self.bias, 1e-5)
    }
}
