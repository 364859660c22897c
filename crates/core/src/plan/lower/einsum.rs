//! `einsum_dense`: a product over any axes, as moves of values around one product of matrices.
//!
//! ```text
//! "abc,cde->abde"     b stays, c is summed over, d and e are what the kernel brings
//! x (b, c)  --moved-->  (stays, summed)  · kernel (summed, brought)  -->  (stays, brought)  --moved-->  output
//! ```

use super::dense::Projection;
use super::weights::weight;
use super::{Lower, Site, shown};
use crate::error::{Code, Error};
use crate::plan::TensorId;
use crate::spec::describe::ArgumentType;
use crate::spec::{Activation, layers};

/// An equation taken apart: letters of the axes of input, kernel and output, without the batch.
struct Equation {
    input: Vec<char>,
    kernel: Vec<char>,
    output: Vec<char>,
}

impl Equation {
    /// `axes`: how many the input has. What stands for "..." are capital letters from the end of the alphabet.
    fn parse(text: &str, axes: usize) -> Option<Self> {
        let (left, output) = text.split_once("->")?;
        let (input, kernel) = left.split_once(',')?;
        let dots = (axes + 1).checked_sub(input.replace("...", "").len())?;
        let spread: String = (0..dots).filter_map(|i| char::from_digit(i as u32, 36)).collect();
        let letters = |part: &str| -> Vec<char> { part.replace("...", &spread).chars().collect() };
        let [input, kernel, output] = [input.trim(), kernel.trim(), output.trim()].map(letters);
        let is_sound = input.len() == axes + 1
            && input.first() == output.first()
            && !kernel.contains(input.first()?)
            && [&input, &kernel, &output].into_iter().all(|all| {
                all.iter()
                    .enumerate()
                    .all(|(i, letter)| letter.is_ascii_alphanumeric() && !all[..i].contains(letter))
            });
        is_sound.then(|| Self { input: input[1..].to_vec(), kernel, output: output[1..].to_vec() })
    }
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
        let summed: Vec<char> = it.kernel.iter().copied().filter(|axis| it.input.contains(axis)).collect();
        let brought: Vec<char> = it.kernel.iter().copied().filter(|axis| !it.input.contains(axis)).collect();
        let stays: Vec<char> = it.input.iter().copied().filter(|axis| !summed.contains(axis)).collect();
        if summed.iter().any(|axis| it.output.contains(axis))
            || it.output.len() != stays.len() + brought.len()
            || !stays.iter().chain(&brought).all(|axis| it.output.contains(axis))
        {
            let expected = "an output of the axes that are not summed over and those that the kernel brings";
            return Err(wrong(site, expected));
        }
        let is_transposed = it.kernel.starts_with(&brought) && !brought.is_empty() && !summed.is_empty();
        if !is_transposed && !it.kernel.starts_with(&summed) {
            return Err(wrong(site, "a kernel whose axes that are summed over stand together"));
        }
        let sizes = self.sizes(site, &it, &shape)?;
        let size = |axis: &char| sizes.iter().find(|(of, _)| of == axis).map_or(1, |(_, size)| *size);
        let of = |axes: &[char]| -> Vec<usize> { axes.iter().map(size).collect() };

        let order = places(&[&stays[..], &summed].concat(), &it.input);
        let moved = site.transposed(x, &order);
        let made = [&stays[..], &brought].concat();
        let bias = self.bias_shape(site, &brought, &it.output)?.map(|axes| of(&axes));
        let kernel = Projection {
            name: "kernel",
            kernel: &of(&it.kernel),
            bias: bias.as_deref(),
            weights: [weight!(self, kernel), weight!(self, bias)],
            is_transposed,
        };
        let units = of(&brought).iter().product();
        let y = site.product(moved, &of(&made), units, &kernel)?;
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

impl layers::EinsumDense {
    /// The size of every axis: those of the input from the input, the others from `output_shape`, which must agree.
    fn sizes(&self, site: &Site<'_>, it: &Equation, shape: &[usize]) -> Result<Vec<(char, usize)>, Error> {
        let mut sizes: Vec<(char, usize)> = it.input.iter().copied().zip(shape.iter().copied()).collect();
        // The axes that "..." stands for are not said.
        let unsaid = if self.equation.contains("...") { it.output.len().min(shape.len()) } else { 0 };
        let unsaid = unsaid.saturating_sub(self.output_shape.0.len());
        let said: Vec<Option<usize>> =
            shape[..unsaid].iter().copied().map(Some).chain(self.output_shape.0.iter().copied()).collect();
        let agreed = |(axis, said): (&char, &Option<usize>)| {
            let known = sizes.iter().find(|(of, _)| of == axis).map(|(_, known)| *known);
            known.or(*said).filter(|size| said.is_none_or(|said| said == *size))
        };
        let wanted: Option<Vec<usize>> = it.output.iter().zip(&said).map(agreed).collect();
        let Some(wanted) = wanted.filter(|_| said.len() == it.output.len()) else {
            let expected = format!("sizes of the output's axes for an input of {}", shown(shape));
            let found = tabgrad_json::text(&self.output_shape.write());
            return Err(Error::new(Code::Mismatch, site.path("output_shape"), expected, found));
        };
        sizes.extend(it.output.iter().copied().zip(wanted));
        Ok(sizes)
    }

    /// The axes of the bias: all that the kernel brings, in its order.
    fn bias_shape(
        &self,
        site: &Site<'_>,
        brought: &[char],
        output: &[char],
    ) -> Result<Option<Vec<char>>, Error> {
        let Some(axes) = &self.bias_axes else { return Ok(None) };
        let in_order: Vec<char> = output.iter().copied().filter(|axis| brought.contains(axis)).collect();
        let fits = axes.chars().count() == brought.len()
            && axes.chars().all(|axis| brought.contains(&axis))
            && in_order == brought;
        if fits {
            return Ok(Some(in_order));
        }
        let expected = format!("{:?}, the axes that the kernel brings", brought.iter().collect::<String>());
        Err(Error::new(Code::Mismatch, site.path("bias_axes"), expected, format!("{axes:?}")))
    }
}
