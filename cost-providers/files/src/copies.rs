//! Duplicate files: links to a file, and copies of its content.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::bill_file::BillFile;

/// Removes paths that lead to the same file as an earlier path: symbolic and hard links.
pub(crate) fn links(paths: Vec<PathBuf>, aside: &mut dyn FnMut(&Path, &Path)) -> Vec<PathBuf> {
    let mut seen: BTreeMap<Identity, PathBuf> = BTreeMap::new();
    // The file itself before links to it.
    let (own, through): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().partition(|p| !p.is_symlink());
    let mut out = Vec::new();
    for path in own.into_iter().chain(through) {
        let Some(identity) = Identity::of(&path) else {
            out.push(path);
            continue;
        };
        if let Some(first) = seen.get(&identity) {
            aside(&path, first);
        } else {
            seen.insert(identity, path.clone());
            out.push(path);
        }
    }
    out.sort();
    out
}

/// Identity of a file, independent of its name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    #[cfg(unix)]
    Inode(u64, u64),
    #[cfg(not(unix))]
    Path(PathBuf),
}

impl Identity {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).ok().map(|m| Self::Inode(m.dev(), m.ino()))
    }

    #[cfg(not(unix))]
    fn of(path: &Path) -> Option<Self> {
        fs::canonicalize(path).ok().map(Self::Path)
    }
}

/// Removes files with the same content as an earlier file. Only files of equal size are compared.
/// Files of one manifest are parts of one run, each written once.
///
/// Files for which `may_differ` is true are not compared here.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn identical(
    files: Vec<BillFile>,
    may_differ: impl Fn(&BillFile, &BillFile) -> bool,
    aside: &mut dyn FnMut(&Path, &Path),
) -> Result<Vec<BillFile>, (PathBuf, io::Error)> {
    let mut sizes: BTreeMap<u64, usize> = BTreeMap::new();
    let size = |file: &BillFile| {
        fs::metadata(&file.path).map(|m| m.len()).map_err(|e| (file.path.clone(), e))
    };
    for file in &files {
        *sizes.entry(size(file)?).or_default() += 1;
    }
    let mut by_size: BTreeMap<(u64, u64), Vec<BillFile>> = BTreeMap::new();
    for file in files {
        let size = size(&file)?;
        let is_alone = sizes.get(&size).is_none_or(|files| *files < 2);
        let start =
            if is_alone { 0 } else { start(&file.path).map_err(|e| (file.path.clone(), e))? };
        let same_size = by_size.entry((size, start)).or_default();
        let mut first = None;
        for other in same_size.iter() {
            if file.partitions == other.partitions
                && (file.run.is_none() || file.run != other.run)
                && !may_differ(&file, other)
                && same_bytes(&file.path, &other.path).map_err(|e| (file.path.clone(), e))?
            {
                first = Some(other.path.clone());
                break;
            }
        }
        match first {
            Some(first) => aside(&file.path, &first),
            None => same_size.push(file),
        }
    }
    let mut out: Vec<BillFile> = by_size.into_values().flatten().collect();
    out.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(out)
}

/// Whether two files have the same content.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn are_same(a: &Path, b: &Path) -> io::Result<bool> {
    Ok(fs::metadata(a)?.len() == fs::metadata(b)?.len() && same_bytes(a, b)?)
}

/// Returns a hash of the start of a file: files with the same start have the same hash.
fn start(path: &Path) -> io::Result<u64> {
    use std::hash::{DefaultHasher, Hasher};
    let mut head = vec![0; 1 << 16];
    let read = fill(&mut cost_core::file::open(path)?, &mut head)?;
    let mut hasher = DefaultHasher::new();
    hasher.write(&head[..read]);
    Ok(hasher.finish())
}

/// Files that differ mostly differ early, so that few of them are read far.
fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let open =
        |p: &Path| Ok::<_, io::Error>(BufReader::with_capacity(1 << 16, cost_core::file::open(p)?));
    let (mut a, mut b) = (open(a)?, open(b)?);
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let (n, m) = (fill(&mut a, &mut left)?, fill(&mut b, &mut right)?);
        if left[..n] != right[..m] {
            return Ok(false);
        }
        if n == 0 {
            return Ok(true);
        }
    }
}

fn fill(reader: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut at = 0;
    while at < into.len() {
        match reader.read(&mut into[at..])? {
            0 => break,
            n => at += n,
        }
    }
    Ok(at)
}
