//! `.tabgrad`: a whole project in one file that is also a plain safetensors file, so that any tool can read the weights.
//!
//! ```text
//! u64 length | {"__metadata__": {"tabgrad": "{version, checksum, tensors, project, progress}"}, "dense/kernel": ...} | f32 ...
//! ```
//!
//! The one metadata entry is JSON as text. In it, `project` (what the session keeps: model, training, split, encoding,
//! report, history) and `progress` (where training stood) are texts again, so that the checksum is over the very
//! characters; `tensors` lists names and shapes in the order of the state. The checksum is CRC-32 (IEEE) over project,
//! progress and every tensor; it finds accidents, not forgery.
//!
//! A file is read as if somebody hostile had made it: sizes and depth are limited before anything is built from them.

use crc::{CRC_32_ISO_HDLC, Crc};
use tabgrad_core::{State, StateTensor};
use tabgrad_json::{FromJson, Map, Mistake, ToJson, Value, field, map, record, text};

use crate::error::{Error, Problem};
use crate::safetensors::{Header, Misfit, write_header};

/// The version that is written. All up to it can be read, and stay readable.
pub const VERSION: u64 = 1;

const KEY: &str = "tabgrad";
const LARGEST_FILE_BYTES: usize = 1 << 30;
const LARGEST_HEADER_BYTES: usize = 8 << 20;
const MOST_TENSORS: usize = 10_000;
const MOST_DIMENSIONS: usize = 8;
/// The reader of JSON stops at 128; a page's stack is smaller.
const DEEPEST_JSON: usize = 64;

/// A project: what was set up, and what training made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// Everything but the numbers: model, training, split, encoding, report, history. The session's own.
    pub project: Value,
    /// Weights, what the optimizer keeps, and where training stood.
    pub state: State,
}

record! {
    /// The metadata entry. Only `version` is promised to exist in all versions.
    #[derive(Debug)]
    struct Entry {
        version: u64,
        checksum: String,
        tensors: Vec<Listed>,
        project: String,
        progress: String,
    }
}

record! {
    /// A tensor that must be there.
    #[derive(Debug)]
    struct Listed {
        name: String,
        shape: Vec<usize>,
    }
}

/// The bytes of a file.
///
/// # Errors
/// If the project is larger than what may be read again, or a tensor holds something that is not finite or not of its
/// shape.
pub fn write(project: &Project) -> Result<Vec<u8>, Problem> {
    let project_text = text(&project.project);
    check_depth(&project_text)?;
    let progress_text = text(&project.state.progress.to_json());
    let tensors = &project.state.tensors;
    at_most("so many tensors", tensors.len(), MOST_TENSORS)?;
    for tensor in tensors {
        check_tensor(tensor)?;
    }
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|t| t.values.iter().flat_map(|v| v.to_le_bytes()).collect()).collect();
    let listed = tensors.iter().map(|t| Listed { name: t.name.clone(), shape: t.shape.clone() }).collect();
    let checksum =
        checksum(&project_text, &progress_text, tensors.iter().zip(bytes.iter().map(Vec::as_slice)));
    let entry =
        Entry { version: VERSION, checksum, tensors: listed, project: project_text, progress: progress_text };
    let metadata = Map::from_iter([(KEY.to_owned(), Value::String(text(&entry.to_json())))]);
    let infos = tensors.iter().map(|tensor| (tensor.name.as_str(), tensor.shape.as_slice()));
    let mut file = write_header(metadata, infos);
    at_most("a description of so many bytes", header_len(&file).unwrap_or(0), LARGEST_HEADER_BYTES)?;
    bytes.iter().for_each(|bytes| file.extend_from_slice(bytes));
    at_most("so many bytes", file.len(), LARGEST_FILE_BYTES)?;
    Ok(file)
}

/// The project in the bytes of the file called `name`, of any version so far.
///
/// # Errors
/// If it is no such file, cut short, altered, of a newer version, or larger than what can be held.
pub fn read(name: &str, file: &[u8]) -> Result<Project, Error> {
    read_bytes(file).map_err(|problem| Error { file: name.to_owned(), problem })
}

fn read_bytes(file: &[u8]) -> Result<Project, Problem> {
    at_most("so many bytes", file.len(), LARGEST_FILE_BYTES)?;
    let (header, data) = check_frame(file)?;
    let stored = match Header::read(&text_to_json(header)?, data.len()) {
        Ok(stored) => stored,
        Err(Misfit::Length) => return Err(wrong_length(header, file.len())),
        Err(Misfit::Header(mistake)) => return Err(altered(mistake)),
    };
    let entry = stored.metadata.get(KEY).and_then(Value::as_str);
    let entry = entry.ok_or(Problem::NotAModel { found: "a safetensors file of another program" })?;
    let entry = parse_entry(entry)?;
    at_most("so many tensors", entry.tensors.len(), MOST_TENSORS)?;
    if stored.tensors.len() != entry.tensors.len() {
        let what = format!("{} tensors of {}", stored.tensors.len(), entry.tensors.len());
        return Err(Problem::Altered { what });
    }
    let mut tensors = Vec::with_capacity(entry.tensors.len());
    let mut bytes = Vec::with_capacity(entry.tensors.len());
    for listed in entry.tensors {
        let (tensor, data) = read_tensor(&stored, data, listed)?;
        tensors.push(tensor);
        bytes.push(data);
    }
    let found = checksum(&entry.project, &entry.progress, tensors.iter().zip(bytes));
    if found != entry.checksum {
        return Err(Problem::Altered { what: format!("checksum {found} instead of {}", entry.checksum) });
    }
    for tensor in &tensors {
        check_tensor(tensor)?;
    }
    check_depth(&entry.project)?;
    check_depth(&entry.progress)?;
    let project = text_to_json(&entry.project)?;
    let progress = FromJson::from_json(&text_to_json(&entry.progress)?).map_err(altered)?;
    Ok(Project { project, state: State { tensors, progress } })
}

/// Header and tensors, with what can be said without reading the header: that there is one, and that it is not too long.
fn check_frame(file: &[u8]) -> Result<(&str, &[u8]), Problem> {
    if file.is_empty() {
        return Err(Problem::NotAModel { found: "an empty file" });
    }
    let (Some(length), Some(&first)) = (header_len(file), file.get(8)) else {
        return Err(Problem::NotAModel { found: "a file of a few bytes" });
    };
    if first != b'{' || length < 2 {
        return Err(Problem::NotAModel { found: "another kind of file" });
    }
    at_most("a description of so many bytes", length, LARGEST_HEADER_BYTES)?;
    let end = length + 8;
    if end > file.len() {
        return Err(Problem::CutShort { expected: end as u64, found: file.len() as u64 });
    }
    let header = std::str::from_utf8(&file[8..end])
        .map_err(|_| Problem::NotAModel { found: "another kind of file" })?;
    check_depth(header)?;
    Ok((header, &file[end..]))
}

fn header_len(file: &[u8]) -> Option<usize> {
    let length: [u8; 8] = file.get(..8)?.try_into().ok()?;
    // What does not fit into the address space is too long in any case.
    Some(usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX))
}

/// The tensors end elsewhere than the file: says which of both is longer.
fn wrong_length(header: &str, len_bytes: usize) -> Problem {
    let entries = text_to_json(header).unwrap_or_default();
    let entries = entries.as_object().into_iter().flat_map(|header| header.values());
    let ends = entries.filter_map(|info| info.get("data_offsets")?.get(1)?.as_u64());
    let expected = ends.max().unwrap_or(0).saturating_add(8 + header.len() as u64);
    let found = len_bytes as u64;
    if expected > found {
        Problem::CutShort { expected, found }
    } else {
        Problem::Altered { what: format!("{found} bytes instead of {expected}") }
    }
}

fn parse_entry(text: &str) -> Result<Entry, Problem> {
    check_depth(text)?;
    let entry = text_to_json(text)?;
    let version: u64 = map(&entry).and_then(|entry| field(entry, "version")).map_err(altered)?;
    if version > VERSION {
        return Err(Problem::NewerVersion { found: version, known: VERSION });
    }
    FromJson::from_json(&entry).map_err(altered)
}

fn text_to_json(text: &str) -> Result<Value, Problem> {
    tabgrad_json::parse(text).map_err(altered)
}

fn altered(mistake: Mistake) -> Problem {
    Problem::Altered { what: mistake.to_string() }
}

fn read_tensor<'a>(
    stored: &Header,
    data: &'a [u8],
    Listed { name, shape }: Listed,
) -> Result<(StateTensor, &'a [u8]), Problem> {
    let expected = || format!("f32 {shape:?}");
    let Some(info) = stored.tensor(&name) else {
        return Err(Problem::Tensor { expected: expected(), found: "missing".to_owned(), tensor: name });
    };
    if info.dtype != "F32" || info.shape != shape {
        let found = format!("{} {:?}", info.dtype.to_ascii_lowercase(), info.shape);
        return Err(Problem::Tensor { expected: expected(), found, tensor: name });
    }
    // The header was checked against the data.
    let data = &data[info.data_offsets[0]..info.data_offsets[1]];
    let (values, _) = data.as_chunks::<4>();
    let values = values.iter().map(|&four| f32::from_le_bytes(four)).collect();
    Ok((StateTensor { name, shape, values }, data))
}

/// As many finite values as the shape says.
fn check_tensor(tensor: &StateTensor) -> Result<(), Problem> {
    at_most("a tensor of so many dimensions", tensor.shape.len(), MOST_DIMENSIONS)?;
    let wrong =
        |expected: String, found: String| Problem::Tensor { tensor: tensor.name.clone(), expected, found };
    let len = tensor.shape.iter().try_fold(1_usize, |len, &side| len.checked_mul(side));
    if len != Some(tensor.values.len()) {
        return Err(wrong(format!("f32 {:?}", tensor.shape), format!("{} values", tensor.values.len())));
    }
    match tensor.values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(wrong("finite".to_owned(), format!("{} at {at}", tensor.values[at]))),
    }
}

/// Refuses JSON that is nested too deeply, before a parser meets it.
fn check_depth(json: &str) -> Result<(), Problem> {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    at_most("a description nested so deeply", deepest, DEEPEST_JSON)
}

fn checksum<'a>(
    project: &str,
    progress: &str,
    tensors: impl Iterator<Item = (&'a StateTensor, &'a [u8])>,
) -> String {
    let crc = Crc::<u32>::new(&CRC_32_ISO_HDLC);
    let mut crc = crc.digest();
    // Lengths in front, so that nothing can move from one part to the next.
    let mut add = |part: &[u8]| {
        crc.update(&(part.len() as u64).to_le_bytes());
        crc.update(part);
    };
    add(project.as_bytes());
    add(progress.as_bytes());
    for (tensor, bytes) in tensors {
        add(tensor.name.as_bytes());
        tensor.shape.iter().for_each(|&side| add(&(side as u64).to_le_bytes()));
        add(bytes);
    }
    format!("crc32:{:08x}", crc.finalize())
}

fn at_most(what: &'static str, found: usize, limit: usize) -> Result<(), Problem> {
    if found <= limit {
        Ok(())
    } else {
        Err(Problem::TooLarge { what, found: found as u64, limit: limit as u64 })
    }
}
