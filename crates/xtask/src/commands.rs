//! The command line.

use crate::console::{Failure, Outcome};
use crate::{bench, build, environment, goldens, lint, serve, setup, size, test, tidy};
use lexopt::prelude::*;
use std::path::PathBuf;

const HELP: &str = "\
cargo xtask <command>

  serve [--dev] [--port N] [--no-isolation]
                       build what is not fresh and serve the page on 127.0.0.1;
                       --dev builds anew when a source changes
  test [part...] [-- filter...]
                       all tests, or some of: tidy core wasm web e2e
  build [variant...]   the engine's variants (wasm-pack.toml) and the page
  bench [--peers] [--json FILE] [--only native|browser|WORKLOAD,...]
        [--variant NAME,...]
                       speed of the engine, natively and in Chromium; workloads by
                       the beginning of their names: gemm, W3, I1, layer, longest;
                       --peers: of other libraries too
  size                 what a first visit fetches, against its budget
  lint                 format, clippy (natively and for the browser), links of the
                       documentation, TypeScript, ESLint
  tidy                 rules about the sources themselves
  goldens              make the golden files anew from Keras
  setup                install everything now that a command would install later
  env [variant]        environment for wasm-pack: eval \"$(cargo xtask env)\"
";

/// One command with its arguments.
pub enum Command {
    /// Print the help.
    Help,
    /// See [`setup`].
    Setup,
    /// See [`build`].
    Build(Vec<String>),
    /// See [`serve`].
    Serve(serve::Arguments),
    /// See [`mod@test`].
    Test(test::Arguments),
    /// See [`mod@bench`].
    Bench(bench::Arguments),
    /// See [`size`].
    Size,
    /// See [`lint`].
    Lint,
    /// See [`tidy`].
    Tidy,
    /// See [`goldens`].
    Goldens,
    /// See [`environment`].
    Env(Option<String>),
}

/// Reads the command line.
pub fn parse(mut parser: lexopt::Parser) -> Outcome<Command> {
    read(&mut parser)
        .map_err(|error| Failure::new("reading the command line", error, "run `cargo xtask help`"))
}

fn read(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let name = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected()),
    };
    match name.as_str() {
        "help" => Ok(Command::Help),
        "setup" => end(parser, Command::Setup),
        "build" => Ok(Command::Build(values(parser)?)),
        "serve" => serve_arguments(parser).map(Command::Serve),
        "test" => test_arguments(parser).map(Command::Test),
        "bench" => bench_arguments(parser).map(Command::Bench),
        "size" => end(parser, Command::Size),
        "lint" => end(parser, Command::Lint),
        "tidy" => end(parser, Command::Tidy),
        "goldens" => end(parser, Command::Goldens),
        "env" => Ok(Command::Env(values(parser)?.into_iter().next())),
        other => Err(format!("there is no command `{other}`").into()),
    }
}

fn end(parser: &mut lexopt::Parser, command: Command) -> Result<Command, lexopt::Error> {
    match parser.next()? {
        None => Ok(command),
        Some(argument) => Err(argument.unexpected()),
    }
}

fn values(parser: &mut lexopt::Parser) -> Result<Vec<String>, lexopt::Error> {
    let mut values = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => values.push(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(values)
}

fn serve_arguments(parser: &mut lexopt::Parser) -> Result<serve::Arguments, lexopt::Error> {
    let mut arguments = serve::Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("dev") => arguments.dev = true,
            Long("no-isolation") => arguments.no_isolation = true,
            Long("port") => arguments.port = Some(parser.value()?.parse()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(arguments)
}

fn test_arguments(parser: &mut lexopt::Parser) -> Result<test::Arguments, lexopt::Error> {
    let mut parts = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(name) => {
                let name = name.string()?;
                match test::Part::named(&name) {
                    Some(part) => parts.push(part),
                    // lexopt takes `--` away; what comes behind it is for the part's own runner.
                    None if !parts.is_empty() => {
                        let filter = std::iter::once(name.into()).chain(parser.raw_args()?).collect();
                        return Ok(test::Arguments { parts, filter });
                    }
                    None => return Err(format!("there is no part `{name}`: tidy core wasm web e2e").into()),
                }
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(test::Arguments { parts, filter: Vec::new() })
}

fn bench_arguments(parser: &mut lexopt::Parser) -> Result<bench::Arguments, lexopt::Error> {
    let mut arguments = bench::Arguments::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("json") => arguments.json = Some(PathBuf::from(parser.value()?)),
            Long("peers") => arguments.peers = true,
            Long("only") => {
                for name in parser.value()?.string()?.split(',') {
                    match name {
                        "native" => arguments.browser = false,
                        "browser" => arguments.native = false,
                        other if bench::is_workload(other) => arguments.workloads.push(other.into()),
                        other => {
                            return Err(format!("--only: there is no place or workload `{other}`").into());
                        }
                    }
                }
            }
            Long("variant") => {
                arguments.variants.extend(parser.value()?.string()?.split(',').map(str::to_owned));
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(arguments)
}

/// Carries the command out.
pub fn run(command: Command) -> Outcome {
    match command {
        Command::Help => {
            print!("{HELP}");
            Ok(())
        }
        Command::Setup => setup::everything(),
        Command::Build(variants) => build::everything(&variants),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Size => size::run(),
        Command::Lint => lint::run(),
        Command::Tidy => tidy::run(),
        Command::Goldens => goldens::regenerate(),
        Command::Env(variant) => environment::print(variant.as_deref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Outcome<Command> {
        parse(lexopt::Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn commands_take_their_own_arguments_and_no_others() {
        assert!(matches!(parsed(""), Ok(Command::Help)));
        assert!(matches!(
            parsed("serve --dev --port 9000"),
            Ok(Command::Serve(serve::Arguments { dev: true, port: Some(9000), .. }))
        ));
        assert!(matches!(parsed("env threads-simd"), Ok(Command::Env(Some(_)))));
        for wrong in [
            "sreve",
            "serve --prot 1",
            "serve --port x",
            "lint now",
            "test cpre",
            "bench --only moon",
            "--dev",
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_of_the_tests_may_be_followed_by_a_filter() {
        let Ok(Command::Test(arguments)) = parsed("test core web -- --grep iris") else {
            panic!("it is a command")
        };
        assert_eq!(arguments.parts, [test::Part::Core, test::Part::Web]);
        assert_eq!(arguments.filter, ["--grep", "iris"]);
    }
}
