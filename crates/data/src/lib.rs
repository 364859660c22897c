//! The user's data: from the bytes of a file to the matrices that a network takes, and back to values in the user's
//! own units. Knows nothing of models.
//!
//! ```text
//! bytes --charset--> text --records--> rows --store--> cells --infer--> Table --split, Encoding--> (x, y)
//!                                                                         |
//!                                                                         +--report--> TableReport
//! ```
//!
//! A file is read in pieces as they come ([`TableReader`]) and never stands in memory as a whole. What a column means
//! ([`report::ColumnType`]) is found from its cells and may be changed by the user ([`Table::change`]). How its cells
//! become numbers ([`Encoding`]) is fitted on the training rows alone and is part of the model.

mod builtin;
mod charset;
mod decode;
mod discovery;
mod distinct;
mod encoding;
mod error;
mod fit;
mod form;
mod hash;
mod infer;
mod magic;
mod matrix;
mod names;
mod profile;
mod reader;
mod records;
pub mod report;
mod sniff;
mod split;
mod store;
mod table;
mod target;
mod value;
mod weight;

pub use builtin::BuiltinOptions;
pub use discovery::Discovery;
pub use encoding::{CodedColumn, ColumnCode, Encoding, Output, Scale, TargetCode, WeightCode};
pub use error::Error;
pub use form::Form;
pub use reader::{Limits, Progress, TableReader};
pub use report::{TableReport, TargetReport};
pub use split::{Split, SplitSpec, split};
pub use table::Table;
pub use value::{DateOrder, Decimal};
