//! What the tests of this crate share.
#![allow(dead_code, reason = "not every test uses all of it")]

use tabgrad_data::{Error, Limits, Table, TableReader};

/// Reads bytes as a file, in pieces of `piece` bytes.
pub fn read_in_pieces(name: &str, bytes: &[u8], piece: usize, limits: Limits) -> Result<Table, Error> {
    let mut reader = TableReader::new(name, Some(bytes.len() as u64), limits);
    for chunk in bytes.chunks(piece) {
        reader.push(chunk)?;
    }
    reader.finish()
}

/// Reads text as a file named `data.csv`.
pub fn read(text: &str) -> Result<Table, Error> {
    read_in_pieces("data.csv", text.as_bytes(), 1 << 16, Limits::default())
}
