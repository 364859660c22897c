//! A model as data: its layers in order, in Keras' vocabulary.

use super::describe::{ArgumentType, Limits};
use super::fields::{Fields, wrong_type};
use super::layers::LayerKind;
use super::regularizers::Regularizer;
use crate::error::{Code, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The version of [`ModelSpec`] that this program writes; it reads all up to this one.
pub const MODEL_VERSION: usize = 1;

/// A model: layers in order, each fed by the one before unless it names its `inputs`.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelSpec {
    /// The layers in order.
    pub layers: Vec<Layer>,
    /// The layers that are outputs, of one with several also `lstm:1`; `None`: those that no other layer takes.
    pub outputs: Option<Vec<String>>,
}

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// What it is.
    pub kind: LayerKind,
    /// Its name, if it has one of its own.
    pub name: Option<String>,
    /// The earlier layers that it takes, if not the one before; `input` is where the features enter; of a layer
    /// with several outputs `lstm:1` is the second.
    pub inputs: Option<Vec<String>>,
    /// Whether training changes its weights.
    pub trainable: bool,
    /// Of the training's learning rate, for this layer's weights.
    pub learning_rate_multiplier: f64,
    /// A penalty on its outputs, per row of the batch; where the layer has an argument of that name, that is it.
    pub activity_regularizer: Option<Regularizer>,
    /// An earlier layer with the same arguments whose weights are also this one's: the same layer at another place.
    pub shares: Option<String>,
}

impl ModelSpec {
    /// Reads a model, with the path of the first mistake.
    ///
    /// # Errors
    /// The first mistake with its path, such as `layers[2].units`: a name that is unknown ([`Code::UnknownName`], with
    /// the nearest known one), an argument that is missing, of another type or out of its range, or a version that is
    /// newer than this program's.
    pub fn parse(value: &Value) -> Result<Self, Error> {
        let mut fields = Fields::open(value, "", "a model")?;
        let version = fields.argument("version", MODEL_VERSION, &Limits::at_least(1.0).required())?;
        if version > MODEL_VERSION {
            let expected = format!("a model of version {MODEL_VERSION} or older");
            return Err(Error::new(Code::NewerVersion, "version", expected, version.to_string())
                .hint("it was written by a newer Tabgrad: reload the page to get that one"));
        }
        let layers = match fields.require("layers", "a list of layers")? {
            Value::Array(layers) => layers,
            other => return Err(wrong_type("layers", "a list of layers", other)),
        };
        let outputs = optional_names(&mut fields, "outputs", "a list of names of layers")?;
        fields.finish()?;
        let layers = layers.iter().enumerate().map(|(i, layer)| Layer::parse(layer, &format!("layers[{i}]")));
        Ok(Self { layers: layers.collect::<Result<_, _>>()?, outputs })
    }

    /// The JSON that [`ModelSpec::parse`] reads, with every argument written out.
    pub fn to_value(&self) -> Value {
        let layers: Vec<Value> = self.layers.iter().map(Layer::to_value).collect();
        let mut value = serde_json::json!({ "version": MODEL_VERSION, "layers": layers });
        if let Some(outputs) = &self.outputs {
            value["outputs"] = outputs.clone().into();
        }
        value
    }
}

impl Layer {
    /// A layer of this kind with nothing else said.
    pub fn new(kind: LayerKind) -> Self {
        Self {
            kind,
            name: None,
            inputs: None,
            trainable: true,
            learning_rate_multiplier: 1.0,
            activity_regularizer: None,
            shares: None,
        }
    }

    fn parse(value: &Value, path: &str) -> Result<Self, Error> {
        let mut fields = Fields::open(value, path, "a layer")?;
        let type_name = fields.type_name("a layer", LayerKind::TYPES)?;
        let kind = LayerKind::read_as(type_name, &mut fields)?;
        let activity_regularizer = match fields.is_known("activity_regularizer") {
            true => None,
            false => fields.argument("activity_regularizer", None, &Limits::any())?,
        };
        let name = optional_name(&mut fields, "name")?;
        let shares = optional_name(&mut fields, "shares")?;
        let inputs = optional_names(&mut fields, "inputs", "a list of names of earlier layers")?;
        let trainable = fields.argument("trainable", true, &Limits::any())?;
        let multiplier = Limits::between(0.0, 1000.0);
        let learning_rate_multiplier = fields.argument("learning_rate_multiplier", 1.0, &multiplier)?;
        fields.finish()?;
        Ok(Self { kind, name, inputs, trainable, learning_rate_multiplier, activity_regularizer, shares })
    }

    fn to_value(&self) -> Value {
        let mut map: Map<String, Value> = self.kind.to_map();
        if let Some(name) = &self.name {
            map.insert("name".into(), name.as_str().into());
        }
        if let Some(inputs) = &self.inputs {
            map.insert("inputs".into(), inputs.clone().into());
        }
        if !self.trainable {
            map.insert("trainable".into(), self.trainable.write());
        }
        if self.learning_rate_multiplier != 1.0 {
            map.insert("learning_rate_multiplier".into(), self.learning_rate_multiplier.write());
        }
        if self.activity_regularizer.is_some() {
            map.insert("activity_regularizer".into(), self.activity_regularizer.write());
        }
        if let Some(shares) = &self.shares {
            map.insert("shares".into(), shares.as_str().into());
        }
        map.into()
    }
}

fn optional_name(fields: &mut Fields<'_>, field: &'static str) -> Result<Option<String>, Error> {
    fields.get(field).map(|value| read_name(value, &fields.path(field))).transpose()
}

fn optional_names(
    fields: &mut Fields<'_>,
    field: &'static str,
    expected: &str,
) -> Result<Option<Vec<String>>, Error> {
    let path = fields.path(field);
    match fields.get(field) {
        None => Ok(None),
        Some(Value::Array(items)) => {
            let name = |(i, item)| read_name(item, &format!("{path}[{i}]"));
            items.iter().enumerate().map(name).collect::<Result<_, _>>().map(Some)
        }
        Some(other) => Err(wrong_type(&path, expected, other)),
    }
}

/// Names become parts of paths such as `dense/kernel`, so a slash is not allowed in them.
fn read_name(value: &Value, path: &str) -> Result<String, Error> {
    let expected = "a name: letters, digits, and anything but a slash";
    match value.as_str() {
        Some(name) if !name.is_empty() && !name.contains('/') => Ok(name.into()),
        _ => Err(wrong_type(path, expected, value)),
    }
}

impl Serialize for ModelSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ModelSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
