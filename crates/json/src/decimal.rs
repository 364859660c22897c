//! The f64 of a decimal text, rounded correctly, by an algorithm without tables: that of the standard library has 10 kB of
//! them, which do not compress.

/// The number of `12`, `-3.25`, `1e-7`, `.5`, `2.`: digits with at most one point, then at most one exponent. `None` for
/// anything else. What is beyond the largest f64 is infinite, what is nearer to 0 than the smallest is 0.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let (negative, digits) = sign(text);
    let (digits, exponent) = match digits.split_once(['e', 'E']) {
        None => (digits, 0),
        Some((digits, exponent)) => (digits, exponent_of(exponent)?),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !plain(whole) || !plain(fraction) {
        return None;
    }
    // The parser wants neither zeros in front nor behind.
    let whole = whole.trim_start_matches('0').as_bytes();
    let fraction = fraction.trim_end_matches('0').as_bytes();
    let number: f64 = minimal_lexical::parse_float(whole.iter(), fraction.iter(), exponent);
    Some(if negative { -number } else { number })
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

/// Bounded where no f64 is near any more.
fn exponent_of(text: &str) -> Option<i32> {
    const FAR: i32 = 1 << 24;
    let (negative, digits) = sign(text);
    if digits.is_empty() {
        return None;
    }
    let mut exponent = 0_i32;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        exponent = (exponent * 10 + i32::from(byte - b'0')).min(FAR);
    }
    Some(if negative { -exponent } else { exponent })
}
