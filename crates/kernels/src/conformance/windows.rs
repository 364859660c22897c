//! Convolutions and pooling: awkward sizes, strides, dilation, padding, groups; cut by images and by rows of the kernel.

use super::{Case, Entry, Output, around_zero, made, wide};
use crate::activation::Activation;
use crate::convolution::{self, Convolution};
use crate::gemm::Epilogue;
use crate::window::Window;
use crate::{depthwise, pooling, reference};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("convolution::forward", || of_convolutions(forward)),
    ("convolution::backward", || of_convolutions(backward)),
    ("convolution::kernel_gradient", || of_convolutions(kernel_gradient)),
    ("convolution::channel_gradient", || winograds().into_iter().map(channel_gradient).collect()),
    ("depthwise::forward", || of_depthwise(depthwise_forward)),
    ("depthwise::backward", || of_depthwise(depthwise_backward)),
    ("depthwise::kernel_gradient", || of_depthwise(depthwise_kernel_gradient)),
    ("pooling::max", || of_pools(max)),
    ("pooling::max_backward", || of_pools(max_backward)),
    ("pooling::average", || of_pools(average)),
    ("pooling::average_backward", || of_pools(average_backward)),
];

/// Images of every case.
const IMAGES: usize = 5;

/// Windows over images: whole ones, one pixel, sequences, windows larger than the image, padding on one side only.
pub(super) fn windows(channels: usize) -> Vec<Window> {
    let plain = Window {
        image: [6, 5],
        channels,
        size: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        before: [0, 0],
        windows: [4, 3],
    };
    vec![
        plain,
        Window { before: [1, 1], windows: [6, 5], ..plain },
        Window { stride: [2, 3], before: [0, 1], windows: [3, 2], ..plain },
        Window { size: [2, 3], dilation: [2, 2], before: [1, 2], windows: [6, 5], ..plain },
        Window { size: [1, 1], windows: [6, 5], ..plain },
        Window { image: [1, 17], size: [1, 4], before: [0, 3], windows: [1, 17], ..plain },
        Window { image: [1, 1], size: [3, 3], before: [1, 1], windows: [1, 1], ..plain },
        Window { image: [2, 3], size: [5, 5], before: [2, 2], windows: [2, 3], ..plain },
        Window { image: [6, 5], size: [6, 5], windows: [1, 1], ..plain },
        Window { size: [2, 2], stride: [2, 2], windows: [3, 3], ..plain },
    ]
}

fn of_convolutions(case: fn(Convolution) -> Case) -> Vec<Case> {
    let sizes = [(1, 1, 1), (3, 1, 7), (4, 2, 6), (6, 6, 12), (17, 1, 5)];
    let all = sizes.iter().flat_map(|&(channels, groups, filters)| {
        windows(channels).into_iter().map(move |window| Convolution { window, groups, filters })
    });
    // More windows than are packed at a time.
    let large = Window {
        image: [20, 21],
        channels: 2,
        size: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        before: [1, 1],
        windows: [20, 21],
    };
    let large = Convolution { window: large, groups: 1, filters: 3 };
    all.chain([large]).chain(winograds()).map(case).collect()
}

/// Convolutions that go the shorter way: odd and even sizes, all padding and none, several blocks of tiles, lines of tiles
/// and parts of filters, channels of whole vectors and of few.
fn winograds() -> Vec<Convolution> {
    let plain = Window {
        image: [7, 6],
        channels: 16,
        size: [3, 3],
        stride: [1, 1],
        dilation: [1, 1],
        before: [1, 1],
        windows: [7, 6],
    };
    let wide = Window { size: [5, 5], before: [2, 2], windows: [7, 6], ..plain };
    let windows = [
        (plain, 32),
        (Window { before: [0, 0], windows: [5, 4], channels: 32, ..plain }, 16),
        (Window { before: [2, 2], windows: [9, 8], channels: 8, ..plain }, 24),
        (Window { image: [12, 11], windows: [12, 11], channels: 64, ..plain }, 32),
        (Window { image: [3, 4], windows: [3, 4], channels: 128, ..plain }, 96),
        (Window { image: [4, 160], windows: [4, 160], channels: 8, ..plain }, 16),
        (wide, 16),
        (Window { channels: 8, ..wide }, 16),
        (Window { image: [8, 9], before: [0, 0], windows: [4, 5], channels: 24, ..wide }, 8),
        (Window { image: [14, 14], windows: [14, 14], channels: 16, ..wide }, 8),
    ];
    windows.map(|(window, filters)| Convolution { window, groups: 1, filters }).to_vec()
}

fn channel_gradient(it: Convolution) -> Case {
    let (x_each, y_each) = (it.window.image_len(), it.window.positions() * it.filters);
    let x = around_zero(1, IMAGES * x_each);
    let (d_y, tolerance) = factors(&it, IMAGES * y_each, IMAGES * it.window.positions(), 5e-5);
    let (channels, filters) = (it.window.channels, it.filters);
    let wanted = made(it.patch_len() * filters, |d_kernel| {
        reference::convolution_kernel_gradient(&it, IMAGES, &wide(&x), &wide(&d_y), d_kernel);
    });
    Case {
        label: format!("{it:?}"),
        cuts: channels / it.channel_grain(),
        outputs: vec![Output::poisoned(wanted, 0)],
        run: Box::new(move |part, out| {
            let own = part.start * it.channel_grain()..part.end * it.channel_grain();
            let each = own.len() * filters;
            if each == 0 {
                return;
            }
            let mut scratch = vec![f32::NAN; it.scratch_len(IMAGES)];
            let mut d_kernel = vec![f32::NAN; it.window.taps() * each];
            let first = own.start * filters;
            convolution::channel_gradient(&it, IMAGES, &x, &d_y, own, &mut d_kernel, &mut scratch);
            for (from, to) in d_kernel.chunks(each).zip(out[0].chunks_mut(channels * filters)) {
                to[first..first + each].copy_from_slice(from);
            }
        }),
        tolerance,
    }
}

fn of_depthwise(case: fn(Window) -> Case) -> Vec<Case> {
    [1, 4, 7, 17].into_iter().flat_map(windows).map(case).collect()
}

/// Pools whose windows all see a pixel.
fn of_pools(case: fn(Window) -> Case) -> Vec<Case> {
    [1, 4, 7, 17].into_iter().flat_map(windows).filter(|window| window.dilation == [1, 1]).map(case).collect()
}

/// Inputs with some values that are equal.
fn rounded(lane: u32, n: usize) -> Vec<f32> {
    around_zero(lane, n).iter().map(|x| (x * 2.0).round() / 2.0).collect()
}

/// `n` numbers about 0 that are so small, where the shorter way is gone, that sums of `terms` products are about 1, as in a
/// layer; and how exact these sums must be, `plain` elsewhere. The shorter way errs with what tiles hold, not with what is left of it, and is
/// held to what Keras' layers are held to.
fn factors(it: &Convolution, n: usize, terms: usize, plain: f64) -> (Vec<f32>, f64) {
    let numbers = around_zero(2, n);
    if it.is_cut_by_channels() {
        let size = (terms as f32).sqrt().recip();
        (numbers.iter().map(|number| number * size).collect(), 1e-5)
    } else {
        (numbers, plain)
    }
}

fn forward(it: Convolution) -> Case {
    let (x_each, y_each) = (it.window.image_len(), it.window.positions() * it.filters);
    let x = around_zero(1, IMAGES * x_each);
    let (kernel, tolerance) = factors(&it, it.patch_len() * it.filters, it.patch_len(), 2e-5);
    let bias = around_zero(3, it.filters);
    let mut wanted = made(IMAGES * y_each, |y| {
        reference::convolution(&it, IMAGES, &wide(&x), &wide(&kernel), Some(&wide(&bias)), y);
    });
    wanted.iter_mut().for_each(|y| *y = y.max(0.0));
    Case {
        label: format!("{it:?}"),
        cuts: IMAGES,
        outputs: vec![Output::poisoned(wanted, y_each)],
        run: Box::new(move |part, out| {
            let images = part.len();
            let mut scratch = vec![f32::NAN; it.scratch_len(images)];
            let epilogue = Epilogue { bias: Some(&bias), activation: Activation::Relu };
            let x = &x[part.start * x_each..part.end * x_each];
            convolution::forward(&it, images, x, &kernel, out[0], epilogue, &mut scratch);
        }),
        tolerance,
    }
}

fn backward(it: Convolution) -> Case {
    let (x_each, y_each) = (it.window.image_len(), it.window.positions() * it.filters);
    let d_y = around_zero(1, IMAGES * y_each);
    let terms = it.window.taps() * it.filters / it.groups;
    let (kernel, tolerance) = factors(&it, it.patch_len() * it.filters, terms, 2e-5);
    let start = (it.groups == 1).then(|| around_zero(3, it.window.channels));
    let wanted = made(IMAGES * x_each, |d_x| {
        let start = start.as_deref().map(wide);
        reference::convolution_backward(&it, IMAGES, &wide(&kernel), &wide(&d_y), start.as_deref(), d_x);
    });
    Case {
        label: format!("{it:?}"),
        cuts: IMAGES,
        outputs: vec![Output::poisoned(wanted, x_each)],
        run: Box::new(move |part, out| {
            let images = part.len();
            let mut scratch = vec![f32::NAN; it.scratch_len(images)];
            let d_y = &d_y[part.start * y_each..part.end * y_each];
            convolution::backward(&it, images, &kernel, d_y, start.as_deref(), out[0], &mut scratch);
        }),
        tolerance,
    }
}

fn kernel_gradient(it: Convolution) -> Case {
    let (x_each, y_each) = (it.window.image_len(), it.window.positions() * it.filters);
    let x = around_zero(1, IMAGES * x_each);
    let (d_y, tolerance) = factors(&it, IMAGES * y_each, IMAGES * it.window.positions(), 5e-5);
    let wanted = made(it.patch_len() * it.filters, |d_kernel| {
        reference::convolution_kernel_gradient(&it, IMAGES, &wide(&x), &wide(&d_y), d_kernel);
    });
    Case {
        label: format!("{it:?}"),
        cuts: it.patch_len(),
        outputs: vec![Output::poisoned(wanted, it.filters)],
        run: Box::new(move |part, out| {
            let mut scratch = vec![f32::NAN; it.scratch_len(IMAGES)];
            convolution::kernel_gradient(&it, IMAGES, &x, &d_y, part, out[0], &mut scratch);
        }),
        tolerance,
    }
}

/// A depthwise convolution as one in groups of one channel.
fn in_groups(window: Window) -> Convolution {
    Convolution { window, groups: window.channels, filters: window.channels }
}

fn depthwise_forward(window: Window) -> Case {
    let (x_each, y_each) = (window.image_len(), window.positions() * window.channels);
    let x = around_zero(1, IMAGES * x_each);
    let kernel = around_zero(2, window.taps() * window.channels);
    let bias = around_zero(3, window.channels);
    let wanted = made(IMAGES * y_each, |y| {
        let it = in_groups(window);
        reference::convolution(&it, IMAGES, &wide(&x), &wide(&kernel), Some(&wide(&bias)), y);
    });
    Case {
        label: format!("{window:?}"),
        cuts: IMAGES,
        outputs: vec![Output::poisoned(wanted, y_each)],
        run: Box::new(move |part, out| {
            let x = &x[part.start * x_each..part.end * x_each];
            depthwise::forward(&window, part.len(), x, &kernel, Some(&bias), out[0]);
        }),
        tolerance: 2e-6,
    }
}

fn depthwise_backward(window: Window) -> Case {
    let (x_each, y_each) = (window.image_len(), window.positions() * window.channels);
    let d_y = around_zero(1, IMAGES * y_each);
    let kernel = around_zero(2, window.taps() * window.channels);
    let wanted = made(IMAGES * x_each, |d_x| {
        reference::convolution_backward(&in_groups(window), IMAGES, &wide(&kernel), &wide(&d_y), None, d_x);
    });
    Case {
        label: format!("{window:?}"),
        cuts: IMAGES,
        outputs: vec![Output::poisoned(wanted, x_each)],
        run: Box::new(move |part, out| {
            let d_y = &d_y[part.start * y_each..part.end * y_each];
            depthwise::backward(&window, part.len(), &kernel, d_y, out[0]);
        }),
        tolerance: 2e-6,
    }
}

fn depthwise_kernel_gradient(window: Window) -> Case {
    let (x_each, y_each) = (window.image_len(), window.positions() * window.channels);
    let (x, d_y) = (around_zero(1, IMAGES * x_each), around_zero(2, IMAGES * y_each));
    let wanted = made(window.taps() * window.channels, |d_kernel| {
        reference::convolution_kernel_gradient(&in_groups(window), IMAGES, &wide(&x), &wide(&d_y), d_kernel);
    });
    Case {
        label: format!("{window:?}"),
        cuts: window.taps() * window.channels,
        outputs: vec![Output::poisoned(wanted, 1)],
        run: Box::new(move |part, out| {
            depthwise::kernel_gradient(&window, IMAGES, &x, &d_y, part, out[0]);
        }),
        tolerance: 1e-5,
    }
}

/// A case cut by images, from `x` of `x_each` values per image to `wanted` of `y_each`.
fn by_images(
    window: Window,
    wanted: Vec<f64>,
    y_each: usize,
    run: impl Fn(std::ops::Range<usize>, &mut [f32]) + 'static,
) -> Case {
    Case {
        label: format!("{window:?}"),
        cuts: IMAGES,
        outputs: vec![Output::poisoned(wanted, y_each)],
        run: Box::new(move |part, out| run(part, out[0])),
        tolerance: 2e-6,
    }
}

fn max(window: Window) -> Case {
    let (x_each, y_each) = (window.image_len(), window.positions() * window.channels);
    let x = rounded(1, IMAGES * x_each);
    let wanted = made(IMAGES * y_each, |y| reference::max_pool(&window, IMAGES, &wide(&x), y));
    by_images(window, wanted, y_each, move |part, out| {
        pooling::max(&window, part.len(), &x[part.start * x_each..part.end * x_each], out);
    })
}

fn max_backward(window: Window) -> Case {
    let (x_each, y_each) = (window.image_len(), window.positions() * window.channels);
    let x = rounded(1, IMAGES * x_each);
    let d_y = around_zero(2, IMAGES * y_each);
    let mut y = vec![0.0; IMAGES * y_each];
    reference::max_pool(&window, IMAGES, &x, &mut y);
    let wanted = made(IMAGES * x_each, |d_x| {
        reference::max_pool_backward(&window, IMAGES, &wide(&x), &wide(&y), &wide(&d_y), d_x);
    });
    by_images(window, wanted, x_each, move |part, out| {
        let (xs, ys) = (part.start * x_each..part.end * x_each, part.start * y_each..part.end * y_each);
        pooling::max_backward(&window, part.len(), &x[xs], &y[ys.clone()], &d_y[ys], out);
    })
}

fn average(window: Window) -> Case {
    let (x_each, y_each) = (window.image_len(), window.positions() * window.channels);
    let x = around_zero(1, IMAGES * x_each);
    let wanted = made(IMAGES * y_each, |y| reference::average_pool(&window, IMAGES, &wide(&x), y));
    by_images(window, wanted, y_each, move |part, out| {
        pooling::average(&window, part.len(), &x[part.start * x_each..part.end * x_each], out);
    })
}

fn average_backward(window: Window) -> Case {
    let (x_each, y_each) = (window.image_len(), window.positions() * window.channels);
    let d_y = around_zero(1, IMAGES * y_each);
    let wanted =
        made(IMAGES * x_each, |d_x| reference::average_pool_backward(&window, IMAGES, &wide(&d_y), d_x));
    by_images(window, wanted, x_each, move |part, out| {
        pooling::average_backward(&window, part.len(), &d_y[part.start * y_each..part.end * y_each], out);
    })
}
