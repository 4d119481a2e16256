//! Python with the packages of `tests/aws/requirements.txt`, which `tests/run` installs.

use std::process::Command;

use crate::support::root;

/// Python.
pub(crate) fn python() -> Command {
    Command::new(std::env::var_os("COST_TEST_PYTHON").unwrap_or_else(|| "python3".into()))
}

/// What a script of `tests/aws` prints.
pub(crate) fn script(name: &str, args: &[&str]) -> String {
    let output =
        python().arg(root().join("tests/aws").join(name)).args(args).output().expect("python runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}\n(`tests/run` installs what it needs)");
    String::from_utf8(output.stdout).expect("UTF-8")
}
