//! Projects into files and back, and every way in which a file can be wrong.

use serde_json::json;
use tabgrad_core::{State, StateTensor};
use tabgrad_formats::{Error, Problem, Project, write};

fn project() -> Project {
    let tensor = |name: &str, shape: &[usize], start: f32| StateTensor {
        name: name.to_owned(),
        shape: shape.to_vec(),
        values: (0..shape.iter().product()).map(|i| start + i as f32 * 0.37).collect(),
    };
    Project {
        project: json!({ "model": { "layers": [{ "type": "dense", "units": 2 }] }, "name": "Größe \"x\"", "mean": 0.1 }),
        state: State {
            // Not in alphabetical order: the order of the state is kept.
            tensors: vec![tensor("dense/kernel", &[3, 2], -1.5), tensor("dense/bias", &[2], 1e-30)],
            progress: Default::default(),
        },
    }
}

fn file() -> Vec<u8> {
    write(&project()).expect("a sound project")
}

/// Changes the text of the header, whose length is mended.
fn with_header(change: impl Fn(String) -> String) -> Vec<u8> {
    let file = file();
    let length = u64::from_le_bytes(file[..8].try_into().expect("eight bytes")) as usize;
    let header = change(String::from_utf8(file[8..8 + length].to_vec()).expect("JSON"));
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &file[8 + length..]].concat()
}

fn read(file: &[u8]) -> Result<Project, Problem> {
    tabgrad_formats::read("mine.tabgrad", file).map_err(|Error { file, problem }| {
        assert_eq!(file, "mine.tabgrad");
        problem
    })
}

fn replaced(from: &str, to: &str) -> Problem {
    let file = with_header(|header| {
        assert!(header.contains(from), "{from} in {header}");
        header.replacen(from, to, 1)
    });
    read(&file).expect_err("it was altered")
}

#[test]
fn a_project_comes_back_as_it_was() {
    assert_eq!(read(&file()), Ok(project()));
    assert_eq!(file(), file(), "the same project gives the same bytes");
}

#[test]
fn other_tools_can_read_the_weights() {
    let file = file();
    let tensors = safetensors::SafeTensors::deserialize(&file).expect("a plain safetensors file");
    let kernel = tensors.tensor("dense/kernel").expect("it is in");
    assert_eq!((kernel.dtype(), kernel.shape()), (safetensors::Dtype::F32, &[3, 2][..]));
    assert_eq!(kernel.data()[..4], (-1.5_f32).to_le_bytes());
}

#[test]
fn a_file_cut_anywhere_is_cut_short_or_no_model() {
    let file = file();
    for length in 0..file.len() {
        let error = read(&file[..length]).expect_err("its end is missing");
        let expected = if length < 9 { "not_a_model" } else { "file_cut_short" };
        assert_eq!(error.code(), expected, "{length} of {}: {error}", file.len());
    }
}

#[test]
fn a_changed_byte_never_goes_unnoticed() {
    let (file, project) = (file(), project());
    for at in 0..file.len() {
        for bit in [0, 4, 7] {
            let mut altered = file.clone();
            altered[at] ^= 1 << bit;
            // Some bytes of the frame mean nothing (white space): then nothing has changed.
            if let Ok(read) = read(&altered) {
                assert_eq!(read, project, "bit {bit} of byte {at}");
            }
        }
    }
    let start = file.len() - 4;
    let mut altered = file;
    altered[start] ^= 1;
    assert_eq!(read(&altered).expect_err("a weight was changed").code(), "file_altered");
}

#[test]
fn bytes_too_many_are_noticed() {
    let mut long = file();
    long.push(0);
    assert_eq!(read(&long).expect_err("one byte too many").code(), "file_altered");
}

#[test]
fn a_newer_version_says_so() {
    let error = replaced(r#"\"version\":1"#, r#"\"version\":7"#);
    assert_eq!(error, Problem::NewerVersion { found: 7, known: 1 });
    // Even if nothing else is as it is now.
    let newer = with_header(|_| r#"{"__metadata__":{"tabgrad":"{\"version\":2,\"parts\":[]}"}}"#.to_owned());
    let newer = &newer[..8 + u64::from_le_bytes(newer[..8].try_into().expect("eight bytes")) as usize];
    assert_eq!(read(newer), Err(Problem::NewerVersion { found: 2, known: 1 }));
}

#[test]
fn other_files_are_told_apart() {
    for other in
        [&b""[..], b"hello", b"a,b\n1,2\n3,4\n5,6\n", b"PK\x03\x04 a zip archive", &[0; 100], &[255; 100]]
    {
        assert_eq!(read(other).expect_err("no model").code(), "not_a_model");
    }
    let foreign = with_header(|header| header.replacen("\"tabgrad\"", "\"torch\"", 1));
    let error = read(&foreign).expect_err("another program's");
    assert_eq!(error, Problem::NotAModel { found: "a safetensors file of another program" });
}

#[test]
fn tensors_must_be_there_in_their_shape() {
    let error = replaced(r#"\"name\":\"dense/bias\""#, r#"\"name\":\"dense/bios\""#);
    assert!(
        matches!(&error, Problem::Tensor { tensor, found, .. } if tensor == "dense/bios" && found == "missing"),
        "{error}"
    );
    let error = replaced(r#"\"shape\":[3,2]"#, r#"\"shape\":[2,3]"#);
    assert!(matches!(&error, Problem::Tensor { tensor, .. } if tensor == "dense/kernel"), "{error}");
    let error = replaced(r#""dtype":"F32""#, r#""dtype":"I32""#);
    assert_eq!(error.code(), "tensor");
}

#[test]
fn what_cannot_be_read_again_is_not_written() {
    let mut broken = project();
    broken.state.tensors[0].values[3] = f32::NAN;
    assert_eq!(write(&broken).expect_err("not a number").code(), "tensor");
    let mut broken = project();
    broken.state.tensors[1].shape = vec![3];
    assert_eq!(write(&broken).expect_err("two values in a shape of three").code(), "tensor");
    let mut deep = project();
    (0..70).for_each(|_| deep.project = json!([deep.project.take()]));
    assert_eq!(write(&deep).expect_err("nested too deeply").code(), "file_too_large");
    let mut large = project();
    large.project = json!("x".repeat(9 << 20));
    assert_eq!(write(&large).expect_err("a long description").code(), "file_too_large");
}

#[test]
fn hostile_headers_are_refused_before_they_are_parsed() {
    let frame = |header: &str| [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(&frame(&deep)).expect_err("nested too deeply").code(), "file_too_large");
    let mut long = frame("{}");
    long[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(read(&long).expect_err("an endless header").code(), "file_too_large");
    let overflow = r#"{"__metadata__":{"tabgrad":"{}"},"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#;
    assert_eq!(read(&frame(overflow)).expect_err("a shape that overflows").code(), "file_altered");
}

#[test]
fn every_sentence_begins_with_the_name_of_the_file() {
    let whole = file();
    let mut altered = whole.clone();
    *altered.last_mut().expect("it has bytes") ^= 1;
    for (bytes, says) in [
        (&b""[..], "is not a model saved by Tabgrad (an empty file)"),
        (b"a,b\n1,2\n3,4\n", "is not a model saved by Tabgrad (another kind of file)"),
        (&whole[..whole.len() - 5], "is cut short: "),
        (&altered, "is damaged (checksum "),
    ] {
        let error = tabgrad_formats::read("mine.tabgrad", bytes).expect_err("no model").to_string();
        assert!(error.starts_with(&format!("mine.tabgrad {says}")) && error.ends_with('.'), "{error}");
    }
}
