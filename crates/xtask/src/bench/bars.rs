//! What the engine has to reach, and whether it did in this run: ratios of rows that were measured together, so that nobody
//! divides by hand. Nothing here is a figure of the engine; all of them are limits.

use super::Row;
use std::fmt;

/// Where several variants were measured, the first of these counts.
const VARIANTS: [&str; 4] = ["threads-relaxed", "single-relaxed", "threads-simd", "single-simd"];

const PYTORCH: &str = "PyTorch";
const CANDLE: &str = "candle";
const JAX: &str = "jax-js";
const TENSORFLOW: &str = "TensorFlow.js";
const BRAIN: &str = "brain.js";
const ONNX: &str = "onnxruntime-web";

/// One limit with what was found.
#[derive(Debug)]
pub struct Bar {
    workload: String,
    what: String,
    /// Nothing where one of the rows is missing.
    found: Option<f64>,
    limit: Limit,
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    /// So many times as fast as something else, or more.
    Times(f64),
    /// So much of something else, or more.
    Percent(f64),
    /// So long, or shorter.
    Ms(f64),
}

/// With how many threads something was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Threads {
    One,
    All,
    /// Whatever is faster.
    Any,
}
use Threads::{All, Any, One};

/// Every limit of which something of the engine's was measured.
pub fn all(rows: &[Row]) -> Vec<Bar> {
    let rows = Rows(rows);
    let groups = [products, desk, browsers, threads, predictions, updates, starts];
    groups.iter().flat_map(|group| group(rows)).collect()
}

/// Prints them, the missed ones too.
pub fn print(bars: &[Bar]) {
    if bars.is_empty() {
        return;
    }
    println!("  what it has to reach");
    for bar in bars {
        println!("    {bar}");
    }
    let missed = bars.iter().filter(|bar| bar.is_met() == Some(false)).count();
    let open = bars.iter().filter(|bar| bar.is_met().is_none()).count();
    println!("    {} met, {missed} missed, {open} not measured\n", bars.len() - missed - open);
}

impl Bar {
    /// Nothing where it was not measured.
    fn is_met(&self) -> Option<bool> {
        self.found.map(|found| match self.limit {
            Limit::Times(limit) | Limit::Percent(limit) => found >= limit,
            Limit::Ms(limit) => found <= limit,
        })
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (found, limit) = match self.limit {
            Limit::Times(limit) => {
                (self.found.map(|it| format!("{it:.2} x")), format!("at least {limit:.2} x"))
            }
            Limit::Percent(limit) => {
                (self.found.map(|it| format!("{it:.0} %")), format!("at least {limit:.0} %"))
            }
            Limit::Ms(limit) => (self.found.map(|it| format!("{it:.4} ms")), format!("at most {limit} ms")),
        };
        let verdict = match self.is_met() {
            Some(true) => "met",
            Some(false) => "missed",
            None => "not measured",
        };
        let found = found.unwrap_or_else(|| "-".into());
        write!(out, "{:<22} {:<46} {found:>12}  {limit:<16} {verdict}", self.workload, self.what)
    }
}

/// The rows of one run.
#[derive(Clone, Copy)]
struct Rows<'a>(&'a [Row]);

impl<'a> Rows<'a> {
    /// The engine's row in Chromium, of the best variant that was measured.
    fn ours(self, workload: &str, threads: Threads) -> Option<&'a Row> {
        let is_ours =
            |row: &&Row| row.engine == "tabgrad" && row.place == "chromium" && row.workload == workload;
        let of = |variant: &&str| {
            fastest(self.0.iter().filter(is_ours).filter(|row| row.variant == **variant), threads)
        };
        VARIANTS.iter().find_map(of)
    }

    fn theirs(self, workload: &str, engine: &str, place: &str, threads: Threads) -> Option<&'a Row> {
        let is_it = |row: &&Row| row.engine == engine && row.place == place && row.workload == workload;
        fastest(self.0.iter().filter(is_it), threads)
    }

    /// The limit that the engine is `limit` times as fast as another; nothing where it was not measured itself.
    fn against(self, workload: &str, engine: &str, place: &str, threads: Threads, limit: f64) -> Option<Bar> {
        let ours = self.ours(workload, threads)?;
        let theirs = self.theirs(workload, engine, place, threads);
        let with = match threads {
            One => ", one thread",
            All => ", all threads",
            Any => "",
        };
        Some(Bar {
            workload: workload.into(),
            what: format!("against {engine}{with}"),
            found: theirs.map(|it| it.ms / ours.ms),
            limit: Limit::Times(limit),
        })
    }
}

fn fastest<'a>(rows: impl Iterator<Item = &'a Row>, threads: Threads) -> Option<&'a Row> {
    let fits = |row: &&Row| match threads {
        One => row.threads == 1,
        All => row.threads > 1,
        Any => true,
    };
    rows.filter(fits).min_by(|a, b| a.ms.total_cmp(&b.ms))
}

/// Large products near the peak, and none slower than matrixmultiply's.
fn products(rows: Rows) -> Vec<Bar> {
    /// Multiply-adds of a product that is large.
    const LARGE: usize = 1 << 24;
    let mut names: Vec<&str> = rows.0.iter().map(|row| row.workload.as_str()).collect();
    names.retain(|name| name.starts_with("gemm"));
    let mut seen = Vec::new();
    let mut bars = Vec::new();
    for name in names {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let sides = name.rsplit(' ').next().unwrap_or_default().split('x');
        let is_large = sides.filter_map(|side| side.parse::<usize>().ok()).product::<usize>() >= LARGE;
        if is_large && let Some(ours) = rows.ours(name, One) {
            bars.push(Bar {
                workload: name.into(),
                what: "of the peak of one thread".into(),
                found: ours.percent_of_peak,
                limit: Limit::Percent(90.0),
            });
        }
        if is_large && let (Some(one), Some(all)) = (rows.ours(name, One), rows.ours(name, All)) {
            bars.push(ratio(name, "all threads against one", one.ms / all.ms, 1.8));
        }
        bars.extend(rows.against(name, "matrixmultiply", "chromium", One, 1.0));
    }
    bars
}

/// A step against PyTorch natively.
fn desk(rows: Rows) -> Vec<Bar> {
    let limits =
        [("W1", 50.0), ("W2", 2.0), ("W3", 1.0 / 1.5), ("W4", 1.5), ("W5", 1.0), ("W6", 1.0), ("W7", 1.0)];
    let time = rows.ours("W1", One).map(|row| Bar {
        workload: "W1".into(),
        what: "a step".into(),
        found: Some(row.ms),
        limit: Limit::Ms(0.002),
    });
    let bars = limits.map(|(name, limit)| rows.against(name, PYTORCH, "native", One, limit));
    time.into_iter().chain(bars.into_iter().flatten()).collect()
}

/// A step against the fastest other in the same browser.
fn browsers(rows: Rows) -> Vec<Bar> {
    let limits = [
        ("W1", BRAIN, One, 5.0),
        ("W2", CANDLE, One, 2.2),
        ("W3", JAX, All, 2.0),
        ("W4", CANDLE, One, 10.0),
        ("W5", CANDLE, One, 8.0),
        ("W6", TENSORFLOW, One, 20.0),
        ("W7", JAX, All, 6.0),
    ];
    let bar = |(name, engine, threads, limit)| rows.against(name, engine, "chromium", threads, limit);
    limits.into_iter().filter_map(bar).collect()
}

/// Threads are worth their meetings, or are not asked.
fn threads(rows: Rows) -> Vec<Bar> {
    let limits = [("W1", 0.98), ("W2", 0.98), ("W3", 1.7), ("W4", 1.7), ("W5", 1.7), ("W7", 1.7)];
    let bar = |(name, limit)| {
        let (one, all) = (rows.ours(name, One)?, rows.ours(name, All)?);
        Some(ratio(name, "all threads against one", one.ms / all.ms, limit))
    };
    limits.into_iter().filter_map(bar).collect()
}

fn predictions(rows: Rows) -> Vec<Bar> {
    let single = ["I1a", "I1c"].map(|name| rows.against(name, ONNX, "chromium", Any, 1.0));
    let many = rows.ours("I1b", One).map(|row| Bar {
        workload: "I1b".into(),
        what: "of the peak of one thread".into(),
        found: row.percent_of_peak,
        limit: Limit::Percent(85.0),
    });
    single.into_iter().flatten().chain(many).collect()
}

/// The optimizer's pass against a triad of as many bytes.
fn updates(rows: Rows) -> Vec<Bar> {
    let rows = rows.0.iter().filter(|row| row.workload.starts_with("update"));
    let bar = |row: &Row| Bar {
        workload: row.workload.clone(),
        what: "of the bytes per second of a triad".into(),
        found: row.percent_of_triad,
        limit: Limit::Percent(80.0),
    };
    rows.map(bar).collect()
}

/// From the beginning of the navigation.
fn starts(rows: Rows) -> Vec<Bar> {
    let limits = [
        ("start of a first visit: Train can be pressed", 1000.0),
        ("start of a first visit: first frame of a training drawn", 1500.0),
        ("start of a second visit: first frame of a training drawn", 300.0),
    ];
    let bar = |(name, limit): (&str, f64)| {
        let row = rows.ours(name, Any)?;
        let (visit, what) = name.split_once(": ")?;
        Some(Bar { workload: visit.into(), what: what.into(), found: Some(row.ms), limit: Limit::Ms(limit) })
    };
    limits.into_iter().filter_map(bar).collect()
}

fn ratio(workload: &str, what: &str, found: f64, limit: f64) -> Bar {
    Bar { workload: workload.into(), what: what.into(), found: Some(found), limit: Limit::Times(limit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(workload: &str, engine: &str, place: &str, variant: &str, threads: usize, ms: f64) -> Row {
        let (place, variant) = (place.to_string(), variant.to_string());
        Row {
            workload: workload.into(),
            engine: engine.into(),
            place,
            variant,
            threads,
            ms,
            ..Row::default()
        }
    }

    #[test]
    fn a_ratio_is_of_the_best_variant_and_as_many_threads() {
        let rows = [
            row("W3", "tabgrad", "chromium", "single-simd", 1, 1.0),
            row("W3", "tabgrad", "chromium", "threads-relaxed", 1, 8.0),
            row("W3", "tabgrad", "chromium", "threads-relaxed", 2, 4.0),
            row("W3", PYTORCH, "native", "2", 1, 6.0),
            row("W3", PYTORCH, "native", "2", 2, 1.0),
        ];
        let bars = all(&rows);
        let found = |what: &str| bars.iter().find(|bar| bar.what.starts_with(what)).expect("it is there");
        assert_eq!(found("against PyTorch").found, Some(0.75));
        assert_eq!(found("against PyTorch").is_met(), Some(true));
        assert_eq!(found("all threads").found, Some(2.0));
        assert_eq!(found("against jax-js").is_met(), None);
    }

    #[test]
    fn what_is_too_slow_is_missed() {
        let bars = all(&[
            row("W1", "tabgrad", "chromium", "threads-relaxed", 1, 0.003),
            row("W1", BRAIN, "chromium", "2", 1, 0.012),
        ]);
        let verdicts: Vec<_> = bars.iter().filter_map(Bar::is_met).collect();
        assert_eq!(verdicts, [false, false]);
        assert!(bars[0].to_string().ends_with("missed"), "{}", bars[0]);
    }

    #[test]
    fn only_large_products_have_to_come_near_the_peak() {
        let product = |name: &str| Row {
            percent_of_peak: Some(70.0),
            ..row(name, "tabgrad", "chromium", "threads-relaxed", 1, 1.0)
        };
        let bars = all(&[product("gemm nn 64x64x128"), product("gemm nn 512x512x512")]);
        let peaks: Vec<_> = bars.iter().filter(|bar| bar.what.contains("peak")).collect();
        assert_eq!(peaks.len(), 1);
        assert_eq!((peaks[0].workload.as_str(), peaks[0].is_met()), ("gemm nn 512x512x512", Some(false)));
    }
}
