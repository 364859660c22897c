//! Reads a file as the page does, and prints its report: `cargo run --release -p tabgrad-data --example read_csv FILE`.

use std::io::Read;

use tabgrad_data::{Encoding, Limits, SplitSpec, TableReader, split};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("the name of a CSV file is needed")?;
    let mut file = std::fs::File::open(&path)?;
    let mut reader = TableReader::new(&path, file.metadata().ok().map(|m| m.len()), Limits::default());
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            n => reader.push(&piece[..n])?,
        }
    }
    let table = reader.finish()?;
    let report = table.report();
    for column in &report.columns {
        println!("{:?} {:?} \"{}\" {:?}", column.role, column.r#type, column.name, column.note);
    }
    for issue in &report.issues {
        println!("{}", issue.message);
    }
    let parts = split(&table, &SplitSpec { validation: 0.2, test: 0.2, seed: 0 })?;
    let encoding = Encoding::fit(&table, &parts.train)?;
    let (x, _) = encoding.encode(&table, &parts.train)?;
    println!(
        "{} rows, train {:?}, {:?}, classes {:?}",
        report.rows,
        x.dim(),
        report.task,
        report.classes.len()
    );
    Ok(())
}
