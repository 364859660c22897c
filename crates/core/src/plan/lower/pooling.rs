//! Pooling over windows and over everything.

use super::sliding::{Size, Sliding};
use super::{Lower, Site};
use crate::error::Error;
use crate::ops::{MaskedMean, Op, Pool};
use crate::plan::TensorId;
use crate::spec::layers::{self, Padding};

/// A pool's op; `largest` or the mean.
fn pool(site: &mut Site<'_>, it: &Sliding, x: TensorId, largest: bool) -> Result<TensorId, Error> {
    let (image, channels) = site.image(x, it.rank)?;
    let window = site.windows(it, image, channels)?;
    let shape = site.image_shape(it.rank, window.windows, channels);
    let y = site.builder.tensor(&shape);
    site.builder.push(Op::Pool(Pool { x, y, window, largest }));
    Ok(y)
}

macro_rules! pooling {
    ($Layer:ident, $largest:literal) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let strides = self.strides.unwrap_or(self.pool_size);
                let mut it = Sliding::kernel(self.pool_size, strides, self.pool_size, self.padding);
                (it.dilation, it.argument) = ([1; 2], "pool_size");
                pool(site, &it, inputs[0], $largest)
            }
        }
    };
}
pooling!(MaxPooling1D, true);
pooling!(MaxPooling2D, true);
pooling!(AveragePooling1D, false);
pooling!(AveragePooling2D, false);

/// One window over all of `x`; of steps with a mask, the mean of those that count.
fn global<S: Size>(
    site: &mut Site<'_>,
    x: TensorId,
    largest: bool,
    keepdims: bool,
) -> Result<TensorId, Error> {
    let (image, channels) = site.image(x, S::RANK)?;
    let mask = site.mask(x).filter(|_| S::RANK == 1 && !largest);
    let y = if let Some(mask) = mask {
        let y = site.builder.tensor(&[channels]);
        site.builder.push(Op::MaskedMean(MaskedMean { x, mask, y, steps: image[1], channels }));
        y
    } else {
        let it = Sliding {
            rank: S::RANK,
            argument: "pool_size",
            size: image,
            strides: [1; 2],
            dilation: [1; 2],
            edges: Padding::Valid.into(),
        };
        pool(site, &it, x, largest)?
    };
    let shape = if keepdims { site.image_shape(S::RANK, [1, 1], channels) } else { vec![channels] };
    Ok(site.reshape(y, &shape))
}

macro_rules! global_pooling {
    ($Layer:ident, $Size:ty, $largest:literal) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                global::<$Size>(site, inputs[0], $largest, self.keepdims)
            }
        }
    };
}
global_pooling!(GlobalMaxPooling1D, usize, true);
global_pooling!(GlobalMaxPooling2D, layers::Pair, true);
global_pooling!(GlobalAveragePooling1D, usize, false);
global_pooling!(GlobalAveragePooling2D, layers::Pair, false);
