//! Available memory: of the machine and of the container.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::Size;

/// Returns the memory of the machine at `root` (`/`), or the limit of this process's control groups
/// if lower. `None` if unknown.
///
/// Sources: Linux kernel documentation, "Control Group v2" (`memory.max`), "Memory Resource
/// Controller" (v1, `memory.limit_in_bytes`), and proc(5) (`/proc/meminfo`, `/proc/self/cgroup`). A
/// limit of a group above holds for those below it.
pub(super) fn memory(root: &Path) -> Option<Size> {
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let limits = groups.lines().flat_map(|line| limits(root, line));
    limits.chain(total(root)).min().map(Size)
}

fn total(root: &Path) -> Option<u64> {
    let text = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Returns the limits of a group and its parents, from a line of `/proc/self/cgroup`: `0::/PATH` or
/// `4:memory:/PATH`.
fn limits(root: &Path, line: &str) -> Vec<u64> {
    let mut parts = line.splitn(3, ':');
    let (id, controllers, path) = (parts.next(), parts.next(), parts.next());
    let (Some(id), Some(controllers), Some(path)) = (id, controllers, path) else {
        return Vec::new();
    };
    let (trees, name): (&[&str], &str) = match controllers {
        "" if id == "0" => (&["sys/fs/cgroup", "sys/fs/cgroup/unified"], "memory.max"),
        of if of.split(',').any(|c| c == "memory") => {
            (&["sys/fs/cgroup/memory"], "memory.limit_in_bytes")
        }
        _ => return Vec::new(),
    };
    // In a container the path can be the host's, of which only the lower end is mounted, or point
    // above the mount.
    let below: PathBuf =
        Path::new(path).components().filter(|c| matches!(c, Component::Normal(_))).collect();
    let folders = trees
        .iter()
        .flat_map(|tree| below.ancestors().map(|a| root.join(tree).join(a)).collect::<Vec<_>>());
    // `max`, and in version 1 the largest number of pages, mean no limit.
    folders
        .filter_map(|f| fs::read_to_string(f.join(name)).ok()?.trim().parse::<u64>().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(files: &[(&str, &str)]) -> Option<Size> {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("created");
            fs::write(path, text).expect("written");
        }
        memory(folder.path())
    }

    const MEMINFO: (&str, &str) =
        ("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1 kB\n");

    #[test]
    fn the_least_limit_holds() {
        let gib = |n: u64| Some(Size(n << 30));
        assert_eq!(machine(&[]), None);
        assert_eq!(machine(&[MEMINFO]), gib(16));
        let own = ("proc/self/cgroup", "0::/kubepods/pod1/c1\n");
        let of_pod = ("sys/fs/cgroup/kubepods/pod1/memory.max", "4294967296\n");
        let of_container = ("sys/fs/cgroup/kubepods/pod1/c1/memory.max", "max\n");
        assert_eq!(machine(&[MEMINFO, own, of_pod, of_container]), gib(4), "of the group above");
        let inside = ("proc/self/cgroup", "0::/../../c1\n");
        let mounted = ("sys/fs/cgroup/memory.max", "2147483648\n");
        assert_eq!(
            machine(&[MEMINFO, inside, mounted]),
            gib(2),
            "a container sees its own group as the top"
        );
        let v1 = ("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/docker/abc\n");
        let limit = ("sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
        assert_eq!(machine(&[MEMINFO, v1, limit]), gib(1));
        let none = ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(machine(&[MEMINFO, v1, none]), gib(16), "no limit");
    }
}
