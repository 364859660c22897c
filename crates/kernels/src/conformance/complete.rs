//! That nothing is missing: a kernel in the table, a gradient of a kernel in the table of gradients.

use super::gradients::{GRADIENTS, OTHERS};
use super::table;
use std::path::{Path, PathBuf};

/// Modules without kernels: what kernels are made with and checked with.
const NOT_KERNELS: [&str; 8] = ["conformance", "lanes", "lib", "math", "par", "reference", "rng", "window"];

/// They say something about a kernel, or choose one of those in the table.
const HELPERS: [&str; 13] = [
    "activation::needs_input",
    "gemm::scratch_len",
    "gemm::product",
    "loss::ctc_room",
    "noise::standard",
    "optimizer::adam_rate",
    "optimizer::adamax_rate",
    "optimizer::lamb_corrections",
    "optimizer::nadam_step",
    "orthogonal::work_len",
    "recurrent::gru_scratch_len",
    "recurrent::lstm_scratch_len",
    "recurrent::simple_scratch_len",
];

/// Every Rust file of this crate below `folder` of its sources, and the module that it belongs to.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let within = path.strip_prefix(&root).expect("it is below").with_extension("");
                let module = within.iter().next().expect("a file has a name").to_string_lossy().into_owned();
                found.push((module, std::fs::read_to_string(&path).expect("the file can be read")));
            }
        }
    }
    found
}

/// Names of the functions that a file makes public at its outermost.
fn public_functions(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let rest = line.strip_prefix("pub ")?;
        let rest =
            ["const ", "unsafe "].iter().fold(rest, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
        rest.strip_prefix("fn ")?.split(['(', '<']).next()
    })
}

#[test]
fn the_table_names_every_public_function_of_the_kernel_modules() {
    let table = table();
    let mut functions: Vec<String> = Vec::new();
    for (module, source) in sources("").iter().filter(|(module, _)| !NOT_KERNELS.contains(&&module[..])) {
        functions.extend(public_functions(source).map(|function| format!("{module}::{function}")));
    }
    let missing: Vec<&String> = functions
        .iter()
        .filter(|name| !HELPERS.contains(&&name[..]) && table.iter().all(|kernel| kernel.name != **name))
        .collect();
    assert!(missing.is_empty(), "no entry in the table of kernels: {missing:?}");
    let gone: Vec<&str> = table
        .iter()
        .map(|kernel| kernel.name)
        .chain(HELPERS)
        .filter(|name| !functions.iter().any(|function| function == name))
        .collect();
    assert!(gone.is_empty(), "named in a table, and no function: {gone:?}");
}

#[test]
fn every_kernel_has_its_gradient_checked_or_computes_none() {
    let checked: Vec<&str> = GRADIENTS.iter().flat_map(|(kernels, _)| kernels.iter().copied()).collect();
    for kernel in table() {
        let name = kernel.name;
        let times = checked.iter().chain(OTHERS).filter(|other| **other == name).count();
        assert_eq!(times, 1, "{name} is to be named once, in GRADIENTS or in OTHERS");
    }
    let named = checked.iter().chain(OTHERS);
    let gone: Vec<_> = named.filter(|name| table().iter().all(|kernel| kernel.name != **name)).collect();
    assert!(gone.is_empty(), "no kernels: {gone:?}");
    // What is named for a gradient cannot be passed off as something else.
    let hidden: Vec<_> = OTHERS
        .iter()
        .filter(|name| ["backward", "gradient"].iter().any(|word| name.contains(word)))
        .collect();
    assert!(hidden.is_empty(), "they compute gradients: {hidden:?}");
}

#[test]
fn every_backward_of_a_twin_meets_central_differences() {
    // The recurrent ones are called where the data are that their kernels and the checks share.
    let recurrent = include_str!("recurrent.rs").to_string();
    let checks: String =
        sources("conformance/gradients").into_iter().map(|(_, source)| source).chain([recurrent]).collect();
    for (_, source) in sources("reference") {
        for function in public_functions(&source) {
            let is_gradient = ["backward", "gradient"].iter().any(|word| function.contains(word));
            let is_checked = ["(", ",", ")", ";"]
                .iter()
                .any(|end| checks.contains(&format!("reference::{function}{end}")));
            assert!(!is_gradient || is_checked, "no gradient check calls reference::{function}");
        }
    }
}

#[test]
fn public_functions_are_seen_in_any_form() {
    let source = "pub fn a(x: u8) {}\n    pub fn within() {}\npub const fn b<T>() {}\npub unsafe fn c() {}\nfn d() {}\n\
                  pub(super) fn e() {}\npub const F: u8 = 1;\n";
    assert_eq!(public_functions(source).collect::<Vec<_>>(), ["a", "b", "c"]);
}
