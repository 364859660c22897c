//! Everything that any command may need, installed ahead of time; each command by itself installs what it lacks.

use crate::compiler::Compiler;
use crate::console::{Outcome, say};
use crate::tools::Needed;
use crate::{browser, build, packages, tools};

/// Installs whatever is missing.
pub fn everything() -> Outcome {
    Compiler::set_up()?.set_up_clippy()?;
    build::two_at_a_time(vec![
        Box::new(|| tools::set_up(Needed::WasmPack)),
        Box::new(|| packages::set_up_page().and_then(|()| packages::set_up_end_to_end())),
    ])?;
    let browser = browser::set_up()?;
    say("browser", browser.chromium.display());
    say("setup", "nothing is missing");
    Ok(())
}
