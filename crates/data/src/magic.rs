//! Files that are something else than a table of text, told by their first bytes whatever their name says.

use crate::Error;

/// First bytes, what has them, what to do.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04", "a zip archive or an Excel workbook", EXCEL),
    (b"PK\x05\x06", "an empty zip archive", UNPACK),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Excel workbook", EXCEL),
    (b"%PDF-", "a PDF document", OTHER),
    (b"\x89PNG\r\n\x1A\n", "a PNG image", OTHER),
    (b"GIF87a", "a GIF image", OTHER),
    (b"GIF89a", "a GIF image", OTHER),
    (b"\xFF\xD8\xFF", "a JPEG image", OTHER),
    (b"\x1F\x8B", "compressed with gzip", UNPACK),
    (b"BZh", "compressed with bzip2", UNPACK),
    (b"\xFD7zXZ\x00", "compressed with xz", UNPACK),
    (b"\x28\xB5\x2F\xFD", "compressed with zstd", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"ARROW1\x00\x00", "an Arrow file", EXPORT),
    (b"\x89HDF\r\n\x1A\n", "an HDF5 file", EXPORT),
    (b"\x93NUMPY", "a NumPy array", EXPORT),
    (b"SQLite format 3\x00", "an SQLite database", EXPORT),
    (b"\x7FELF", "a program", OTHER),
    (b"MZ\x90\x00", "a program", OTHER),
    (b"\x00asm", "a WebAssembly module", OTHER),
    (b"{\\rtf", "a document in rich text format", EXPORT),
];

const EXCEL: &str = "open it in a spreadsheet program and save the sheet as CSV";
const UNPACK: &str = "unpack it and choose the CSV file inside";
const EXPORT: &str = "export it as CSV from the program that made it";
const OTHER: &str = "choose a CSV or TSV file";

/// Refuses what is known not to be a table, from the first bytes of `file`.
pub(crate) fn refuse_known(file: &str, head: &[u8]) -> Result<(), Error> {
    let refuse =
        |what: &str, advice| Err(Error::NotText { file: file.to_owned(), what: what.to_owned(), advice });
    for &(signature, what, advice) in SIGNATURES {
        if head.starts_with(signature) {
            return refuse(what, advice);
        }
    }
    let text = head.trim_ascii_start();
    let begins = |word: &[u8]| text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word);
    if begins(b"<!doctype html") || begins(b"<html") {
        return refuse("a web page", "download the file itself rather than the page that shows it");
    }
    if begins(b"<?xml") {
        return refuse("an XML document", EXPORT);
    }
    if looks_like_json(text) {
        return refuse("a JSON document", EXPORT);
    }
    Ok(())
}

/// `{"`, `[{`, `[[`, `["`, with white space between.
fn looks_like_json(text: &[u8]) -> bool {
    let Some((&first, rest)) = text.split_first() else { return false };
    match (first, rest.trim_ascii_start().first()) {
        (b'{', Some(b'"')) => true,
        (b'[', Some(next)) => matches!(next, b'{' | b'[' | b'"'),
        _ => false,
    }
}

/// Refuses text that holds too many bytes no text has. `head` is not UTF-16.
pub(crate) fn refuse_binary(file: &str, head: &[u8]) -> Result<(), Error> {
    let nul = head.iter().filter(|&&b| b == 0).count();
    let control = head.iter().filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C)).count();
    if nul > 0 || control * 100 > head.len() {
        return Err(Error::NotText {
            file: file.to_owned(),
            what: "a binary file".to_owned(),
            advice: OTHER,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_files_are_named() {
        for &(signature, what, _) in SIGNATURES {
            let mut head = signature.to_vec();
            head.extend_from_slice(b"rest");
            let error = refuse_known("data.csv", &head).expect_err("it is no table");
            assert!(error.to_string().contains(what), "{error}");
        }
        for page in ["<!DOCTYPE html><p>", "  <HTML>", "<?xml version", "[ {\"a\":1}]", "{\"a\": 1}"] {
            assert!(refuse_known("data.csv", page.as_bytes()).is_err(), "{page}");
        }
    }

    #[test]
    fn tables_pass() {
        for text in ["a,b\n1,2\n", "PK,name\n", "[x],y\n", "{a},b\n", "", "BZ,h\n"] {
            assert_eq!(refuse_known("data.csv", text.as_bytes()), Ok(()), "{text}");
            assert_eq!(refuse_binary("data.csv", text.as_bytes()), Ok(()), "{text}");
        }
        assert!(refuse_binary("data.csv", b"a,b\n1,\x002\n").is_err());
        assert!(refuse_binary("data.csv", &[1, 2, 3, b'a', b',']).is_err());
    }
}
