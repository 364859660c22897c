//! The frame of a safetensors file, for tensors of f32:
//!
//! ```text
//! u64 length | {"__metadata__": {name: text}, tensor: {"dtype", "shape", "data_offsets"}, ...} | bytes of all tensors
//! ```
//!
//! What a tensor's entry says is checked against the bytes as that format's own library does: offsets follow one another
//! without gaps from the first byte to the last, and shapes fit their sizes. (The library itself reads every type of
//! number through readers of its own, which would be the largest part of this crate in the module visitors download; the
//! tests read what is written here with it.)

use tabgrad_json::{Map, Mistake, Value, field, map, record};

const METADATA: &str = "__metadata__";

record! {
    #![strict]
    /// What the header says of one tensor.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TensorInfo {
        /// `F32`, or what other programs write.
        pub dtype: String,
        /// Row-major.
        pub shape: Vec<usize>,
        /// First byte and the one after the last, among the bytes of all tensors.
        pub data_offsets: [usize; 2],
    }
}

/// A header that fits its file.
#[derive(Debug)]
pub struct Header {
    /// The texts that stand beside the tensors.
    pub metadata: Map<String, Value>,
    /// In the order of their bytes.
    pub tensors: Vec<(String, TensorInfo)>,
}

/// Why a header does not fit its file.
#[derive(Debug)]
pub enum Misfit {
    /// It contradicts itself.
    Header(Mistake),
    /// The tensors end elsewhere than the file.
    Length,
}

impl From<Mistake> for Misfit {
    fn from(mistake: Mistake) -> Self {
        Self::Header(mistake)
    }
}

impl Header {
    /// Reads the header of a file with `len_bytes` behind it.
    ///
    /// # Errors
    /// If it is not as the format wants it, or not of these bytes.
    pub fn read(header: &Value, len_bytes: usize) -> Result<Self, Misfit> {
        let mut metadata = Map::new();
        let mut tensors = Vec::new();
        for (name, entry) in map(header)? {
            if name == METADATA {
                metadata = map(entry).map_err(|mistake| mistake.in_field(METADATA))?.clone();
            } else {
                let info = field::<TensorInfo>(map(header)?, name)?;
                tensors.push((name.clone(), info));
            }
        }
        tensors.sort_by_key(|(_, info)| info.data_offsets);
        let mut end = 0;
        for (name, info) in &tensors {
            let wrong = |what: &str| Err(Mistake::new(what).in_field(name).into());
            let [from, to] = info.data_offsets;
            if from != end || to < from {
                return wrong("offsets that do not follow one another");
            }
            let size = info.shape.iter().try_fold(4_usize, |size, side| size.checked_mul(*side));
            if info.dtype == "F32" && size != Some(to - from) {
                return wrong("a shape of another size");
            }
            end = to;
        }
        if end == len_bytes { Ok(Self { metadata, tensors }) } else { Err(Misfit::Length) }
    }

    /// The tensor of this name.
    pub fn tensor(&self, name: &str) -> Option<&TensorInfo> {
        self.tensors.iter().find(|(known, _)| known == name).map(|(_, info)| info)
    }
}

/// The text of a header, with its length in front, for tensors one behind the other.
pub fn write_header<'a>(
    metadata: Map<String, Value>,
    tensors: impl Iterator<Item = (&'a str, &'a [usize])>,
) -> Vec<u8> {
    let mut header = Map::from_iter([(METADATA.to_owned(), Value::Object(metadata))]);
    let mut start = 0;
    for (name, shape) in tensors {
        let end = start + 4 * shape.iter().product::<usize>();
        let info = TensorInfo { dtype: "F32".to_owned(), shape: shape.to_vec(), data_offsets: [start, end] };
        header.insert(name.to_owned(), tabgrad_json::ToJson::to_json(&info));
        start = end;
    }
    let mut text = tabgrad_json::text(&Value::Object(header)).into_bytes();
    // The numbers behind it begin at a multiple of eight.
    text.resize(text.len().next_multiple_of(8), b' ');
    let mut file = (text.len() as u64).to_le_bytes().to_vec();
    file.append(&mut text);
    file
}
