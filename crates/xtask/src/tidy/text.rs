//! Rules about the text of files.

use super::sources::{Sources, code, has_word};

/// The file that names rayon. The crate `wasm` starts its pool through wasm-bindgen-rayon.
const PARALLEL: &str = "crates/kernels/src/par.rs";
/// Where `unsafe` may stand: the kernels, the arena, the views on memory handed to JavaScript, the name of the section that
/// sentences are kept in (Rust calls every such name unsafe), and the tests that count allocations and their bytes, because
/// an allocator cannot be written without.
const UNSAFE: [&str; 6] = [
    "crates/kernels/",
    "crates/core/src/arena.rs",
    "crates/core/src/spec/sentences.rs",
    "crates/wasm/src/memory.rs",
    "crates/core/tests/allocation.rs",
    "crates/core/tests/memory.rs",
];
/// The file that makes views on wasm memory.
const VIEWS: &str = "www/src/engine/views.ts";
/// What is given time, randomness and a number of threads, and asks nobody for them.
const TIMELESS: [&str; 5] = [
    "crates/kernels/src/",
    "crates/core/src/",
    "crates/data/src/",
    "crates/formats/src/",
    "crates/session/src/",
];
/// The words for asking. How many cores there are, only the pool's file may know.
const ASKING: [&str; 4] = ["Instant", "SystemTime", "available_parallelism", "getrandom"];
const LONGEST: usize = 600;
/// This folder names what it forbids.
const RULES: &str = "crates/xtask/src/tidy/";

const TEXTS: [&str; 15] = [
    ".rs",
    ".ts",
    ".js",
    ".toml",
    ".json",
    ".html",
    ".css",
    ".md",
    ".py",
    ".sh",
    ".yml",
    ".npmrc",
    ".lock",
    "/run",
    ".gitignore",
];

/// Only one file knows how threads are made.
pub fn rayon_is_named_in_one_file(sources: &Sources) -> Vec<String> {
    let elsewhere =
        sources.ending(&[".rs"]).filter(|(path, _)| *path != PARALLEL && !path.starts_with(RULES));
    let mut violations = lines(elsewhere, |line| has_word(&code(line), "rayon"));
    for (path, text) in sources
        .ending(&["Cargo.toml"])
        .filter(|(path, _)| *path != "Cargo.toml" && *path != "crates/kernels/Cargo.toml")
    {
        if text.lines().any(|line| line.starts_with("rayon")) {
            violations.push(format!("{path} depends on rayon"));
        }
    }
    violations
}

/// Unsafe code is kept where it is reviewed.
pub fn unsafe_stands_where_it_may(sources: &Sources) -> Vec<String> {
    let elsewhere = sources.ending(&[".rs"]).filter(|(path, _)| {
        !UNSAFE.iter().any(|allowed| path.starts_with(allowed)) && !path.starts_with(RULES)
    });
    lines(elsewhere, |line| has_word(&code(line), "unsafe"))
}

/// A view outlives the memory it shows unless it is made and used up in one place. So a file of the page that knows of a
/// wasm memory names no buffer, whatever the memory is called there: all others have buffers of their own only.
pub fn memory_is_viewed_in_one_file(sources: &Sources) -> Vec<String> {
    let has_any = |line: &str, words: &[&str]| words.iter().any(|word| has_word(&code(line), word));
    let is_comment = |line: &str| ["*", "/*"].iter().any(|begin| line.trim_start().starts_with(begin));
    let elsewhere = sources.ending(&[".ts"]).filter(|(path, text)| {
        let is_page = path.starts_with("www/src/") && *path != VIEWS && !path.ends_with(".test.ts");
        is_page && text.lines().any(|line| !is_comment(line) && has_any(line, &["memory", "Memory", "wasm"]))
    });
    lines(elsewhere, |line| {
        !is_comment(line) && (has_any(line, &["buffer"]) || line.contains("[\"buffer\"]"))
    })
}

/// The same commands give the same events, whenever and wherever they are said.
pub fn no_clock_and_no_chance(sources: &Sources) -> Vec<String> {
    let engine = sources
        .ending(&[".rs"])
        .filter(|(path, _)| TIMELESS.iter().any(|folder| path.starts_with(folder)) && *path != PARALLEL);
    lines(engine, |line| ASKING.iter().any(|word| has_word(&code(line), word)))
}

/// A file begins with `//!`: what it is. In front of it only attributes may stand.
pub fn rust_files_say_what_they_are(sources: &Sources) -> Vec<String> {
    let silent = sources.ending(&[".rs"]).filter(|(_, text)| {
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("#!["));
        !first.is_some_and(|line| line.starts_with("//!"))
    });
    silent.map(|(path, _)| format!("{path} does not begin with //!")).collect()
}

/// What is not done is an issue, not a comment.
pub fn nothing_is_left_to_do(sources: &Sources) -> Vec<String> {
    let ours = sources
        .ending(&[".rs", ".ts", ".py", ".sh", ".html", ".css"])
        .filter(|(path, _)| !path.starts_with(RULES));
    lines(ours, |line| {
        ["TODO", "FIXME", "XXX"].iter().any(|word| has_word(line, word))
            || line.contains("unimplemented!")
            || line.contains("todo!(")
    })
}

/// A file with one subject is not long.
pub fn no_file_is_long(sources: &Sources) -> Vec<String> {
    let long = sources
        .ending(&[".rs", ".ts", ".py", ".css", ".html", ".js"])
        .filter(|(_, text)| text.lines().count() > LONGEST);
    long.map(|(path, text)| format!("{path} has {} lines, at most {LONGEST}", text.lines().count())).collect()
}

/// Registries are named by the machine's own settings, and no path holds on another machine.
pub fn no_host_or_machine_is_named(sources: &Sources) -> Vec<String> {
    const FORBIDDEN: [&str; 6] = [
        "artifactory",
        "registry.npm",
        "\"resolved\":",
        "/home/",
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
    ];
    let ours = sources.ending(&TEXTS).filter(|(path, _)| !path.starts_with(RULES));
    lines(ours, |line| FORBIDDEN.iter().any(|name| line.contains(name)))
}

/// What a command makes is not kept in the repository.
pub fn nothing_built_is_kept(sources: &Sources) -> Vec<String> {
    let built = sources.0.iter().filter(|file| {
        let path = &file.path;
        path.ends_with(".wasm")
            || ["target/", "www/dist/", "www/public/engine/"].iter().any(|folder| path.starts_with(folder))
            || path.contains("node_modules/")
    });
    built.map(|file| file.path.clone()).collect()
}

fn lines<'a>(files: impl Iterator<Item = (&'a str, &'a str)>, wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut violations = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| wrong(line)) {
            violations.push(format!("{path}:{}: {}", number + 1, line.trim()));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `rule` finds one violation in the first file and none in the second.
    fn tells_apart(rule: fn(&Sources) -> Vec<String>, wrong: (&str, &str), right: (&str, &str)) {
        assert_eq!(rule(&Sources::of(&[wrong])).len(), 1, "{} is wrong", wrong.0);
        assert_eq!(rule(&Sources::of(&[right])), Vec::<String>::new(), "{} is right", right.0);
    }

    #[test]
    fn each_rule_tells_right_from_wrong() {
        tells_apart(
            rayon_is_named_in_one_file,
            ("crates/core/src/a.rs", "use rayon::join;"),
            (PARALLEL, "use rayon::join;"),
        );
        tells_apart(
            unsafe_stands_where_it_may,
            ("crates/core/src/a.rs", "unsafe { x() }"),
            ("crates/kernels/src/a.rs", "unsafe { x() }"),
        );
        for wrong in [
            "new Uint8Array(memory.buffer, ptr, len);",
            "const bytes = desk.memory.buffer;",
            "const { buffer } = memory;",
            "const heap = memory[\"buffer\"];",
            "const m: WebAssembly.Memory = given; use(m.buffer);",
            "return wasm.buffer;",
        ] {
            tells_apart(
                memory_is_viewed_in_one_file,
                ("www/src/engine/a.ts", wrong),
                ("www/src/engine/views.ts", wrong),
            );
        }
        tells_apart(
            memory_is_viewed_in_one_file,
            ("www/src/views/a.ts", "let memory: unknown;\nfill(new DataView(image.data.buffer));"),
            (
                "www/src/views/a.ts",
                "/** `memory.buffer` is\n * no buffer of memory. */\nfill(image.data.buffer);",
            ),
        );
        for wrong in ["Instant::now()", "std::time::SystemTime", "available_parallelism()", "getrandom(x)"] {
            tells_apart(
                no_clock_and_no_chance,
                ("crates/session/src/a.rs", wrong),
                ("crates/wasm/src/clock.rs", wrong),
            );
        }
        tells_apart(
            no_clock_and_no_chance,
            ("crates/kernels/src/rng.rs", "available_parallelism()"),
            (PARALLEL, "available_parallelism()"),
        );
        tells_apart(
            rust_files_say_what_they_are,
            ("a.rs", "fn a() {}"),
            ("a.rs", "#![no_std]\n//! What it is.\n"),
        );
        tells_apart(nothing_is_left_to_do, ("a.ts", "// TODO later"), ("a.ts", "const TODO_LIST = 1"));
        let (long, short) = ("x\n".repeat(LONGEST + 1), "x\n".repeat(LONGEST));
        tells_apart(no_file_is_long, ("a.rs", &long), ("a.rs", &short));
        tells_apart(no_host_or_machine_is_named, ("a.md", "see /home/me"), ("a.md", "see ./home"));
        tells_apart(nothing_built_is_kept, ("www/dist/a.js", ""), ("www/src/a.js", ""));
    }
}
