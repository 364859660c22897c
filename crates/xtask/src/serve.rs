//! `cargo xtask serve`: builds what is not fresh and serves the page until it is interrupted.

use crate::console::{Outcome, say, spoken};
use crate::server::{Options, Server};
use crate::{build, folders, watch};
use std::thread;
use std::time::Instant;

/// What may be asked of it.
#[derive(Debug, Default)]
pub struct Arguments {
    /// Watch the sources and build anew.
    pub dev: bool,
    /// Send no isolation headers.
    pub no_isolation: bool,
    /// 8080 unless another is named; where nothing is named and 8080 is taken, a free one.
    pub port: Option<u16>,
}

const PORT: u16 = 8080;

/// Builds and serves; returns only on failure.
pub fn run(arguments: &Arguments) -> Outcome {
    let start = Instant::now();
    build::everything(&[])?;
    let options = |port| Options { folder: folders::dist(), port, isolated: !arguments.no_isolation };
    let server = match arguments.port {
        Some(port) => Server::start(options(port))?,
        None => Server::start(options(PORT)).or_else(|_| Server::start(options(0)))?,
    };
    say("ready", format!("after {}", spoken(start.elapsed())));
    println!("\n  Tabgrad is at {}   (Ctrl+C ends it)\n", server.url());
    if arguments.dev {
        return watch::forever();
    }
    loop {
        thread::park();
    }
}
