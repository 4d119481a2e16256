//! Decompression of text tables.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use crate::gzip::Members;

/// Compression of a text table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Packing {
    /// Not compressed.
    Plain,
    /// gzip, with one or more members, with or without zeros after them.
    Gzip,
    /// A ZIP archive with one file.
    Zip,
    /// Zstandard, with one or more frames.
    Zstd,
}

impl Packing {
    /// Returns the name for messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Gzip => "gzip",
            Self::Zip => "ZIP",
            Self::Zstd => "zstd",
        }
    }
}

const BUFFER: usize = 1 << 20;
/// Largest zstd window that is decompressed, as a power of two: 128 MiB, the default limit of zstd.
/// A frame can ask for 3.75 TiB. Source: RFC 8878, 3.1.1.1.2; `zstd.h`,
/// `ZSTD_WINDOWLOG_LIMIT_DEFAULT`.
pub(crate) const LARGEST_WINDOW: u32 = 27;

/// Opens the decompressed bytes of a file as a stream.
///
/// # Errors
/// I/O errors of opening it; errors in the content occur while reading.
pub(crate) fn open(path: &Path, packing: Packing) -> io::Result<Box<dyn Read + Send>> {
    let raw = BufReader::with_capacity(BUFFER, cost_core::file::open(path)?);
    Ok(match packing {
        Packing::Plain => Box::new(raw),
        Packing::Gzip => Box::new(BufReader::with_capacity(BUFFER, Members::new(raw))),
        Packing::Zstd => {
            let mut frames = zstd::stream::read::Decoder::with_buffer(raw)?;
            frames.window_log_max(LARGEST_WINDOW)?;
            Box::new(frames)
        }
        Packing::Zip => {
            let wanted = names_in_zip(path)?.into_iter().next();
            let archive = zip::ZipArchive::new(raw).map_err(io::Error::other)?;
            let name = wanted.ok_or_else(|| io::Error::other("the archive is empty"))?;
            Box::new(BufReader::with_capacity(BUFFER, Entry::open(archive, &name)?))
        }
    })
}

/// Maximum size of a small text file after decompression, in bytes: the European Central Bank's
/// history since 1999 has 600,000.
const SMALL: u64 = 64 << 20;

/// Returns the text of a small file other than a bill, such as a table of rates: plain, or
/// compressed with gzip, zstd, or in a ZIP archive with one file.
///
/// # Errors
/// I/O errors; text that is not UTF-8, or larger than 64 MiB after decompression.
pub fn text_of(path: &Path) -> io::Result<String> {
    let mut head = Vec::new();
    let mut file = cost_core::file::open(path)?;
    file.by_ref().take(4).read_to_end(&mut head)?;
    let packing = match head.as_slice() {
        [0x1f, 0x8b, ..] => Packing::Gzip,
        [b'P', b'K', 3, 4] => Packing::Zip,
        [0x28, 0xb5, 0x2f, 0xfd] => Packing::Zstd,
        _ => Packing::Plain,
    };
    let mut text = String::new();
    let unpacked: Box<dyn Read + '_> = match packing {
        // A pipe cannot be opened again.
        Packing::Plain => Box::new(head.as_slice().chain(file)),
        packed => open(path, packed)?,
    };
    let read = unpacked.take(SMALL + 1).read_to_string(&mut text)?;
    if u64::try_from(read).is_ok_and(|read| read > SMALL) {
        return Err(io::Error::other("it is larger than 64 MiB"));
    }
    Ok(text)
}

/// Returns the names of the files in a ZIP archive, without folders and the files that macOS adds.
///
/// # Errors
/// An incomplete or invalid archive.
pub(crate) fn names_in_zip(path: &Path) -> io::Result<Vec<String>> {
    let archive = zip::ZipArchive::new(BufReader::new(cost_core::file::open(path)?))
        .map_err(io::Error::other)?;
    let is_file =
        |n: &String| !n.ends_with('/') && !n.starts_with("__MACOSX/") && !n.ends_with(".DS_Store");
    let names =
        archive.file_names().map(|n| n.map(std::borrow::Cow::into_owned).map_err(io::Error::other));
    Ok(names.collect::<io::Result<Vec<String>>>()?.into_iter().filter(is_file).collect())
}

/// File in an archive, read in blocks by a separate thread, because the archive lends its reader
/// only for one call.
struct Entry {
    /// Blocks of bytes; an empty one is the end.
    blocks: std::sync::mpsc::Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Entry {
    fn open(mut archive: zip::ZipArchive<BufReader<File>>, name: &str) -> io::Result<Self> {
        let (send, blocks) = std::sync::mpsc::sync_channel(2);
        let name = name.to_owned();
        std::thread::Builder::new().name("unzip".to_owned()).spawn(move || {
            let read = || -> io::Result<()> {
                let mut file = archive.by_name(&name).map_err(io::Error::other)?;
                loop {
                    let mut block = Vec::with_capacity(BUFFER);
                    let most = u64::try_from(BUFFER).unwrap_or(u64::MAX);
                    let read = (&mut file).take(most).read_to_end(&mut block)?;
                    if send.send(Ok(block)).is_err() || read == 0 {
                        return Ok(());
                    }
                }
            };
            let mut read = read;
            if let Err(error) = read() {
                // The receiver is gone, so no one needs the error.
                let _ = send.send(Err(error));
            }
        })?;
        Ok(Self { blocks, block: Vec::new(), at: 0, ended: false })
    }
}

impl Read for Entry {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() && !self.ended {
            let block = self.blocks.recv().map_err(|_| {
                io::Error::other(
                    "decompressing the file stopped \
                    unexpectedly",
                )
            })?;
            (self.block, self.at) = (block?, 0);
            self.ended = self.block.is_empty();
        }
        let from = &self.block[self.at..];
        let len = from.len().min(into.len());
        into[..len].copy_from_slice(&from[..len]);
        self.at += len;
        Ok(len)
    }
}
