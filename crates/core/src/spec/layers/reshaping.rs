//! Layers that give values another shape or place.

use super::{Margins, Pair, TargetShape};
use crate::spec::axes::Axes;
use crate::spec::describe::{Limits, choices, described};

/// Steps or pixels at the edges.
const EDGE: Limits = Limits::between(0.0, 65_536.0).common();

/// How many times something is repeated.
const TIMES: Limits = Limits::between(1.0, 65_536.0).common();

described! {
    /// Makes one long row of whatever shape came in.
    Flatten, "flatten", "Flatten" {}
}
described! {
    /// The same values in the same order under another shape.
    Reshape, "reshape", "Reshape" {
        /// Sizes without the batch; one of them may be -1, which is whatever is left.
        target_shape: TargetShape = TargetShape(vec![None]), "Target shape", Limits::any().required().common();
    }
}
described! {
    /// Axes in another order.
    Permute, "permute", "Permute" {
        /// For every axis of the output, which axis of the input it is; the first behind the batch is 1.
        dims: Axes = Axes(vec![2, 1]), "Dims", Limits::any().required().common();
    }
}
described! {
    /// The same row several times, one below the other: a sequence whose steps are all alike.
    RepeatVector, "repeat_vector", "Repeat vector" {
        /// How many times.
        n: usize = 2, "Times", TIMES.required();
    }
}
described! {
    /// Cuts steps off the ends of a sequence.
    Cropping1D, "cropping1d", "Cropping 1D" {
        /// How many steps at the start and at the end.
        cropping: Pair = Pair([1, 1]), "Cropping", EDGE;
    }
}
described! {
    /// Cuts pixels off the edges of an image.
    Cropping2D, "cropping2d", "Cropping 2D" {
        /// How many lines at the top and the bottom, how many pixels at the left and the right.
        cropping: Margins = Margins([[0, 0], [0, 0]]), "Cropping", EDGE;
    }
}
described! {
    /// Puts steps of zeros around a sequence.
    ZeroPadding1D, "zero_padding1d", "Zero padding 1D" {
        /// How many steps at the start and at the end.
        padding: Pair = Pair([1, 1]), "Padding", EDGE;
    }
}
described! {
    /// Puts pixels of zeros around an image.
    ZeroPadding2D, "zero_padding2d", "Zero padding 2D" {
        /// How many lines at the top and the bottom, how many pixels at the left and the right.
        padding: Margins = Margins([[1, 1], [1, 1]]), "Padding", EDGE;
    }
}
described! {
    /// Repeats every step of a sequence.
    UpSampling1D, "up_sampling1d", "Up-sampling 1D" {
        /// How many times each.
        size: usize = 2, "Size", TIMES;
    }
}
choices! {
    /// What stands between the pixels of an image that is made larger.
    Interpolation, "choice", "an interpolation" {
        /// Each pixel is repeated.
        Nearest = "nearest", "Nearest";
        /// Values go from one pixel to the next on straight lines.
        Bilinear = "bilinear", "Bilinear";
        /// Values go from one pixel to the next on smooth curves.
        Bicubic = "bicubic", "Bicubic";
        /// Values are made of six pixels to a line, so that edges stay sharp.
        Lanczos3 = "lanczos3", "Lanczos, 3";
        /// Values are made of ten pixels to a line.
        Lanczos5 = "lanczos5", "Lanczos, 5";
    }
}
described! {
    /// Makes an image larger by whole factors.
    UpSampling2D, "up_sampling2d", "Up-sampling 2D" {
        /// The factors of height and width.
        size: Pair = Pair([2, 2]), "Size", Limits::between(1.0, 1024.0).common();
        /// What stands between the pixels.
        interpolation: Interpolation = Interpolation::Nearest, "Interpolation", Limits::any().common();
    }
}
