//! `einsum_dense`: a product over any axes, as moves of values around one product of matrices, or around one for each group
//! where the kernel has axes that stay, or its axes are not in an order that makes it a matrix ([`Contract`]).
//!
//! ```text
//! "abc,cde->abde"     b stays, c is summed over, d and e are what the kernel brings
//! x (b, c)  --moved-->  (stays, summed)  · kernel (summed, brought)  -->  (stays, brought)  --moved-->  output
//! "abc,bcd->abd"      b is a group
//! ```

use super::dense::Projection;
use super::moves::strides;
use super::weights::weight;
use super::{Lower, Site, shown};
use crate::error::{Code, Error};
use crate::ops::{Contract, FirstAxis, Op, Positions};
use crate::plan::{Cut, TensorId, volume};
use crate::spec::describe::ArgumentType;
use crate::spec::{Activation, layers};

/// An equation taken apart: letters of the axes of input, kernel and output, without the batch. What "..." stands for are
/// digits.
struct Equation {
    input: Vec<char>,
    kernel: Vec<char>,
    output: Vec<char>,
}

impl Equation {
    /// `axes`: how many the input has.
    fn parse(text: &str, axes: usize) -> Option<Self> {
        let (left, output) = text.split_once("->")?;
        let (input, kernel) = left.split_once(',')?;
        let dots = (axes + 1).checked_sub(input.replace("...", "").trim().len())?;
        let spread: String = (0..dots).filter_map(|i| char::from_digit(i as u32, 10)).collect();
        let letters = |part: &str| -> Vec<char> { part.replace("...", &spread).chars().collect() };
        let [input, kernel, output] = [input.trim(), kernel.trim(), output.trim()].map(letters);
        let batch = *input.first()?;
        let is_sound = input.len() == axes + 1
            && output.first() == Some(&batch)
            && [&input[1..], &kernel, &output[1..]].iter().all(|axes| !axes.contains(&batch))
            && !text.contains(|letter: char| letter.is_ascii_digit())
            && input.iter().chain(&kernel).chain(&output).all(char::is_ascii_alphanumeric)
            && is_each_once(&output)
            && !kernel.is_empty();
        is_sound.then(|| Self { input: input[1..].to_vec(), kernel, output: output[1..].to_vec() })
    }

    /// Its axes by what becomes of them; `None` where one comes from nowhere or goes nowhere.
    fn axes(&self) -> Option<Axes> {
        let (mut axes, unique) = (Axes::default(), each_once(&self.kernel));
        for &axis in &unique {
            let (in_input, in_output) = (self.input.contains(&axis), self.output.contains(&axis));
            match (in_input, in_output) {
                (true, true) => axes.groups.push(axis),
                (true, false) => axes.summed.push(axis),
                (false, true) => axes.brought.push(axis),
                (false, false) => return None,
            }
        }
        for axis in each_once(&self.input).into_iter().filter(|axis| !unique.contains(axis)) {
            if self.output.contains(&axis) { axes.stays.push(axis) } else { axes.alone.push(axis) }
        }
        let comes = |axis: &char| self.input.contains(axis) || self.kernel.contains(axis);
        self.output.iter().all(comes).then_some(axes)
    }
}

/// The axes of an equation, those of the kernel in its order.
#[derive(Default)]
struct Axes {
    /// Of the input, and still there in the output.
    stays: Vec<char>,
    /// The same, of the kernel too: a product for each of them.
    groups: Vec<char>,
    /// Of input and kernel, summed over.
    summed: Vec<char>,
    /// Of the input alone, summed over.
    alone: Vec<char>,
    /// Of the kernel alone.
    brought: Vec<char>,
}

fn is_each_once(axes: &[char]) -> bool {
    axes.iter().enumerate().all(|(i, axis)| !axes[..i].contains(axis))
}

fn each_once(axes: &[char]) -> Vec<char> {
    axes.iter().enumerate().filter(|(i, axis)| !axes[..*i].contains(axis)).map(|(_, axis)| *axis).collect()
}

impl Lower for layers::EinsumDense {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let shape = site.shape(x);
        let wrong = |site: &Site<'_>, expected: &str| {
            Error::new(Code::Mismatch, site.path("equation"), expected, format!("{:?}", self.equation))
        };
        let Some(it) = Equation::parse(&self.equation, shape.len()) else {
            let axes = shape.len() + 1;
            let expected =
                format!("the axes of input ({axes} with the batch), kernel and output, such as ab,bc->ac");
            return Err(wrong(site, &expected));
        };
        let Some(axes) = it.axes() else {
            let expected =
                "an output of axes of the input and the kernel, and a kernel of axes of input and output";
            return Err(wrong(site, expected));
        };
        let sizes = self.sizes(site, &it, &shape)?;
        let x = site.diagonal(x, &it.input, &shape);
        let bias = self.bias_axes(site, &it, &sizes, &axes.brought)?;
        let matrix = [&axes.summed[..], &axes.brought].concat();
        let transposed = [&axes.brought[..], &axes.summed].concat();
        let (y, made, bias) = if axes.alone.is_empty() && (it.kernel == matrix || it.kernel == transposed) {
            // A bias along all that the kernel brings goes into the product.
            let (own, later) = match bias {
                Some(bias) if bias.axes == axes.brought => (Some(bias.shape), None),
                other => (None, other),
            };
            let (y, made) = self.matrix(site, x, &it, &axes, &sizes, own.as_deref())?;
            (y, made, later)
        } else {
            let (y, made) = self.contracted(site, x, &it, &axes, &sizes)?;
            (y, made, bias)
        };
        let (y, made) = match bias {
            Some(bias) => self.biased(site, y, &made, &sizes, &bias)?,
            None => (y, made),
        };
        let y = site.transposed(y, &places(&it.output, &made));
        let y = site.activation(self.activation, y)?;
        Ok(match &self.activity_regularizer {
            Some(regularizer) => site.activity_penalty(regularizer, y),
            None => y,
        })
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

/// Where each of `wanted` stands in `among`.
fn places(wanted: &[char], among: &[char]) -> Vec<usize> {
    wanted.iter().filter_map(|axis| among.iter().position(|it| it == axis)).collect()
}

/// Axes by their letters, with their sizes.
struct Sizes(Vec<(char, usize)>);

impl Sizes {
    fn of(&self, axes: &[char]) -> Vec<usize> {
        axes.iter()
            .map(|axis| self.0.iter().find(|(of, _)| of == axis).map_or(1, |(_, size)| *size))
            .collect()
    }

    fn volume(&self, axes: &[char]) -> usize {
        volume(&self.of(axes))
    }
}

/// A bias: the axes that it is added along, in the output's order, and its shape.
struct Bias {
    axes: Vec<char>,
    shape: Vec<usize>,
}

impl layers::EinsumDense {
    /// The size of every axis: those of the input from the input, the others from `output_shape`, which must agree.
    fn sizes(&self, site: &Site<'_>, it: &Equation, shape: &[usize]) -> Result<Sizes, Error> {
        let mut sizes: Vec<(char, usize)> = Vec::new();
        let mut agrees = true;
        for (&axis, &size) in it.input.iter().zip(shape) {
            agrees &= sizes.iter().all(|(of, known)| *of != axis || *known == size);
            sizes.push((axis, size));
        }
        // The axes that "..." stands for are not said.
        let mut said = self.output_shape.0.iter();
        for &axis in &it.output {
            let said = if axis.is_ascii_digit() { Some(&None) } else { said.next() };
            let known = sizes.iter().find(|(of, _)| *of == axis).map(|(_, known)| *known);
            let size =
                said.and_then(|said| known.or(*said).filter(|size| said.is_none_or(|said| said == *size)));
            agrees &= size.is_some();
            sizes.push((axis, size.unwrap_or(1)));
        }
        if !agrees || said.next().is_some() {
            let expected = format!("sizes of the output's axes for an input of {}", shown(shape));
            let found = tabgrad_json::text(&self.output_shape.write());
            return Err(Error::new(Code::Mismatch, site.path("output_shape"), expected, found));
        }
        Ok(Sizes(sizes))
    }

    /// The bias, whose shape begins with its first axis and is 1 along those of the output that it is not added along.
    fn bias_axes(
        &self,
        site: &Site<'_>,
        it: &Equation,
        sizes: &Sizes,
        brought: &[char],
    ) -> Result<Option<Bias>, Error> {
        let Some(said) = &self.bias_axes else { return Ok(None) };
        let open: String = it.output.iter().filter(|axis| !axis.is_ascii_digit()).collect();
        if said.is_empty() || !said.chars().all(|axis| open.contains(axis)) {
            let expected = format!("axes of the output without the batch, some of {open:?}");
            return Err(Error::new(Code::Mismatch, site.path("bias_axes"), expected, format!("{said:?}")));
        }
        let is_along = |axis: &char| said.contains(*axis);
        let axes: Vec<char> = it.output.iter().copied().filter(is_along).collect();
        // Of what the kernel brings, files have the bias without axes of 1.
        let shape = if axes == brought {
            sizes.of(&axes)
        } else {
            let behind = it.output.iter().skip_while(|axis| !is_along(axis));
            behind.map(|axis| if is_along(axis) { sizes.volume(&[*axis]) } else { 1 }).collect()
        };
        Ok(Some(Bias { axes, shape }))
    }

    /// One product of matrices, for a kernel that is one; with the axes of what it makes.
    fn matrix(
        &self,
        site: &mut Site<'_>,
        x: TensorId,
        it: &Equation,
        axes: &Axes,
        sizes: &Sizes,
        bias: Option<&[usize]>,
    ) -> Result<(TensorId, Vec<char>), Error> {
        let order = places(&[&axes.stays[..], &axes.summed].concat(), &each_once(&it.input));
        let moved = site.transposed(x, &order);
        let made = [&axes.stays[..], &axes.brought].concat();
        let kernel = Projection {
            name: "kernel",
            kernel: &sizes.of(&it.kernel),
            bias,
            weights: [weight!(self, kernel), weight!(self, bias)],
            is_transposed: !it.kernel.starts_with(&axes.summed),
        };
        let y = site.product(moved, &sizes.of(&made), sizes.volume(&axes.brought), &kernel)?;
        Ok((y, made))
    }

    /// The product with a kernel whose axes are in whatever order.
    fn contracted(
        &self,
        site: &mut Site<'_>,
        x: TensorId,
        it: &Equation,
        axes: &Axes,
        sizes: &Sizes,
    ) -> Result<(TensorId, Vec<char>), Error> {
        let inner = [&axes.summed[..], &axes.alone].concat();
        let order = [&axes.stays[..], &axes.groups, &inner].concat();
        let moved = site.transposed(x, &places(&order, &each_once(&it.input)));
        let shape = sizes.of(&it.kernel);
        let kernel = site.weight("kernel", &shape, weight!(self, kernel))?;
        // One axis of the kernel after the other says how far a step along an axis of the equation goes in it.
        let mut steps = strides(&shape);
        let step = |axis: &char| -> usize {
            it.kernel.iter().zip(&steps).filter(|(of, _)| *of == axis).map(|(_, step)| step).sum()
        };
        let walked = [&axes.groups[..], &inner, &axes.brought].concat();
        // What has no room anywhere is refused later, when all sizes are known.
        let is_possible = sizes.volume(&walked) <= 1 << 28;
        let mut spots = vec![0u32];
        for axis in walked.iter().filter(|_| is_possible) {
            let (size, step) = (sizes.volume(&[*axis]) as u32, step(axis) as u32);
            spots = spots.iter().flat_map(|spot| (0..size).map(move |i| spot + i * step)).collect();
        }
        let first = it.kernel[0];
        let kind = if axes.groups.contains(&first) {
            FirstAxis::Groups
        } else if axes.brought.contains(&first) {
            FirstAxis::Units
        } else {
            FirstAxis::Inputs
        };
        let parameter = &mut site.builder.parameters[kernel.0];
        parameter.cut = Cut::by_rows(parameter.span.len, steps.swap_remove(0));
        if kernel.1.is_none() {
            let count = |of: &[char]| {
                it.kernel.iter().filter(|axis| of.contains(axis)).map(|axis| sizes.volume(&[*axis])).product()
            };
            parameter.fans = Some((count(&axes.summed), count(&[&axes.groups[..], &axes.brought].concat())));
        }
        let made = [&axes.stays[..], &axes.groups, &axes.brought].concat();
        let y = site.builder.tensor(&sizes.of(&made));
        site.builder.push(Op::Contract(Contract {
            x: moved,
            y,
            kernel,
            groups: sizes.volume(&axes.groups),
            inputs: sizes.volume(&inner),
            units: sizes.volume(&axes.brought),
            rows_each: sizes.volume(&axes.stays),
            places: spots,
            first: (kind, shape[0]),
        }));
        Ok((y, made))
    }

    /// `y`, which has the axes `made`, with the bias added along its own, which stand last then.
    fn biased(
        &self,
        site: &mut Site<'_>,
        y: TensorId,
        made: &[char],
        sizes: &Sizes,
        bias: &Bias,
    ) -> Result<(TensorId, Vec<char>), Error> {
        let others: Vec<char> = made.iter().copied().filter(|axis| !bias.axes.contains(axis)).collect();
        let order = [&others[..], &bias.axes].concat();
        let moved = site.transposed(y, &places(&order, made));
        let table = site.weight("bias", &bias.shape, weight!(self, bias))?;
        let own = sizes.of(&bias.axes);
        let made = &mut site.builder.parameters[table.0];
        made.cut = Cut::by_rows(made.span.len, own.last().copied().unwrap_or(1));
        let y = site.as_rows(&sizes.of(&others), &[moved], |site, rows| {
            Ok(site.add_positions(rows[0], Positions::Learned(table)))
        })?;
        Ok((y, order))
    }
}

impl Site<'_> {
    /// `x` with axes of one letter made one: its diagonal.
    fn diagonal(&mut self, x: TensorId, letters: &[char], shape: &[usize]) -> TensorId {
        if is_each_once(letters) {
            return x;
        }
        let steps = strides(shape);
        let axis = |axis: char| {
            let of = letters.iter().zip(&steps).filter(|(it, _)| **it == axis);
            let step: usize = of.map(|(_, step)| step).sum();
            let size = letters.iter().zip(shape).find(|(it, _)| **it == axis).map_or(1, |(_, size)| *size);
            (0..size).map(|i| Some(i * step)).collect()
        };
        let axes: Vec<Vec<Option<usize>>> = each_once(letters).into_iter().map(axis).collect();
        self.rearrange(x, &axes)
    }
}
