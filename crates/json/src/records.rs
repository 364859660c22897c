//! Structs as objects.

/// Defines a struct that is an object in JSON. Before it, `#![strict]` refuses fields that are none of its own; after the
/// type of a field may stand:
///
/// ```text
/// name: Option<T> = absent            None is written by leaving the field out, not as null
/// name: Option<Option<T>> = nullable  None is left out, Some(None) is null
/// name: T = unless_empty              null, false and empty lists are left out (in structs that are only written)
/// name: T = flat                      its fields stand among those of this object
/// name: T = skipped                   not in JSON; its default when read
/// ```
#[macro_export]
macro_rules! record {
    (#![strict] $($definition:tt)*) => { $crate::record_of!(strict $($definition)*); };
    ($($definition:tt)*) => { $crate::record_of!(open $($definition)*); };
}

#[doc(hidden)]
#[macro_export]
macro_rules! record_of {
    ($strict:ident $(#[$meta:meta])* $visible:vis struct $Name:ident {
        $( $(#[$field_meta:meta])* $field_visible:vis $field:ident : $Type:ty $(= $mode:ident)?, )*
    }) => {
        $(#[$meta])*
        $visible struct $Name { $( $(#[$field_meta])* $field_visible $field: $Type, )* }

        $crate::record_fields!($strict $Name { $( $field $(= $mode)?, )* });
    };
}

/// The same for a struct that stands elsewhere: `record_fields!(open Scores { loss, metrics, })`, with all of its fields;
/// `strict` refuses others.
#[macro_export]
macro_rules! record_fields {
    ($strict:ident $Name:ident { $( $field:ident $(= $mode:ident)? ),* $(,)? }) => {
        $crate::written_fields!($Name { $( $field $(= $mode)?, )* });

        impl $crate::FromJson for $Name {
            fn from_json(value: &$crate::Value) -> Result<Self, $crate::Mistake> {
                let map = $crate::map(value)?;
                $crate::refuse_if!($strict, map, [$($field),*]);
                Ok(Self { $( $field: $crate::read_field!(map, value, $field $(, $mode)?), )* })
            }
        }

        $crate::for_serde!(read $Name);
    };
}

/// The same for a struct that is only written.
#[macro_export]
macro_rules! written_fields {
    ($Name:ident { $( $field:ident $(= $mode:ident)? ),* $(,)? }) => {
        impl $crate::ToJson for $Name {
            fn to_json(&self) -> $crate::Value {
                let mut map = $crate::Map::new();
                $( $crate::put_field!(map, $field, &self.$field $(, $mode)?); )*
                $crate::Value::Object(map)
            }
        }

        $crate::for_serde!(written $Name);
    };
}

/// The name of a field in JSON: `r#type` is `type`.
pub const fn name_of(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

#[doc(hidden)]
#[macro_export]
macro_rules! put_field {
    ($map:ident, $field:ident, $value:expr) => {
        $crate::put(&mut $map, const { $crate::name_of(stringify!($field)) }, $crate::ToJson::to_json($value))
    };
    ($map:ident, $field:ident, $value:expr, absent) => {
        $crate::put_some(&mut $map, const { $crate::name_of(stringify!($field)) }, $value)
    };
    ($map:ident, $field:ident, $value:expr, nullable) => {
        $crate::put_some(&mut $map, const { $crate::name_of(stringify!($field)) }, $value)
    };
    ($map:ident, $field:ident, $value:expr, flat) => {
        $crate::put_all(&mut $map, $crate::ToJson::to_json($value))
    };
    ($map:ident, $field:ident, $value:expr, unless_empty) => {
        $crate::put_full(
            &mut $map,
            const { $crate::name_of(stringify!($field)) },
            $crate::ToJson::to_json($value),
        )
    };
    ($map:ident, $field:ident, $value:expr, skipped) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! read_field {
    ($map:ident, $value:ident, $field:ident) => {
        $crate::field($map, const { $crate::name_of(stringify!($field)) })?
    };
    ($map:ident, $value:ident, $field:ident, absent) => {
        $crate::field($map, const { $crate::name_of(stringify!($field)) })?
    };
    ($map:ident, $value:ident, $field:ident, nullable) => {
        $crate::nullable($map, const { $crate::name_of(stringify!($field)) })?
    };
    ($map:ident, $value:ident, $field:ident, flat) => {
        $crate::FromJson::from_json($value)?
    };
    ($map:ident, $value:ident, $field:ident, skipped) => {
        Default::default()
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! refuse_if {
    (open, $map:ident, [$($field:ident),*]) => {};
    (strict, $map:ident, [$($field:ident),*]) => {
        $crate::refuse_others($map, &[$( const { $crate::name_of(stringify!($field)) } ),*])?;
    };
    (tagged, $map:ident, [$($field:ident),*]) => {
        $crate::refuse_others($map, &["type" $(, const { $crate::name_of(stringify!($field)) } )*])?;
    };
}
