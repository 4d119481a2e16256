//! Signals on systems other than Linux: they have their default effect, which ends the program.

/// A step that should not be interrupted. Has no effect on this system.
pub(crate) struct Step;

/// Has no effect on this system.
pub(crate) fn watch() {}

/// Begins a step. Has no effect on this system.
pub(crate) fn step() -> Step {
    Step
}

/// Returns no signal: none is taken on this system.
pub(crate) fn asked() -> Option<i32> {
    None
}

/// Ends this process with the exit code of a shell for a signal.
pub(crate) fn die(signal: i32) -> ! {
    std::process::exit(128 + signal)
}
