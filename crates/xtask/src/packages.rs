//! The npm packages of the page, of the end-to-end tests and of the benchmark's peers, exactly as their lock files say, without running their scripts.

use crate::console::{Failure, Outcome, say, spoken};
use crate::folders;
use crate::fresh::Inputs;
use crate::process;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const NODE: (u32, u32) = (20, 19);
const GET_NODE: &str = "install Node.js 20.19 or newer, which brings npm, from https://nodejs.org (Debian 13 has it: sudo \
                        apt-get install nodejs npm; Debian 12 has 18, which is too old)";

/// The page's packages.
pub fn set_up_page() -> Outcome {
    set_up("npm packages", &folders::www())
}

/// The packages of the end-to-end tests.
pub fn set_up_end_to_end() -> Outcome {
    set_up("npm packages e2e", &folders::end_to_end())
}

/// The libraries that the engine is measured against.
pub fn set_up_peers(folder: &Path) -> Outcome {
    set_up("npm packages peers", folder)
}

fn set_up(step: &str, folder: &Path) -> Outcome {
    let inputs =
        Inputs::new().contents(&folder.join("package-lock.json")).contents(&folder.join("package.json"));
    let stamp = step.replace(' ', "-");
    if folder.join("node_modules").is_dir() && inputs.are_those_of(&stamp) {
        return Ok(());
    }
    check_node(step)?;
    let start = Instant::now();
    say(step, "installing what the lock file says (npm ci)");
    let mut npm = process::command("npm");
    npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::quietly(step, &mut npm, "look at the log; most often the network is missing")?;
    inputs.remember(&stamp);
    say(step, format!("installed in {}", spoken(start.elapsed())));
    Ok(())
}

fn check_node(step: &str) -> Outcome {
    let failure = |why: String| Failure::new(step, why, GET_NODE);
    let version = process::answer(process::command("node").arg("--version"))
        .ok_or_else(|| failure("node is missing".into()))?;
    if process::answer(process::command("npm").arg("--version")).is_none() {
        return Err(failure("npm is missing".into()));
    }
    if parse(&version) < NODE {
        return Err(failure(format!("node is {version}, and the page's tools need {}.{}", NODE.0, NODE.1)));
    }
    Ok(())
}

/// (20, 19) of `v20.19.2`.
fn parse(version: &str) -> (u32, u32) {
    let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// A program of the page's packages (`vite`, `tsc`, ...), run in `folder`.
pub fn program(name: &str, folder: PathBuf) -> Command {
    let mut command = process::command(folders::www().join("node_modules/.bin").join(name));
    command.current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_ordered() {
        assert_eq!(parse("v20.19.2"), (20, 19));
        assert!(parse("v18.20.0") < NODE);
        assert!(parse("v22.1.0") > NODE);
    }
}
