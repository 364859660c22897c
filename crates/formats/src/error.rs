//! What can be wrong with a file. Every message is one sentence: which file, what came, and what to do.

/// A file that cannot be read: its name and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file} {problem}")]
pub struct Error {
    /// As the user knows it: `mine.tabgrad`.
    pub file: String,
    /// What is the matter with it.
    pub problem: Problem,
}

/// Everything that reading and writing files refuses, as what is said of the file: "is cut short: ...".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Some other kind of file.
    #[error("is not a model saved by Tabgrad ({found}): choose a file that ends with .tabgrad.")]
    NotAModel {
        /// What it is instead.
        found: &'static str,
    },

    /// The end is missing.
    #[error("is cut short: {found} of {expected} bytes are there; copy or download it again.")]
    CutShort {
        /// Bytes that it says it has.
        expected: u64,
        /// Bytes that are there.
        found: u64,
    },

    /// Its parts contradict each other or the checksum.
    #[error("is damaged ({what}): it was altered after it was saved; use another copy of it.")]
    Altered {
        /// What contradicts what.
        what: String,
    },

    /// A version that only a later program knows.
    #[error(
        "has format version {found}, and this page knows versions up to {known}: reload the page to get the newest \
         Tabgrad, then load the file again."
    )]
    NewerVersion {
        /// The file's.
        found: u64,
        /// The newest that this program reads.
        known: u64,
    },

    /// Larger than anything that would fit into memory.
    #[error("has {what}: {found}, more than the {limit} that are allowed.")]
    TooLarge {
        /// What is large, such as `a header in bytes`.
        what: &'static str,
        /// How large it is.
        found: u64,
        /// How large it may be.
        limit: u64,
    },

    /// A tensor that is promised is not there, or not as promised.
    #[error("is damaged: tensor \"{tensor}\" should be {expected} and is {found}; use another copy of it.")]
    Tensor {
        /// Its name.
        tensor: String,
        /// Type and shape, as the model has them.
        expected: String,
        /// Type and shape in the file, or that it is not there.
        found: String,
    },
}

impl Problem {
    /// A word for programs, stable between versions.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAModel { .. } => "not_a_model",
            Self::CutShort { .. } => "file_cut_short",
            Self::Altered { .. } => "file_altered",
            Self::NewerVersion { .. } => "newer_version",
            Self::TooLarge { .. } => "file_too_large",
            Self::Tensor { .. } => "tensor",
        }
    }

    /// What would have been right, where that is a short phrase.
    pub fn expected(&self) -> Option<String> {
        match self {
            Self::CutShort { expected, .. } => Some(format!("{expected} bytes")),
            Self::NewerVersion { known, .. } => Some(format!("version {known} or lower")),
            Self::TooLarge { limit, .. } => Some(format!("at most {limit}")),
            Self::Tensor { expected, .. } => Some(expected.clone()),
            Self::NotAModel { .. } => Some("a .tabgrad file".to_owned()),
            Self::Altered { .. } => None,
        }
    }

    /// What came instead.
    pub fn found(&self) -> Option<String> {
        match self {
            Self::NotAModel { found } => Some((*found).to_owned()),
            Self::CutShort { found, .. } => Some(format!("{found} bytes")),
            Self::NewerVersion { found, .. } => Some(format!("version {found}")),
            Self::TooLarge { found, .. } => Some(found.to_string()),
            Self::Tensor { found, .. } => Some(found.clone()),
            Self::Altered { what } => Some(what.clone()),
        }
    }
}
