//! Enums of several kinds of objects, told apart by their field `type`.

use crate::{Mistake, field, map};
use serde_json::Value;

/// The place of the `type` of an object among `names`.
///
/// # Errors
/// If it is no object, has no type, or one that is none of them.
pub fn tag(value: &Value, names: &[&str]) -> Result<usize, Mistake> {
    let value: Value = field(map(value)?, "type")?;
    crate::word_at(&value, names).map_err(|mistake| mistake.in_field("type"))
}

/// Defines an enum of objects: `Step = "step" { unit: StepUnit, }` is `{"type": "step", "unit": "epoch"}`; `Play = "play"`
/// is `{"type": "play"}`. `#![strict]` and what may stand after a field's type are as in `record!`.
#[macro_export]
macro_rules! tagged {
    (#![strict] $($definition:tt)*) => { $crate::tagged_of!(tagged $($definition)*); };
    ($($definition:tt)*) => { $crate::tagged_of!(open $($definition)*); };
}

#[doc(hidden)]
#[macro_export]
macro_rules! tagged_of {
    ($strict:ident $(#[$meta:meta])* $visible:vis enum $Name:ident {
        $( $(#[$variant_meta:meta])* $Variant:ident = $tag:literal $({
            $( $(#[$field_meta:meta])* $field:ident : $Type:ty $(= $mode:ident)?, )*
        })?, )+
    }) => {
        $(#[$meta])*
        $visible enum $Name {
            $( $(#[$variant_meta])* $Variant $({ $( $(#[$field_meta])* $field: $Type, )* })?, )+
        }

        impl $crate::ToJson for $Name {
            fn to_json(&self) -> $crate::Value {
                let mut map = $crate::Map::new();
                let tag = match self {
                    $( Self::$Variant $({ $($field),* })? => {
                        $( $( $crate::put_field!(map, $field, $field $(, $mode)?); )* )?
                        $tag
                    } )+
                };
                $crate::put(&mut map, "type", $crate::Value::from(tag));
                $crate::Value::Object(map)
            }
        }

        impl $crate::FromJson for $Name {
            fn from_json(value: &$crate::Value) -> Result<Self, $crate::Mistake> {
                const NAMES: &[&str] = &[$($tag),+];
                let map = $crate::map(value)?;
                let tag = NAMES[$crate::tag(value, NAMES)?];
                $( if tag == $tag {
                    $crate::refuse_if!($strict, map, [$( $($field),* )?]);
                    return Ok(Self::$Variant $({
                        $( $field: $crate::read_field!(map, value, $field $(, $mode)?), )*
                    })?);
                } )+
                Err($crate::Mistake::expected("a known type", value))
            }
        }

        $crate::for_serde!($Name);
    };
}
