//! The rows as a table for people: one block per workload, in each the browser first, ratios to the fastest peer in the same
//! place, and to PyTorch.

use super::Row;
use super::peak::Peaks;

/// What steps in the browser are measured against too, though it runs natively: with as many threads.
const DESK: &str = "PyTorch";

/// Prints every workload with its rows, in the order in which they were measured.
pub fn print(rows: &[Row], peaks: &Peaks) {
    println!("\n  peak of one core, GFLOP/s");
    for place in ["chromium", "native"] {
        let of_place = peaks.rows.iter().filter(|peak| peak.place == place);
        let kinds: Vec<String> =
            of_place.filter_map(|peak| Some(format!("{} {:.0}", peak.variant, peak.gflops?))).collect();
        if !kinds.is_empty() {
            println!("    {place:<9} {}", kinds.join(", "));
        }
    }
    let mut workloads: Vec<&str> = Vec::new();
    for row in rows {
        if !workloads.contains(&row.workload.as_str()) {
            workloads.push(&row.workload);
        }
    }
    for workload in workloads {
        let mut group: Vec<&Row> = rows.iter().filter(|row| row.workload == workload).collect();
        group.sort_by_key(|row| row.place != "chromium");
        let what = group.iter().find_map(|row| row.what.as_deref()).map(|what| format!(": {what}"));
        println!("\n  {workload}{}", what.unwrap_or_default());
        for row in &group {
            let peers = group.iter().filter(|peer| peer.engine != "tabgrad" && peer.place == row.place);
            let mut text = line(row, peers.map(|peer| peer.ms).min_by(f64::total_cmp));
            let is_desk = |it: &&&Row| it.engine == DESK && it.threads == row.threads;
            if let Some(desk) = group.iter().find(is_desk).filter(|_| row.engine == "tabgrad") {
                text += &format!("  {:.2} x {DESK}", desk.ms / row.ms);
            }
            println!("    {text}");
        }
    }
    println!();
}

fn line(row: &Row, peer: Option<f64>) -> String {
    let threads = if row.threads == 1 { "1 thread " } else { &format!("{} threads", row.threads) };
    let mut text =
        format!("{:<9} {:<15} {:<22} {threads} {:>9.4} ms", row.place, row.engine, row.variant, row.ms);
    if let Some(gflops) = row.gflops {
        text += &format!(" {gflops:>7.1} GFLOP/s");
    }
    if let Some(percent) = row.percent_of_peak {
        text += &format!(" {percent:>4.0} % of peak");
    }
    if let Some(speed) = row.gb_per_s {
        text += &format!(" {speed:>7.1} GB/s");
    }
    if let Some(percent) = row.percent_of_triad {
        text += &format!(" {percent:>4.0} % of the triad");
    }
    if let Some(rows) = row.rows_per_s {
        text += &format!(" {rows:>10.0} rows/s");
    }
    if let Some(spread) = row.spread {
        text += &format!("  +-{:.0} %", 50.0 * spread);
    }
    if let Some(peer) = peer.filter(|_| row.engine == "tabgrad") {
        text += &format!("  {:.2} x the peer", peer / row.ms);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_the_ratio_to_the_peer() {
        let row = Row {
            workload: "gemm".into(),
            engine: "tabgrad".into(),
            place: "native".into(),
            variant: "avx2".into(),
            threads: 1,
            ms: 2.0,
            spread: Some(0.1),
            gflops: Some(80.0),
            percent_of_peak: Some(60.0),
            ..Row::default()
        };
        let text = line(&row, Some(3.0));
        assert!(
            text.contains("80.0 GFLOP/s") && text.contains("60 % of peak") && text.contains("1.50 x"),
            "{text}"
        );
        assert!(!line(&Row { engine: "other".into(), ..row }, Some(3.0)).contains("x the peer"));
    }
}
