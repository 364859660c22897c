//! How layers, losses, optimizers, initializers and regularizers are written down: once.
//!
//! `described!` makes of one definition the struct, its defaults, its reader with ranges and paths, its writer and its
//! entry in the schema that the page draws its controls from. `one_of!` joins such structs into a closed enum, told
//! apart in JSON by `type`. `choices!` makes an enum of plain names.

use super::fields::{Fields, wrong_type};
use crate::error::{Code, Error};
use serde_json::{Map, Value};
use tabgrad_json::written_fields;

/// One name out of several, as a menu shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The name in JSON.
    pub r#type: &'static str,
    /// The name on the page.
    pub label: &'static str,
    /// One sentence.
    pub doc: String,
}

written_fields!(Choice { r#type, label, doc });

/// A layer, loss, optimizer, ... with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// Name, label and sentence.
    pub choice: Choice,
    /// In the order in which the page shows them.
    pub arguments: Vec<Argument>,
    /// For losses: which tasks it fits (`regression`, `binary`, `multiclass`).
    pub tasks: Vec<&'static str>,
    /// For layers: the group of the menu that it stands in, which is the file that it is written in.
    pub family: Option<&'static str>,
}

written_fields!(Kind { choice = flat, arguments, tasks = unless_empty, family = unless_empty, });

/// The family of a layer that is described in this module; `None` for what is no layer.
pub(crate) fn family(module: &'static str) -> Option<&'static str> {
    module.split_once("::layers::").map(|(_, file)| file)
}

/// One argument of a [`Kind`].
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The name in JSON, which is Keras'.
    pub name: &'static str,
    /// The name on the page.
    pub label: &'static str,
    /// One sentence.
    pub doc: String,
    /// `integer`, `number`, `boolean`, `choice`, `activation`, `initializer` or `regularizer`.
    pub kind: &'static str,
    /// What holds when nothing is said.
    pub default: Value,
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
    /// Drawn on a logarithmic scale.
    pub logarithmic: bool,
    /// For `choice`: what there is to choose from.
    pub choices: Vec<Choice>,
    /// Shown in sight; the rest stands behind "more".
    pub common: bool,
}

written_fields!(Argument {
    name, label, doc, kind, default,
    min = unless_empty, max = unless_empty, logarithmic = unless_empty, choices = unless_empty,
    common = unless_empty,
});

impl Argument {
    /// The schema's entry for an argument of type `T`.
    pub(crate) fn of<T: ArgumentType>(
        name: &'static str,
        label: &'static str,
        doc: &str,
        default: &T,
        limits: &Limits,
    ) -> Self {
        Self {
            name,
            label,
            doc: doc.trim().into(),
            kind: T::KIND,
            default: default.write(),
            min: limits.min,
            max: limits.max,
            logarithmic: limits.logarithmic,
            choices: T::choices(),
            common: limits.common,
        }
    }
}

/// What an argument accepts beyond its type, and how it is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub logarithmic: bool,
    pub common: bool,
    pub required: bool,
}

impl Limits {
    pub const fn any() -> Self {
        Self { min: None, max: None, logarithmic: false, common: false, required: false }
    }

    pub const fn at_least(min: f64) -> Self {
        Self { min: Some(min), ..Self::any() }
    }

    pub const fn between(min: f64, max: f64) -> Self {
        Self { min: Some(min), max: Some(max), ..Self::any() }
    }

    /// Drawn on a logarithmic scale.
    pub const fn logarithmic(self) -> Self {
        Self { logarithmic: true, ..self }
    }

    /// Shown in sight.
    pub const fn common(self) -> Self {
        Self { common: true, ..self }
    }

    /// Keras has no default for it: the schema's is a suggestion, and a model must say it.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    fn range(&self) -> String {
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!(" from {min} to {max}"),
            (Some(min), None) => format!(" of at least {min}"),
            (None, Some(max)) => format!(" of at most {max}"),
            (None, None) => String::new(),
        }
    }

    fn contains(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

/// A type that an argument can have.
pub(crate) trait ArgumentType: Sized {
    /// Its `kind` in the schema.
    const KIND: &'static str;
    /// What there is to choose from, for choices.
    fn choices() -> Vec<Choice> {
        Vec::new()
    }
    /// What should stand there, for error messages.
    fn expected(limits: &Limits) -> String;
    /// Reads and checks it.
    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error>;
    /// Writes it as it is read.
    fn write(&self) -> Value;
}

impl ArgumentType for usize {
    const KIND: &'static str = "integer";

    fn expected(limits: &Limits) -> String {
        format!("an integer{}", limits.range())
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let number = value.as_f64().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        if number.fract() != 0.0 {
            return Err(wrong_type(path, &Self::expected(limits), value));
        }
        if number < 0.0 || number > 2f64.powi(53) || !limits.contains(number) {
            return Err(Error::new(Code::OutOfRange, path, Self::expected(limits), value.to_string()));
        }
        Ok(number as usize)
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl ArgumentType for f64 {
    const KIND: &'static str = "number";

    fn expected(limits: &Limits) -> String {
        format!("a number{}", limits.range())
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let number = value.as_f64().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        // Arithmetic is in f32: what overflows there is out of range here.
        if !(number as f32).is_finite() || !limits.contains(number) {
            return Err(Error::new(Code::OutOfRange, path, Self::expected(limits), value.to_string()));
        }
        Ok(number)
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl ArgumentType for bool {
    const KIND: &'static str = "boolean";

    fn expected(_: &Limits) -> String {
        "true or false".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        value.as_bool().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

/// `null`: none.
impl<T: ArgumentType> ArgumentType for Option<T> {
    const KIND: &'static str = T::KIND;

    fn choices() -> Vec<Choice> {
        T::choices()
    }

    fn expected(limits: &Limits) -> String {
        format!("{} or null", T::expected(limits))
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        if value.is_null() { Ok(None) } else { T::read(value, path, limits).map(Some) }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }
}

/// What `described!` gives every struct.
pub(crate) trait Described: Sized {
    /// Its name in JSON.
    const TYPE: &'static str;
    /// Its entry in the schema.
    fn kind() -> Kind;
    /// Reads its arguments.
    fn read(fields: &mut Fields<'_>) -> Result<Self, Error>;
    /// Writes all of its arguments, defaults too: a saved model must not change when a default does.
    fn write(&self, map: &mut Map<String, Value>);
}

/// Defines a struct of arguments: doc sentence, `Name, "type", "Label" { doc; field: type = default, "Label", limits; }`.
macro_rules! described {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal {
        $( $(#[doc = $argument_doc:literal])+
           $field:ident: $ty:ty = $default:expr, $argument_label:literal $(, $limits:expr)?; )*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $Name { $( $(#[doc = $argument_doc])+ pub $field: $ty, )* }

        impl Default for $Name {
            fn default() -> Self {
                Self { $( $field: $default, )* }
            }
        }

        impl $crate::spec::describe::Described for $Name {
            const TYPE: &'static str = $type;

            fn kind() -> $crate::spec::describe::Kind {
                $crate::spec::describe::Kind {
                    choice: $crate::spec::describe::Choice {
                        r#type: $type,
                        label: $label,
                        doc: concat!($($doc),+).trim().into(),
                    },
                    arguments: vec![ $( $crate::spec::describe::Argument::of::<$ty>(
                        stringify!($field),
                        $argument_label,
                        concat!($($argument_doc),+),
                        &$default,
                        &$crate::spec::describe::limits!($($limits)?),
                    ) ),* ],
                    tasks: Vec::new(),
                    family: $crate::spec::describe::family(module_path!()),
                }
            }

            fn read(
                _fields: &mut $crate::spec::fields::Fields<'_>,
            ) -> Result<Self, $crate::error::Error> {
                Ok(Self { $( $field: _fields.argument(
                    stringify!($field), $default, &$crate::spec::describe::limits!($($limits)?),
                )?, )* })
            }

            fn write(&self, _map: &mut serde_json::Map<String, serde_json::Value>) {
                $( _map.insert(
                    stringify!($field).into(),
                    $crate::spec::describe::ArgumentType::write(&self.$field),
                ); )*
            }
        }
    };
}

/// The limits of an argument; none when none are given.
macro_rules! limits {
    () => {
        $crate::spec::describe::Limits::any()
    };
    ($limits:expr) => {
        $limits
    };
}

/// Joins described structs into a closed enum; `"mse" => "mean_squared_error"` are other names that are understood.
macro_rules! one_of {
    ($(#[doc = $doc:literal])+ $Enum:ident, $what:literal {
        $($Variant:ident),+ $(,)?
    } $( aliases { $($alias:literal => $canonical:literal),* $(,)? } )?) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub enum $Enum { $( #[doc = concat!("See [`", stringify!($Variant), "`].")] $Variant($Variant), )+ }

        impl $Enum {
            /// Every kind there is, for the schema.
            pub fn kinds() -> Vec<$crate::spec::describe::Kind> {
                vec![ $( <$Variant as $crate::spec::describe::Described>::kind() ),+ ]
            }

            /// The names of all kinds.
            pub(crate) const TYPES: &'static [&'static str] =
                &[ $( <$Variant as $crate::spec::describe::Described>::TYPE ),+ ];

            /// Its name in JSON.
            pub fn type_name(&self) -> &'static str {
                match self { $( Self::$Variant(_) => <$Variant as $crate::spec::describe::Described>::TYPE, )+ }
            }

            /// Reads the arguments of the kind called `name` from `fields`.
            pub(crate) fn read_as(
                name: &str,
                fields: &mut $crate::spec::fields::Fields<'_>,
            ) -> Result<Self, $crate::error::Error> {
                let name = match name { $($( $alias => $canonical, )*)? other => other };
                $( if name == <$Variant as $crate::spec::describe::Described>::TYPE {
                    return <$Variant as $crate::spec::describe::Described>::read(fields).map(Self::$Variant);
                } )+
                Err($crate::error::Error::unknown(fields.path("type"), $what, name, Self::TYPES))
            }

            /// Reads `"name"` (all defaults) or `{"type": "name", ...}`.
            #[allow(dead_code, reason = "layers are read with what all layers have")]
            pub(crate) fn read(
                value: &serde_json::Value,
                path: &str,
            ) -> Result<Self, $crate::error::Error> {
                let named;
                let value = match value {
                    serde_json::Value::String(name) => {
                        named = serde_json::json!({ "type": name });
                        &named
                    }
                    other => other,
                };
                let mut fields = $crate::spec::fields::Fields::open(value, path, $what)?;
                let name = fields.type_name($what, Self::TYPES)?;
                let kind = Self::read_as(name, &mut fields)?;
                fields.finish()?;
                Ok(kind)
            }

            /// Writes `{"type": ..., all arguments}`.
            pub(crate) fn to_map(&self) -> serde_json::Map<String, serde_json::Value> {
                let mut map = serde_json::Map::new();
                map.insert("type".into(), self.type_name().into());
                match self { $( Self::$Variant(it) => $crate::spec::describe::Described::write(it, &mut map), )+ }
                map
            }
        }
    };
}

/// Makes an enum of one_of! an argument type of the given schema kind.
macro_rules! one_of_argument {
    ($Enum:ident, $kind:literal, $expected:literal) => {
        impl $crate::spec::describe::ArgumentType for $Enum {
            const KIND: &'static str = $kind;

            fn expected(_: &$crate::spec::describe::Limits) -> String {
                format!("{}: {}", $expected, Self::TYPES.join(", "))
            }

            fn read(
                value: &serde_json::Value,
                path: &str,
                _: &$crate::spec::describe::Limits,
            ) -> Result<Self, $crate::error::Error> {
                $Enum::read(value, path)
            }

            fn write(&self) -> serde_json::Value {
                self.to_map().into()
            }
        }
    };
}

/// Defines an enum of plain names, each with label and sentence; it is an argument type as well.
macro_rules! choices {
    ($(#[doc = $doc:literal])+ $Enum:ident, $kind:literal, $what:literal {
        $( $(#[doc = $choice_doc:literal])+ $Variant:ident = $type:literal, $label:literal; )+
    } $( aliases { $($alias:literal => $canonical:literal),* $(,)? } )?) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $Enum { $( $(#[doc = $choice_doc])+ $Variant, )+ }

        impl $Enum {
            /// All there are.
            pub const ALL: &'static [$Enum] = &[ $( $Enum::$Variant ),+ ];

            /// Its name in JSON.
            pub fn name(self) -> &'static str {
                match self { $( Self::$Variant => $type, )+ }
            }

            /// What the page shows.
            pub fn all_choices() -> Vec<$crate::spec::describe::Choice> {
                vec![ $( $crate::spec::describe::Choice {
                    r#type: $type, label: $label, doc: concat!($($choice_doc),+).trim().into(),
                } ),+ ]
            }
        }

        impl $crate::spec::describe::ArgumentType for $Enum {
            const KIND: &'static str = $kind;

            fn choices() -> Vec<$crate::spec::describe::Choice> {
                if Self::KIND == "choice" { Self::all_choices() } else { Vec::new() }
            }

            fn expected(_: &$crate::spec::describe::Limits) -> String {
                format!("{}, one of: {}", $what, [ $( $type ),+ ].join(", "))
            }

            fn read(
                value: &serde_json::Value,
                path: &str,
                limits: &$crate::spec::describe::Limits,
            ) -> Result<Self, $crate::error::Error> {
                let name = value.as_str().ok_or_else(|| {
                    $crate::spec::fields::wrong_type(path, &Self::expected(limits), value)
                })?;
                let name = match name { $($( $alias => $canonical, )*)? other => other };
                match name {
                    $( $type => Ok(Self::$Variant), )+
                    other => Err($crate::error::Error::unknown(path, $what, other, &[ $( $type ),+ ])),
                }
            }

            fn write(&self) -> serde_json::Value {
                self.name().into()
            }
        }
    };
}

pub(crate) use {choices, described, limits, one_of, one_of_argument};
