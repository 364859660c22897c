//! The rows as a table for people: one block per workload, ratios to the best peer beside it.

use super::Row;
use super::peak::Peaks;

/// Prints every workload with its rows.
pub fn print(rows: &[Row], peaks: &Peaks) {
    let shown = |peak: Option<f64>| peak.map_or("-".to_string(), |peak| format!("{peak:.0}"));
    println!(
        "\n  peak of one core, GFLOP/s: 128-bit multiply and add {}, 128-bit fused {}, AVX2 {}, AVX-512 {}",
        shown(peaks.multiply_add),
        shown(peaks.fused),
        shown(peaks.avx2),
        shown(peaks.avx512)
    );
    let mut workloads: Vec<&str> = rows.iter().map(|row| row.workload.as_str()).collect();
    workloads.sort_unstable();
    workloads.dedup();
    for workload in workloads {
        let group: Vec<&Row> = rows.iter().filter(|row| row.workload == workload).collect();
        let peer = group.iter().find(|row| row.engine != "tabgrad").map(|row| row.ms);
        println!("\n  {workload}");
        for row in group {
            println!("    {}", line(row, peer));
        }
    }
    println!();
}

fn line(row: &Row, peer: Option<f64>) -> String {
    let mut text = format!(
        "{:<9} {:<15} {:<22} {} thr {:>9.4} ms",
        row.place, row.engine, row.variant, row.threads, row.ms
    );
    if let Some(gflops) = row.gflops {
        text += &format!(" {gflops:>7.1} GFLOP/s");
    }
    if let Some(percent) = row.percent_of_peak {
        text += &format!(" {percent:>4.0} % of peak");
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
            gflops: Some(80.0),
            percent_of_peak: Some(60.0),
        };
        let text = line(&row, Some(3.0));
        assert!(
            text.contains("80.0 GFLOP/s") && text.contains("60 % of peak") && text.contains("1.50 x"),
            "{text}"
        );
        assert!(!line(&Row { engine: "other".into(), ..row }, Some(3.0)).contains("x the peer"));
    }
}
