//! ROC and precision-recall curves, exactly: at every output that there is, from the largest to the smallest.

/// The most points of a curve that are kept for drawing; areas are those of all.
pub const POINTS: usize = 200;

/// The curves of one class against all others.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// False positive rate, true positive rate; from (0, 0) to (1, 1).
    pub roc: Vec<[f32; 2]>,
    /// Recall, precision; from the largest output to the smallest.
    pub precision_recall: Vec<[f32; 2]>,
    /// The area under the first: the chance that a row of the class is ranked above one of the others.
    pub auc: f64,
    /// The mean of the precisions, each weighed by the recall that it adds.
    pub average_precision: f64,
}

/// The curves of outputs and whether each is a yes; `None` without a single yes or a single no.
pub fn curves(mut pairs: Vec<(f32, bool)>) -> Option<Curves> {
    let yes = pairs.iter().filter(|pair| pair.1).count() as f64;
    let no = pairs.len() as f64 - yes;
    if yes == 0.0 || no == 0.0 {
        return None;
    }
    pairs.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let (mut roc, mut precision_recall) = (vec![[0.0, 0.0]], Vec::new());
    let (mut found, mut false_alarms) = (0.0, 0.0);
    let (mut auc, mut average_precision) = (0.0, 0.0);
    // Rows with the same output are one step: no threshold tells them apart.
    for step in pairs.chunk_by(|a, b| a.0 == b.0) {
        let hits = step.iter().filter(|pair| pair.1).count() as f64;
        let misses = step.len() as f64 - hits;
        auc += misses / no * (found + hits / 2.0) / yes;
        found += hits;
        false_alarms += misses;
        let precision = found / (found + false_alarms);
        average_precision += hits / yes * precision;
        roc.push([(false_alarms / no) as f32, (found / yes) as f32]);
        precision_recall.push([(found / yes) as f32, precision as f32]);
    }
    Some(Curves { roc: thinned(roc), precision_recall: thinned(precision_recall), auc, average_precision })
}

/// Evenly chosen points, the first and the last among them.
fn thinned(points: Vec<[f32; 2]>) -> Vec<[f32; 2]> {
    if points.len() <= POINTS {
        return points;
    }
    (0..POINTS).map(|i| points[i * (points.len() - 1) / (POINTS - 1)]).collect()
}
