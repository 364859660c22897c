//! Halves do what the whole does: modules written by hand, and functions made at random, are split after a visit with a few
//! inputs and run by node with many.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const SPLIT: &str = env!("CARGO_BIN_EXE_tabgrad-split");

/// What a module of the engine has around its functions.
const AROUND: &str = r#"
  (import "env" "load" (func $load))
  (memory (export "memory") 1)
  (func (export "__load_rest") (call $load))
  (@custom "words" "Come later.")
  (@custom "target_features" "\00")
"#;

/// Sizes of whole, first and rest after all was found to be the same.
fn halves(name: &str, functions: &str) -> [usize; 3] {
    let folder = std::env::temp_dir().join(format!("tabgrad-split-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder takes a folder");
    let file = |name: &str| folder.join(name);
    let bytes = wat::parse_str(format!("(module {AROUND} {functions})")).expect("the module is sound");
    std::fs::write(file("whole"), &bytes).expect("the folder takes a file");
    let numbers = run(Command::new(SPLIT).arg("mark").args([file("whole"), file("marked")]));
    let numbers: Vec<&str> = numbers.split_whitespace().collect();
    run(node("mark").arg(file("marked")).args(&numbers[..2]).arg(file("marks")));
    run(Command::new(SPLIT).arg("split").args(["whole", "marks", "first", "rest"].map(file)));
    assert_eq!(customs(&file("first")), "{}");
    assert_eq!(customs(&file("rest")), r#"{"words":"Come later."}"#);
    let told = run(node("compare").args(["whole", "first", "rest"].map(file)));
    assert!(told.ends_with("differences 0\n"), "{name}: {told}");
    assert!(told.starts_with("loads 0\nloads 1\n"), "{name} loads when it must, and once: {told}");
    let sizes = ["whole", "first", "rest"].map(|it| std::fs::read(file(it)).expect("it was written").len());
    std::fs::remove_dir_all(folder).expect("the temporary folder can be removed");
    sizes
}

/// What a module has besides what runs, by name.
fn customs(module: &Path) -> String {
    run(node("customs").arg(module)).trim_end().into()
}

fn node(task: &str) -> Command {
    let mut command = Command::new("node");
    let script: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compare.mjs");
    command.arg(script).arg(task);
    command
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("the program is there");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Enough instructions to be worth moving: they change `$local`.
fn long(local: &str) -> String {
    format!("(local.set {local} (i32.mul (i32.add (local.get {local}) (i32.const 77777)) (i32.const 31)))")
        .repeat(12)
}

/// A function that the first inputs call and leave early, for each way to leave what it skips.
#[test]
fn every_way_to_leave_is_kept() {
    let more = long("$a");
    let skipped =
        "(i32.lt_u (local.get $a) (i32.const 100)) (i32.lt_u (local.get $b) (i32.const 4)) (i32.and)";
    let bodies = [
        ("falls through", format!("(block $l {skipped} (br_if $l) {more})")),
        (
            "breaks out of two",
            format!("(block $m (block $l {skipped} (br_if $l) {more} (br $m)) (local.set $c (i32.const 5)))"),
        ),
        ("returns", format!("(block $l {skipped} (br_if $l) {more} (return (local.get $a)))")),
        ("traps", format!("(block $l {skipped} (br_if $l) {more} (unreachable))")),
        (
            "one of three",
            format!(
                "(block $m (block $l {skipped} (br_if $l) {more} (if (i32.and (local.get $a) (i32.const 1)) (then (return (i32.const 9)))) (br_if $m (i32.and (local.get $a) (i32.const 2))) (local.set $c (local.get $b))) (local.set $b (i32.const 8)))"
            ),
        ),
        (
            "a value",
            format!(
                "(local.set $c (block $l (result i32) (if {skipped} (then (br $l (i32.const 3)))) {more} (br $l (local.get $a))))"
            ),
        ),
        (
            "within a loop",
            format!(
                "(loop $again (block $l {skipped} (br_if $l) {more} (local.set $c (i32.add (local.get $c) (i32.const 1))) (br_if $again (i32.lt_u (local.get $c) (i32.const 3)))))"
            ),
        ),
        (
            "else",
            format!(
                "(if {skipped} (then (local.set $c (i32.const 4))) (else {more} (local.set $c (local.get $a))))"
            ),
        ),
        (
            "a table within",
            format!(
                "(block $l {skipped} (br_if $l) {more} (block $x (block $y (br_table $x $y (i32.and (local.get $a) (i32.const 1)))) (local.set $c (i32.const 1))))"
            ),
        ),
        (
            "a table out of it",
            format!(
                "(block $m (block $l {skipped} (br_if $l) {more} (br_table $l $m (i32.and (local.get $a) (i32.const 1)))) (local.set $c (i32.const 1)))"
            ),
        ),
    ];
    let functions: String = bodies
        .iter()
        .map(|(name, body)| {
            format!(
                "(func (export \"test {name}\") (param $a i32) (param $b i32) (param $c i32) (result i32) {body}
                 (i32.add (i32.add (local.get $a) (local.get $b)) (local.get $c)))"
            )
        })
        .collect();
    halves("leave", &functions);
}

#[test]
fn functions_that_were_not_called_are_reached_by_calls_and_by_tables() {
    let far = format!(
        "(func $far (param $a i32) (param $b i64) (result i64) {} (i64.add (local.get $b) (i64.extend_i32_s (call $near (local.get $a)))))",
        long("$a")
    );
    let functions = format!(
        r#"(table 3 funcref) (elem (i32.const 1) $near $far)
        (global $sum (mut i32) (i32.const 0))
        (func $near (param $a i32) (result i32) (global.set $sum (i32.add (global.get $sum) (local.get $a))) {}
          (i32.add (global.get $sum) (local.get $a)))
        {far}
        (func (export "test call") (param $a i32) (param i32) (param i32) (result i32)
          (if (result i32) (i32.lt_u (local.get $a) (i32.const 90))
            (then (call $near (local.get $a)))
            (else (i32.wrap_i64 (call $far (local.get $a) (i64.const 5))))))
        (func (export "test table") (param $a i32) (param $b i32) (param i32) (result i32)
          (if (result i32) (i32.lt_u (local.get $b) (i32.const 4))
            (then (call_indirect (param i32) (result i32) (local.get $a) (i32.const 1)))
            (else (i32.wrap_i64 (call_indirect (param i32 i64) (result i64) (local.get $a) (i64.const 2) (i32.const 2))))))"#,
        long("$a")
    );
    let [whole, first, rest] = halves("calls", &functions);
    assert!(rest > 200, "there is something in the rest: {whole} {first} {rest}");
}

/// Enough functions for short names to be words, and a module that exports words of its own.
#[test]
fn no_two_exports_have_one_name() {
    let mut functions =
        String::from("(func (export \"ready\")) (func (export \"far\")) (func (export \"f0\"))");
    let mut sum = String::from("(local.get $a)");
    for number in 0..1200 {
        let _ = write!(
            functions,
            "(func $f{number} (export \"test{number}\") (param $a i32) (param i32) (param i32) (result i32)
               {} (local.get $a))",
            long("$a")
        );
        sum = format!("(call $f{number} {sum} (i32.const 0) (i32.const 0))");
    }
    let _ = write!(
        functions,
        "(func (export \"test all\") (param $a i32) (param $b i32) (param i32) (result i32)
           (if (i32.lt_u (local.get $b) (i32.const 4)) (then (return (i32.const 0)))) {sum})"
    );
    halves("names", &functions);
}

/// Functions made at random: blocks, loops, branches to anywhere, returns, tables, values, calls of earlier ones.
#[test]
fn random_functions_do_the_same() {
    let mut random = Random(20_240_607);
    let mut functions = String::new();
    for number in 0..200 {
        let mut body = String::new();
        random.statements(&mut body, 4, &mut vec![], number);
        let _ = write!(
            functions,
            "(func $f{number} (export \"test{number}\") (param $a i32) (param $b i32) (param $c i32) (result i32)
               (local $d i32) (local $e i32) (local $fuel i32) (local.set $fuel (i32.const 30)) {body}
               (i32.add (i32.xor (local.get $a) (local.get $b)) (i32.sub (local.get $c) (i32.xor (local.get $d) (local.get $e)))))"
        );
    }
    let [whole, first, _] = halves("random", &functions);
    assert!(first * 10 < whole * 9, "much of it is never reached, and moved: {first} of {whole}");
}

#[test]
fn marks_of_another_module_are_refused() {
    let folder = std::env::temp_dir().join(format!("tabgrad-split-refused-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder takes a folder");
    let file = |name: &str| folder.join(name);
    let bytes = wat::parse_str(format!("(module {AROUND})")).expect("the module is sound");
    std::fs::write(file("whole"), bytes).expect("the folder takes a file");
    for (marks, why) in [(vec![], "fewer marks"), (vec![1; 9], "more marks")] {
        std::fs::write(file("marks"), marks).expect("the folder takes a file");
        let output =
            Command::new(SPLIT).arg("split").args(["whole", "marks", "first", "rest"].map(file)).output();
        let output = output.expect("the program is there");
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains(why));
    }
    std::fs::remove_dir_all(folder).expect("the temporary folder can be removed");
}

/// A linear congruential generator (Knuth's constants), to make the same functions everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn local(&mut self) -> &'static str {
        ["$a", "$b", "$c", "$d", "$e"][self.below(5) as usize]
    }

    fn expression(&mut self, deep: u64) -> String {
        match self.below(if deep == 0 { 2 } else { 6 }) {
            0 => format!("(i32.const {})", self.below(40)),
            1 => format!("(local.get {})", self.local()),
            2 => format!("(local.tee {} {})", self.local(), self.expression(deep - 1)),
            3 => format!("(i32.load (i32.and {} (i32.const 60)))", self.expression(deep - 1)),
            _ => {
                let operator = ["add", "sub", "mul", "xor", "lt_u", "gt_s", "and"][self.below(7) as usize];
                format!("(i32.{operator} {} {})", self.expression(deep - 1), self.expression(deep - 1))
            }
        }
    }

    /// A condition that small inputs seldom meet.
    fn seldom(&mut self) -> String {
        format!("(i32.eq (i32.rem_u {} (i32.const 7)) (i32.const 3))", self.expression(1))
    }

    fn statements(&mut self, text: &mut String, deep: u64, labels: &mut Vec<String>, number: usize) {
        for _ in 0..2 + self.below(4) {
            let label = format!("$l{}", self.0 % 1_000_003);
            let target = |random: &mut Self, labels: &[String]| {
                labels.get(random.below(labels.len().max(1) as u64) as usize).cloned()
            };
            let _ = match self.below(if deep == 0 { 4 } else { 10 }) {
                0 | 1 => write!(text, "(local.set {} {})", self.local(), self.expression(3)),
                2 => write!(
                    text,
                    "(i32.store (i32.and {} (i32.const 60)) {})",
                    self.expression(1),
                    self.expression(2)
                ),
                3 if number == 0 => Ok(()),
                3 => {
                    let callee = self.below(number as u64);
                    let (to, one, two) = (self.local(), self.expression(1), self.expression(1));
                    // Calls would multiply: most of them are of the past.
                    write!(
                        text,
                        "(if {} (then (local.set {to} (call $f{callee} {one} {two} (i32.const 3)))))",
                        self.seldom()
                    )
                }
                4 | 5 => {
                    let _ = write!(text, "(if {} (then ", self.seldom());
                    self.statements(text, deep - 1, labels, number);
                    let _ = write!(text, ") (else ");
                    self.statements(text, deep - 1, labels, number);
                    write!(text, "))")
                }
                6 => {
                    labels.push(label.clone());
                    let _ = write!(text, "(block {label} (br_if {label} {})", self.expression(2));
                    self.statements(text, deep - 1, labels, number);
                    labels.pop();
                    write!(text, ")")
                }
                7 => {
                    let _ = write!(
                        text,
                        "(loop {label} (local.set $fuel (i32.sub (local.get $fuel) (i32.const 1)))"
                    );
                    self.statements(text, deep - 1, labels, number);
                    write!(
                        text,
                        "(br_if {label} (i32.and (i32.gt_s (local.get $fuel) (i32.const 0)) {})))",
                        self.expression(1)
                    )
                }
                8 => match target(self, labels) {
                    Some(target) if self.below(3) == 0 => {
                        let other = labels[self.below(labels.len() as u64) as usize].clone();
                        write!(
                            text,
                            "(if {} (then (br_table {target} {other} {})))",
                            self.seldom(),
                            self.expression(1)
                        )
                    }
                    Some(target) => write!(text, "(br_if {target} {})", self.seldom()),
                    None => write!(text, "(if {} (then (return {})))", self.seldom(), self.expression(2)),
                },
                _ => {
                    let to = self.local();
                    let _ = write!(
                        text,
                        "(local.set {to} (block {label} (result i32) (if {} (then ",
                        self.expression(1)
                    );
                    self.statements(text, deep - 1, labels, number);
                    write!(text, "(br {label} {}))) {}))", self.expression(1), self.expression(2))
                }
            };
        }
    }
}
