//! Models that were born in a program (`model.js`) and take a row of plain numbers, on the page: what such a file lacks beside
//! those that the page has written is made up here.
//!
//! ```text
//! input (4), target of 3 classes  -->  column 1, ..., column 4, and column 5 as target: the names that a file without a line of
//!                                      names has, so that its rows can be opened to go on training
//! number --as it is--> network        the class of a row is its number: 0, 1, 2
//! ```

use tabgrad_core::{Io, Target};
use tabgrad_data::report::{
    CategoryCount, ColumnReport, ColumnType, Issue, Role, Severity, Source, TableReport, Task,
};
use tabgrad_data::{CodedColumn, ColumnCode, Decimal, Encoding, Form, Output, Scale, SplitSpec, TargetCode};
use tabgrad_json::{Map, ToJson, Value};

use crate::history::History;
use crate::program::ENCODING;
use crate::protocol::EngineError;

/// More fields than this nobody fills in, and no table has more columns.
const MOST_NUMBERS: usize = 10_000;
/// Numbers go in and come out as they are; within this, nothing is called unusual.
const AS_IT_IS: Scale = Scale { mean: 0.0, std: 1.0, min: -1e9, max: 1e9 };
/// Pixels are shares of the brightest.
const PIXEL: Scale = Scale { min: 0.0, max: 1.0, ..AS_IT_IS };

/// Adds what the page needs to the fields of a file called `file`, if it is a program's own.
///
/// # Errors
/// With a sentence that says what the model takes and what to do, if the page cannot ask for that.
pub fn make_for_page(file: &str, project: &mut Value) -> Result<(), EngineError> {
    let Value::Object(fields) = project else { return Ok(()) };
    let Some(said) = fields.get("program").filter(|_| !fields.contains_key(ENCODING)) else { return Ok(()) };
    let io: Io = serde_json::from_value(said.clone()).map_err(|_| refused("it says nothing of its rows"))?;
    if fields.get("training").is_none_or(Value::is_null) {
        return Err(refused("it was never compiled, so there is nothing here to train or score it with"));
    }
    let (encoding, report) = described(file, &io)?;
    add(fields, ENCODING, encoding.to_json());
    add(fields, "report", report.to_json());
    add(fields, "split", SplitSpec { validation: 0.15, test: 0.2, seed: 0 }.to_json());
    add(fields, "builtin", Value::Null);
    add(fields, "history", History::default().to_json());
    Ok(())
}

fn add(fields: &mut Map<String, Value>, name: &str, value: Value) {
    fields.insert(name.to_owned(), value);
}

fn refused(why: &str) -> EngineError {
    EngineError::new(
        "model_of_a_program",
        format!(
            "This model was saved by a program (model.js), and {why}. The page opens those that take a row of numbers or a \
             picture and say one number or class; load this one with Model.load."
        ),
    )
}

/// Rows as a table of numbers has them.
fn described(file: &str, io: &Io) -> Result<(Encoding, TableReport), EngineError> {
    let (form, scale) = match *io.input.as_slice() {
        [_] => (None, AS_IT_IS),
        [height, width, channels @ (1 | 3 | 4)] => (Some(Form::Image { height, width, channels }), PIXEL),
        ref other => return Err(refused(&format!("its rows are of {other:?} numbers"))),
    };
    let count: usize = io.input.iter().product();
    if count == 0 || count > MOST_NUMBERS {
        return Err(refused(&format!("its rows are of {count} numbers")));
    }
    let (task, classes) = match *io.targets.as_slice() {
        [Target::Values(1)] => (Task::Regression, 0),
        [Target::Binary | Target::Classes(2)] => (Task::Binary, 2),
        [Target::Classes(classes)] if classes <= 1000 => (Task::Multiclass, classes),
        [_] => return Err(refused("it says more than one number or class of a row")),
        _ => return Err(refused("it has several outputs")),
    };
    let labels: Vec<String> = (0..classes).map(|class| class.to_string()).collect();
    let name = |column: usize| format!("column {}", column + 1);
    let code = ColumnCode::Number { decimal: Decimal::Point, scale, missing_flag: false };
    let columns = (0..count).map(|column| CodedColumn { column, name: name(column), code: code.clone() });
    let output = match task {
        Task::Regression => Output::Value { decimal: Decimal::Point, scale: AS_IT_IS },
        _ => Output::Classes { labels: labels.clone() },
    };
    let encoding = Encoding {
        table_columns: count + 1,
        columns: columns.collect(),
        form,
        target: TargetCode { column: count, name: name(count), output },
        further: None,
        weight: None,
    };
    let number = |column: usize| ColumnReport {
        name: name(column),
        r#type: ColumnType::Number,
        role: Role::Feature,
        missing: 0,
        distinct: 0,
        min: form.map(|_| scale.min),
        max: form.map(|_| scale.max),
        // What a form begins with.
        mean: Some(0.0),
        std: None,
        histogram: None,
        categories: None,
        note: None,
    };
    let mut reports: Vec<ColumnReport> = (0..count).map(number).collect();
    let mut target = number(count);
    target.role = Role::Target;
    if classes > 0 {
        target.r#type = ColumnType::Category;
        target.distinct = classes as u64;
        let counted = |label: &String| CategoryCount { label: label.clone(), count: 0 };
        target.categories = Some(labels.iter().map(counted).collect());
    }
    reports.push(target);
    let what = if classes > 0 { "the number of its class, from 0" } else { "its value" };
    let message = format!(
        "{file}: this model was saved by a program (model.js) and takes {count} plain numbers, here column 1 to column {count}. \
         To go on training, open a CSV file without a line of names: those numbers, and behind them {what}."
    );
    let report = TableReport {
        name: file.to_owned(),
        source: Source::File,
        origin: None,
        rows: 0,
        delimiter: None,
        encoding: None,
        has_header: Some(false),
        columns: reports,
        form,
        target: count,
        task,
        ahead: None,
        classes: labels,
        targets: None,
        issues: vec![Issue { severity: Severity::Info, message, line: None, column: None, count: None }],
        sample: Vec::new(),
    };
    Ok((encoding, report))
}
