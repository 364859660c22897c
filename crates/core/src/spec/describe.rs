//! How layers, losses, optimizers, initializers and regularizers are written down: once.
//!
//! `described!` makes of one definition the struct, its defaults, its reader with ranges and paths, its writer and its
//! entry in the schema that the page draws its controls from. `one_of!` joins such structs into a closed enum, told
//! apart in JSON by `type`. `choices!` makes an enum of plain names.
//!
//! The macros write tables and lists of places; what is done with them is written once, below and in `fields.rs`, for
//! there are many layers, and every visitor downloads them all.

use super::argument::AnyArgument;
pub(crate) use super::argument::{ArgumentType, Limits};
use super::fields::wrong_type;
use super::sentences::{Lines, Sentences};
use crate::error::Error;
use serde_json::{Map, Value};
use tabgrad_json::written_fields;

/// One name out of several, as a menu shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// The name in JSON.
    pub r#type: &'static str,
    /// The name on the page.
    pub label: &'static str,
    /// One sentence.
    pub doc: &'static str,
}

written_fields!(Choice { r#type, label, doc });

impl Choice {
    /// See [`words`].
    fn of(text: &'static str, doc: &'static str) -> Self {
        let (r#type, label) = words(text);
        Self { r#type, label, doc }
    }
}

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

/// One argument of a [`Kind`].
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The name in JSON, which is Keras'.
    pub name: &'static str,
    /// The name on the page.
    pub label: &'static str,
    /// One sentence.
    pub doc: &'static str,
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

impl Kind {
    /// The schema's entry for a struct with its defaults.
    pub(crate) fn of(described: &dyn Described) -> Self {
        let said = described.description();
        let mut sentences = said.sentences.of(said.module, said.name);
        let choice = Choice::of(said.text, sentences.take());
        let arguments = said.arguments.iter().zip(described.arguments());
        Self {
            choice,
            arguments: arguments
                .map(|(said, default)| Argument::of(said, sentences.take(), default))
                .collect(),
            tasks: Vec::new(),
            family: said.module.split_once("::layers::").map(|(_, file)| file),
        }
    }
}

impl Argument {
    fn of(said: &ArgumentDescription, doc: &'static str, default: &dyn AnyArgument) -> Self {
        let (name, label) = words(said.text);
        Self {
            name,
            label,
            doc,
            kind: default.kind_name(),
            default: default.written(),
            min: said.limits.min,
            max: said.limits.max,
            logarithmic: said.limits.logarithmic,
            choices: default.every_choice(),
            common: said.limits.common,
        }
    }
}

/// Name in JSON and label, from a text with a line end between them. There are many hundreds, in what every visitor
/// downloads: each is one text, since addresses and lengths hardly compress.
pub(crate) fn words(text: &'static str) -> (&'static str, &'static str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// What the definition of a struct says.
pub(crate) struct Description {
    /// Its name in JSON.
    pub name: &'static str,
    /// See [`words`].
    pub text: &'static str,
    /// Where it is defined, which tells the family of a layer.
    pub module: &'static str,
    /// Its own, then those of its arguments.
    pub sentences: Sentences,
    /// In the order of [`Described::arguments`].
    pub arguments: &'static [ArgumentDescription],
}

/// What the definition of a struct says of one argument.
pub(crate) struct ArgumentDescription {
    /// See [`words`].
    pub text: &'static str,
    /// Many share theirs.
    pub limits: &'static Limits,
}

impl ArgumentDescription {
    /// Its name in JSON.
    pub fn name(&self) -> &'static str {
        name_of(self.text)
    }
}

/// The name in JSON, of a text as [`words`] takes it.
pub(crate) fn name_of(text: &'static str) -> &'static str {
    words(text).0
}

/// What `described!` gives every struct.
pub(crate) trait Described {
    /// What its definition says.
    fn description(&self) -> &'static Description;
    /// Its arguments, in order.
    fn arguments(&self) -> Vec<&dyn AnyArgument>;
    /// The same to be written to.
    fn arguments_mut(&mut self) -> Vec<&mut dyn AnyArgument>;
}

/// Writes `{"type": ..., all arguments}`, defaults too: a saved model must not change when a default does.
pub(crate) fn to_map(described: &dyn Described) -> Map<String, Value> {
    let said = described.description();
    let mut map = Map::new();
    map.insert("type".into(), said.name.into());
    for (argument, said) in described.arguments().into_iter().zip(said.arguments) {
        map.insert(said.name().into(), argument.written());
    }
    map
}

/// The name that `name` is another name of, or itself.
pub(crate) fn canonical<'a>(name: &'a str, aliases: &[(&str, &'static str)]) -> &'a str {
    aliases.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, canonical)| canonical)
}

/// Every choice, of texts as [`words`] takes them.
pub(crate) fn choices_of(texts: &[&'static str], mut sentences: Lines) -> Vec<Choice> {
    texts.iter().map(|text| Choice::of(text, sentences.take())).collect()
}

/// Which of the choices `value` names.
pub(crate) fn choice_at(
    value: &Value,
    path: &str,
    what: &str,
    choices: &[&'static str],
    aliases: &[(&str, &'static str)],
) -> Result<usize, Error> {
    let name = value.as_str().ok_or_else(|| wrong_type(path, &expected_choice(what, choices), value))?;
    let name = canonical(name, aliases);
    let found = choices.iter().position(|text| name_of(text) == name);
    found.ok_or_else(|| {
        let known: Vec<&str> = choices.iter().map(|text| name_of(text)).collect();
        Error::unknown(path, what, name, &known)
    })
}

/// What should stand where one of the choices is wanted.
pub(crate) fn expected_choice(what: &str, choices: &[&'static str]) -> String {
    let known: Vec<&str> = choices.iter().map(|text| name_of(text)).collect();
    format!("{what}, one of: {}", known.join(", "))
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

        impl $Name {
            /// What this definition says.
            pub(crate) const DESCRIPTION: &'static $crate::spec::describe::Description =
                &$crate::spec::describe::Description {
                    name: $type,
                    text: concat!($type, "\n", $label),
                    module: module_path!(),
                    sentences: $crate::spec::sentences::sentences!(
                        $type; concat!($($doc),+) $(, concat!($($argument_doc),+))*
                    ),
                    arguments: &[ $( $crate::spec::describe::ArgumentDescription {
                        text: concat!(stringify!($field), "\n", $argument_label),
                        limits: const { &$crate::spec::describe::limits!($($limits)?) },
                    } ),* ],
                };
        }

        impl $crate::spec::describe::Described for $Name {
            fn description(&self) -> &'static $crate::spec::describe::Description {
                Self::DESCRIPTION
            }

            fn arguments(&self) -> Vec<&dyn $crate::spec::argument::AnyArgument> {
                vec![ $( &self.$field ),* ]
            }

            fn arguments_mut(&mut self) -> Vec<&mut dyn $crate::spec::argument::AnyArgument> {
                vec![ $( &mut self.$field ),* ]
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
            /// The names of all kinds.
            pub(crate) const TYPES: &'static [&'static str] = &[ $( $Variant::DESCRIPTION.name ),+ ];
            /// Makes each kind with its defaults, in the order of the names.
            const DEFAULTS: &'static [fn() -> Self] = &[ $( || Self::$Variant(Default::default()) ),+ ];
            /// Other names that are understood.
            const ALIASES: &'static [(&'static str, &'static str)] = &[ $($( ($alias, $canonical) ),*)? ];

            /// Every kind there is, for the schema.
            pub fn kinds() -> Vec<$crate::spec::describe::Kind> {
                let kind = |default: &fn() -> Self| $crate::spec::describe::Kind::of(default().described());
                Self::DEFAULTS.iter().map(kind).collect()
            }

            fn described(&self) -> &dyn $crate::spec::describe::Described {
                match self { $( Self::$Variant(it) => it, )+ }
            }

            fn described_mut(&mut self) -> &mut dyn $crate::spec::describe::Described {
                match self { $( Self::$Variant(it) => it, )+ }
            }

            /// Its name in JSON.
            pub fn type_name(&self) -> &'static str {
                self.described().description().name
            }

            /// Reads the arguments of the kind called `name` from `fields`.
            pub(crate) fn read_as(
                name: &str,
                fields: &mut $crate::spec::fields::Fields<'_>,
            ) -> Result<Self, $crate::error::Error> {
                let name = $crate::spec::describe::canonical(name, Self::ALIASES);
                let Some(at) = Self::TYPES.iter().position(|known| *known == name) else {
                    return Err($crate::error::Error::unknown(fields.path("type"), $what, name, Self::TYPES));
                };
                let mut kind = Self::DEFAULTS[at]();
                fields.arguments(kind.described_mut())?;
                Ok(kind)
            }

            /// Reads `"name"` (all defaults) or `{"type": "name", ...}`.
            #[allow(dead_code, reason = "layers are read with what all layers have")]
            pub(crate) fn read(
                value: &serde_json::Value,
                path: &str,
            ) -> Result<Self, $crate::error::Error> {
                let named;
                let mut fields = $crate::spec::fields::Fields::open(
                    if value.is_string() {
                        named = $crate::spec::fields::named(value);
                        &named
                    } else {
                        value
                    },
                    path,
                    $what,
                )?;
                let name = fields.type_name($what, Self::TYPES)?;
                let kind = Self::read_as(name, &mut fields)?;
                fields.finish()?;
                Ok(kind)
            }

            /// Writes `{"type": ..., all arguments}`.
            pub(crate) fn to_map(&self) -> serde_json::Map<String, serde_json::Value> {
                $crate::spec::describe::to_map(self.described())
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
            /// What the page shows of each.
            const CHOICES: &'static [&'static str] = &[ $( concat!($type, "\n", $label) ),+ ];
            /// What explains each.
            const SENTENCES: $crate::spec::sentences::Sentences = $crate::spec::sentences::sentences!(
                stringify!($Enum); $( concat!($($choice_doc),+) ),+
            );
            /// Other names that are understood.
            const ALIASES: &'static [(&'static str, &'static str)] = &[ $($( ($alias, $canonical) ),*)? ];

            /// Its name in JSON.
            pub fn name(self) -> &'static str {
                $crate::spec::describe::name_of(Self::CHOICES[self as usize])
            }

            /// What the page shows.
            pub fn all_choices() -> Vec<$crate::spec::describe::Choice> {
                let sentences = Self::SENTENCES.of(module_path!(), stringify!($Enum));
                $crate::spec::describe::choices_of(Self::CHOICES, sentences)
            }
        }

        impl $crate::spec::describe::ArgumentType for $Enum {
            const KIND: &'static str = $kind;

            fn choices() -> Vec<$crate::spec::describe::Choice> {
                if Self::KIND == "choice" { Self::all_choices() } else { Vec::new() }
            }

            fn expected(_: &$crate::spec::describe::Limits) -> String {
                $crate::spec::describe::expected_choice($what, Self::CHOICES)
            }

            fn read(
                value: &serde_json::Value,
                path: &str,
                _: &$crate::spec::describe::Limits,
            ) -> Result<Self, $crate::error::Error> {
                let at =
                    $crate::spec::describe::choice_at(value, path, $what, Self::CHOICES, Self::ALIASES)?;
                Ok(Self::ALL[at])
            }

            fn write(&self) -> serde_json::Value {
                self.name().into()
            }
        }
    };
}

pub(crate) use {choices, described, limits, one_of, one_of_argument};
