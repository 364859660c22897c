//! Who feeds whom: names of layers, their inputs by index, and the mistakes that can be made there.

use super::volume;
use crate::error::{Code, Error};
use crate::spec::{Layer, LayerKind, ModelSpec};
use std::ops::Range;

/// The name under which layers reach the network's input.
pub(crate) const INPUT: &str = "input";

/// Where a layer gets a tensor from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The features.
    Features,
    /// Of an earlier layer, one of its outputs.
    Layer(usize, usize),
}

/// A layer's place in the network.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its own name, or Keras' automatic one: `dense`, `dense_1`, ...
    pub name: String,
    /// What it takes.
    pub sources: Vec<Source>,
    /// The layer whose weights are also this one's.
    pub owner: Option<usize>,
    /// For one of several input layers: which of the features it takes.
    pub columns: Option<Range<usize>>,
}

/// An output of the model: one of the outputs of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub layer: usize,
    /// 0 for the first.
    pub output: usize,
    /// The layer's, for those behind the first with the number: `encoder:1`.
    pub name: String,
}

impl End {
    fn of(places: &[Place], layer: usize, output: usize) -> Self {
        let layer_name = &places[layer].name;
        let name = if output == 0 { layer_name.clone() } else { format!("{layer_name}:{output}") };
        Self { layer, output, name }
    }
}

/// Names every layer and finds its inputs; `features` is how many there are in a row.
pub(crate) fn connect(model: &ModelSpec, features: usize) -> Result<Vec<Place>, Error> {
    let names = name_layers(model)?;
    let several = several_inputs(model, features)?;
    let mut places: Vec<Place> = Vec::with_capacity(names.len());
    for (i, layer) in model.layers.iter().enumerate() {
        let sources = match &layer.inputs {
            _ if is_input(layer) => input_layer(layer, i)?,
            None if i == 0 => vec![Source::Features],
            None => vec![Source::Layer(i - 1, 0)],
            Some(inputs) => find_inputs(model, &names, i, inputs)?,
        };
        check_count(&layer.kind, i, &sources)?;
        if several.is_some() && !is_input(layer) && sources.contains(&Source::Features) {
            let expected = "the name of one of the input layers, since there are several";
            return Err(Error::new(Code::Graph, format!("layers[{i}].inputs"), expected, "none"));
        }
        let owner = find_owner(model, &names, &places, i)?;
        let columns = several.as_ref().and_then(|columns| columns[i].clone());
        places.push(Place { name: names[i].clone(), sources, owner, columns });
    }
    Ok(places)
}

pub(crate) fn is_input(layer: &Layer) -> bool {
    matches!(layer.kind, LayerKind::Input(_))
}

/// An input layer takes the features and nothing else.
fn input_layer(layer: &Layer, i: usize) -> Result<Vec<Source>, Error> {
    if layer.inputs.as_ref().is_some_and(|inputs| !inputs.is_empty()) {
        let expected = "no inputs: the features enter here";
        return Err(Error::new(Code::Graph, format!("layers[{i}].inputs"), expected, "inputs"));
    }
    Ok(vec![Source::Features])
}

/// Which features each of several input layers takes: they share them out in order, so each must say its shape. `None`
/// when there are not several.
fn several_inputs(model: &ModelSpec, features: usize) -> Result<Option<Vec<Option<Range<usize>>>>, Error> {
    if model.layers.iter().filter(|layer| is_input(layer)).count() < 2 {
        return Ok(None);
    }
    let mut next = 0usize;
    let mut columns = Vec::with_capacity(model.layers.len());
    let mut last = 0;
    for (i, layer) in model.layers.iter().enumerate() {
        let LayerKind::Input(input) = &layer.kind else {
            columns.push(None);
            continue;
        };
        let Some(shape) = &input.shape else {
            let expected = "the shape of its part of the features, since there are several input layers";
            return Err(Error::new(Code::MissingArgument, format!("layers[{i}].shape"), expected, "nothing"));
        };
        let end = next.saturating_add(volume(&shape.0));
        columns.push(Some(next..end));
        (next, last) = (end, i);
    }
    if next != features {
        let expected = format!(
            "shapes of all input layers of together {features} values, as many as there are features"
        );
        return Err(Error::new(Code::Mismatch, format!("layers[{last}].shape"), expected, next.to_string()));
    }
    Ok(Some(columns))
}

/// The layer whose weights layer `i` shares: an earlier one with the very same arguments.
fn find_owner(
    model: &ModelSpec,
    names: &[String],
    places: &[Place],
    i: usize,
) -> Result<Option<usize>, Error> {
    let Some(name) = &model.layers[i].shares else { return Ok(None) };
    let path = format!("layers[{i}].shares");
    let Some(at) = names[..i].iter().position(|it| it == name) else {
        let known: Vec<&str> = names[..i].iter().map(String::as_str).collect();
        return Err(Error::unknown(path, "an earlier layer", name, &known));
    };
    // As they are written: comparing every kind of layer field by field would be code for nothing else.
    if model.layers[at].kind.to_map() != model.layers[i].kind.to_map() {
        let expected = format!("a layer with the same arguments as {name:?}");
        return Err(Error::new(Code::Mismatch, path, expected, "other ones"));
    }
    Ok(Some(places[at].owner.unwrap_or(at)))
}

/// Own names first, then automatic ones that keep out of their way.
fn name_layers(model: &ModelSpec) -> Result<Vec<String>, Error> {
    let mut taken: Vec<&str> = Vec::new();
    for (i, layer) in model.layers.iter().enumerate() {
        let Some(name) = layer.name.as_deref() else { continue };
        let path = format!("layers[{i}].name");
        if taken.contains(&name) {
            return Err(Error::new(
                Code::Graph,
                path,
                "a name of its own",
                format!("{name:?} a second time"),
            ));
        }
        if name == INPUT && !matches!(layer.kind, LayerKind::Input(_)) {
            let expected = format!("another name than {INPUT:?}, which is where the features enter");
            return Err(Error::new(Code::Graph, path, expected, format!("{name:?}")));
        }
        taken.push(name);
    }
    let mut names: Vec<String> = Vec::new();
    for layer in &model.layers {
        let name = match &layer.name {
            Some(name) => name.clone(),
            None => automatic_name(layer.kind.type_name(), |name| {
                taken.contains(&name) || names.iter().any(|it| it == name)
            }),
        };
        names.push(name);
    }
    Ok(names)
}

fn automatic_name(type_name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = type_name.to_owned();
    let mut number = 0;
    while is_taken(&name) {
        number += 1;
        name = format!("{type_name}_{number}");
    }
    name
}

/// The layers called by `inputs`, which must stand before layer `i`. Of a layer with several outputs its name is the first,
/// and `name:1` the second.
fn find_inputs(
    model: &ModelSpec,
    names: &[String],
    i: usize,
    inputs: &[String],
) -> Result<Vec<Source>, Error> {
    let find = |(k, name): (usize, &String)| {
        if let Some(at) = names[..i].iter().position(|it| it == name) {
            return Ok(Source::Layer(at, 0));
        }
        if name == INPUT {
            return Ok(Source::Features);
        }
        let path = format!("layers[{i}].inputs[{k}]");
        if let Some((at, output)) = further_output(&names[..i], name) {
            let count = model.layers[at].kind.lowering().further_outputs().len() + 1;
            return match output < count {
                true => Ok(Source::Layer(at, output)),
                false => Err(no_output(path, &names[at], count, output)),
            };
        }
        if names[i..].contains(name) {
            let expected = "a layer that stands before this one";
            return Err(Error::new(Code::Graph, path, expected, format!("{name:?}, which does not"))
                .hint("move it up in the list"));
        }
        let known: Vec<&str> = names[..i].iter().map(String::as_str).chain([INPUT]).collect();
        Err(Error::unknown(path, "an earlier layer", name, &known))
    };
    inputs.iter().enumerate().map(find).collect()
}

/// `lstm:1`: the layer and the number of its output.
fn further_output(names: &[String], name: &str) -> Option<(usize, usize)> {
    let (layer, output) = name.rsplit_once(':')?;
    Some((names.iter().position(|it| it == layer)?, output.parse().ok()?))
}

#[cold]
fn no_output(path: String, layer: &str, count: usize, output: usize) -> Error {
    let expected = match count {
        1 => format!("{layer:?}, which has one output"),
        _ => format!("an output of {layer:?}, 0 to {}", count - 1),
    };
    let hint = "return_state, return_attention_scores and merge_mode \"none\" give a layer more outputs";
    Error::new(Code::Graph, path, expected, output.to_string()).hint(hint)
}

/// As many inputs as the layer takes.
fn check_count(kind: &LayerKind, i: usize, sources: &[Source]) -> Result<(), Error> {
    let arity = kind.lowering().arity();
    let states = kind.lowering().initial_states();
    if arity.contains(&sources.len()) || states > 0 && sources.len() == 1 + states {
        return Ok(());
    }
    let expected = match (*arity.start(), *arity.end()) {
        (1, 1) if states > 0 => format!("one input, or {} with the states to begin with", 1 + states),
        (1, 1) => "one input".into(),
        (2, usize::MAX) => "at least two inputs".into(),
        (least, most) if least == most => format!("{least} inputs"),
        (least, most) => format!("{least} to {most} inputs"),
    };
    let error =
        Error::new(Code::Graph, format!("layers[{i}].inputs"), expected, format!("{}", sources.len()));
    let joins = *arity.end() > 1;
    Err(if joins { error.hint("name them: \"inputs\": [\"dense\", \"dense_1\"]") } else { error })
}

/// Whether another layer takes one of the outputs of layer `i`.
pub(crate) fn is_taken(places: &[Place], i: usize) -> bool {
    let is_of = |source: &Source| matches!(*source, Source::Layer(at, _) if at == i);
    places.iter().any(|place| place.sources.iter().any(is_of))
}

/// The outputs: those that the model names, or the layers that no other one takes; as many as there are targets.
pub(crate) fn outputs(model: &ModelSpec, places: &[Place], targets: usize) -> Result<Vec<End>, Error> {
    let loose: Vec<usize> = (0..places.len()).filter(|&i| !is_taken(places, i)).collect();
    let outputs = match &model.outputs {
        Some(names) => named_outputs(model, names, places)?,
        None => loose.iter().map(|&i| End::of(places, i, 0)).collect(),
    };
    // A layer that leads nowhere: the last one was meant, unless there are targets for more.
    let lost = loose.iter().find(|&&i| match model.outputs {
        Some(_) => outputs.iter().all(|end| end.layer != i),
        None => outputs.len() > targets && i + 1 < places.len(),
    });
    if let Some(&i) = lost {
        let expected = format!("a later layer that takes {:?} as an input", places[i].name);
        let hint = match targets {
            _ if model.layers.get(i + 1).is_some_and(is_input) => {
                "the input layer behind it takes the features anew: put it first".into()
            }
            1 => "only the last layer is an output".into(),
            _ => format!("there are {targets} targets, and so as many outputs"),
        };
        return Err(Error::new(Code::Graph, format!("layers[{i}]"), expected, "none").hint(hint));
    }
    if outputs.len() != targets {
        let names: Vec<&str> = outputs.iter().map(|end| end.name.as_str()).collect();
        let expected = format!("targets for {} outputs: {}", outputs.len(), names.join(", "));
        return Err(Error::new(Code::Graph, "data", expected, targets.to_string()));
    }
    Ok(outputs)
}

fn named_outputs(model: &ModelSpec, names: &[String], places: &[Place]) -> Result<Vec<End>, Error> {
    let layers: Vec<String> = places.iter().map(|place| place.name.clone()).collect();
    let mut outputs: Vec<End> = Vec::with_capacity(names.len());
    for (k, name) in names.iter().enumerate() {
        let path = format!("outputs[{k}]");
        let first = layers.iter().position(|it| it == name).map(|at| (at, 0));
        let Some((at, output)) = first.or_else(|| further_output(&layers, name)) else {
            let known: Vec<&str> = layers.iter().map(String::as_str).collect();
            return Err(Error::unknown(path, "a layer", name, &known));
        };
        let count = model.layers[at].kind.lowering().further_outputs().len() + 1;
        if output >= count {
            return Err(no_output(path, &layers[at], count, output));
        }
        let end = End::of(places, at, output);
        if outputs.contains(&end) {
            return Err(Error::new(Code::Graph, path, "each output once", format!("{name:?} a second time")));
        }
        outputs.push(end);
    }
    Ok(outputs)
}
