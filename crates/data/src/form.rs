//! Rows that are one picture or one sequence, known by the names of their columns.
//!
//! ```text
//! pixel_0_0 pixel_0_1 ... | pixel0 pixel1 ... | 1x1 1x2 ...   a picture, row by row: numbers of one range
//! token_0 token_1 ...     | word1 word2 ...                   a sequence: labels of one vocabulary
//! ```
//!
//! Such columns belong together: a pixel that is always black is not left out, and all are measured with one ruler. A
//! table that has other features besides is a plain table. What a row becomes is in `encoding.rs`.

use tabgrad_json::{FromJson, Map, Mistake, ToJson, Value, field, for_serde, map, put};

/// The shape of one row, where that is more than a list of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Numbers from 0 to the brightest, row by row, a pixel's channels side by side.
    Image {
        /// Rows of pixels.
        height: usize,
        /// Pixels of a row.
        width: usize,
        /// 1 for grey, 3 for colours.
        channels: usize,
    },
    /// Labels of one vocabulary, in order.
    Tokens {
        /// Places of the sequence.
        length: usize,
        /// Different labels, and one more: 0 stands for none.
        vocabulary: usize,
    },
}

impl Form {
    /// Sizes of one row of features: `(height, width, channels)` or `(length)`.
    pub fn shape(self) -> Vec<usize> {
        match self {
            Self::Image { height, width, channels } => vec![height, width, channels],
            Self::Tokens { length, .. } => vec![length],
        }
    }

    /// Numbers of one row.
    pub(crate) fn len(self) -> usize {
        self.shape().iter().fold(1, |product: usize, &size| product.saturating_mul(size))
    }
}

/// `{"image": {"height": 8, "width": 8, "channels": 1}}` or `{"tokens": {"length": 20, "vocabulary": 500}}`
impl ToJson for Form {
    fn to_json(&self) -> Value {
        let (mut form, mut sizes) = (Map::new(), Map::new());
        let mut size = |name, size: usize| put(&mut sizes, name, Value::from(size));
        let name = match *self {
            Self::Image { height, width, channels } => {
                size("height", height);
                size("width", width);
                size("channels", channels);
                "image"
            }
            Self::Tokens { length, vocabulary } => {
                size("length", length);
                size("vocabulary", vocabulary);
                "tokens"
            }
        };
        put(&mut form, name, Value::Object(sizes));
        Value::Object(form)
    }
}

impl FromJson for Form {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        let form = map(value)?;
        let sizes =
            |name: &str| form.get(name).map(|sizes| map(sizes).map_err(|mistake| mistake.in_field(name)));
        if let Some(sizes) = sizes("image") {
            let size = |name| field(sizes.clone()?, name).map_err(|mistake| mistake.in_field("image"));
            Ok(Self::Image { height: size("height")?, width: size("width")?, channels: size("channels")? })
        } else if let Some(sizes) = sizes("tokens") {
            let size = |name| field(sizes.clone()?, name).map_err(|mistake| mistake.in_field("tokens"));
            Ok(Self::Tokens { length: size("length")?, vocabulary: size("vocabulary")? })
        } else {
            Err(Mistake::expected("an image or tokens", value))
        }
    }
}

for_serde!(Form);

/// Fewer columns than this are no picture.
const FEWEST_PIXELS: usize = 16;
/// What columns of pixels are called.
const PIXEL_WORDS: [&str; 4] = ["pixel", "pix", "px", ""];
/// What columns of tokens are called.
const TOKEN_WORDS: [&str; 3] = ["token", "word", "tok"];

/// Columns whose names say that they are parts of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The vocabulary is not known from names.
    pub(crate) form: Form,
    /// In the order of the table, which must be that of their numbers.
    pub(crate) columns: Vec<usize>,
}

impl Group {
    /// The group in a table with columns of these names, if there is one.
    pub(crate) fn find(names: &[String]) -> Option<Self> {
        let numbered: Vec<(usize, Numbered)> = names
            .iter()
            .enumerate()
            .filter_map(|(column, name)| Numbered::read(name).map(|numbered| (column, numbered)))
            .collect();
        let (_, first) = numbered.first()?;
        if numbered.iter().any(|(_, it)| it.word != first.word || it.numbers.len() != first.numbers.len())
            || numbered.windows(2).any(|pair| pair[0].1.numbers >= pair[1].1.numbers)
        {
            return None;
        }
        let columns: Vec<usize> = numbered.iter().map(|(column, _)| *column).collect();
        let form = if TOKEN_WORDS.contains(&first.word.as_str()) && first.numbers.len() == 1 {
            (columns.len() >= 2).then_some(Form::Tokens { length: columns.len(), vocabulary: 1 })
        } else if PIXEL_WORDS.contains(&first.word.as_str())
            && (first.numbers.len(), first.word.len()) != (1, 0)
        {
            image(&numbered)
        } else {
            None
        }?;
        Some(Self { form, columns })
    }
}

/// The sizes of a picture with so many numbers; where names carry rows and columns, these say it.
fn image(numbered: &[(usize, Numbered)]) -> Option<Form> {
    let count = numbered.len();
    if count < FEWEST_PIXELS {
        return None;
    }
    let distinct = |axis: usize| {
        let mut values: Vec<u32> =
            numbered.iter().filter_map(|(_, it)| it.numbers.get(axis).copied()).collect();
        values.sort_unstable();
        values.dedup();
        values.len()
    };
    let (height, width, channels) = match numbered[0].1.numbers.len() {
        1 => {
            let side = |pixels: usize| {
                let side = pixels.isqrt();
                (side * side == pixels).then_some(side)
            };
            match (side(count), side(count / 3)) {
                (Some(side), _) => (side, side, 1),
                (None, Some(side)) if count.is_multiple_of(3) => (side, side, 3),
                _ => return None,
            }
        }
        2 => (distinct(0), distinct(1), 1),
        _ => (distinct(0), distinct(1), distinct(2)),
    };
    (height * width * channels == count && matches!(channels, 1 | 3 | 4)).then_some(Form::Image {
        height,
        width,
        channels,
    })
}

/// A name such as `pixel_3_12`, `px7` or `3x12`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Numbered {
    word: String,
    /// One to three numbers.
    numbers: Vec<u32>,
}

impl Numbered {
    fn read(name: &str) -> Option<Self> {
        let name = name.trim();
        let digits_at = name.find(|c: char| c.is_ascii_digit())?;
        let word = name[..digits_at].trim_end_matches(['_', '-', ' ', '.', '[', '(']).to_ascii_lowercase();
        let rest = name[digits_at..].trim_end_matches([']', ')']);
        let numbers: Vec<u32> = rest
            .split(['_', '-', 'x', ' ', '.', ','])
            .map(|part| part.parse().ok())
            .collect::<Option<_>>()?;
        (1..=3).contains(&numbers.len()).then_some(Self { word, numbers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: impl Iterator<Item = String>) -> Vec<String> {
        of.chain(["label".to_owned()]).collect()
    }

    fn form(names: &[String]) -> Option<Form> {
        Group::find(names).map(|group| group.form)
    }

    #[test]
    fn pixels_by_number_and_by_place() {
        let grey = Some(Form::Image { height: 28, width: 28, channels: 1 });
        assert_eq!(form(&names((0..784).map(|i| format!("pixel{i}")))), grey);
        assert_eq!(form(&names((0..784).map(|i| format!("{}x{}", i / 28 + 1, i % 28 + 1)))), grey);
        let wide = names((0..40).map(|i| format!("Pixel_{}_{}", i / 10, i % 10)));
        assert_eq!(form(&wide), Some(Form::Image { height: 4, width: 10, channels: 1 }));
        let colours = names((0..48).map(|i| format!("px_{i}")));
        assert_eq!(form(&colours), Some(Form::Image { height: 4, width: 4, channels: 3 }));
        let channels =
            names((0..48).map(|i| format!("pixel[{}, {}, {}]", i / 12, i / 3 % 4, i % 3).replace(", ", ",")));
        assert_eq!(form(&channels), Some(Form::Image { height: 4, width: 4, channels: 3 }));
    }

    #[test]
    fn tokens_in_order() {
        let group = Group::find(&names((0..5).map(|i| format!("token_{i}")))).expect("a sequence");
        assert_eq!(
            group,
            Group { form: Form::Tokens { length: 5, vocabulary: 1 }, columns: vec![0, 1, 2, 3, 4] }
        );
        assert_eq!(group.form.shape(), [5]);
    }

    #[test]
    fn other_names_and_other_orders_are_plain_columns() {
        for plain in [
            names((0..16).map(|i| format!("x{i}"))),
            names((0..16).map(|i| format!("{i}"))),
            names((0..17).map(|i| format!("pixel{i}"))),
            names((0..9).map(|i| format!("pixel{i}"))),
            names((0..16).rev().map(|i| format!("pixel{i}"))),
            names(["token_1".to_owned()].into_iter()),
            names((0..16).map(|i| if i < 8 { format!("pixel{i}") } else { format!("px{i}") })),
            names(["sepal length", "petal 2", "petal 3"].map(str::to_owned).into_iter()),
        ] {
            assert_eq!(form(&plain), None, "{plain:?}");
        }
    }
}
