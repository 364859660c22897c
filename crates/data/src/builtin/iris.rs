//! The measurements of 150 iris flowers.
//!
//! E. Anderson, "The irises of the Gaspé Peninsula", Bulletin of the American Iris Society 59, 1935; published by
//! R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7, 1936. The values are
//! Fisher's, as scikit-learn and R have them. The copy of the UCI repository differs from the paper in rows 35 and 38
//! (petal width 0.1 for 0.2; sepal width 3.1 and petal length 1.5 and width 0.1 for 3.6, 1.4, 0.1).

use super::Made;

const FILE: &str = include_str!("iris.csv");

/// The table as it was measured, in centimetres.
pub(crate) fn measured() -> Made {
    let mut lines = FILE.lines();
    let names: Vec<&'static str> = lines.next().unwrap_or_default().split(',').collect();
    let mut columns = vec![Vec::new(); names.len()];
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell.to_owned());
        }
    }
    let origin = "Iris by Anderson (1935) and Fisher (1936), lengths in centimetres; UCI Machine Learning Repository, \
                  doi.org/10.24432/C56C76, CC BY 4.0";
    Made { names, columns, origin: origin.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_of_every_species_are_the_published_ones() {
        let made = measured();
        let expected = [
            ("setosa", [5.006, 3.428, 1.462, 0.246]),
            ("versicolor", [5.936, 2.770, 4.260, 1.326]),
            ("virginica", [6.588, 2.974, 5.552, 2.026]),
        ];
        for (species, means) in expected {
            let rows: Vec<usize> = (0..150).filter(|&row| made.columns[4][row] == species).collect();
            assert_eq!(rows.len(), 50, "{species}");
            for (column, mean) in means.iter().enumerate() {
                let sum: f64 = rows
                    .iter()
                    .map(|&row| made.columns[column][row].parse::<f64>().expect("the test made it so"))
                    .sum();
                assert!(
                    (sum / 50.0 - mean).abs() < 1e-9,
                    "{species}, {}: {}",
                    made.names[column],
                    sum / 50.0
                );
            }
        }
    }

    #[test]
    fn the_rows_that_copies_differ_in_are_as_fisher_printed_them() {
        let made = measured();
        let row = |row: usize| made.columns.iter().map(|c| c[row - 1].as_str()).collect::<Vec<_>>().join(",");
        assert_eq!(row(35), "4.9,3.1,1.5,0.2,setosa");
        assert_eq!(row(38), "4.9,3.6,1.4,0.1,setosa");
    }
}
