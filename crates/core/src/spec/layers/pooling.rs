//! Pooling: windows over sequences (steps, channels) and images (height, width, channels), each channel by itself.

use super::{Padding, Pair};
use crate::spec::describe::{Limits, described};

/// Windows and their strides.
const SIZE: Limits = Limits::between(1.0, 4096.0);

described! {
    /// The largest value of every few steps.
    MaxPooling1D, "max_pooling1d", "Max pooling 1D" {
        /// Steps of a window.
        pool_size: usize = 2, "Pool size", SIZE.common();
        /// Steps from one window to the next; without it, the size of a window.
        strides: Option<usize> = None, "Strides", SIZE;
        /// Whether windows stay within the input (valid) or reach beyond its end (same).
        padding: Padding = Padding::Valid, "Padding";
    }
}
described! {
    /// The largest value of every few pixels: where a pattern is exactly no longer matters.
    MaxPooling2D, "max_pooling2d", "Max pooling 2D" {
        /// Pixels of a window, high and wide.
        pool_size: Pair = Pair([2; 2]), "Pool size", SIZE.common();
        /// Steps from one window to the next; without it, the size of a window.
        strides: Option<Pair> = None, "Strides", SIZE;
        /// Whether windows stay within the input (valid) or reach beyond its end (same).
        padding: Padding = Padding::Valid, "Padding";
    }
}
described! {
    /// The mean of every few steps.
    AveragePooling1D, "average_pooling1d", "Average pooling 1D" {
        /// Steps of a window.
        pool_size: usize = 2, "Pool size", SIZE.common();
        /// Steps from one window to the next; without it, the size of a window.
        strides: Option<usize> = None, "Strides", SIZE;
        /// Whether windows stay within the input (valid) or reach beyond its end (same).
        padding: Padding = Padding::Valid, "Padding";
    }
}
described! {
    /// The mean of every few pixels.
    AveragePooling2D, "average_pooling2d", "Average pooling 2D" {
        /// Pixels of a window, high and wide.
        pool_size: Pair = Pair([2; 2]), "Pool size", SIZE.common();
        /// Steps from one window to the next; without it, the size of a window.
        strides: Option<Pair> = None, "Strides", SIZE;
        /// Whether windows stay within the input (valid) or reach beyond its end (same).
        padding: Padding = Padding::Valid, "Padding";
    }
}
described! {
    /// The largest value of each channel over all steps.
    GlobalMaxPooling1D, "global_max_pooling1d", "Global max pooling 1D" {
        /// Whether the axes that were pooled stay, with size 1.
        keepdims: bool = false, "Keep axes";
    }
}
described! {
    /// The largest value of each channel over all pixels.
    GlobalMaxPooling2D, "global_max_pooling2d", "Global max pooling 2D" {
        /// Whether the axes that were pooled stay, with size 1.
        keepdims: bool = false, "Keep axes";
    }
}
described! {
    /// The mean of each channel over all steps, or over those that count.
    GlobalAveragePooling1D, "global_average_pooling1d", "Global average pooling 1D" {
        /// Whether the axes that were pooled stay, with size 1.
        keepdims: bool = false, "Keep axes";
    }
}
described! {
    /// The mean of each channel over all pixels.
    GlobalAveragePooling2D, "global_average_pooling2d", "Global average pooling 2D" {
        /// Whether the axes that were pooled stay, with size 1.
        keepdims: bool = false, "Keep axes";
    }
}
