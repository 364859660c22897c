//! The tiny GPT of W7, of burn's own layers.

use burn::module::{Module, Param};
use burn::nn::attention::{
    MhaInput, MultiHeadAttention, MultiHeadAttentionConfig, generate_autoregressive_mask,
};
use burn::nn::{Embedding, EmbeddingConfig, Gelu, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};

const VOCABULARY: usize = 64;
const WIDTH: usize = 64;
const HEADS: usize = 4;
const CONTEXT: usize = 64;
const BLOCKS: usize = 2;

#[derive(Module, Debug)]
pub struct Gpt {
    tokens: Embedding,
    places: Param<Tensor<2>>,
    blocks: Vec<Block>,
    norm: LayerNorm,
    head: Linear,
}

#[derive(Module, Debug)]
struct Block {
    first: LayerNorm,
    attention: MultiHeadAttention,
    second: LayerNorm,
    wide: Linear,
    narrow: Linear,
}

impl Gpt {
    pub fn new(device: &Device) -> Self {
        Self {
            tokens: EmbeddingConfig::new(VOCABULARY, WIDTH).init(device),
            places: Param::from_tensor(Tensor::zeros([CONTEXT, WIDTH], device)),
            blocks: (0..BLOCKS).map(|_| Block::new(device)).collect(),
            norm: LayerNormConfig::new(WIDTH).init(device),
            head: LinearConfig::new(WIDTH, VOCABULARY).init(device),
        }
    }

    /// Logits of all places, one after the other.
    pub fn forward(&self, tokens: Tensor<2, Int>) -> Tensor<2> {
        let x = self.tokens.forward(tokens) + self.places.val().unsqueeze::<3>();
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        self.head.forward(self.norm.forward(x)).flatten(0, 1)
    }
}

impl Block {
    fn new(device: &Device) -> Self {
        Self {
            first: LayerNormConfig::new(WIDTH).init(device),
            attention: MultiHeadAttentionConfig::new(WIDTH, HEADS).with_dropout(0.0).init(device),
            second: LayerNormConfig::new(WIDTH).init(device),
            wide: LinearConfig::new(WIDTH, 4 * WIDTH).init(device),
            narrow: LinearConfig::new(4 * WIDTH, WIDTH).init(device),
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, steps, _] = x.dims();
        let mask = generate_autoregressive_mask(batch, steps, &x.device());
        let input = MhaInput::self_attn(self.first.forward(x.clone())).mask_attn(mask);
        let x = x + self.attention.forward(input).context;
        let wide = Gelu::new().forward(self.wide.forward(self.second.forward(x.clone())));
        x + self.narrow.forward(wide)
    }
}
