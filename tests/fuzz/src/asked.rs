//! [`Asked`]: command line arguments.

use std::path::PathBuf;

use crate::case::{KINDS, Kind};
use crate::pack::Result;

/// Command line arguments.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) seconds: u64,
    pub(crate) seed: u64,
    pub(crate) kind: Option<Kind>,
    /// First case, and the step to the next.
    pub(crate) from: u64,
    pub(crate) step: u64,
    pub(crate) cases: u64,
    pub(crate) worker: bool,
    pub(crate) alone: Option<u64>,
    pub(crate) into: Option<PathBuf>,
}

/// Parses the words of the command line.
pub(crate) fn asked() -> Result<Asked> {
    let mut asked = Asked {
        seconds: 60,
        seed: 1,
        kind: None,
        from: 0,
        step: 1,
        cases: u64::MAX,
        worker: false,
        alone: None,
        into: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--seconds" => asked.seconds = value()?.parse()?,
            "--seed" => asked.seed = value()?.parse()?,
            "--kind" => {
                let name = value()?;
                asked.kind = Some(
                    KINDS
                        .into_iter()
                        .find(|k| k.as_str() == name)
                        .ok_or(format!("no kind {name}"))?,
                );
            }
            "--case" => asked.alone = Some(value()?.parse()?),
            "--cases" => asked.cases = value()?.parse()?,
            "--into" => asked.into = Some(value()?.into()),
            "--worker" => {
                (asked.worker, asked.from, asked.step) =
                    (true, value()?.parse()?, value()?.parse()?);
            }
            other => {
                return Err(format!(
                    "unknown: {other}; the usage is in the first lines of \
                src/main.rs"
                )
                .into());
            }
        }
    }
    Ok(asked)
}
