//! Running other programs: quietly with a log and a sign of life, visibly with a look at what they print, or for their answer.

use crate::console::{Failure, Outcome, say, spoken};
use crate::folders;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a long step says that it is alive.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// How often a running program is asked whether it has ended.
const POLL: Duration = Duration::from_millis(50);
/// Lines of the log shown when a quiet step fails.
const SHOWN_LINES: usize = 40;

/// A command without what `cargo run` put into the environment for this program alone: left in, it would reach build
/// scripts and other compilers and make them build anew.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
            || name == "CARGO_BIN_NAME"
            || name == "CARGO_PRIMARY_PACKAGE"
            || name == "LD_LIBRARY_PATH"
            || name == "DYLD_FALLBACK_LIBRARY_PATH"
        {
            command.env_remove(name);
        }
    }
    command.current_dir(folders::root()).stdin(Stdio::null());
    command
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs without showing the output: it goes into `target/logs/<step>.log`, and its last lines are shown when it fails.
pub fn quietly(step: &str, command: &mut Command, advice: &str) -> Outcome {
    let log = folders::logs().join(format!("{}.log", step.replace([' ', '/'], "-")));
    let failure = |why: String| Failure::new(step, why, advice);
    fs::create_dir_all(folders::logs()).map_err(|error| failure(error.to_string()))?;
    let file = File::create(&log).map_err(|error| failure(format!("{}: {error}", log.display())))?;
    let twin = file.try_clone().map_err(|error| failure(error.to_string()))?;
    let mut child =
        command.stdout(file).stderr(twin).spawn().map_err(|error| failure(not_started(command, &error)))?;
    let status =
        wait_with_signs_of_life(step, &mut child, &log).map_err(|error| failure(error.to_string()))?;
    if status.success() {
        return Ok(());
    }
    let text = fs::read_to_string(&log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines[lines.len().saturating_sub(SHOWN_LINES)..] {
        eprintln!("    | {line}");
    }
    Err(failure(format!("{} ended with {status}; all it said is in {}", program(command), log.display())))
}

fn wait_with_signs_of_life(step: &str, child: &mut Child, log: &Path) -> std::io::Result<ExitStatus> {
    let start = Instant::now();
    let mut next = SIGN_OF_LIFE;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if start.elapsed() > next {
            next += SIGN_OF_LIFE;
            let text = fs::read_to_string(log).unwrap_or_default();
            let crates = text.lines().filter(|line| line.trim_start().starts_with("Compiling ")).count();
            let last = text.lines().next_back().unwrap_or("").trim();
            let so_far = if crates > 0 { format!("{crates} crates so far, ") } else { String::new() };
            say(step, format!("... {} ({so_far}{last})", spoken(start.elapsed())));
        }
        thread::sleep(POLL);
    }
}

/// Runs with its output shown, and gives back what it wrote to its standard output and whether it succeeded.
pub fn visibly(step: &str, command: &mut Command, advice: &str) -> Outcome<(bool, String)> {
    let failure = |why: String| Failure::new(step, why, advice);
    let mut child =
        command.stdout(Stdio::piped()).spawn().map_err(|error| failure(not_started(command, &error)))?;
    let mut text = String::new();
    let stdout = child.stdout.take().expect("its standard output is piped");
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line.map_err(|error| failure(error.to_string()))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        text.push_str(&line);
        text.push('\n');
    }
    let status = child.wait().map_err(|error| failure(error.to_string()))?;
    Ok((status.success(), text))
}

/// Runs with its output shown; a failure of the program is a failure of the step.
pub fn must(step: &str, command: &mut Command, advice: &str) -> Outcome {
    let status =
        command.status().map_err(|error| Failure::new(step, not_started(command, &error), advice))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(step, format!("{} ended with {status}", program(command)), advice))
    }
}

/// What a program answers on its standard output, or `None` where it is missing or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// Whether a program succeeded, and all that it said on both of its outputs, the errors first.
pub fn captured(command: &mut Command) -> Outcome<(bool, String)> {
    let output = command.output();
    let output = output.map_err(|error| Failure::new("start", not_started(command, &error), "install it"))?;
    let text = [output.stderr, output.stdout].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

/// Runs with its output hidden for at most `limit`; says whether it succeeded. One that hangs is ended.
pub fn succeeds_within(limit: Duration, command: &mut Command) -> bool {
    let Ok(mut child) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else { return false };
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < limit => thread::sleep(POLL),
            _ => {
                // It may have ended by itself just now; either way it is gone afterwards.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// The first of these programs that is on PATH.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names.iter().find_map(|name| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    })
}

/// PATH with these folders before the rest.
pub fn path_with(first: &[PathBuf]) -> std::ffi::OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(first.iter().cloned().chain(std::env::split_paths(&path))).unwrap_or(path)
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("{} could not be started: {error}", program(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended_in_time() {
        let start = Instant::now();
        assert!(!succeeds_within(Duration::from_millis(200), command("sleep").arg("60")));
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_missing_program_is_no_success_and_no_answer() {
        assert!(!succeeds_within(Duration::from_secs(1), &mut command("no-such-program-here")));
        assert_eq!(answer(&mut command("no-such-program-here")), None);
    }
}
