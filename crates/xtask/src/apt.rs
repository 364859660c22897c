//! Packages of Debian and its kin: the only thing this program installs outside of the repository.

use crate::console::{Failure, Outcome, say};
use crate::process;
use std::process::Command;

/// Installs these packages; `step` is what they are for.
pub fn install(step: &str, packages: &[&str]) -> Outcome {
    let by_hand = format!("install them by hand: sudo apt-get install {}", packages.join(" "));
    if process::on_path(&["apt-get"]).is_none() {
        return Err(Failure::new(step, "this machine has no apt-get", by_hand));
    }
    say(step, format!("installing {} with apt-get", packages.join(", ")));
    // Old lists name packages that are no longer on the server.
    process::quietly(&format!("{step} lists"), apt_get().arg("update"), &by_hand)?;
    process::quietly(
        step,
        apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages),
        &by_hand,
    )
}

fn apt_get() -> Command {
    let root = process::answer(process::command("id").arg("-u")).is_some_and(|user| user == "0");
    let mut command = if root {
        process::command("apt-get")
    } else {
        let mut sudo = process::command("sudo");
        // `-n`: it asks for no password, since the output is hidden; it fails at once instead.
        sudo.args(["-n", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
