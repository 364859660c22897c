//! `cargo xtask bench`: speed of the engine on this machine, natively and in Chromium, beside matrixmultiply,
//! in one run.

mod bars;
mod browser;
mod frameworks;
mod native;
mod peak;
mod peer;
mod table;

use crate::console::{Failure, Outcome};
use peak::Peaks;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What may be asked of it.
#[derive(Debug)]
pub struct Arguments {
    /// Where to write the rows, as one JSON array.
    pub json: Option<PathBuf>,
    /// Measure on the machine itself.
    pub native: bool,
    /// Measure in Chromium.
    pub browser: bool,
    /// Measure other libraries too.
    pub peers: bool,
    /// Beginnings of the names of the workloads to measure; all where there are none.
    pub workloads: Vec<String>,
    /// The variants to build and measure in Chromium; all where there are none.
    pub variants: Vec<String>,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            json: None,
            native: true,
            browser: true,
            peers: false,
            workloads: Vec::new(),
            variants: Vec::new(),
        }
    }
}

/// One figure.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Row {
    /// `gemm nn 64x128x784` (m, n, k), one of `tests/bench/workloads.json` or its `first step`, `peak ...`, `triad ...`,
    /// `update ...`, `start ...`, `longest ...`.
    pub workload: String,
    /// In words, where the name does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// `tabgrad` or a peer.
    pub engine: String,
    /// `native` or `chromium`.
    #[serde(rename = "where")]
    pub place: String,
    /// A variant of `wasm-pack.toml`, or natively the instructions.
    pub variant: String,
    /// How many threads worked on it.
    pub threads: usize,
    /// Milliseconds for one: the median of several figures.
    pub ms: f64,
    /// How far the figures lie apart, as a part of the median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
    /// For products, and by the operations that the plan counts for training steps and predictions; else null.
    #[serde(default)]
    pub gflops: Option<f64>,
    /// Of the most that as many cores as threads can do with the same instructions; null where there are no `gflops`.
    #[serde(default)]
    pub percent_of_peak: Option<f64>,
    /// What is read and written, for what memory bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gb_per_s: Option<f64>,
    /// Of the `gb_per_s` of a triad over as much memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_of_triad: Option<f64>,
    /// For training steps and predictions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_per_s: Option<f64>,
}

/// What the bench in Chromium measures beside the workloads of the file.
const OTHERS: [&str; 7] = ["gemm", "cores", "triad", "update", "first step", "start", "longest"];

/// Whether the name of some workload begins so.
pub fn is_workload(beginning: &str) -> bool {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    let list: Vec<Named> = serde_json::from_str(include_str!("../../../../tests/bench/workloads.json"))
        .expect("the file is read by a test of this crate");
    let names = list.iter().map(|it| it.name.as_str()).chain(OTHERS);
    let is_other = OTHERS.iter().any(|other| beginning.starts_with(other));
    is_other || !beginning.is_empty() && names.into_iter().any(|name| name.starts_with(beginning))
}

/// The budget of DESIGN: the page answers within this while it trains.
const LONGEST_TASK_MS: f64 = 50.0;

/// Measures, prints, writes the file, and fails where the page's tasks are too long.
pub fn run(arguments: &Arguments) -> Outcome {
    let peaks = peak::measure()?;
    let mut rows = Vec::new();
    if arguments.native {
        rows.extend(native::measure(arguments)?);
        if arguments.peers {
            rows.extend(frameworks::native(arguments));
        }
    }
    if arguments.browser {
        rows.extend(browser::measure(arguments)?);
    }
    let peaks =
        Peaks { rows: [peaks, rows.extract_if(.., |row| row.workload == peak::WORKLOAD).collect()].concat() };
    for row in &mut rows {
        let peak = peaks.of(row);
        row.percent_of_peak =
            row.gflops.zip(peak).map(|(gflops, peak)| 100.0 * gflops / (peak * row.threads as f64));
    }
    table::print(&rows, &peaks);
    bars::print(&bars::all(&rows));
    if let Some(file) = &arguments.json {
        let text =
            serde_json::to_string_pretty(&[&peaks.rows[..], &rows].concat()).expect("rows are plain data");
        let failure = |error| {
            Failure::new("bench", format!("{}: {error}", file.display()), "name another file with --json")
        };
        std::fs::write(file, text + "\n").map_err(failure)?;
    }
    match rows.iter().find(|row| row.workload.starts_with("longest") && row.ms >= LONGEST_TASK_MS) {
        Some(row) => Err(Failure::new(
            "bench",
            format!("the page's longest task took {:.1} ms, at most {LONGEST_TASK_MS} are allowed", row.ms),
            "find the task with the browser's performance panel and split it; on a busy machine, measure again",
        )),
        None => Ok(()),
    }
}

/// Rows of a text with one JSON object per line; other lines are passed over.
fn rows(text: &str) -> Vec<Row> {
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workloads_are_known_by_the_beginning_of_their_names() {
        let known = [
            "W3",
            "I1",
            "layer",
            "layer lstm",
            "gemm nn",
            "longest",
            "start of a second",
            "first step of W3",
        ];
        assert!(known.into_iter().all(is_workload));
        assert!(!["", "W9", "moon"].into_iter().any(is_workload));
    }

    #[test]
    fn rows_are_read_from_lines_among_others() {
        let text = "Running\n{\"workload\":\"gemm\",\"engine\":\"tabgrad\",\"where\":\"native\",\"variant\":\"avx2\",\"threads\":1,\
                    \"ms\":2.0,\"gflops\":8.0}\n";
        let rows = rows(text);
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].place.as_str(), rows[0].gflops), ("native", Some(8.0)));
    }

    #[test]
    fn every_row_of_the_file_has_the_same_fields() {
        let row = serde_json::to_value(Row::default()).expect("a row is plain data");
        let fields = row.as_object().expect("it has fields").keys().map(String::as_str);
        let wanted = ["engine", "gflops", "ms", "percent_of_peak", "threads", "variant", "where", "workload"];
        assert!(fields.eq(wanted), "{row}");
    }
}
