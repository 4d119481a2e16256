//! [`Noted`]: a file that keeps why a write failed.

use std::fs::File;
use std::io::{self, Write};

/// File that keeps the error of the last write that failed. The engine reports a full disk as data
/// that it cannot encode.
pub(super) struct Noted<'a> {
    file: &'a mut File,
    problem: Option<io::Error>,
}

impl<'a> Noted<'a> {
    pub(super) fn new(file: &'a mut File) -> Self {
        Self { file, problem: None }
    }

    /// Returns the error of the operating system, or else that of the engine.
    pub(super) fn reason(self, of_engine: &impl ToString) -> String {
        self.problem.map_or_else(|| of_engine.to_string(), |problem| problem.to_string())
    }

    fn note<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        if let Some(code) = done.as_ref().err().and_then(io::Error::raw_os_error) {
            self.problem = Some(io::Error::from_raw_os_error(code));
        }
        done
    }
}

impl Write for Noted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.file.write(bytes);
        self.note(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.file.flush();
        self.note(done)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use polars::prelude::*;
    use polars_io::parquet::write::ParquetWriter;

    use super::*;

    #[test]
    fn a_full_disk_is_named() {
        let mut full = File::options().write(true).open("/dev/full").expect("the device");
        let mut frame = df!("a" => [1_i64, 2]).expect("a frame");
        let mut file = Noted::new(&mut full);
        let error = ParquetWriter::new(&mut file).finish(&mut frame).expect_err("it is full");
        assert!(file.reason(&error).contains("No space left on device"));
        let mut other = tempfile::tempfile().expect("a file");
        assert_eq!(Noted::new(&mut other).reason(&"too large"), "too large");
    }
}
