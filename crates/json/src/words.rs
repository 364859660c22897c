//! Enums of plain names.

use crate::Mistake;
use serde_json::Value;

/// Where `value` stands among `names`.
///
/// # Errors
/// If it is none of them.
pub fn word_at(value: &Value, names: &[&str]) -> Result<usize, Mistake> {
    let found = value.as_str().and_then(|text| names.iter().position(|name| *name == text));
    found.ok_or_else(|| Mistake::expected(&["one of ", &names.join(", ")].concat(), value))
}

/// Defines an enum of plain names: `Train = "train"`. It gets `ALL`, `NAMES` and `name()`.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $visible:vis enum $Name:ident {
        $( $(#[$variant_meta:meta])* $Variant:ident = $name:literal, )+
    }) => {
        $(#[$meta])*
        $visible enum $Name { $( $(#[$variant_meta])* $Variant, )+ }

        impl $Name {
            /// All there are, in order.
            pub const ALL: [Self; [ $( $name ),+ ].len()] = [ $( Self::$Variant ),+ ];
            /// Their names in JSON, in the same order.
            pub const NAMES: &'static [&'static str] = &[ $( $name ),+ ];

            /// Its name in JSON.
            pub fn name(self) -> &'static str {
                Self::NAMES[self as usize]
            }
        }

        impl $crate::ToJson for $Name {
            fn to_json(&self) -> $crate::Value {
                $crate::Value::from(self.name())
            }
        }

        impl $crate::FromJson for $Name {
            fn from_json(value: &$crate::Value) -> Result<Self, $crate::Mistake> {
                $crate::word_at(value, Self::NAMES).map(|at| Self::ALL[at])
            }
        }

        impl $crate::Key for $Name {
            fn to_name(&self) -> String {
                self.name().to_owned()
            }

            fn from_name(name: &str) -> Result<Self, $crate::Mistake> {
                $crate::FromJson::from_json(&$crate::Value::from(name))
            }
        }

        $crate::for_serde!($Name);
    };
}
